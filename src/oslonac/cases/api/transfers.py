"""Transfers of a case to another centre. It stays with the sender until accepted."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Router
from pydantic import Field

from oslonac.access.roles import Permission
from oslonac.cases import actions
from oslonac.cases.api.base import (
    disclosure,
    disclosure_of,
    find,
    optional_organisation,
    organisation,
    part,
    values,
)
from oslonac.cases.models import Transfer
from oslonac.cases.rules import TransferStatus
from oslonac.web.api import (
    ApiRequest,
    Code,
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

router = Router(tags=["Transfers"])


class TransferOut(Out):
    """A case handed to another centre."""

    id: UUID
    revision: int
    status: TransferStatus
    sender: OfficeRef | None
    receiver: OfficeRef | None
    arbiter: OfficeRef | None
    reason: str
    note: str | None
    answer: str | None
    proposed_by: StaffRef | None
    proposed_at: datetime
    answered_by: StaffRef | None
    answered_at: datetime | None


class TransferIn(In):
    receiver: Annotated[UUID, Field(description="The other competent centre.")]
    reason: Annotated[Code, Field(description="A code of the list `transfer_reasons`.")]
    note: Annotated[Narrative, Field(min_length=1)]


class TransferAnswerIn(In):
    revision: Revision
    status: TransferStatus
    answer: Annotated[Narrative, Field(description="Needed unless it is accepted.")] = ""
    arbiter: Annotated[
        UUID | None, Field(description="For a dispute: who decides, neither of the two.")
    ] = None


class TransferWithdrawalIn(In):
    revision: Revision


def transfers_out(disclosure: Disclosure, rows: Iterable[Transfer]) -> list[TransferOut]:
    listed = list(rows)
    texts = disclosure.texts(listed, "note", "answer")
    people = staff(pk for row in listed for pk in (row.proposed_by_id, row.answered_by_id))
    return [
        TransferOut(
            id=row.pk,
            revision=row.revision,
            status=TransferStatus(row.status),
            sender=office(row.sender),
            receiver=office(row.receiver),
            arbiter=office(row.arbiter),
            reason=row.reason,
            proposed_by=people.get(row.proposed_by_id),
            proposed_at=row.proposed_at,
            answered_by=people.get(row.answered_by_id),
            answered_at=row.answered_at,
            **texts[row.pk],
        )
        for row in listed
    ]


@shape_of(Transfer)
def transfer_out(request: ApiRequest, row: Transfer) -> TransferOut:
    disclosure = disclosure_of(request, row.case_id)
    shown = transfers_out(disclosure, [row])[0]
    disclosure.record(row, case_id=row.case_id)
    return shown


@operation(router, "GET", "/cases/{case_id}/transfers", Permission.CASE_READ)
def list_transfers(request: ApiRequest, case_id: Id) -> list[TransferOut]:
    """Lists the transfers of a case, the latest first."""
    case = find(request, case_id)
    seen = disclosure(request, case)
    rows = case.transfers.select_related("sender", "receiver", "arbiter")
    shown = transfers_out(seen, rows.order_by("-proposed_at", "-id"))
    seen.record(case, case_id=case.pk)
    return shown


@operation(router, "POST", "/cases/{case_id}/transfers", actions.propose_transfer, status=201)
def propose_transfer(request: ApiRequest, case_id: Id, body: TransferIn) -> TransferOut:
    """Asks another centre to take the case; its leads may read it while they decide."""
    return performed(
        request,
        actions.propose_transfer,
        case=find(request, case_id),
        receiver=organisation(body.receiver, "receiver"),
        reason=body.reason,
        note=body.note,
    )


@operation(
    router, "POST", "/cases/{case_id}/transfers/{transfer_id}/answer", actions.answer_transfer
)
def answer_transfer(
    request: ApiRequest, case_id: Id, transfer_id: Id, body: TransferAnswerIn
) -> TransferOut:
    """Accepts, declines or disputes a transfer; the arbiter settles a dispute."""
    return performed(
        request,
        actions.answer_transfer,
        transfer=part(request, case_id, Transfer, transfer_id),
        arbiter=optional_organisation(body.arbiter, "arbiter"),
        **values(body, "arbiter"),
    )


@operation(
    router,
    "POST",
    "/cases/{case_id}/transfers/{transfer_id}/withdrawal",
    actions.withdraw_transfer,
)
def withdraw_transfer(
    request: ApiRequest, case_id: Id, transfer_id: Id, body: TransferWithdrawalIn
) -> TransferOut:
    """Takes a proposal back; only the sender may."""
    transfer = part(request, case_id, Transfer, transfer_id)
    return performed(request, actions.withdraw_transfer, transfer=transfer, revision=body.revision)
