"""Reading consents: the age rule of the pack, valid consents, the grants that depend on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from oslonac.access import policy
from oslonac.access.models import Grant
from oslonac.cases.models import Case, Consent
from oslonac.cases.trust.rules import Band, ConsentStatus, Part, band_for
from oslonac.directory import codes
from oslonac.kit.clock import local_day
from oslonac.people.rules import age_interval


def bands() -> list[Band]:
    """The ages of the pack (code list `consent_bands`), youngest first."""
    return [
        Band(
            code=code,
            from_age=int(more.get("from_age", 0)),
            to_age=more.get("to_age"),
            child=Part(more.get("child", Part.ASSENT)),
            adult=bool(more.get("adult", True)),
            source=str(more.get("source", "")),
            verified=bool(more.get("verified", False)),
        )
        for code, more in codes.extras("consent_bands").items()
    ]


def band_of(case: Case, *, at: datetime) -> Band:
    """Whose word is needed for this child: the rule for the youngest age it can be."""
    person = case.person
    age = age_interval(person.born_from, person.born_to, local_day(at))
    return band_for(bands(), age.youngest if age else None)


def running(case: Case, *, at: datetime) -> list[Consent]:
    """Consents that hold now, for a grant to rest on."""
    rows = case.consents.filter(Q(until__isnull=True) | Q(until__gt=at), status=ConsentStatus.GIVEN)
    return list(rows.select_related("receiver").order_by("-given_at", "pk"))


@dataclass(frozen=True)
class Resting:
    """How many grants in force rest on each consent, by the consent's id."""

    counts: dict[UUID, int]

    def of(self, consent: Consent) -> int:
        return self.counts.get(consent.pk, 0)


def resting(rows: Sequence[Consent], *, at: datetime) -> Resting:
    ids = [row.pk for row in rows]
    counts: dict[UUID, int] = {}
    found = Grant.objects.filter(policy.in_force(at), consent_id__in=ids)
    for pk in found.values_list("consent_id", flat=True):
        if pk is not None:
            counts[pk] = counts.get(pk, 0) + 1
    return Resting(counts)
