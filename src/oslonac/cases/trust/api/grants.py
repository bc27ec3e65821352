"""Who may see a case, why and until when."""

from typing import Annotated
from uuid import UUID

from ninja import Router
from pydantic import Field

from oslonac.access.models import Grant
from oslonac.access.roles import Permission
from oslonac.access.rules import Basis, Scope
from oslonac.accounts.api_oversight import GrantBasis, GrantOut, GrantReason, grants_out
from oslonac.accounts.house_staff import untold
from oslonac.cases import actions, queries
from oslonac.cases.api.base import find, user, values
from oslonac.cases.trust import blocks
from oslonac.kit.errors import Hidden
from oslonac.web.api import (
    ApiRequest,
    Code,
    Id,
    In,
    LevelName,
    Moment,
    Narrative,
    operation,
    performed,
)

router = Router(tags=["Grants"])


class GrantIn(In):
    user: UUID
    level: LevelName
    reason: GrantReason
    basis: GrantBasis = Basis.LEGAL_DUTY
    whereabouts: bool = False
    consent: Annotated[
        UUID | None, Field(description="The consent it is based on, with basis `consent`.")
    ] = None
    ground: Annotated[
        Code,
        Field(
            description="Code of `legal_grounds`. Needed with `explanation` for anybody outside "
            "the responsible centre, unless it rests on consent."
        ),
    ] = ""
    explanation: Annotated[Narrative, Field(description="Why without consent. Sealed.")] = ""
    until: Annotated[Moment, Field(description="When the grant ends by itself.")]


@operation(router, "GET", "/cases/{case_id}/grants", Permission.CASE_READ)
def list_case_grants(request: ApiRequest, case_id: Id) -> list[GrantOut]:
    """Lists who can see a case now, why, on what legal basis and until when.

    Blocked people are not included.
    """
    case = find(request, case_id)
    rows = queries.grants_on(case.pk, at=request.at)
    kept = blocks.kept(
        blocks.on_record(case.pk, at=request.at),
        {row.grantee_id for row in rows if row.grantee_id},
        at=request.at,
    )
    rows = [row for row in rows if kept.get(row.grantee_id) != Scope.ALL]  # type: ignore[arg-type]
    for row in rows:
        row.whereabouts = row.whereabouts and row.grantee_id not in kept
    restricted = {case.pk} if case.whereabouts_restricted else set()
    return grants_out(rows, untold(request.actor, rows, at=request.at, restricted=restricted))


@operation(router, "POST", "/cases/{case_id}/grants", actions.give_grant, status=201)
def give_grant(request: ApiRequest, case_id: Id, body: GrantIn) -> GrantOut:
    """Gives another person access to a case: level, reason and end."""
    case = find(request, case_id)
    consent = case.consents.filter(pk=body.consent).first() if body.consent else None
    return performed(
        request,
        actions.give_grant,
        case=case,
        user=user(body.user, "user"),
        level=int(body.level.level),
        consent=consent,
        **values(body, "user", "level", "consent"),
    )


@operation(router, "POST", "/cases/{case_id}/grants/{grant_id}/ending", actions.end_grant)
def end_grant(request: ApiRequest, case_id: Id, grant_id: Id) -> GrantOut:
    """Ends an access now. To end an assignment, assign somebody else."""
    case = find(request, case_id)
    grant = Grant.objects.filter(pk=grant_id, record_id=case.pk).first()
    if grant is None:
        raise Hidden("grant", grant_id)
    return performed(request, actions.end_grant, case=case, grant=grant)
