"""What the case page, its timeline and the printed summary say of placements.

While whereabouts are restricted, where the child is stays out for readers without that access;
that there is a placement, of which kind and since when, does not.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from oslonac.access.rules import Reach
from oslonac.cases import moments, tabs
from oslonac.cases.extensions import Given
from oslonac.cases.models import Case
from oslonac.placements import queries
from oslonac.placements.events import kind_title
from oslonac.placements.queries import PlacementLine
from oslonac.placements.rules import PlacementStatus
from oslonac.web.drawings.timeline import Item, Lane
from oslonac.web.shapes import Fact


def reads(case_id: UUID, person_id: UUID) -> Mapping[str, QuerySet[Any]]:
    return {"placements": queries.told_where(case_id)}


def context(case: Case, found: Reach, given: Given) -> Mapping[str, Any]:
    lines = queries.of_case(case, found, given.rows.get("placements"))
    known: dict[str, Any] = {"placements": lines}
    known["records"] = [line.placement for line in known["placements"]]
    known["shown"] = [(line, where(line), _line(line)) for line in known["placements"]]
    return known


def where(line: PlacementLine) -> str:
    """The house or the town, or a sentence that it is not shown."""
    if not line.where_shown:
        return _("where: not shown, the whereabouts are restricted")
    row = line.placement
    return ", ".join(str(part) for part in (row.organisation, row.place) if part)


def _line(line: PlacementLine) -> str:
    row = line.placement
    reasons = {"moved": _("moved on"), "case_closed": _("case closed")}
    until = _("until %(moment)s") % {"moment": moments.short(row.until_at)} if row.until_at else ""
    parts = (
        _("since %(moment)s") % {"moment": moments.short(row.from_at)},
        until,
        reasons.get(row.end_reason, row.end_reason),
    )
    return " · ".join(part for part in parts if part)


def strip(context: Mapping[str, Any]) -> Sequence[Fact]:
    running = [p for p in context["placements"] if p.placement.status == PlacementStatus.RUNNING]
    if not running:
        return [Fact(_("Lives at"), _("not placed"), empty=True)]
    kind = capfirst(kind_title(running[0].placement.kind))
    url = tabs.at(running[0].placement.case_id, "placements")
    return [Fact(_("Lives at"), kind, note=where(running[0]), url=url)]


def lanes(context: Mapping[str, Any]) -> Sequence[Lane]:
    items = [
        Item(
            line.placement.from_at,
            capfirst(kind_title(line.placement.kind)),
            end=line.placement.until_at,
            open_end=line.placement.until_at is None,
            kind="calm" if line.placement.until_at else "ok",
            anchor=tabs.at(line.placement.case_id, "placements"),
        )
        for line in context["placements"]
    ]
    return [Lane(_("Lives at"), items)]


def counts(context: Mapping[str, Any]) -> Sequence[Fact]:
    return [Fact(_("Moves"), str(max(0, len(context["placements"]) - 1)))]


def texts(context: Mapping[str, Any]) -> Mapping[UUID, str]:
    return {line.placement.pk: where(line) for line in context["placements"]}


def paper(context: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "title": _("Placement"),
        "empty": _("No placement."),
        "columns": [_("What"), _("Where"), _("When")],
        "rows": [
            [capfirst(kind_title(line.placement.kind)), where(line), _line(line)]
            for line in context["placements"]
        ],
    }
