"""Concerns and suspicions: raised, recorded as notified, decided."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Router
from pydantic import Field

from oslonac.access.roles import Permission
from oslonac.cases.api.base import disclosure, disclosure_of, find, organisation, part, values
from oslonac.cases.models import Concern
from oslonac.cases.rules import ConcernDecision, ConcernStatus
from oslonac.planning import actions as planning
from oslonac.web.api import (
    ApiRequest,
    Code,
    Day,
    Disclosure,
    Id,
    In,
    Narrative,
    OfficeRef,
    Out,
    Revision,
    StaffRef,
    office,
    operation,
    performed,
    shape_of,
    staff,
)

router = Router(tags=["Concerns"])


class ConcernOut(Out):
    """What endangers the child. `detail` and `decision_reason` are null where withheld."""

    id: UUID
    revision: int
    kind: str
    is_suspicion: bool = Field(description="A suspicion ends only by a recorded decision.")
    status: ConcernStatus
    detail: str | None
    raised_by: StaffRef | None
    raised_at: datetime
    notified_body: OfficeRef | None
    notified_at: datetime | None
    decision: str
    decision_reason: str | None
    safety_offered: str
    review_on: date | None
    decided_by: StaffRef | None
    decided_at: datetime | None


class ConcernIn(In):
    kind: Annotated[Code, Field(description="A code of the list `concerns`.")]
    detail: Narrative = ""


class NotificationIn(In):
    revision: Revision
    body: Annotated[UUID, Field(description="The organisation that was informed.")]


class ConcernDecisionIn(In):
    revision: Revision
    decision: ConcernDecision
    reason: Annotated[Narrative, Field(min_length=1)]
    safety_offered: Literal["", "accepted", "declined", "not_needed"] = ""
    review_on: Day | None = None


_PLAIN = [
    "revision",
    "kind",
    "is_suspicion",
    "status",
    "raised_at",
    "notified_at",
    "decision",
    "safety_offered",
    "review_on",
    "decided_at",
]


def concerns_out(disclosure: Disclosure, rows: Iterable[Concern]) -> list[ConcernOut]:
    listed = list(rows)
    texts = disclosure.texts(listed, "detail", "decision_reason")
    people = staff(pk for row in listed for pk in (row.raised_by_id, row.decided_by_id))
    return [
        ConcernOut(
            id=row.pk,
            raised_by=people.get(row.raised_by_id),
            decided_by=people.get(row.decided_by_id),
            notified_body=office(row.notified_body),
            **texts[row.pk],
            **_plain(row),
        )
        for row in listed
    ]


def _plain(row: Concern) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _PLAIN}


@shape_of(Concern)
def concern_out(request: ApiRequest, row: Concern) -> ConcernOut:
    disclosure = disclosure_of(request, row.case_id)
    shown = concerns_out(disclosure, [row])[0]
    disclosure.record(row, case_id=row.case_id)
    return shown


@operation(router, "GET", "/cases/{case_id}/concerns", Permission.CASE_READ)
def list_concerns(request: ApiRequest, case_id: Id) -> list[ConcernOut]:
    """Lists the concerns of a case, oldest first."""
    case = find(request, case_id)
    seen = disclosure(request, case)
    rows = case.concerns.select_related("notified_body").order_by("raised_at", "id")
    shown = concerns_out(seen, rows)
    seen.record(case, case_id=case.pk)
    return shown


@operation(router, "POST", "/cases/{case_id}/concerns", planning.raise_concern, status=201)
def raise_concern(request: ApiRequest, case_id: Id, body: ConcernIn) -> ConcernOut:
    """Records a concern. Informal information is enough."""
    return performed(request, planning.raise_concern, case=find(request, case_id), **values(body))


@operation(
    router,
    "POST",
    "/cases/{case_id}/concerns/{concern_id}/notification",
    planning.notify_concern,
)
def notify_concern(
    request: ApiRequest, case_id: Id, concern_id: Id, body: NotificationIn
) -> ConcernOut:
    """Records that the body that identifies victims was informed. A suspicion is enough."""
    return performed(
        request,
        planning.notify_concern,
        concern=part(request, case_id, Concern, concern_id),
        revision=body.revision,
        body=organisation(body.body, "body"),
    )


@operation(
    router, "POST", "/cases/{case_id}/concerns/{concern_id}/decision", planning.decide_concern
)
def decide_concern(
    request: ApiRequest, case_id: Id, concern_id: Id, body: ConcernDecisionIn
) -> ConcernOut:
    """Decides on a concern: confirmed, watched, not confirmed or resolved, with reasons."""
    concern = part(request, case_id, Concern, concern_id)
    return performed(request, planning.decide_concern, concern=concern, **values(body))
