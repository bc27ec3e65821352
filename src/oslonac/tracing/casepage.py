"""What the case page and its timeline say of tracing."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oslonac.access.rules import Level, Reach
from oslonac.cases.extensions import Given
from oslonac.cases.models import Case
from oslonac.cases.timeline import Telling, tell
from oslonac.people.rules import RelationKind
from oslonac.tracing import queries
from oslonac.tracing.lines import KIND, percent
from oslonac.tracing.rules import CandidateStatus, Outcome, Side, TraceStatus
from oslonac.web.shapes import Flag


def _relation(code: Any) -> str:
    return str(RelationKind(code).label) if code in RelationKind.values else ""


def _checked(data: Mapping[str, Any]) -> str:
    side = Side(data["side"]).label if data.get("side") in Side.values else ""
    found = Outcome(data["outcome"]).label if data.get("outcome") in Outcome.values else ""
    return _("Tracing: %(side)s, %(outcome)s") % {"side": side, "outcome": found}


tell(
    {
        "tracing.opened": Telling(gettext_lazy("The child asked to find somebody")),
        "tracing.sought": Telling(
            lambda data: _("Sought: %(relation)s") % {"relation": _relation(data.get("relation"))}
        ),
        "tracing.looked": Telling(gettext_lazy("Compared with the register"), "calm"),
        "tracing.asked": Telling(gettext_lazy("Somebody seeks this child, perhaps"), "warn"),
        "tracing.checked": Telling(_checked),
        "tracing.shared": Telling(gettext_lazy("Whom to call was told to whoever searches")),
        "tracing.reunified": Telling(gettext_lazy("Living with family again")),
        "tracing.followed_up": Telling(gettext_lazy("Visited after reunification")),
        "tracing.closed": Telling(gettext_lazy("A search ended"), "calm"),
        "tracing.reopened": Telling(gettext_lazy("A search was opened again")),
        "tracing.withdrawn": Telling(gettext_lazy("A request to search was taken back"), "calm"),
    }
)


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
