"""Transferring a case to another centre. It stays with the sender until accepted (scenario 10)."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from oslonac.access import actions as grants
from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.access.rules import Level, Reason, RecordKind
from oslonac.accounts.queries import holders
from oslonac.audit.actions import action
from oslonac.cases import rules
from oslonac.cases.actions.base import record_event, require_case, require_centre
from oslonac.cases.actions.opening import LEADS
from oslonac.cases.models import Case, Transfer
from oslonac.directory import codes, kinds
from oslonac.directory.models import Organisation
from oslonac.kit.choices import chosen
from oslonac.kit.errors import Denied, Invalid, Refused
from oslonac.kit.revisions import swap
from oslonac.notices.actions import Holders, end, notify
from oslonac.people.actions import clean_reason
from oslonac.vault.sealing import seal, sealed

ASKED, ANSWERED = "transfer.asked", "transfer.answered"


@action("transfer.proposed", Permission.CASE_TRANSFER)
def propose_transfer(
    *, actor: Actor, at: datetime, case: Case, receiver: Organisation, reason: str, note: str
) -> Transfer:
    """Ask another centre to take the case; its leads may read it while they decide."""
    require_centre(actor, case, Permission.CASE_TRANSFER, at=at)
    if receiver.kind not in kinds.competent() or receiver.pk == case.organisation_id:
        raise Invalid({"receiver": _("Choose another centre that answers for children.")})
    transfer = Transfer(
        case=case,
        key=case.key,
        sender_id=case.organisation_id,
        receiver=receiver,
        reason=codes.check_one("transfer_reasons", reason, field="reason"),
        proposed_by_id=actor.user_id,
        proposed_at=at,
    )
    seal(transfer, case.key, note=clean_reason(note, "note"))
    try:
        with transaction.atomic():
            transfer.save(force_insert=True)
    except IntegrityError:
        raise Refused(
            "transfer.running", _("A transfer of this case has already been proposed.")
        ) from None
    _let_read(actor, at, case, receiver)
    record_event(
        "transfer.proposed",
        actor=actor,
        at=at,
        case=case,
        subject=transfer,
        fields=["note"],
        data={"transfer": transfer, "receiver": receiver, "reason": transfer.reason},
    )
    _ask(actor, at, transfer, receiver.pk)
    return transfer


def _ask(actor: Actor, at: datetime, transfer: Transfer, office: UUID) -> None:
    """Tell who leads an office that its answer is awaited."""
    notify(
        Holders(office, LEADS),
        ASKED,
        at=at,
        record_kind="case",
        record_id=transfer.case_id,
        by=actor.user_id,
        key=f"{ASKED}:{transfer.pk}:{office}",
    )


def _tell_proposer(actor: Actor, at: datetime, transfer: Transfer) -> None:
    end(ASKED, transfer.case_id, at=at)
    if transfer.proposed_by_id is not None:
        notify(
            transfer.proposed_by_id,
            ANSWERED,
            at=at,
            record_kind="case",
            record_id=transfer.case_id,
            by=actor.user_id,
        )


def _let_read(actor: Actor, at: datetime, case: Case, organisation: Organisation) -> None:
    for role in LEADS:
        grants.grant_role(
            actor=actor,
            at=at,
            kind=RecordKind.CASE,
            record_id=case.pk,
            organisation_id=organisation.pk,
            role=role,
            level=Level.NARRATIVE,
            reason=Reason.TRANSFER,
        )


@action("transfer.answered", Permission.CASE_TRANSFER)
def answer_transfer(
    *,
    actor: Actor,
    at: datetime,
    transfer: Transfer,
    revision: int,
    status: str,
    answer: str,
    arbiter: Organisation | None = None,
) -> Transfer:
    """Accept, decline or dispute, by the receiver's leads; a dispute by the named arbiter."""
    case = transfer.case
    require_case(actor, case, at=at, level=Level.CASE)
    then = chosen(rules.TransferStatus, status, "status")
    rules.check_step(transfer.status, then, rules.TransferStatus)
    if then == rules.TransferStatus.WITHDRAWN:
        raise Refused(
            "transfer.withdraw", _("Only the centre that sends the case can withdraw the transfer.")
        )
    _require_answerer(actor, transfer, at)
    needs_words = then != rules.TransferStatus.ACCEPTED
    text = clean_reason(answer, "answer", required=needs_words)
    if then == rules.TransferStatus.DISPUTED:
        if arbiter is None or arbiter.pk in (transfer.sender_id, transfer.receiver_id):
            raise Invalid(
                {"arbiter": _("Choose who decides: neither the sender nor the receiver.")}
            )
        _let_read(actor, at, case, arbiter)
    swap(
        transfer,
        revision,
        status=then,
        answered_by_id=actor.user_id,
        answered_at=at,
        arbiter=arbiter or transfer.arbiter,
        **sealed(transfer, answer=text),
    )
    if then == rules.TransferStatus.ACCEPTED:
        _move(actor, at, case, transfer)
    elif then == rules.TransferStatus.DECLINED:
        _end_reading(actor, at, case)
    disputed = then == rules.TransferStatus.DISPUTED
    record_event(
        "transfer.disputed" if disputed else "transfer.answered",
        actor=actor,
        at=at,
        case=case,
        subject=transfer,
        fields=["status", "answer"],
        data={"transfer": transfer, "status": then, "arbiter": str(arbiter.pk) if arbiter else ""},
    )
    _tell_proposer(actor, at, transfer)
    if disputed and arbiter is not None:
        transfer.refresh_from_db()
        _ask(actor, at, transfer, answering_office(transfer, at) or arbiter.pk)
    return transfer


def answering_office(transfer: Transfer, at: datetime) -> UUID | None:
    """The receiver answers a proposal; the arbiter settles a dispute. Where nobody leads at the
    arbiter's, the dispute rises to the sender: who took the case first tries to solve it."""
    if transfer.status != rules.TransferStatus.DISPUTED:
        return transfer.receiver_id
    if transfer.arbiter_id and holders(transfer.arbiter_id, *LEADS, at=at).exists():
        return transfer.arbiter_id
    return transfer.sender_id


def _require_answerer(actor: Actor, transfer: Transfer, at: datetime) -> None:
    office = answering_office(transfer, at)
    if actor.channel != "system" and not actor.holds(*LEADS, at=office):
        raise Denied("transfer.answer", record=transfer.case_id)


def _move(actor: Actor, at: datetime, case: Case, transfer: Transfer) -> None:
    """The receiver becomes responsible; the former team's sight ends, and with it that of an
    arbiter who decides: so the case moves first."""
    current = Case.objects.select_for_update().get(pk=case.pk)
    swap(current, current.revision, organisation_id=transfer.receiver_id, manager_id=None)
    case.refresh_from_db()
    _end_reading(actor, at, case)
    grants.end_grants(
        actor=actor,
        at=at,
        record_id=case.pk,
        reasons=(Reason.ASSIGNMENT, Reason.SUPERVISION, Reason.TEAM),
    )
    for role in LEADS:
        grants.grant_role(
            actor=actor,
            at=at,
            kind=RecordKind.CASE,
            record_id=case.pk,
            organisation_id=transfer.receiver_id,
            role=role,
            level=Level.IDENTITY,
            whereabouts=True,
            reason=Reason.SUPERVISION,
        )


def _end_reading(actor: Actor, at: datetime, case: Case) -> None:
    grants.end_grants(actor=actor, at=at, record_id=case.pk, reasons=(Reason.TRANSFER,))


@action("transfer.withdrawn", Permission.CASE_TRANSFER)
def withdraw_transfer(*, actor: Actor, at: datetime, transfer: Transfer, revision: int) -> Transfer:
    """The sender takes a proposal back."""
    case = transfer.case
    require_centre(actor, case, Permission.CASE_TRANSFER, at=at)
    if actor.channel != "system" and transfer.sender_id not in actor.organisation_ids:
        raise Denied("transfer.withdraw", record=case.pk)
    rules.check_step(transfer.status, rules.TransferStatus.WITHDRAWN, rules.TransferStatus)
    swap(transfer, revision, status=rules.TransferStatus.WITHDRAWN, answered_at=at)
    _end_reading(actor, at, case)
    end(ASKED, case.pk, at=at)
    record_event(
        "transfer.answered",
        actor=actor,
        at=at,
        case=case,
        subject=transfer,
        data={"transfer": transfer, "status": rules.TransferStatus.WITHDRAWN},
    )
    return transfer
