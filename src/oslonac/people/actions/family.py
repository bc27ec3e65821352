"""Relations and travel groups: as claimed, and as checked.

Belongs here: relations, groups, what is decided of a child met in a group. Does not: who each of
them is (`identity`).
"""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.access.rules import Level
from oslonac.audit.actions import action, record
from oslonac.kit.choices import chosen
from oslonac.kit.errors import Denied, Invalid, Refused
from oslonac.kit.revisions import swap
from oslonac.kit.statuses import step
from oslonac.people import merging, queries, rules
from oslonac.people.actions.typed import clean_line, clean_reason, clean_text
from oslonac.people.models import GroupMember, Person, Relation, TravelGroup
from oslonac.vault.models import DataKey
from oslonac.vault.sealing import seal, sealed


@action("relation.claimed", Permission.PERSON_WRITE)
def relate(
    *,
    actor: Actor,
    at: datetime,
    from_person: Person,
    to_person: Person,
    kind: str,
    present: bool = False,
    said_by: str = rules.SaidBy.SELF,
    evidence: str = "",
    case_id: UUID | None = None,
) -> Relation:
    """Record that somebody says `to_person` is the `kind` of `from_person`."""
    queries.require(actor, from_person.pk, Level.CASE, at=at)
    queries.require(actor, to_person.pk, Level.EXISTENCE, at=at)
    from_person = merging.landing(actor, from_person, at=at, record_id=case_id)
    to_person = merging.landing(actor, to_person, at=at, record_id=case_id)
    if from_person.pk == to_person.pk or to_person.pk in merging.group(from_person.pk):
        raise Refused(
            "relation.self", _("A person cannot be their own relative."), field="to_person"
        )
    relation = Relation(
        from_person=from_person,
        to_person=to_person,
        key=from_person.key,
        kind=chosen(rules.RelationKind, kind, "kind"),
        present=present,
        said_by=chosen(rules.SaidBy, said_by, "said_by"),
        stated_at=at,
    )
    seal(relation, evidence=clean_text(evidence, "evidence"))
    relation.save(force_insert=True)
    record(
        "relation.claimed",
        actor=actor,
        at=at,
        subject=relation,
        case_id=case_id,
        data={"from": from_person, "to": to_person, "kind": kind, "present": present},
    )
    return relation


@action("relation.checked", Permission.PERSON_WRITE)
def check_relation(
    *,
    actor: Actor,
    at: datetime,
    relation: Relation,
    revision: int,
    status: str,
    evidence: str,
    case_id: UUID | None = None,
) -> Relation:
    """Verify or refute a claimed relation, saying how it was checked."""
    queries.require(actor, relation.from_person_id, Level.CASE, at=at)
    already = _("The relation is already recorded like this.")
    status = chosen(rules.Verification, status, "status")
    step(rules.NEXT, relation.status, status, "relation.status", already)
    texts = sealed(relation, evidence=clean_text(evidence, "evidence", required=True))
    swap(relation, revision, status=status, checked_by_id=actor.user_id, checked_at=at, **texts)
    record(
        "relation.checked",
        actor=actor,
        at=at,
        subject=relation,
        case_id=case_id,
        fields=["status", "evidence"],
        data={"status": status},
    )
    return relation


@action("group.met", Permission.PERSON_WRITE)
def form_group(
    *,
    actor: Actor,
    at: datetime,
    label: str,
    members: list[tuple[Person, str]],
    case_id: UUID | None = None,
) -> TravelGroup:
    """A travel group as met: persons with their role in it."""
    for person, _role in members:
        queries.require(actor, person.pk, Level.CASE, at=at)
    members = [
        (merging.landing(actor, each, at=at, record_id=case_id), role) for each, role in members
    ]
    if len({person.pk for person, _role in members}) < len(members):
        raise Invalid({"members": _("Name each person once.")})
    key = DataKey.make()
    key.save(force_insert=True)
    group = TravelGroup(key=key, met_at=at)
    seal(group, key, label=clean_line(label, "label"))
    group.save(force_insert=True)
    for person, role in members:
        GroupMember.objects.create(
            group=group,
            key_id=person.key_id,
            person=person,
            role=chosen(rules.GroupRole, role, "role"),
        )
    record(
        "group.met", actor=actor, at=at, subject=group, case_id=case_id, data={"size": len(members)}
    )
    return group


@action("group.joined", Permission.PERSON_WRITE)
def join_group(
    *,
    actor: Actor,
    at: datetime,
    group: TravelGroup,
    person: Person,
    role: str,
    case_id: UUID | None = None,
) -> GroupMember:
    """Add somebody to a travel group."""
    queries.require(actor, person.pk, Level.CASE, at=at)
    person = merging.landing(actor, person, at=at, record_id=case_id)
    if GroupMember.objects.filter(group=group, person__in=merging.group(person.pk)).exists():
        raise Refused("group.twice", _("This person is already in the group."))
    member = GroupMember.objects.create(
        group=group,
        key_id=person.key_id,
        person=person,
        role=chosen(rules.GroupRole, role, "role"),
    )
    record("group.joined", actor=actor, at=at, subject=member, case_id=case_id, data={"role": role})
    return member


@action("group.decided", Permission.CASE_DECIDE)
def decide_member(
    *,
    actor: Actor,
    at: datetime,
    member: GroupMember,
    revision: int,
    decision: str,
    reasons: str,
    child_view: str,
    case_id: UUID | None = None,
) -> GroupMember:
    """Keep a child with the group or separate them, with reasons and the child's own view.

    Sight alone gives no authority: whoever decides answers for a case of this child.
    """
    queries.require(actor, member.person_id, Level.CASE, at=at)
    if not queries.answers_for(actor, member.person_id, at=at):
        raise Denied("group.decide", record=member.person_id)
    if decision == rules.GroupDecision.PENDING:
        raise Invalid({"decision": _("Choose one.")})
    texts = sealed(
        member,
        reasons=clean_reason(reasons, "reasons"),
        child_view=clean_text(child_view, "child_view", required=True),
    )
    swap(
        member,
        revision,
        decision=chosen(rules.GroupDecision, decision, "decision"),
        decided_by_id=actor.user_id,
        decided_at=at,
        **texts,
    )
    record(
        "group.decided",
        actor=actor,
        at=at,
        subject=member,
        case_id=case_id,
        fields=["decision", "reasons", "child_view"],
        data={"decision": decision},
    )
    return member
