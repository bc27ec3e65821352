"""What the case page and its timeline say of tracing."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from oslonac.access.rules import Level, Reach
from oslonac.cases.extensions import Given
from oslonac.cases.models import Case
from oslonac.tracing import queries
from oslonac.tracing.lines import KIND, percent
from oslonac.tracing.rules import CandidateStatus, TraceStatus
from oslonac.web.shapes import Flag


def reads(case_id: UUID, person_id: UUID) -> Mapping[str, QuerySet[Any]]:
    return queries.rows_of_case(case_id)


def context(case: Case, found: Reach, given: Given) -> Mapping[str, Any] | None:
    """Searches this child is part of; for readers who see who the child is."""
    if not found.shows(Level.IDENTITY):
        return None
    meant, own, traces = queries.of_case(given.rows)
    return {
        "meant": [
            (
                row,
                row.trace.request.reference,
                percent(row.probability),
                _flag(row),
                reverse("tracing:candidate", args=[row.pk]),
            )
            for row in meant
        ],
        "own": [
            (
                row,
                status,
                Flag(str(status.label), KIND[status]),
                reverse("tracing:request", args=[row.pk]),
            )
            for row in own
            for status in [queries.status_of(traces[row.pk])]
        ],
        "new_url": f"{reverse('tracing:new')}?case={case.pk}",
        "closed": TraceStatus.CLOSED,
    }


def _flag(row: Any) -> Flag:
    status = CandidateStatus(row.status)
    return Flag(str(status.label), "ok" if status == CandidateStatus.VERIFIED else "warn")
