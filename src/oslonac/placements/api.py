"""Operations on placements: where the child lives, from when until when."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Router
from pydantic import Field

from oslonac.access.roles import Permission
from oslonac.cases.api.base import (
    disclosure,
    disclosure_of,
    find,
    optional_organisation,
    part,
    place,
    values,
)
from oslonac.cases.models import Case
from oslonac.placements import actions, queries
from oslonac.placements.models import Placement
from oslonac.placements.rules import PlacementKind, PlacementStatus
from oslonac.web.api import (
    ApiRequest,
    Code,
    Disclosure,
    Id,
    In,
    Line,
    Moment,
    Narrative,
    OfficeRef,
    Out,
    Revision,
    StaffRef,
    Withheld,
    office,
    operation,
    performed,
    shape_of,
    staff,
)

router = Router(tags=["Placements"])


class PlacementOut(Out):
    """Where the child lives. While whereabouts are restricted, where needs them granted."""

    id: UUID
    revision: int
    withheld: list[Withheld]
    kind: PlacementKind
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


class PlacementIn(In):
    kind: PlacementKind
    from_at: Moment
    organisation: UUID | None = None
    place: Annotated[Code, Field(description="Code of a place of the directory.")] = ""
    address: Line = ""
    reason: Narrative = ""
    child_view: Narrative = ""
    asylum_sought: bool = False


class PlacementEndIn(In):
    revision: Revision
    until_at: Moment
    reason: Annotated[str, Field(min_length=1, max_length=60)]


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
            kind=PlacementKind(row.kind),
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
    """Lists where the child lived, the latest first."""
    case = find(request, case_id)
    seen = disclosure(request, case)
    shown = placements_out(seen, case, queries.rows_of(case, seen.reach))
    seen.record(case, case_id=case.pk)
    return shown


@operation(router, "POST", "/cases/{case_id}/placements", actions.place, status=201)
def place_child(request: ApiRequest, case_id: Id, body: PlacementIn) -> PlacementOut:
    """Places a child; the former placement ends.

    Emergency kinds need the permission to place in an emergency, all others that to decide.
    """
    return performed(
        request,
        actions.place,
        case=find(request, case_id),
        organisation=optional_organisation(body.organisation, "organisation"),
        place=place(body.place, "place"),
        **values(body, "organisation", "place"),
    )


@operation(
    router, "POST", "/cases/{case_id}/placements/{placement_id}/ending", actions.end_placement
)
def end_placement(
    request: ApiRequest, case_id: Id, placement_id: Id, body: PlacementEndIn
) -> PlacementOut:
    """Records that the child does not live there any more."""
    row = part(request, case_id, Placement, placement_id)
    return performed(request, actions.end_placement, placement=row, **values(body))
