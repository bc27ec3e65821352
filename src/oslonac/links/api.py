"""Operations on links between cases: the list, one question, answering it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Router
from pydantic import Field

from oslonac.access.roles import Permission
from oslonac.accounts.queries import names_of
from oslonac.audit.actions import record_read
from oslonac.links import queries, shown
from oslonac.links.models import Signal
from oslonac.links.queries import Asked
from oslonac.links.rules import SignalKind, SignalStatus
from oslonac.links.steps import STEPS
from oslonac.steps.operations import add_operations
from oslonac.web.api import (
    ApiRequest,
    Id,
    Narrative,
    Out,
    operation,
    shape_of,
)

router = Router(tags=["Questions across files"])
Written = Annotated[Narrative, Field(min_length=1)]


class SignalOut(Out):
    """A question about several files, all of which are open to whoever asks."""

    id: UUID
    revision: int
    kind: SignalKind
    status: SignalStatus
    question: str
    reason: str
    people: list[UUID]
    found_at: datetime
    returned: bool = Field(description="Asked anew: it is about others than when it was answered.")
    answer: str
    why: str
    answered_at: datetime | None


def _out(request: ApiRequest, asked: Asked) -> SignalOut:
    row = asked.signal
    why = queries.why_of(asked)
    if why:
        record_read(actor=request.actor, at=request.at, subject=row, fields=["why"])
    return SignalOut(
        id=row.pk,
        revision=row.revision,
        kind=SignalKind(row.kind),
        status=SignalStatus(row.status),
        question=shown.title(row),
        reason=shown.reason(asked, names_of([row.guardian_id])),
        people=list(asked.people),
        found_at=row.found_at,
        returned=row.returned,
        answer=row.answer,
        why=why,
        answered_at=row.answered_at,
    )


@shape_of(Signal)
def signal_out(request: ApiRequest, row: Signal) -> SignalOut:
    return _out(request, queries.signal(request.actor, row.pk, at=request.at))


@operation(router, "GET", "/signals", Permission.PERSONS_COMPARE)
def list_signals(request: ApiRequest, status: SignalStatus | None = None) -> list[SignalOut]:
    """Lists questions if you can see all of their files; of others, not even a count."""
    wanted = (status.value,) if status else ()
    found = queries.visible_to(request.actor, at=request.at, statuses=wanted)
    return [_out(request, each) for each in found]


@operation(router, "GET", "/signals/{signal_id}", Permission.PERSONS_COMPARE)
def get_signal(request: ApiRequest, signal_id: Id) -> SignalOut:
    """Shows one question and why it is asked."""
    return _out(request, queries.signal(request.actor, signal_id, at=request.at))


add_operations(router, STEPS)
