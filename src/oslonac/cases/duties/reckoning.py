"""Recomputing the obligations of many cases: after a repair, and when time alone changed a fact.

Rows are a projection of the ledger (ADR 4): working them out anew gives what is there. Belongs
here: many cases at once. Does not: one case inside its action (`cases.actions.base.refresh`).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from oslonac.cases import queries
from oslonac.cases.models import Case
from oslonac.cases.rules import CaseStatus
from oslonac.country import country
from oslonac.kit.clock import local_day
from oslonac.protocols import editions, projection
from oslonac.protocols.rules import CaseEvent, Duty

CHUNK = 250
# The ages on which some procedure asks for other things (see `queries.age_band`).
AGES = (14, 16, 18)


@dataclass(frozen=True)
class Reckoned:
    """How many cases were looked at, in how many something differed, rows written in all."""

    cases: int = 0
    differed: int = 0
    rows: int = 0

    def __add__(self, other: "Reckoned") -> "Reckoned":
        return Reckoned(
            self.cases + other.cases, self.differed + other.differed, self.rows + other.rows
        )


def sorted_by(
    duties: Iterable[Duty], events: Iterable[CaseEvent]
) -> tuple[datetime | None, datetime | None]:
    """What lists sort a case by: its soonest open duty, and when the child was last seen alone."""
    waiting = (
        duty.due_at
        for duty in duties
        if duty.due_at and not (duty.void or duty.done_at or duty.suspended)
    )
    alone = (event.at for event in events if event.data.get("alone") == "yes")
    return min(waiting, default=None), max(alone, default=None)


def reckon(case_ids: Sequence[UUID], tell: Callable[[int, int], None] | None = None) -> Reckoned:
    """Bring the rows of some cases in line with their ledger and procedures, chunk by chunk, each
    its own transaction. `tell(done, all)` after each chunk."""
    total = Reckoned()
    for first in range(0, len(case_ids), CHUNK):
        total += _chunk(case_ids[first : first + CHUNK])
        if tell is not None:
            tell(total.cases, len(case_ids))
    return total


@transaction.atomic
def _chunk(case_ids: Sequence[UUID]) -> Reckoned:
    # In one order everywhere; actions on these cases wait for the chunk.
    locked = Case.objects.select_for_update(of=("self",)).filter(pk__in=case_ids).order_by("pk")
    cases = list(locked.select_related("person"))
    events = queries.told_of_many([case.pk for case in cases])
    duties_of = duties(cases, events)
    written = projection.refresh_many(duties_of)
    differed = {case_id for case_id, rows in written.items() if rows}
    for case in cases:
        soonest, alone = sorted_by(duties_of[case.pk], events[case.pk])
        if (soonest, alone) != (case.next_due_at, case.last_alone_at):
            Case.objects.filter(pk=case.pk).update(next_due_at=soonest, last_alone_at=alone)
            differed.add(case.pk)
    return Reckoned(len(cases), len(differed), sum(written.values()))


def duties(cases: Sequence[Case], events: dict[UUID, list[CaseEvent]]) -> dict[UUID, list[Duty]]:
    """What the procedures of each case say, on the versions that it runs on."""
    facts = queries.facts_of_many(cases)
    return {
        case.pk: editions.procedure_of(case.procedures_id)(
            events[case.pk], facts[case.pk], country().calendar
        )
        for case in cases
    }


def came_of_age(at: datetime, days: int = 2) -> list[UUID]:
    """Open cases of children who in the last days reached an age at which other things are asked:
    the only thing that time alone changes about what is owed."""
    today = local_day(at)
    born = Q(pk__in=[])
    for last, first in _birthdays(today, days):
        for bound in ("born_from", "born_to"):
            # `born_from` is the oldest, `born_to` the youngest that the child can be.
            born |= Q(**{f"person__{bound}__gt": first, f"person__{bound}__lte": last})
    rows = Case.objects.filter(born, status=CaseStatus.OPEN)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _birthdays(today: date, days: int) -> Iterator[tuple[date, date]]:
    """(last, first): whoever was born after `first`, not after `last`, has just come to an age."""
    for age in AGES:
        yield _years_before(today, age), _years_before(today - timedelta(days=days), age)


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def of_person(person_id: UUID) -> list[UUID]:
    """Open cases of a person."""
    rows = Case.objects.filter(person=person_id, status=CaseStatus.OPEN)
    return list(rows.order_by("pk").values_list("pk", flat=True))
