"""What the case page says of other records of the same child."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.urls import reverse

from oslonac.access import sight
from oslonac.access.rules import Level, Reach
from oslonac.cases.models import Case
from oslonac.duplicates.models import Pair
from oslonac.duplicates.rules import UNDECIDED, PairStatus
from oslonac.people import merging
from oslonac.people.models import Person
from oslonac.people.queries import names_of_person


def context(case: Case, found: Reach) -> Mapping[str, Any] | None:
    """Records joined with this child's, and pairs to look at: those of which the database shows
    the reader both. None where there is neither, or where names are not open."""
    if not found.shows(Level.IDENTITY) or not sight.current().user_id:
        return None
    ids = merging.group(case.person_id)
    # Rows of names are shown by the database to whoever reads that part's names.
    others = Person.objects.filter(pk__in=set(ids) - {case.person_id}).select_related("key")
    parts = [(names_of_person(each), reverse("people:person", args=[each.pk])) for each in others]
    parts = [(names, url) for names, url in parts if names]
    own = Q(one=case.person_id) | Q(other=case.person_id)
    pairs = Pair.objects.filter(own, status__in=UNDECIDED).order_by("-probability", "pk")
    urls = [(PairStatus(row.status).label, reverse("duplicates:pair", args=[row.pk]))
            for row in pairs]  # fmt: skip
    if not parts and not urls:
        return None
    return {"parts": parts, "pairs": urls}
