"""Decisions: best interests, closing with approval by another person, re-opening."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Router
from pydantic import Field

from oslonac.access.roles import Permission
from oslonac.cases import actions
from oslonac.cases.api.base import disclosure, disclosure_of, find, part, values
from oslonac.cases.api.case import CaseOut
from oslonac.cases.models import Decision
from oslonac.cases.rules import DecisionKind, DecisionStatus, Priority
from oslonac.kit.errors import Hidden
from oslonac.web.api import (
    ApiRequest,
    Code,
    Disclosure,
    Id,
    In,
    Narrative,
    Out,
    Revision,
    StaffRef,
    operation,
    performed,
    shape_of,
    staff,
)

router = Router(tags=["Decisions and closing"])


class DecisionOut(Out):
    """A decision with its reason and, where asked for, another person's approval."""

    id: UUID
    revision: int
    kind: DecisionKind
    code: str
    reason: str | None
    status: DecisionStatus
    needs_approval: bool
    decided_by: StaffRef | None
    decided_at: datetime
    answered_by: StaffRef | None
    answered_at: datetime | None
    answer: str | None
    feedback_offered: bool | None


class BestInterestIn(In):
    code: Annotated[Code, Field(min_length=1)]
    reason: Annotated[Narrative, Field(min_length=1)]


class ClosingIn(In):
    revision: Annotated[Revision, Field(description="The revision of the case.")]
    code: Annotated[Code, Field(description="A code of the list `closure_reasons`.")]
    reason: Annotated[Narrative, Field(min_length=1)]
    feedback_offered: bool | None = None


class ClosingAnswerIn(In):
    revision: Annotated[Revision, Field(description="The revision of the decision.")]
    approved: bool
    answer: Annotated[Narrative, Field(description="Needed when it is returned.")] = ""


class ClosingWithdrawalIn(In):
    revision: Annotated[Revision, Field(description="The revision of the decision.")]


class ReopeningIn(In):
    revision: Revision
    code: Annotated[Code, Field(description="A code of the list `reopening_reasons`.")]
    priority: Priority
    reason: Annotated[Narrative, Field(min_length=1)]


def decisions_out(disclosure: Disclosure, rows: Iterable[Decision]) -> list[DecisionOut]:
    listed = list(rows)
    texts = disclosure.texts(listed, "reason", "answer")
    people = staff(pk for row in listed for pk in (row.decided_by_id, row.answered_by_id))
    return [
        DecisionOut(
            id=row.pk,
            revision=row.revision,
            kind=DecisionKind(row.kind),
            code=row.code,
            status=DecisionStatus(row.status),
            needs_approval=row.needs_approval,
            decided_by=people.get(row.decided_by_id),
            decided_at=row.decided_at,
            answered_by=people.get(row.answered_by_id),
            answered_at=row.answered_at,
            feedback_offered=row.feedback_offered,
            **texts[row.pk],
        )
        for row in listed
    ]


@shape_of(Decision)
def decision_out(request: ApiRequest, row: Decision) -> DecisionOut:
    disclosure = disclosure_of(request, row.case_id)
    shown = decisions_out(disclosure, [row])[0]
    disclosure.record(row, case_id=row.case_id)
    return shown


def _closing(request: ApiRequest, case_id: UUID, decision_id: UUID) -> Decision:
    found = part(request, case_id, Decision, decision_id)
    if found.kind != DecisionKind.CLOSING:
        raise Hidden("decision", decision_id)
    return found


@operation(router, "GET", "/cases/{case_id}/decisions", Permission.CASE_READ)
def list_decisions(request: ApiRequest, case_id: Id) -> list[DecisionOut]:
    """Lists the decisions of a case, newest first."""
    case = find(request, case_id)
    seen = disclosure(request, case)
    shown = decisions_out(seen, case.decisions.order_by("-decided_at", "-id"))
    seen.record(case, case_id=case.pk)
    return shown


@operation(
    router,
    "POST",
    "/cases/{case_id}/best-interest-decisions",
    actions.decide_best_interest,
    status=201,
)
def decide_best_interest(request: ApiRequest, case_id: Id, body: BestInterestIn) -> DecisionOut:
    """Records a decision on the best interests of the child, with the child's own view."""
    return performed(
        request, actions.decide_best_interest, case=find(request, case_id), **values(body)
    )


@operation(router, "POST", "/cases/{case_id}/closing", actions.request_closing, status=201)
def request_closing(request: ApiRequest, case_id: Id, body: ClosingIn) -> DecisionOut:
    """Decides to close a case, with a reason.

    Where approval is asked for (`status` is `requested`), the case closes with that.
    """
    return performed(request, actions.request_closing, case=find(request, case_id), **values(body))


@operation(router, "POST", "/cases/{case_id}/closing/{decision_id}/answer", actions.answer_closing)
def answer_closing(
    request: ApiRequest, case_id: Id, decision_id: Id, body: ClosingAnswerIn
) -> DecisionOut:
    """Approves a closing or returns it with remarks; never one's own."""
    decision = _closing(request, case_id, decision_id)
    return performed(request, actions.answer_closing, decision=decision, **values(body))


@operation(
    router, "POST", "/cases/{case_id}/closing/{decision_id}/withdrawal", actions.withdraw_closing
)
def withdraw_closing(
    request: ApiRequest, case_id: Id, decision_id: Id, body: ClosingWithdrawalIn
) -> DecisionOut:
    """Takes back a closing that waits for approval."""
    decision = _closing(request, case_id, decision_id)
    return performed(request, actions.withdraw_closing, decision=decision, revision=body.revision)


@operation(router, "POST", "/cases/{case_id}/reopening", actions.reopen_case)
def reopen_case(request: ApiRequest, case_id: Id, body: ReopeningIn) -> CaseOut:
    """Opens a closed case again, with a reason and a fresh priority."""
    return performed(request, actions.reopen_case, case=find(request, case_id), **values(body))
