"""Reading cases and encounters, always through the actor's grants."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet

from oslonac.access import policy
from oslonac.access.actor import Actor
from oslonac.access.models import Grant
from oslonac.access.rules import Level, Reach, Reason, RecordKind
from oslonac.audit.models import Event, Outcome
from oslonac.cases.extensions import EXTENSIONS
from oslonac.cases.models import Case, Encounter
from oslonac.cases.rules import CaseStatus, EncounterOutcome, TransferStatus
from oslonac.cases.trust import houses
from oslonac.kit.clock import local_day, now
from oslonac.kit.errors import Hidden
from oslonac.people.rules import age_interval
from oslonac.protocols import authors
from oslonac.protocols.rules import CaseEvent

STEP_DONE = "step.done"


def granted_ids(
    actor: Actor,
    *,
    at: datetime,
    reasons: Iterable[Reason] | None = None,
    kind: RecordKind = RecordKind.CASE,
) -> QuerySet[Grant, UUID]:
    """Ids of records with a grant in force, to drive a list from (D14)."""
    rows = policy.grants_of(actor, at=at).filter(record_kind=kind)
    if reasons is not None:
        rows = rows.filter(reason__in=list(reasons))
    return rows.values_list("record_id", flat=True)


def visible_to(actor: Actor, *, at: datetime) -> QuerySet[Case]:
    """Cases that any grant in force shows the actor."""
    return Case.objects.filter(pk__in=granted_ids(actor, at=at))


MINE = (Reason.ASSIGNMENT, Reason.GUARDIAN)
TEAMS = (Reason.SUPERVISION, Reason.TEAM)


def mine(actor: Actor, *, at: datetime, status: str = CaseStatus.OPEN) -> QuerySet[Case]:
    """Cases the actor answers for in person, soonest obligation first."""
    ids = granted_ids(actor, at=at, reasons=MINE)
    return _listed(Case.objects.filter(pk__in=ids, status=status))


def shared(actor: Actor, *, at: datetime, status: str = CaseStatus.OPEN) -> QuerySet[Case]:
    """Cases others answer for and the actor may see in person: transfers, plan, first contact."""
    others = [reason for reason in Reason if reason not in MINE + TEAMS]
    ids = granted_ids(actor, at=at, reasons=others)
    return _listed(
        Case.objects.filter(pk__in=ids, status=status).exclude(
            pk__in=granted_ids(actor, at=at, reasons=MINE + TEAMS)
        )
    )


def teams(actor: Actor, *, at: datetime, status: str = CaseStatus.OPEN) -> QuerySet[Case]:
    """Cases of the teams that the actor supervises or belongs to."""
    ids = granted_ids(actor, at=at, reasons=TEAMS)
    return _listed(Case.objects.filter(pk__in=ids, status=status))


def _listed(rows: QuerySet[Case]) -> QuerySet[Case]:
    # Of an organisation a list shows the name; its mandate and notes are most of its row.
    unused = ("mandate", "aliases", "notes", "covers", "offers")
    return (
        rows.select_related("person", "organisation")
        .defer(*(f"organisation__{name}" for name in unused))
        .order_by("next_due_at", "number")
    )


def by_number(actor: Actor, text: str, *, at: datetime, limit: int = 20) -> list[Case]:
    """Visible cases whose number is, or ends with, what was typed."""
    wanted = "".join(char for char in text if char.isdigit() or char == "-").strip("-")
    if not wanted:
        return []
    found = visible_to(actor, at=at)
    exact = list(found.filter(number=wanted).select_related("person", "organisation"))
    if exact or "-" in wanted:
        return exact
    return list(
        found.filter(number__endswith=wanted.zfill(4))
        .select_related("person", "organisation")
        .order_by("-number")[:limit]
    )


def case(actor: Actor, case_id: Any, *, at: datetime, level: Level = Level.EXISTENCE) -> Case:
    """One case, or Hidden for an unknown and an invisible id alike. Denied below `level`."""
    rows = Case.objects.select_related("person", "organisation")
    found = _by_id(rows.select_related("person__key", "key"), "case", case_id, keyless=rows)
    found.reach = policy.require_level(actor, RecordKind.CASE, found.pk, level, at=at)
    houses.keep_quiet(actor, found)
    return found


def encounter(
    actor: Actor, encounter_id: Any, *, at: datetime, level: Level = Level.EXISTENCE
) -> Encounter:
    """One encounter, or Hidden."""
    rows = Encounter.objects.select_related("place", "organisation", "responsible")
    found = _by_id(rows.select_related("key"), "encounter", encounter_id, keyless=rows)
    found.reach = policy.require_level(actor, RecordKind.ENCOUNTER, found.pk, level, at=at)
    return found


def _by_id(rows: QuerySet, kind: str, record_id: Any, *, keyless: QuerySet | None = None) -> Any:
    """`keyless`: the same without its key, which whoever knows of the record alone does not see."""
    try:
        key = record_id if isinstance(record_id, UUID) else UUID(str(record_id))
    except ValueError:
        raise Hidden(kind, record_id) from None
    found = rows.filter(pk=key).first()
    if found is None and keyless is not None:
        found = keyless.filter(pk=key).first()
    if found is None:
        raise Hidden(kind, key)
    return found


def encounters(
    actor: Actor, *, at: datetime, outcome: str = EncounterOutcome.PENDING
) -> QuerySet[Encounter]:
    """Encounters the actor may see, latest first."""
    ids = granted_ids(actor, at=at, kind=RecordKind.ENCOUNTER)
    return (
        Encounter.objects.filter(pk__in=ids, outcome=outcome)
        .select_related("place", "responsible", "organisation", "person")
        .order_by("-happened_at")
    )


def part(case: Case, model: type[Model], record_id: Any, *, through: str = "case") -> Any:
    """A record of this very case (a concern, a goal …), or Hidden: ids of other cases look
    unknown. `through` is the path from the record to its case."""
    rows = model._default_manager.filter(**{through: case})
    return _by_id(rows, model._meta.model_name or "", record_id)


def grants_on(record_id: UUID, *, at: datetime) -> list[Grant]:
    """Grants in force on a record: who may see it and why, the nearest reasons first."""
    rows = Grant.objects.filter(policy.in_force(at), record_id=record_id)
    return nearest_first(rows.select_related("organisation", "grantee"))


def nearest_first(grants: Iterable[Grant]) -> list[Grant]:
    """The nearest reasons first, then by their beginning."""
    order = list(Reason)
    return sorted(grants, key=lambda g: (order.index(Reason(g.reason)), g.starts_at))


def events_of(case_id: UUID) -> list[Event]:
    """Everything done in a case, in the order it was recorded."""
    return list(Event.objects.filter(case_id=case_id, outcome=Outcome.DONE).order_by("at", "id"))


More = Mapping[UUID, Mapping[str, Any]]


def told_of(case: Case) -> list[CaseEvent]:
    """What happened in a case, as its procedures are told."""
    return told_of_many([case.pk])[case.pk]


def told_of_many(case_ids: Sequence[UUID]) -> dict[UUID, list[CaseEvent]]:
    """The same for many cases, in as many queries as for one."""
    more = more_of(case_ids)
    found: dict[UUID, list[CaseEvent]] = {case_id: [] for case_id in case_ids}
    rows = Event.objects.filter(case_id__in=case_ids, outcome=Outcome.DONE)
    centres: dict[UUID, _Centre] = {case_id: _Centre() for case_id in case_ids}
    for case_id, *columns in rows.order_by("at", "id").values_list("case_id", *_COLUMNS):
        found[case_id].append(_told(columns, more, centres[case_id]))
    return found


_COLUMNS = ("id", "name", "at", "data", "record_id", "role", "actor_id", "organisation_id")


class _Centre:
    """The centre responsible for a case, as its events are read in the order they were recorded:
    what somebody did counts by where they sat when they did it."""

    def __init__(self) -> None:
        self.now = ""
        self.receivers: dict[str, str] = {}

    def read(self, name: str, data: Mapping[str, Any]) -> str:
        if name == "case.opened":
            self.now = data.get("organisation", "")
        elif name == "transfer.proposed":
            self.receivers[data.get("transfer", "")] = data.get("receiver", "")
        elif name == "transfer.answered" and data.get("status") == TransferStatus.ACCEPTED:
            before = self.now
            self.now = self.receivers.get(data.get("transfer", ""), "")
            return before
        return self.now


def more_of(case_ids: Sequence[UUID]) -> More:
    """What packages above tell procedures of records, beside the data of their events."""
    more: dict[UUID, Mapping[str, Any]] = {}
    for tell in EXTENSIONS.event_data:
        more |= tell(case_ids)
    return more


def case_events(events: Sequence[Event], more: More | None = None) -> list[CaseEvent]:
    """Ledger events as a procedure sees them: at the moment they happened. A step recorded as
    done (`step.done`) goes by the name of its activity."""
    centre = _Centre()
    return [_told([getattr(e, c) for c in _COLUMNS], more or {}, centre) for e in events]


def _told(columns: Sequence[Any], more: More, centre: _Centre) -> CaseEvent:
    """An event by the columns that `_COLUMNS` names."""
    event_id, name, at, data, record_id, role, person, office = columns
    by = authors.author(role, person, office, centre.read(name, data))
    if name == STEP_DONE:
        name = data["activity"]
    if "happened_at" in data:
        at = datetime.fromisoformat(data["happened_at"])
    if record_id in more:
        data = {**data, **more[record_id]}
    return CaseEvent(event_id, name, at, authors.telling(data, role, office), by)


def age_band(born_from: date | None, born_to: date | None, at: datetime) -> str:
    """The age as procedures ask for it, by local days: `under_14`, `from_14`, `from_16`, `adult`;
    empty (unknown) while what was said allows more than one of them."""
    age = age_interval(born_from, born_to, local_day(at))
    if age is None:
        return ""
    young, old = (
        next(n for limit, n in _BANDS if years < limit) for years in (age.youngest, age.oldest)
    )
    return young if young == old else ""


_BANDS = ((14, "under_14"), (16, "from_14"), (18, "from_16"), (1000, "adult"))


def facts_of(case: Case) -> dict[str, Any]:
    """What a procedure may know about a case besides its events."""
    return facts_of_many([case])[case.pk]


def facts_of_many(cases: Sequence[Case]) -> dict[UUID, dict[str, Any]]:
    """The same for many cases, in as many queries as for one. Their persons are read already."""
    found = {case.pk: _own_facts(case) for case in cases}
    for more in EXTENSIONS.facts:
        for case_id, facts in more(cases).items():
            found[case_id] |= facts
    return found


def _own_facts(case: Case) -> dict[str, Any]:
    return {
        "priority": case.priority,
        "pathway": case.pathway,
        "accompaniment": case.accompaniment,
        "informed_at": case.informed_at,
        "organisation_id": case.organisation_id,
        "manager_id": case.manager_id,
        "closed": case.status == CaseStatus.CLOSED,
        "age": age_band(case.person.born_from, case.person.born_to, now()),
    }


def shows(case: Case, level: Level) -> bool:
    """Whether the reader's reach on a case that `case()` returned includes a level."""
    found: Reach = case.reach
    return found.shows(level)
