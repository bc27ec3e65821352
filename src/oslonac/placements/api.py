"""Operations on placements: where the child lives, from when until when."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from ninja import Router
from pydantic import Field

from oslonac.access.roles import Permission
from oslonac.cases.api.base import (
    disclosure,
    disclosure_of,
    find,
)
from oslonac.cases.models import Case
from oslonac.placements import queries
from oslonac.placements.models import Placement
from oslonac.placements.rules import PlacementStatus
from oslonac.placements.steps import STEPS
from oslonac.steps.operations import add_operations
from oslonac.web.api import (
    ApiRequest,
    Disclosure,
    Id,
    OfficeRef,
    Out,
    StaffRef,
    Withheld,
    office,
    operation,
    shape_of,
    staff,
)

router = Router(tags=["Placements"])


class PlacementOut(Out):
    """Where the child lives. While whereabouts are restricted, where needs them granted."""

    id: UUID
    revision: int
    withheld: list[Withheld]
    kind: str = Field(description="A code of the list `placement_kinds`.")
    status: PlacementStatus
    organisation: OfficeRef | None
    place: str | None = Field(description="Code of a place of the directory.")
    address: str | None
    reason: str | None
    child_view: str | None
    from_at: datetime
    until_at: datetime | None
    decided_by: StaffRef | None
    end_reason: str


def placements_out(
    disclosure: Disclosure, case: Case, rows: Iterable[Placement]
) -> list[PlacementOut]:
    listed = list(rows)
    where = disclosure.reach.tells_where(case.whereabouts_restricted)
    fields = ("address", "reason", "child_view")  # they would tell which house it is
    texts = disclosure.texts(listed if where else (), *fields)
    people = staff(row.decided_by_id for row in listed)
    return [
        PlacementOut(
            id=row.pk,
            revision=row.revision,
            withheld=disclosure.withheld(Withheld.NARRATIVE, Withheld.WHEREABOUTS),
            kind=row.kind,
            status=PlacementStatus(row.status),
            organisation=office(row.organisation) if where else None,
            place=row.place_id if where else None,
            from_at=row.from_at,
            until_at=row.until_at,
            decided_by=people.get(row.decided_by_id),
            end_reason=row.end_reason,
            **texts.get(row.pk, dict.fromkeys(fields)),
        )
        for row in listed
    ]


@shape_of(Placement)
def placement_out(request: ApiRequest, row: Placement) -> PlacementOut:
    disclosure = disclosure_of(request, row.case_id)
    shown = placements_out(disclosure, row.case, [row])[0]
    disclosure.record(row, case_id=row.case_id)
    return shown


@operation(router, "GET", "/cases/{case_id}/placements", Permission.CASE_READ)
def list_placements(request: ApiRequest, case_id: Id) -> list[PlacementOut]:
    """Lists the placements, newest first."""
    case = find(request, case_id)
    seen = disclosure(request, case)
    shown = placements_out(seen, case, queries.rows_of(case, seen.reach))
    seen.record(case, case_id=case.pk)
    return shown


add_operations(router, STEPS)
