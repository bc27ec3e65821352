"""Reading placements of a case that the caller has been shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from oslonac.access import reader
from oslonac.access.opening import shown
from oslonac.access.row_level import partly
from oslonac.access.rules import Reach
from oslonac.cases.models import Case
from oslonac.placements.models import Placement
from oslonac.placements.rules import PlacementStatus
from oslonac.vault.row_policy import Bypass

_PARTLY = f"SELECT * FROM {partly(Placement)} WHERE case_id = %s ORDER BY from_at DESC, id"  # noqa: S608


def told_where(case_id: UUID) -> QuerySet[Placement]:
    """Placements with the house and the town, as readers see them who are told where."""
    return Placement.objects.filter(case=case_id).select_related("organisation", "place")


def rows_of(
    case: Case, found: Reach, read: Sequence[Placement] | None = None
) -> Sequence[Placement]:
    """Placements, the latest first; without the house, the town and the address for a reader who
    is not told where the child is: the database keeps them from such readers. `read`: what the
    caller read already (`told_where`)."""
    if not found.tells_where(case.whereabouts_restricted):
        return list(Placement.objects.raw(_PARTLY, [case.pk]))
    rows = list(told_where(case.pk)) if read is None else read
    return sorted(sorted(rows, key=lambda row: row.pk), key=lambda row: row.from_at, reverse=True)


@dataclass
class PlacementLine:
    placement: Placement
    where_shown: bool
    address: str
    reason: str
    child_view: str


def of_case(
    case: Case, found: Reach, read: Sequence[Placement] | None = None
) -> list[PlacementLine]:
    """Placements, the latest first. While whereabouts are restricted, where is shown only to
    those whose grant includes them."""
    rows = rows_of(case, found, read)
    where = found.tells_where(case.whereabouts_restricted)
    if not where:  # why this house, and what the child says of it, tells which one it is
        return [PlacementLine(row, where, "", "", "") for row in rows]
    fields = ("address", "reason", "child_view")
    opened = shown(rows, found, *fields, keys={case.key_id: case.key})
    return [PlacementLine(row, where, **opened[row.pk]) for row in rows]


@reader.bypass(Bypass.PROJECTION)
def facts(cases: Sequence[Case]) -> Mapping[UUID, Mapping[str, Any]]:
    """Organisations where children live now, for the guardian's conflict of interest."""
    found: dict[UUID, tuple[UUID, ...]] = {case.pk: () for case in cases}
    running = Placement.objects.filter(case__in=list(found), status=PlacementStatus.RUNNING)
    rows = running.exclude(organisation=None).values_list("case_id", "organisation_id")
    for case_id, organisation_id in rows.order_by("pk"):
        found[case_id] = (*found[case_id], organisation_id)
    return {case_id: {"placed_at": ids} for case_id, ids in found.items()}


@reader.bypass(Bypass.PROJECTION)
def houses(case_ids: Sequence[UUID]) -> Mapping[UUID, Mapping[str, Any]]:
    """For procedures, `place` of each placement: the code of the house, since cities limit stays
    by the house. Not in the ledger, whose readers are not to learn where a child is."""
    rows = Placement.objects.filter(case__in=case_ids).select_related("organisation")
    rows = rows.only("organisation__code", "place_id")
    return {row.pk: {"place": house_of(row)} for row in rows}


def house_of(placement: Placement) -> str:
    """The code of the organisation, else of the town."""
    if placement.organisation is not None:
        return placement.organisation.code
    return placement.place_id or ""
