"""Operations on tracing: requests, people sought, candidates, checks, results."""

from uuid import UUID

from ninja import Router

from oslonac.access.roles import Permission
from oslonac.access.rules import Level
from oslonac.cases import queries as cases
from oslonac.cases.api.base import organisation, place, values
from oslonac.people.actions import birth_interval
from oslonac.tracing import actions, queries
from oslonac.tracing.api_shapes import (
    CandidateOut,
    CheckOut,
    DismissalIn,
    FollowUpIn,
    FollowUpOut,
    RequestIn,
    RequestOut,
    RequestShortOut,
    ReunionIn,
    ReunionOut,
    SideCheckIn,
    SoughtIn,
    TraceCloseIn,
    TraceOut,
    TraceRevisionIn,
    _short,
    candidate_out,
    request_out,
)
from oslonac.tracing.models import Candidate
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


@operation(router, "POST", "/tracing/requests/{request_id}/comparison", actions.look_again)
def compare_with_register(request: ApiRequest, request_id: Id) -> RequestOut:
    """Compares everybody still sought with the current register."""
    found = queries.request(request.actor, request_id, at=request.at)
    return performed(request, actions.look_again, request=found)


@operation(router, "POST", "/tracing/requests/{request_id}/withdrawal", actions.withdraw_request)
def withdraw_tracing_request(
    request: ApiRequest, request_id: Id, body: TraceRevisionIn
) -> RequestOut:
    """Withdraws a request: its searches close, access given for them ends."""
    found = queries.request(request.actor, request_id, at=request.at)
    return performed(request, actions.withdraw_request, request=found, **values(body))


@operation(router, "POST", "/tracing/searches/{trace_id}/closing", actions.close_search)
def close_search(request: ApiRequest, trace_id: Id, body: TraceCloseIn) -> TraceOut:
    """Ends the search for one person."""
    found = queries.trace(request.actor, trace_id, at=request.at)
    return performed(request, actions.close_search, trace=found, **values(body))


@operation(router, "POST", "/tracing/searches/{trace_id}/reopening", actions.reopen_search)
def reopen_search(request: ApiRequest, trace_id: Id, body: TraceRevisionIn) -> TraceOut:
    """Opens a search again."""
    found = queries.trace(request.actor, trace_id, at=request.at)
    return performed(request, actions.reopen_search, trace=found, **values(body))


def _candidate(request: ApiRequest, candidate_id: UUID) -> Candidate:
    return queries.candidate(request.actor, candidate_id, at=request.at)[0]


@operation(router, "GET", "/tracing/candidates/{candidate_id}", Permission.TRACING_WORK)
def get_candidate(request: ApiRequest, candidate_id: Id) -> CandidateOut:
    """Shows a possible match, as far as you have access to the person."""
    return candidate_out(request, _candidate(request, candidate_id))


@operation(router, "POST", "/tracing/candidates/{candidate_id}/question", actions.ask_about)
def ask_case_manager(request: ApiRequest, candidate_id: Id, body: TraceRevisionIn) -> CandidateOut:
    """Asks the case manager of the person to check and to speak with the person."""
    found = _candidate(request, candidate_id)
    return performed(request, actions.ask_about, candidate=found, **values(body))


@operation(router, "POST", "/tracing/candidates/{candidate_id}/dismissal", actions.dismiss)
def dismiss_candidate(request: ApiRequest, candidate_id: Id, body: DismissalIn) -> CandidateOut:
    """Records that this is not the right person. Not proposed again for this search."""
    found = _candidate(request, candidate_id)
    return performed(request, actions.dismiss, candidate=found, **values(body))


@operation(router, "POST", "/tracing/candidates/{candidate_id}/checks", actions.check, status=201)
def check_side(request: ApiRequest, candidate_id: Id, body: SideCheckIn) -> CheckOut:
    """Records how one side was checked and whether it wants contact."""
    found = _candidate(request, candidate_id)
    return performed(request, actions.check, candidate=found, **values(body))


@operation(router, "POST", "/tracing/candidates/{candidate_id}/sharing", actions.share)
def share_contact(request: ApiRequest, candidate_id: Id, body: TraceRevisionIn) -> CandidateOut:
    """Lets the office of the request see whom to call; only after both sides were checked."""
    found = _candidate(request, candidate_id)
    return performed(request, actions.share, candidate=found, **values(body))


@operation(
    router, "POST", "/tracing/candidates/{candidate_id}/reunification", actions.reunify, status=201
)
def reunify_family(request: ApiRequest, candidate_id: Id, body: ReunionIn) -> ReunionOut:
    """Records that they live together again, on a decision in the child's best interests."""
    found = _candidate(request, candidate_id)
    where = place(body.place, "place")
    return performed(
        request, actions.reunify, candidate=found, place=where, **values(body, "place")
    )


@operation(router, "POST", "/tracing/visits/{follow_up_id}", actions.follow_up)
def record_visit(request: ApiRequest, follow_up_id: Id, body: FollowUpIn) -> FollowUpOut:
    """Records a visit to a reunited family, and plans the next one."""
    found = queries.follow_up(request.actor, follow_up_id, at=request.at)
    return performed(request, actions.follow_up, follow_up=found, **values(body))
