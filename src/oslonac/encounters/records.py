"""How encounters are named on the page of a person who appears in them."""

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from oslonac.access.rules import RecordKind
from oslonac.cases import moments
from oslonac.cases.models import Encounter
from oslonac.people import records
from oslonac.people.records import RecordLine


def register() -> None:
    """Called once, when the application is ready."""
    records.register(RecordKind.ENCOUNTER, encounter_lines)


def encounter_lines(ids: Sequence[UUID]) -> dict[UUID, RecordLine]:
    return {
        met.pk: RecordLine(
            title=_("Encounter of %(day)s") % {"day": moments.day(met.happened_at)},
            url=reverse("encounters:encounter", args=[met.pk]),
            at=met.happened_at,
            note=str(met.get_outcome_display()),
        )
        for met in Encounter.objects.filter(pk__in=ids)
    }
