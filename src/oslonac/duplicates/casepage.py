"""What the case page says of other records of the same child."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse

from oslonac.access import reader
from oslonac.access.rules import Level, Reach
from oslonac.cases.extensions import Given
from oslonac.cases.models import Case
from oslonac.duplicates.models import Pair
from oslonac.duplicates.rules import UNDECIDED, PairStatus
from oslonac.people import merging
from oslonac.people.models import Person
from oslonac.people.queries import names_of_person


def reads(case_id: UUID, person_id: UUID) -> Mapping[str, QuerySet[Any]]:
    own = Q(one=person_id) | Q(other=person_id)
    return {"pairs": Pair.objects.filter(own, status__in=(*UNDECIDED, PairStatus.MERGED))}


def context(case: Case, found: Reach, given: Given) -> Mapping[str, Any] | None:
    """Records joined with this child's, and pairs to look at: those of which the database shows
    the reader both. None where there is neither, or where names are not open."""
    if not found.shows(Level.IDENTITY) or not reader.current().user_id:
        return None
    pairs = sorted(given.rows["pairs"], key=lambda row: row.pk)
    pairs.sort(key=lambda row: row.probability, reverse=True)
    joined = any(row.status == PairStatus.MERGED for row in pairs)
    parts = _parts(case.person_id) if joined else []
    urls = [
        (PairStatus(row.status).label, reverse("duplicates:pair", args=[row.pk]))
        for row in pairs
        if row.status != PairStatus.MERGED
    ]
    if not parts and not urls:
        return None
    return {"parts": parts, "pairs": urls}


def _parts(person_id: UUID) -> list[tuple[list[str], str]]:
    """Names of the other records of this child, each with its address. Rows of names are shown by
    the database to whoever reads that part's names."""
    ids = set(merging.group(person_id)) - {person_id}
    others = Person.objects.filter(pk__in=ids).select_related("key")
    found = [(names_of_person(each), reverse("people:person", args=[each.pk])) for each in others]
    return [(names, url) for names, url in found if names]
