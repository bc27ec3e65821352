"""Filters of a search, and the records they leave."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from oslonac.access.actor import Actor
from oslonac.cases import queries, whereabouts
from oslonac.cases.models import Case, Encounter
from oslonac.cases.rules import CaseStatus
from oslonac.people.rules import Sex

OLDEST = 120
NO_CASE = "none"


@dataclass(frozen=True)
class Filters:
    """Empty means everything. Ages in completed years, both ends included."""

    sex: str = ""
    age_from: int | None = None
    age_to: int | None = None
    place: str = ""
    status: str = ""
    mine: bool = False
    born_between: tuple[date, date] | None = None

    def born(self, today: date) -> tuple[date, date] | None:
        """Days of birth of people of these ages."""
        if self.born_between is not None:
            return self.born_between
        if self.age_from is None and self.age_to is None:
            return None
        youngest = self.age_from if self.age_from is not None else 0
        oldest = self.age_to if self.age_to is not None else OLDEST
        youngest, oldest = sorted((youngest, oldest))
        return _years_before(today, oldest + 1) + timedelta(days=1), _years_before(today, youngest)

    @property
    def narrows_records(self) -> bool:
        return bool(self.place or self.status or self.mine)


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def read(given: Any) -> Filters:
    """Filters from a form; what makes no sense is left out."""
    sex, status = given.get("sex", ""), given.get("status", "")
    return Filters(
        sex=sex if sex in (Sex.FEMALE, Sex.MALE) else "",
        age_from=_age(given.get("age_from", "")),
        age_to=_age(given.get("age_to", "")),
        place=str(given.get("place", ""))[:200].replace("\x00", "").strip(),
        status=status if status in (*CaseStatus.values, NO_CASE) else "",
        mine=given.get("whose", "") == "mine",
    )


def _age(text: Any) -> int | None:
    try:
        age = int(str(text)[:4])
    except ValueError:
        return None
    return age if 0 <= age <= OLDEST else None


def records(actor: Actor, filters: Filters, *, at: datetime) -> Q | None:
    """The condition on a record's id that place, status and "mine" make; None without one.

    A place that the directory does not know leaves nothing.
    """
    if not filters.narrows_records:
        return None
    cases, met = Case.objects.all(), Encounter.objects.all()
    if filters.place:
        place = whereabouts.find(filters.place)
        met = met.filter(place=place) if place else met.none()
        cases = cases.filter(encounter__place=place) if place else cases.none()
    if filters.status == NO_CASE:
        cases, met = cases.none(), met.filter(cases__isnull=True)
    elif filters.status:
        cases, met = cases.filter(status=filters.status), met.none()
    found = Q(record_id__in=cases.values("pk")) | Q(record_id__in=met.values("pk"))
    if filters.mine:
        found &= Q(record_id__in=queries.granted_ids(actor, at=at, reasons=queries.MINE))
    return found
