"""What the case page says of questions about this child and others."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from oslonac.access import reader
from oslonac.access.rules import Level, Reach
from oslonac.cases.extensions import Given
from oslonac.cases.models import Case
from oslonac.links.models import Signal
from oslonac.links.rules import SignalKind, SignalStatus
from oslonac.links.shown import title


def reads(case_id: UUID, person_id: UUID) -> Mapping[str, QuerySet[Any]]:
    # Whether a register lacks the child depends on all of its records: the page itself says it.
    rows = Signal.objects.filter(people__person=person_id, status=SignalStatus.OPEN)
    return {"questions": rows.exclude(kind=SignalKind.REGISTERS)}


def context(case: Case, found: Reach, given: Given) -> Mapping[str, Any] | None:
    """Open questions about this child: those the database shows the reader, which it does only
    when they see every part. None where there is none."""
    looking = reader.current()
    if not found.shows(Level.IDENTITY) or not looking.user_id:
        return None
    rows = sorted(given.rows["questions"], key=lambda row: row.pk)
    rows.sort(key=lambda row: row.found_at, reverse=True)
    questions = [(row.pk, title(row), SignalKind(row.kind).label) for row in rows]
    return {"questions": questions} if questions else None
