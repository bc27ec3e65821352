"""Reading placements of a case that the caller has been shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oslonac.access.rules import Level, Reach
from oslonac.cases.models import Case
from oslonac.placements.models import Placement
from oslonac.placements.rules import PlacementStatus
from oslonac.vault.sealing import open_many


@dataclass
class PlacementLine:
    placement: Placement
    where_shown: bool
    address: str
    reason: str
    child_view: str


def of_case(case: Case, found: Reach) -> list[PlacementLine]:
    """Placements, the latest first. While whereabouts are restricted, where is shown only to
    those whose grant includes them."""
    rows = list(
        Placement.objects.filter(case=case)
        .select_related("organisation", "place")
        .order_by("-from_at", "pk")
    )
    fields = ("address", "reason", "child_view")
    opened = (
        open_many(rows, *fields, keys={case.key_id: case.key})
        if found.shows(Level.NARRATIVE)
        else {}
    )
    where = found.tells_where(case.whereabouts_restricted)
    lines = []
    for row in rows:
        texts = dict(opened.get(row.pk, dict.fromkeys(fields, "")))
        if not found.whereabouts:
            texts["address"] = ""
        lines.append(PlacementLine(row, where, **texts))
    return lines


def facts(case: Case) -> Mapping[str, Any]:
    """Organisations where the child lives now, for the guardian's conflict of interest."""
    running = Placement.objects.filter(case=case, status=PlacementStatus.RUNNING)
    ids = running.exclude(organisation=None).values_list("organisation_id", flat=True)
    return {"placed_at": tuple(ids)}


def panel(case: Case, found: Reach) -> Mapping[str, Any]:
    return {"placements": of_case(case, found)}
