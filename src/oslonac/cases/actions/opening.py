"""Opening a case, who is responsible for it, its priority and path, who may see it."""

from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext as _

from oslonac.access import actions as grants
from oslonac.access import reader
from oslonac.access.actor import Actor
from oslonac.access.roles import Permission, Role
from oslonac.access.rules import Level, Reason, RecordKind
from oslonac.accounts.models import User
from oslonac.accounts.queries import holders
from oslonac.audit.actions import action
from oslonac.cases import rules
from oslonac.cases.actions.base import not_future, record_event, require_centre
from oslonac.cases.models import Case, Decision, Encounter
from oslonac.cases.trust.actions.disclosing import require_not_blocked
from oslonac.directory import kinds
from oslonac.directory.models import Organisation
from oslonac.kit.choices import chosen
from oslonac.kit.errors import Invalid, Refused
from oslonac.kit.revisions import swap
from oslonac.notices.actions import notify
from oslonac.people.actions import appear, clean_reason
from oslonac.people.merging import group, landing
from oslonac.people.models import GroupMember, Person, Relation
from oslonac.people.queries import require as require_person
from oslonac.people.rules import Accompaniment, accompaniment
from oslonac.protocols import editions
from oslonac.vault.row_policy import Bypass
from oslonac.vault.sealing import seal

FIRST_CONTACT_DAYS = 7
LEADS = (Role.SUPERVISOR, Role.HEAD)


@action("case.opened", Permission.CASE_OPEN)
def open_case(
    *,
    actor: Actor,
    at: datetime,
    person: Person,
    organisation: Organisation,
    priority: str,
    reason: str,
    encounter: Encounter | None = None,
    informed_at: datetime | None = None,
    pathway: str = rules.Pathway.FULL,
    manager: User | None = None,
) -> Case:
    """Open a child's case at a centre, with its priority and the reason for it.

    `informed_at` is when the information reached the centre, from which the law counts; the
    encounter's own moment when there is one.
    """
    require_person(actor, person.pk, Level.CASE, at=at)
    person = landing(actor, person, at=at, record_id=encounter.pk if encounter else None)
    if organisation.kind not in kinds.competent():
        raise Invalid({"organisation": _("A case belongs to a centre that answers for children.")})
    if _has_open_case(person, organisation):
        raise Refused("case.already_open", _("This person already has an open case there."))
    informed = informed_at or (encounter.happened_at if encounter else at)
    case = Case.objects.create(
        key=person.key,
        number=next_number(at),
        person=person,
        encounter=encounter,
        organisation=organisation,
        priority=chosen(rules.Priority, priority, "priority"),
        pathway=chosen(rules.Pathway, pathway, "pathway"),
        accompaniment=(accompaniment(encounter.present) if encounter else Accompaniment.UNKNOWN),
        informed_at=not_future(informed, at, "informed_at"),
        opened_at=at,
        procedures=editions.current(),
    )
    _grant_at_opening(actor, at, case, encounter)
    _appear_with_people(case, person)
    _decide(actor, at, case, rules.DecisionKind.OPENING, priority, reason)
    _note_opened(actor, at, case)
    if encounter is not None:
        _carry_suspicions(actor, at, case, encounter)
    if manager is not None:
        _assign(actor, at, case, manager)
    return case


def _note_opened(actor: Actor, at: datetime, case: Case) -> None:
    record_event(
        "case.opened",
        actor=actor,
        at=at,
        case=case,
        subject=case,
        data={
            "priority": case.priority,
            "pathway": case.pathway,
            "number": case.number,
            "organisation": case.organisation,
            "encounter": str(case.encounter_id) if case.encounter_id else "",
            "procedures": case.procedures,
        },
    )


@reader.bypass(Bypass.UNIQUENESS)
def _has_open_case(person: Person, organisation: Organisation) -> bool:
    return Case.objects.filter(
        person__in=group(person.pk), organisation=organisation, status=rules.CaseStatus.OPEN
    ).exists()


def next_number(at: datetime) -> str:
    """`year-number`; numbers come from a sequence, so gaps are possible and nobody waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_number')")
        return f"{at.year}-{cursor.fetchone()[0]:04d}"


@reader.bypass(Bypass.APPEARANCE)
def _appear_with_people(case: Case, person: Person) -> None:
    """Relatives and travel companions appear in the case with the child."""
    appear(person, kind=RecordKind.CASE, record_id=case.pk, is_subject=True)
    related = Relation.objects.filter(from_person=person).values_list("to_person", flat=True)
    groups = GroupMember.objects.filter(person=person).values("group")
    companions = GroupMember.objects.filter(group__in=groups).values_list("person", flat=True)
    for other in Person.objects.filter(pk__in={*related, *companions} - {person.pk}):
        appear(other, kind=RecordKind.CASE, record_id=case.pk)


def _grant_at_opening(actor: Actor, at: datetime, case: Case, encounter: Encounter | None) -> None:
    for role in LEADS:
        grants.grant_role(
            actor=actor,
            at=at,
            kind=RecordKind.CASE,
            record_id=case.pk,
            organisation_id=case.organisation_id,
            role=role,
            level=Level.IDENTITY,
            whereabouts=True,
            reason=Reason.SUPERVISION,
        )
    grants.grant_role(
        actor=actor,
        at=at,
        kind=RecordKind.CASE,
        record_id=case.pk,
        organisation_id=case.organisation_id,
        role=Role.LAWYER,
        level=Level.NARRATIVE,
        reason=Reason.TEAM,
    )
    first = (actor.user_id, encounter.recorded_by_id if encounter else None)
    for user_id in {each for each in first if each is not None}:
        grants.grant_user(
            actor=actor,
            at=at,
            kind=RecordKind.CASE,
            record_id=case.pk,
            user_id=user_id,
            level=Level.IDENTITY,
            whereabouts=True,
            reason=Reason.FIRST_CONTACT,
            until=at + timedelta(days=FIRST_CONTACT_DAYS),
        )


def _carry_suspicions(actor: Actor, at: datetime, case: Case, encounter: Encounter) -> None:
    from oslonac.cases.actions.raising import raise_in_case

    for code in encounter.suspicions:
        raise_in_case(actor=actor, at=at, case=case, kind=code, detail="")


def _decide(actor: Actor, at: datetime, case: Case, kind: str, code: str, reason: str) -> Decision:
    decision = Decision(
        case=case,
        key=case.key,
        kind=kind,
        code=code,
        decided_by_id=actor.user_id,
        decided_at=at,
        status=rules.DecisionStatus.IN_FORCE,
    )
    seal(decision, case.key, reason=clean_reason(reason, "reason"))
    decision.save(force_insert=True)
    return decision


@action("case.assigned", Permission.CASE_ASSIGN)
def assign_case(*, actor: Actor, at: datetime, case: Case, revision: int, manager: User) -> Case:
    """Make somebody the case manager; the former one no longer sees the case by assignment."""
    require_centre(actor, case, Permission.CASE_ASSIGN, at=at)
    if manager.pk == case.manager_id:
        raise Refused(
            "assignment.same", _("This person already manages the case."), field="manager"
        )
    swap(case, revision)
    return _assign(actor, at, case, manager)


def _assign(actor: Actor, at: datetime, case: Case, manager: User) -> Case:
    able = holders(case.organisation_id, Role.CASE_MANAGER, Role.SUPERVISOR, Role.HEAD, at=at)
    if not able.filter(pk=manager.pk).exists():
        raise Refused(
            "assignment.not_a_manager",
            _("Only a case manager of the responsible centre can be assigned."),
            field="manager",
        )
    require_not_blocked(manager, case, at=at, field="manager")
    grants.end_grants(actor=actor, at=at, record_id=case.pk, reasons=(Reason.ASSIGNMENT,))
    grants.grant_user(
        actor=actor,
        at=at,
        kind=RecordKind.CASE,
        record_id=case.pk,
        user_id=manager.pk,
        level=Level.IDENTITY,
        whereabouts=True,
        reason=Reason.ASSIGNMENT,
    )
    Case.objects.filter(pk=case.pk).update(manager=manager)
    case.manager = manager
    record_event(
        "case.assigned", actor=actor, at=at, case=case, subject=case, data={"manager": manager}
    )
    notify(manager.pk, "case.assigned", at=at, record=case, by=actor.user_id)
    return case


@action("priority.changed", Permission.CASE_DECIDE)
def change_priority(
    *, actor: Actor, at: datetime, case: Case, revision: int, priority: str, reason: str
) -> Case:
    """Set another priority, with the reason; the clocks follow."""
    require_centre(actor, case, Permission.CASE_DECIDE, at=at)
    value = chosen(rules.Priority, priority, "priority")
    if value == case.priority:
        raise Refused("priority.same", _("The case already has this priority."), field="priority")
    swap(case, revision, priority=value)
    _decide(actor, at, case, rules.DecisionKind.PRIORITY, value, reason)
    record_event(
        "priority.changed",
        actor=actor,
        at=at,
        case=case,
        subject=case,
        fields=["priority"],
        data={"priority": value},
    )
    return case


@action("pathway.changed", Permission.CASE_DECIDE)
def change_pathway(*, actor: Actor, at: datetime, case: Case, revision: int, reason: str) -> Case:
    """Move a transit case to the full path; everything done so far stays (scenario 7)."""
    require_centre(actor, case, Permission.CASE_DECIDE, at=at)
    rules.check_step(case.pathway, rules.Pathway.FULL, rules.Pathway)
    swap(case, revision, pathway=rules.Pathway.FULL)
    _decide(actor, at, case, rules.DecisionKind.PATHWAY, rules.Pathway.FULL, reason)
    record_event(
        "pathway.changed",
        actor=actor,
        at=at,
        case=case,
        subject=case,
        fields=["pathway"],
        data={"pathway": rules.Pathway.FULL},
    )
    return case


@action("best_interest.decided", Permission.CASE_DECIDE)
def decide_best_interest(
    *, actor: Actor, at: datetime, case: Case, code: str, reason: str
) -> Decision:
    """Record a decision on what is best for the child, beside the child's own view."""
    require_centre(actor, case, Permission.CASE_DECIDE, at=at)
    decision = _decide(actor, at, case, rules.DecisionKind.BEST_INTEREST, code[:60], reason)
    record_event(
        "best_interest.decided", actor=actor, at=at, case=case, subject=decision, fields=["reason"]
    )
    return decision


@action("whereabouts.restricted", Permission.CASE_DECIDE)
def restrict_whereabouts(
    *, actor: Actor, at: datetime, case: Case, revision: int, restricted: bool
) -> Case:
    """Show the child's whereabouts only to those whose grant says so, or lift it."""
    require_centre(actor, case, Permission.CASE_DECIDE, at=at)
    swap(case, revision, whereabouts_restricted=restricted)
    record_event(
        "whereabouts.restricted",
        actor=actor,
        at=at,
        case=case,
        subject=case,
        fields=["whereabouts_restricted"],
        data={"restricted": restricted},
    )
    return case
