"""Operations on tracing: requests, people sought, candidates, checks, results."""

from uuid import UUID

from ninja import Router

from oslonac.access.roles import Permission
from oslonac.access.rules import Level
from oslonac.cases import queries as cases
from oslonac.cases.api.base import organisation, values
from oslonac.people.actions import birth_interval
from oslonac.steps.operations import add_operations
from oslonac.tracing import actions, queries
from oslonac.tracing.api_shapes import (
    CandidateOut,
    CheckOut,
    RequestIn,
    RequestOut,
    RequestShortOut,
    SideCheckIn,
    SoughtIn,
    TraceOut,
    _short,
    candidate_out,
    request_out,
)
from oslonac.tracing.models import Candidate
from oslonac.tracing.steps import STEPS
from oslonac.web.api import (
    ApiRequest,
    Id,
    operation,
    performed,
)

router = Router(tags=["Family tracing"])


@operation(router, "GET", "/tracing/requests", Permission.TRACING_WORK)
def list_tracing_requests(request: ApiRequest) -> list[RequestShortOut]:
    """Lists the requests you work on or were asked about, newest first."""
    rows = queries.visible_to(request.actor, at=request.at).prefetch_related("traces")
    return [RequestShortOut(**_short(row, list(row.traces.all()))) for row in rows[:500]]


@operation(router, "POST", "/tracing/requests", actions.open_request, status=201)
def open_tracing_request(request: ApiRequest, body: RequestIn) -> RequestOut:
    """Records a search request. The person must have agreed to a search."""
    case = None
    if body.case is not None:
        case = cases.case(request.actor, body.case, at=request.at, level=Level.IDENTITY)
    first, last = body.separated_from, body.separated_to or body.separated_from
    return performed(
        request,
        actions.open_request,
        organisation=organisation(body.organisation, "organisation"),
        case=case,
        sex=body.sex.value if body.sex else "",
        separated=(first, last) if first and last else None,
        **values(body, "organisation", "case", "sex", "separated_from", "separated_to"),
    )


@operation(router, "GET", "/tracing/requests/{request_id}", Permission.TRACING_WORK)
def get_tracing_request(request: ApiRequest, request_id: Id) -> RequestOut:
    """Shows a request, the people sought and the possible matches."""
    return request_out(request, queries.request(request.actor, request_id, at=request.at))


@operation(router, "POST", "/tracing/requests/{request_id}/searches", actions.seek, status=201)
def seek_somebody(request: ApiRequest, request_id: Id, body: SoughtIn) -> TraceOut:
    """Describes one person sought, as told by the person who is searching."""
    birth = body.birth
    parts = (birth.calendar.value, birth.year, birth.month, birth.day) if birth else None
    return performed(
        request,
        actions.seek,
        request=queries.request(request.actor, request_id, at=request.at),
        sex=body.sex.value if body.sex else "",
        birth=birth_interval(*parts) if parts else None,
        calendar=birth.calendar.value if birth else "gregorian",
        **values(body, "sex", "birth"),
    )


def _candidate(request: ApiRequest, candidate_id: UUID) -> Candidate:
    return queries.candidate(request.actor, candidate_id, at=request.at)[0]


@operation(router, "GET", "/tracing/candidates/{candidate_id}", Permission.TRACING_WORK)
def get_candidate(request: ApiRequest, candidate_id: Id) -> CandidateOut:
    """Shows a possible match, as far as you have access to the person."""
    return candidate_out(request, _candidate(request, candidate_id))


@operation(router, "POST", "/tracing/candidates/{candidate_id}/checks", actions.check, status=201)
def check_side(request: ApiRequest, candidate_id: Id, body: SideCheckIn) -> CheckOut:
    """Records how one side was checked and whether it wants contact."""
    found = _candidate(request, candidate_id)
    return performed(request, actions.check, candidate=found, **values(body))


add_operations(router, STEPS)
