"""Writing down who somebody is. Nothing here overwrites what was said before."""

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from oslonac.access import policy, sight
from oslonac.access.actions import carry_blocks
from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.access.rules import Level
from oslonac.audit.actions import action, record
from oslonac.directory import codes
from oslonac.kit.calendars import Calendar, day_interval
from oslonac.kit.choices import chosen
from oslonac.kit.errors import Denied, Invalid, Refused, Stale
from oslonac.kit.text import LONGEST_LINE, LONGEST_NARRATIVE, clean, clean_line, dominant_script
from oslonac.people import changes, merging, queries, rules
from oslonac.people.models import (
    Appearance,
    GroupMember,
    Person,
    PersonName,
    Relation,
    Statement,
    TravelGroup,
)
from oslonac.vault.models import DataKey
from oslonac.vault.sealing import seal
from oslonac.vault.sight import Beyond

_LISTS = {
    rules.Attribute.CITIZENSHIP: "citizenships",
    rules.Attribute.LANGUAGE: "languages",
    rules.Attribute.DOCUMENT: "identity_documents",
}


def narrative(value: str, field: str, *, required: bool = False) -> str:
    """Cleaned long text. Raises Invalid when it is too long, or empty though required."""
    text = clean(value)
    if len(text) > LONGEST_NARRATIVE:
        raise Invalid({field: _("This is longer than 100,000 characters. Please shorten it.")})
    if required and not text:
        raise Invalid({field: _("Please write something here.")})
    return text


def line(value: str, field: str, *, required: bool = False) -> str:
    """Cleaned single line of at most 500 characters."""
    text = clean_line(value)
    if len(text) > LONGEST_LINE:
        raise Invalid({field: _("This is longer than 500 characters. Please shorten it.")})
    if required and not text:
        raise Invalid({field: _("Please write something here.")})
    return text


def appear(person: Person, *, kind: str, record_id: UUID, is_subject: bool = False) -> None:
    """Let a person appear in a record; called inside an action of the record's package."""
    _row, new = Appearance.objects.get_or_create(
        person=person,
        record_id=record_id,
        defaults={"record_kind": kind, "is_subject": is_subject},
    )
    if new:
        carry_blocks(
            person_ids=merging.group(person.pk), person_id=person.pk, kind=kind,
            record_id=record_id, is_subject=is_subject,
        )  # fmt: skip


@action("person.made", Permission.PERSON_WRITE)
def make_person(
    *, actor: Actor, at: datetime, kind: str, record_id: UUID, is_subject: bool = False
) -> Person:
    """A person of whom nothing is said yet, appearing in a record that the actor works on."""
    policy.require_level(actor, kind, record_id, Level.CASE, at=at)
    key = DataKey.make()
    key.save(force_insert=True)
    person = Person.objects.create(key=key, made_at=at)
    appear(person, kind=kind, record_id=record_id, is_subject=is_subject)
    record("person.made", actor=actor, at=at, subject=person, data={"in": kind})
    return person


@action("name.added", Permission.PERSON_WRITE)
def add_name(
    *,
    actor: Actor,
    at: datetime,
    person: Person,
    full: str,
    given: str = "",
    family: str = "",
    kind: str = rules.NameKind.USED,
    said_by: str = rules.SaidBy.SELF,
    basis: str = rules.Basis.CLAIMED,
    case_id: UUID | None = None,
) -> PersonName:
    """Another spelling or name, in the script it was written in.

    On the survivor, where the record was joined to another (`merging.landing`).
    """
    queries.require(actor, person.pk, Level.CASE, at=at)
    addressed, person = person, merging.landing(actor, person, at=at, record_id=case_id)
    full = line(full, "full", required=True)
    name = PersonName(
        person=person,
        key=person.key,
        kind=chosen(rules.NameKind, kind, "kind"),
        script=dominant_script(full),
        said_by=chosen(rules.SaidBy, said_by, "said_by"),
        basis=chosen(rules.Basis, basis, "basis"),
        written_by_id=actor.user_id,
        written_at=at,
    )
    seal(name, full=full, given=line(given, "given"), family=line(family, "family"))
    name.save(force_insert=True)
    _reproject(person)
    record(
        "name.added",
        actor=actor,
        at=at,
        subject=name,
        case_id=case_id,
        fields=["full", "given", "family"],
        data={"person": person, "script": name.script} | _addressed(addressed, person),
    )
    return name


@action("statement.made", Permission.PERSON_WRITE)
def state(
    *,
    actor: Actor,
    at: datetime,
    person: Person,
    attribute: str,
    code: str = "",
    detail: str = "",
    level: str = "",
    birth: tuple[date, date] | None = None,
    calendar: str = "",
    said_by: str = rules.SaidBy.SELF,
    basis: str = rules.Basis.CLAIMED,
    case_id: UUID | None = None,
) -> Statement:
    """Record a fact as somebody gave it. Earlier statements stay.

    On the survivor, where the record was joined to another (`merging.landing`).
    """
    queries.require(actor, person.pk, Level.CASE, at=at)
    addressed, person = person, merging.landing(actor, person, at=at, record_id=case_id)
    attribute = chosen(rules.Attribute, attribute, "attribute")
    if attribute in _LISTS:
        code = codes.check_one(_LISTS[attribute], code, field="code")
    elif attribute == rules.Attribute.SEX:
        code = _sex(code)
    else:
        code = ""
    if attribute == rules.Attribute.BIRTH and birth is None:
        raise Invalid({"year": _("Give at least the year.")})
    text = narrative(detail, "detail")
    statement = Statement(
        person=person,
        key=person.key,
        attribute=attribute,
        code=code,
        level=chosen(rules.LanguageLevel, level, "level") if level else "",
        born_from=birth[0] if birth else None,
        born_to=birth[1] if birth else None,
        calendar=calendar,
        said_by=chosen(rules.SaidBy, said_by, "said_by"),
        basis=chosen(rules.Basis, basis, "basis"),
        stated_at=at,
        recorded_by_id=actor.user_id,
    )
    seal(statement, detail=text)
    statement.save(force_insert=True)
    _reproject(person)
    record(
        "statement.made",
        actor=actor,
        at=at,
        subject=statement,
        case_id=case_id,
        fields=[attribute],
        data={"person": person, "basis": basis, "said_by": said_by} | _addressed(addressed, person),
    )
    return statement


def _addressed(addressed: Person, person: Person) -> dict[str, str]:
    """For the event of a write that landed on another record than the one it named."""
    return {} if addressed.pk == person.pk else {"addressed": str(addressed.pk)}


def birth_interval(
    calendar: str, year: int | None, month: int | None, day: int | None
) -> tuple[date, date] | None:
    """Interval of a birth typed in parts; None when nothing was typed.

    Raises Invalid with a sentence for a date that the calendar does not have.
    """
    if not year:
        if month or day:
            raise Invalid({"year": _("Give the year as well.")})
        return None
    try:
        interval = day_interval(Calendar(calendar or "gregorian"), year, month or 0, day or 0)
    except ValueError:
        raise Invalid({"year": _("This date does not exist in the calendar chosen.")}) from None
    return interval


def _sex(code: str) -> str:
    if code not in rules.Sex.values:
        raise Invalid({"code": _("Choose one.")})
    return code


@sight.beyond(Beyond.PROJECTION)
def _reproject(person: Person) -> None:
    # Locked so that two names added at once are both taken into account.
    current = Person.objects.select_for_update().get(pk=person.pk)
    queries.project(current)
    current.revision += 1
    current.save()
    changes.changed(current)
    person.refresh_from_db()


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
        raise Refused("relation.self", _("Nobody is their own relative."), field="to_person")
    relation = Relation(
        from_person=from_person,
        to_person=to_person,
        key=from_person.key,
        kind=chosen(rules.RelationKind, kind, "kind"),
        present=present,
        said_by=chosen(rules.SaidBy, said_by, "said_by"),
        stated_at=at,
    )
    seal(relation, evidence=narrative(evidence, "evidence"))
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
    status = chosen(rules.Verification, status, "status")
    if status not in rules.NEXT_VERIFICATION[rules.Verification(relation.status)]:
        raise Refused("relation.status", _("The relation already stands like this."))
    seal(relation, evidence=narrative(evidence, "evidence", required=True))
    changed = Relation.objects.filter(pk=relation.pk, revision=revision).update(
        status=status,
        evidence=relation.evidence,
        checked_by=actor.user_id,
        checked_at=at,
        revision=revision + 1,
    )
    if not changed:
        raise Stale(Relation.objects.get(pk=relation.pk))
    record(
        "relation.checked",
        actor=actor,
        at=at,
        subject=relation,
        case_id=case_id,
        fields=["status", "evidence"],
        data={"status": status},
    )
    relation.refresh_from_db()
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
    members = [(merging.landing(actor, each, at=at, record_id=case_id), role)
               for each, role in members]  # fmt: skip
    if len({person.pk for person, _role in members}) < len(members):
        raise Invalid({"members": _("Name each person once.")})
    key = DataKey.make()
    key.save(force_insert=True)
    group = TravelGroup(key=key, met_at=at)
    seal(group, key, label=line(label, "label"))
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
    texts = {
        "reasons": narrative(reasons, "reasons", required=True),
        "child_view": narrative(child_view, "child_view", required=True),
    }
    seal(member, **texts)
    changed = GroupMember.objects.filter(pk=member.pk, revision=revision).update(
        decision=chosen(rules.GroupDecision, decision, "decision"),
        reasons=member.reasons,
        child_view=member.child_view,
        decided_by=actor.user_id,
        decided_at=at,
        revision=revision + 1,
    )
    if not changed:
        raise Stale(GroupMember.objects.get(pk=member.pk))
    record(
        "group.decided",
        actor=actor,
        at=at,
        subject=member,
        case_id=case_id,
        fields=["decision", "reasons", "child_view"],
        data={"decision": decision},
    )
    member.refresh_from_db()
    return member
