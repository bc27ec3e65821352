"""Who opened a file, from the ledger: by role and organisation, never by name.

Nothing here may tell where the child lives or that an authority inquires: staff of a house that
cares or cared for the child are "the house", and functions named in QUIET are "an authority".
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from oslonac.access.models import Grant
from oslonac.access.roles import Role, archetype_of
from oslonac.access.rules import Reason
from oslonac.audit.models import Event, Outcome
from oslonac.cases.models import Case
from oslonac.kit.clock import local_day
from oslonac.people.models import Appearance

# Whose looking could be part of an inquiry that must not be given away on paper.
QUIET = frozenset({Role.POLICE})
HOUSE, AUTHORITY, SYSTEM = "house", "authority", "system"


@dataclass(frozen=True)
class Look:
    """One function at one office; `office` is None where naming it would tell too much."""

    function: str
    office: UUID | None
    days: int
    last: date


def of_case(case: Case, *, at: datetime) -> list[Look]:
    """Everybody who opened sealed parts of the file, the latest first."""
    records = list(
        Appearance.objects.filter(person_id=case.person_id, is_subject=True).values_list(
            "record_id", flat=True
        )
    )
    about = Q(case_id=case.pk) | Q(record_id__in=[*records, case.person_id])
    rows = Event.objects.filter(about, outcome=Outcome.READ, at__lte=at)
    seen = list(rows.values_list("role", "organisation_id", "at"))
    seen += _in_lists(case, at)
    return _gathered(seen, _houses(case))


def _in_lists(case: Case, at: datetime) -> list[tuple[str, UUID | None, datetime]]:
    """Lists that showed the name: their events carry the ids of the persons shown."""
    rows = Event.objects.filter(
        outcome=Outcome.READ,
        at__range=(min(case.opened_at, case.informed_at), at),
        data__persons__contains=[str(case.person_id)],
    )
    return list(rows.values_list("role", "organisation_id", "at"))


def _houses(case: Case) -> set[UUID | None]:
    rows = Grant.objects.filter(record_id=case.pk, reason=Reason.PLACEMENT)
    return set(rows.values_list("organisation_id", flat=True))


def disguised(role: str, office: UUID | None, houses: Iterable) -> tuple[str, UUID | None]:
    """The function and office as a paper may name them."""
    if office in houses and office is not None:
        return HOUSE, None
    if archetype_of(role) in QUIET:
        return AUTHORITY, None
    return role or SYSTEM, office


def _gathered(
    seen: Iterable[tuple[str, UUID | None, datetime]], houses: set[UUID | None]
) -> list[Look]:
    days: dict[tuple[str, UUID | None], set[date]] = defaultdict(set)
    for role, office, at in seen:
        days[disguised(role, office, houses)].add(local_day(at))
    found = [Look(key[0], key[1], len(on), max(on)) for key, on in days.items()]
    return sorted(found, key=lambda look: (look.last, look.days, look.function), reverse=True)
