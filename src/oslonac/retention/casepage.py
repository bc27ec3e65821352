"""Retention on the case page: holds, the period, an open proposal."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.timezone import now
from django.utils.translation import gettext as _

from oslonac.access.opening import shown
from oslonac.access.rules import Level, Reach
from oslonac.accounts.queries import names_of
from oslonac.cases import moments
from oslonac.cases.extensions import Given
from oslonac.cases.models import Case
from oslonac.cases.rules import CaseStatus
from oslonac.documents.models import Document
from oslonac.kit.errors import Refused
from oslonac.retention import periods, queries
from oslonac.retention.models import Disposal, Hold
from oslonac.retention.rules import DisposalStatus, HoldReason, Standing


@dataclass(frozen=True)
class HoldLine:
    hold: Hold
    title: str
    words: str
    text: str


def reads(case_id: UUID, person_id: UUID) -> Mapping[str, QuerySet[Any]]:
    rows = Disposal.objects.filter(person_id=person_id, status=DisposalStatus.PROPOSED)
    return {"proposed": rows}


def context(case: Case, found: Reach, given: Given) -> Mapping[str, Any] | None:
    """None while there is nothing to say: an open file that nobody holds."""
    if not found.shows(Level.CASE):
        return None
    holds = queries.holds_of([case.person_id], at=now())
    closed = case.status == CaseStatus.CLOSED
    waiting = bool(given.rows["proposed"])
    if not (holds or closed or waiting):
        return None
    period = queries.standings([case]).get(case.pk) if closed else None
    return {
        "holds": _lines(holds, found, given),
        "period": words_of(period) if period else "",
        "waiting": waiting,
    }


def _lines(holds: list[Hold], found: Reach, given: Given) -> list[HoldLine]:
    others = {hold.given_by_id for hold in holds} - given.names.keys()
    people = dict(given.names) | (names_of(others) if others - {None} else {})
    texts = shown(holds, found, "text")
    lines = []
    for hold in holds:
        until = _("until %(day)s") % {"day": moments.of_day(hold.ends_on)} if hold.ends_on else ""
        since = _("set %(day)s by %(name)s") % {
            "day": moments.day(hold.given_at),
            "name": moments.isolated(people.get(hold.given_by_id, "") if hold.given_by_id else ""),
        }
        lines.append(
            HoldLine(
                hold,
                str(HoldReason(hold.reason).label),
                " · ".join(part for part in (since, until) if part),
                texts.get(hold.pk, {}).get("text", ""),
            )
        )
    return lines


def words_of(period: Standing) -> str:
    """When a period is over, in a sentence that does not claim more than is known."""
    if period.on is None:
        missing = ", ".join(periods.title(code) for code in period.unknown)
        if not missing:
            return _("No category of the country pack applies, so no retention period is known.")
        return _(
            "No retention period is known for: %(categories)s. The head of the centre can "
            "enter the period from the centre's own list."
        ) % {"categories": missing}
    day = moments.of_day(period.on)
    if period.verified:
        return _("The retention period ends on %(day)s.") % {"day": day}
    return _(
        "The retention period ends on %(day)s, but its source is not confirmed. Check "
        "the source before you destroy the file."
    ) % {"day": day}


def check_removal(document: Document) -> None:
    """A document of a child under a hold stays."""
    if queries.holds_of([document.case.person_id], at=now()):
        raise Refused(
            "document.held",
            _("A legal hold is in force on this file, so no document may be removed."),
        )
