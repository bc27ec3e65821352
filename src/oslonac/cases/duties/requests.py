"""Requests from others: transfers to answer, closings to approve.

Belongs here: finding them. Does not: encounters that wait (`lists`), how a line looks (views).
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from oslonac.access import policy
from oslonac.access.actor import Actor
from oslonac.access.roles import Permission, Role
from oslonac.access.rules import Reason
from oslonac.accounts.queries import names_of
from oslonac.cases import queries
from oslonac.cases.models import Decision, Transfer
from oslonac.cases.rules import DecisionKind, DecisionStatus, TransferStatus
from oslonac.directory import codes
from oslonac.protocols.models import Obligation, State

MOST = 50


@dataclass(frozen=True)
class Request:
    """One request: who asks, what for, and the obligation that times the answer."""

    activity: str
    case_id: UUID
    subject_id: UUID
    who: str
    why: str
    asked_at: datetime
    due_at: datetime | None
    verified: bool


def waiting(actor: Actor, *, at: datetime) -> list[Request]:
    """Requests the actor may answer, soonest due first."""
    closed = set(policy.closed_to(actor, at=at))
    found = [
        each for each in (*_transfers(actor), *_closings(actor, at)) if each.case_id not in closed
    ]
    due = {
        row.subject_id: row
        for row in Obligation.objects.filter(
            case_id__in=[each.case_id for each in found],
            subject_id__in=[each.subject_id for each in found],
            state=State.OPEN,
        )
    }
    timed = [_timed(each, due.get(each.subject_id)) for each in found]
    return sorted(timed, key=lambda each: (each.due_at or each.asked_at, each.subject_id))


def _timed(request: Request, duty: Obligation | None) -> Request:
    if duty is None:
        return request
    return replace(request, due_at=duty.due_at, verified=duty.verified)


def _transfers(actor: Actor) -> list[Request]:
    """Transfers to the offices the actor leads, and disputes they arbitrate."""
    offices = [p.organisation_id for p in actor.posts if p.role in (Role.SUPERVISOR, Role.HEAD)]
    if not offices:
        return []
    rows = Transfer.objects.filter(
        Q(status=TransferStatus.PROPOSED, receiver__in=offices)
        | Q(status=TransferStatus.DISPUTED, arbiter__in=offices)
    ).select_related("sender")[:MOST]
    return [
        Request(
            "answer_transfer",
            row.case_id,
            row.pk,
            str(row.sender),
            codes.title("transfer_reasons", row.reason),
            row.proposed_at,
            None,
            False,
        )
        for row in rows
    ]


def _closings(actor: Actor, at: datetime) -> list[Request]:
    """Closings that another person asked for, in cases the actor supervises."""
    if Permission.CASE_APPROVE not in actor.permissions:
        return []
    supervised = queries.granted_ids(actor, at=at, reasons=(Reason.SUPERVISION,))
    rows = list(
        Decision.objects.filter(
            kind=DecisionKind.CLOSING, status=DecisionStatus.REQUESTED, case__in=supervised
        ).exclude(decided_by=actor.user_id)[:MOST]
    )
    names = names_of(row.decided_by_id for row in rows)
    return [
        Request(
            "approve_closing",
            row.case_id,
            row.pk,
            names.get(row.decided_by_id, "") if row.decided_by_id else "",
            codes.title("closure_reasons", row.code),
            row.decided_at,
            None,
            False,
        )
        for row in rows
    ]
