"""Closed files, holds and destroyed files. Lists start from the actor's grants."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from oslonac.access import policy, reader
from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.cases import queries as cases
from oslonac.cases.models import Case, Encounter
from oslonac.cases.rules import CaseStatus, Pathway
from oslonac.kit.clock import local_day
from oslonac.kit.errors import Hidden
from oslonac.kit.rooms import kept_as
from oslonac.people import merging
from oslonac.people.models import Appearance, GroupMember, Person
from oslonac.retention import periods, rules
from oslonac.retention.models import Disposal, Hold, Period
from oslonac.retention.rules import DisposalStatus, Standing
from oslonac.vault.row_policy import Bypass

MAJORITY = 18
MOST_LISTED = 2_000


@dataclass(frozen=True)
class Line:
    """A closed file and when its period is over."""

    case: Case
    standing: Standing
    hold: Hold | None
    disposal: Disposal | None


def closed_files(actor: Actor, *, at: datetime) -> list[Line]:
    """Closed files that the actor may propose to destroy, the longest closed first."""
    here = centres(actor, Permission.RETENTION_READ)
    rows = list(
        cases.visible_to(actor, at=at)
        .filter(status=CaseStatus.CLOSED, organisation_id__in=here)
        .exclude(key__destroyed_at__isnull=False)
        .select_related("person", "organisation")
        .order_by("closed_at", "pk")[:MOST_LISTED]
    )
    found = standings(rows)
    held = _held(rows, at)
    open_ = {
        each.person_id: each
        for each in Disposal.objects.filter(
            person_id__in=[r.person_id for r in rows], status=DisposalStatus.PROPOSED
        )
    }
    return [
        Line(row, found[row.pk], held.get(row.person_id), open_.get(row.person_id)) for row in rows
    ]


def by_need(lines: Iterable[Line]) -> list[Line]:
    """By the end of the period, the first to end first; unknown ones last."""
    return sorted(lines, key=lambda line: line.standing.on or date.max)


@reader.bypass(Bypass.RETENTION)
def standings(rows: Sequence[Case]) -> dict[UUID, Standing]:
    """When the period of each closed case is over. A constant number of queries."""
    marks = _marks(rows)
    own = _own_years({row.organisation_id for row in rows})
    known = periods.categories()
    return {
        row.pk: rules.standing(
            rules.categories_of(marks.get(row.pk, ()), known),
            own.get(row.organisation_id, {}),
            closed_on=local_day(row.closed_at) if row.closed_at else date.max,
            majority_on=_majority(row.person),
        )
        for row in rows
        if row.closed_at
    }


def _marks(rows: Sequence[Case]) -> dict[UUID, set[str]]:
    ids = [row.pk for row in rows]
    found: dict[UUID, set[str]] = {row.pk: set() for row in rows}
    for mark, model, among in kept_as():
        marked = model._default_manager.filter(case_id__in=ids, **among)
        for case_id in marked.values_list("case_id", flat=True):
            found[case_id].add(mark)
    for row in rows:
        if row.pathway == Pathway.TRANSIT:
            found[row.pk].add("transit")
    return found


def _own_years(organisations: Iterable[UUID]) -> dict[UUID, dict[str, int]]:
    found: dict[UUID, dict[str, int]] = {}
    for row in Period.objects.filter(organisation_id__in=list(organisations)).order_by("set_at"):
        found.setdefault(row.organisation_id, {})[row.category] = row.years
    return found


def _majority(person: Person) -> date | None:
    """The last day the child may have come of age: the interval's end is the careful reading."""
    return rules.years_after(person.born_to, MAJORITY) if person.born_to else None


def _held(rows: Sequence[Case], at: datetime) -> dict[UUID, Hold]:
    """By person of a case: a hold on any record of theirs."""
    groups = merging.groups(row.person_id for row in rows)
    holds = {hold.person_id: hold for hold in holds_of(groups, at=at)}
    found = {pk: [holds[each] for each in ids if each in holds] for pk, ids in groups.items()}
    return {pk: some[0] for pk, some in found.items() if some}


@reader.bypass(Bypass.RETENTION)
def holds_of(persons: Iterable[UUID], *, at: datetime) -> list[Hold]:
    """Holds in force on any case of these persons; of records joined as one person, on any."""
    today = local_day(at)
    whole = {pk for ids in merging.groups(persons).values() for pk in ids}
    return list(
        Hold.objects.filter(person_id__in=whole, ended_at__isnull=True)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today))
        .order_by("given_at")
    )


def disposals(actor: Actor, *, at: datetime, status: str = "") -> QuerySet[Disposal]:
    """Proposals and reports: of one's centres; an auditor reads those of all. Neither reads, nor
    decides on, a file that a block closes to them: that of their own family."""
    rows = Disposal.objects.select_related("organisation", "erasure").order_by("-proposed_at")
    rows = rows.exclude(case_id__in=policy.closed_to(actor, at=at))
    if Permission.LEDGER_READ not in actor.permissions:
        rows = rows.filter(organisation_id__in=centres(actor, Permission.RETENTION_READ))
    return rows.filter(status=status) if status else rows


def disposal(actor: Actor, disposal_id: UUID, *, at: datetime) -> Disposal:
    """One of them. Raises Hidden."""
    found = disposals(actor, at=at).filter(pk=disposal_id).first()
    if found is None:
        raise Hidden("disposal", disposal_id)
    return found


def waiting(actor: Actor) -> int:
    """Proposals that wait for this actor: not one's own, at centres where one decides."""
    here = centres(actor, Permission.RETENTION_APPROVE)
    if not here:
        return 0
    rows = Disposal.objects.filter(status=DisposalStatus.PROPOSED, organisation_id__in=here)
    return rows.exclude(proposed_by_id=actor.user_id).count()


def centre_periods(organisation_id: UUID) -> dict[str, Period]:
    """The latest period of each category of a centre."""
    rows = Period.objects.filter(organisation_id=organisation_id).order_by("set_at")
    return {row.category: row for row in rows}


def centres(actor: Actor, permission: Permission) -> list[UUID]:
    """One's own organisations at which one holds the permission."""
    return [each for each in actor.organisation_ids if actor.may_at(permission, each)]


@dataclass(frozen=True)
class Traces:
    """What an erasure destroys: `keys`, and how many encounter notes stay for others' sake."""

    keys: frozenset[UUID]
    cases: tuple[Case, ...]
    shared_notes: int


@reader.bypass(Bypass.RETENTION)
def traces_of(person: Person) -> Traces:
    """The person's own key, and those of encounters and groups that speak of nobody else any
    more. Reads past the actor's sight on purpose: an erasure is of the whole person."""
    keys = {person.key_id}
    own = Encounter.objects.filter(person=person)
    appears = Appearance.objects.filter(person=person).values("record_id")
    shared = 0
    for met in Encounter.objects.filter(Q(pk__in=appears) | Q(pk__in=own)).select_related("key"):
        if met.key_id in keys or met.key.destroyed_at is not None:
            continue
        there = Appearance.objects.filter(record_id=met.pk)
        others = there.exclude(person=person).filter(person__key__destroyed_at__isnull=True)
        # More children were met than anybody wrote into the register: the note is theirs too.
        if others.exists() or met.children > max(1, there.count()):
            shared += 1
        else:
            keys.add(met.key_id)
    for member in GroupMember.objects.filter(person=person).select_related("group"):
        left = member.group.members.exclude(person=person)
        if not left.filter(person__key__destroyed_at__isnull=True).exists():
            keys.add(member.group.key_id)
    files = tuple(Case.objects.filter(person=person).select_related("person", "organisation"))
    keys |= {case.key_id for case in files}
    return Traces(frozenset(keys), files, shared)
