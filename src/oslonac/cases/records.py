"""How cases are named on the page of a person who appears in them."""

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from oslonac.access.rules import RecordKind
from oslonac.cases.models import Case
from oslonac.people import records
from oslonac.people.records import RecordLine


def register() -> None:
    """Called once, when the application is ready."""
    records.register(RecordKind.CASE, case_lines)


def case_lines(ids: Sequence[UUID]) -> dict[UUID, RecordLine]:
    return {
        case.pk: RecordLine(
            title=_("Case %(number)s") % {"number": case.number},
            url=reverse("cases:case", args=[case.pk]),
            at=case.opened_at,
            note=str(case.get_status_display()),
        )
        for case in Case.objects.filter(pk__in=ids)
    }
