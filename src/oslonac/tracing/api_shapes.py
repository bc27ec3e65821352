"""What goes in and out of the operations on tracing."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from oslonac.audit.actions import record_read
from oslonac.people.api import BirthIn
from oslonac.people.queries import shown_names
from oslonac.people.rules import RelationKind, Sex
from oslonac.tracing import queries
from oslonac.tracing.models import Candidate, Check, FollowUp, Reunion, Trace, TracingRequest
from oslonac.tracing.queries import CandidateLine
from oslonac.tracing.rules import (
    CandidateStatus,
    Direction,
    Method,
    Outcome,
    Side,
    TraceStatus,
    Wish,
)
from oslonac.web.api import (
    ApiRequest,
    Code,
    Day,
    In,
    Line,
    Narrative,
    OfficeRef,
    Out,
    Revision,
    office,
    shape_of,
)

Written = Annotated[Narrative, Field(min_length=1)]
Names = Annotated[list[Annotated[str, Field(min_length=1, max_length=500)]], Field(max_length=20)]


class CandidateOut(Out):
    """Somebody who may be meant. Without sight of the child's case: no name, no case, no reasons
    in words, only which kinds of evidence agree."""

    id: UUID
    revision: int
    status: CandidateStatus
    probability: float
    agrees: list[str]
    name: str | None
    case: UUID | None
    reasons: list[str] | None
    shared_at: datetime | None


class TraceOut(Out):
    """One person sought; `name` as whoever seeks says it."""

    id: UUID
    revision: int
    relation: RelationKind
    status: TraceStatus
    closed_why: str
    name: str
    looked_at: datetime | None
    candidates: list[CandidateOut]


class RequestShortOut(Out):
    id: UUID
    reference: str
    direction: Direction
    received_at: datetime
    organisation: OfficeRef | None
    status: TraceStatus


class RequestOut(RequestShortOut):
    revision: int
    seeker: UUID
    seeker_name: str
    may_search: bool
    may_share: bool
    withdrawn_at: datetime | None
    contact: str
    story: str
    separated_where: str
    traces: list[TraceOut]


class CheckOut(Out):
    id: UUID
    side: Side
    outcome: Outcome
    method: Method
    wish: Wish
    checked_at: datetime
    candidate: CandidateOut


class ReunionOut(Out):
    id: UUID
    happened_at: datetime
    follow_ups: list[UUID]


class FollowUpOut(Out):
    id: UUID
    revision: int
    due_on: date
    done_at: datetime | None
    outcome: str


class RequestIn(In):
    """`case` when the child of a case seeks; else `names` of whoever asks."""

    organisation: UUID
    names: Names = []
    sex: Sex | None = None
    case: UUID | None = None
    contact: Narrative = ""
    story: Narrative = ""
    separated_from: Day | None = None
    separated_to: Day | None = None
    separated_where: Line = ""
    may_search: bool
    may_share: bool = False
    consent_note: Narrative = ""


class SoughtIn(In):
    names: Annotated[Names, Field(min_length=1)]
    relation: Annotated[RelationKind, Field(description="Their relation to the seeker.")]
    sex: Sex | None = None
    birth: BirthIn | None = None
    citizenship: Code = ""
    language: Code = ""
    detail: Narrative = ""


class SideCheckIn(In):
    revision: Revision
    side: Side
    outcome: Outcome
    method: Method
    wish: Wish
    note: Written


def _candidate_out(line: CandidateLine) -> CandidateOut:
    row = line.candidate
    return CandidateOut(
        id=row.pk,
        revision=row.revision,
        status=CandidateStatus(row.status),
        probability=round(row.probability, 4),
        agrees=row.agrees,
        name=line.name,
        case=row.case_id if line.case else None,
        reasons=None if line.reasons is None else [str(reason) for reason in line.reasons],
        shared_at=row.shared_at,
    )


def _short(row: TracingRequest, traces: Sequence[Trace]) -> dict[str, Any]:
    return {
        "id": row.pk,
        "reference": row.reference,
        "direction": Direction(row.direction),
        "received_at": row.received_at,
        "organisation": office(row.organisation),
        "status": queries.status_of(traces),
    }


@shape_of(TracingRequest)
def request_out(request: ApiRequest, row: TracingRequest) -> RequestOut:
    """A request as its reader sees it; the read is recorded once."""
    found = queries.request(request.actor, row.pk, at=request.at)
    lines = queries.trace_lines(request.actor, found, at=request.at)
    names = shown_names([found.seeker, *(line.trace.person for line in lines)])
    record_read(
        actor=request.actor,
        at=request.at,
        subject=found,
        fields=["story", "contact", "separated_where", "shown_name"],
    )
    texts = queries.texts_of(found)
    return RequestOut(
        **_short(found, [line.trace for line in lines]),
        revision=found.revision,
        seeker=found.seeker_id,
        seeker_name=names[found.seeker_id],
        may_search=found.may_search,
        may_share=found.may_share,
        withdrawn_at=found.withdrawn_at,
        contact=texts["contact"],
        story=texts["story"],
        separated_where=texts["separated_where"],
        traces=[
            TraceOut(
                id=line.trace.pk,
                revision=line.trace.revision,
                relation=RelationKind(line.trace.relation),
                status=TraceStatus(line.trace.status),
                closed_why=line.trace.closed_why,
                name=names[line.trace.person_id],
                looked_at=line.trace.looked_at,
                candidates=[_candidate_out(each) for each in line.candidates],
            )
            for line in lines
        ],
    )


@shape_of(Trace)
def trace_out(request: ApiRequest, row: Trace) -> TraceOut:
    whole = request_out(request, row.request)
    return next(each for each in whole.traces if each.id == row.pk)


@shape_of(Candidate)
def candidate_out(request: ApiRequest, row: Candidate) -> CandidateOut:
    found, _sides = queries.candidate(request.actor, row.pk, at=request.at)
    line = queries.candidate_lines(request.actor, [found], at=request.at)[0]
    if line.name is not None:
        record_read(
            actor=request.actor,
            at=request.at,
            subject=found,
            case_id=found.case_id,
            fields=["reasons", "shown_name"],
        )
    return _candidate_out(line)


@shape_of(Check)
def check_out(request: ApiRequest, row: Check) -> CheckOut:
    return CheckOut(
        id=row.pk,
        side=Side(row.side),
        outcome=Outcome(row.outcome),
        method=Method(row.method),
        wish=Wish(row.wish),
        checked_at=row.checked_at,
        candidate=candidate_out(request, row.candidate),
    )


@shape_of(Reunion)
def reunion_out(request: ApiRequest, row: Reunion) -> ReunionOut:
    planned = row.follow_ups.order_by("due_on").values_list("pk", flat=True)
    return ReunionOut(id=row.pk, happened_at=row.happened_at, follow_ups=list(planned))


@shape_of(FollowUp)
def follow_up_out(request: ApiRequest, row: FollowUp) -> FollowUpOut:
    return FollowUpOut(
        id=row.pk,
        revision=row.revision,
        due_on=row.due_on,
        done_at=row.done_at,
        outcome=row.outcome,
    )
