"""What the case page says of questions about this child and others."""

from collections.abc import Mapping
from typing import Any

from oslonac.access import reader
from oslonac.access.rules import Level, Reach
from oslonac.cases.models import Case
from oslonac.links.models import Signal
from oslonac.links.rules import SignalKind, SignalStatus
from oslonac.links.shown import title


def context(case: Case, found: Reach) -> Mapping[str, Any] | None:
    """Open questions about this child: those the database shows the reader, which it does only
    when they see every part. None where there is none."""
    looking = reader.current()
    if not found.shows(Level.IDENTITY) or not looking.user_id:
        return None
    # Whether a register lacks the child depends on all of its records: the page itself says it.
    rows = Signal.objects.filter(people__person=case.person_id, status=SignalStatus.OPEN)
    rows = rows.exclude(kind=SignalKind.REGISTERS).order_by("-found_at", "pk")
    questions = [(row.pk, title(row), SignalKind(row.kind).label) for row in rows]
    return {"questions": questions} if questions else None
