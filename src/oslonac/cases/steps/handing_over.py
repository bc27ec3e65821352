"""Steps that transfer a case to another centre, close it and open it again."""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.access.rules import Level
from oslonac.cases import actions, rules
from oslonac.cases.actions.opening import LEADS
from oslonac.cases.actions.transfers import answering_office
from oslonac.cases.models import Case, Decision, Transfer
from oslonac.cases.page.closing import Asked, asked
from oslonac.cases.steps.base import NoQuestions, StepForm
from oslonac.cases.steps.fields import Coded, OrganisationNamed, Pick, Words
from oslonac.cases.steps.registry import Doing, Group, Step, register
from oslonac.country.values import Task
from oslonac.directory import kinds
from oslonac.kit.choices import TextChoices
from oslonac.kit.clock import now
from oslonac.vault.sealing import open_one

CENTRES = kinds.Doing(Task.COMPETENT)
ARBITERS = kinds.Doing(Task.SETTLES)


class Yes(TextChoices):
    APPROVE = "approve", _("approve: the case closes")
    RETURN = "return", _("return with remarks")


class Propose(StepForm):
    receiver = OrganisationNamed(
        CENTRES,
        beside=True,
        label=_("Which centre should take over?"),
        help_text=_("Type a part of the name and choose."),
    )
    reason = Coded("transfer_reasons", label=_("Why"))
    note = Words(
        label=_("What the other centre needs to know"),
        help_text=_("Its heads and supervisors may read the case while they decide."),
    )


class Answer(StepForm):
    status = Pick(
        rules.TransferStatus,
        rules.TransferStatus.PROPOSED,
        rules.TransferStatus.WITHDRAWN,
        label=_("Answer"),
    )
    answer = Words(
        required=False, label=_("Reasons"), help_text=_("Required unless you accept the case.")
    )
    arbiter = OrganisationNamed(
        ARBITERS,
        required=False,
        label=_("Who decides a dispute"),
        help_text=_("Only if competence is disputed. Neither the sender nor the receiver."),
    )


class Close(StepForm):
    code = Coded("closure_reasons", label=_("Why the case is closed"))
    reason = Words(label=_("Reasons"))
    feedback_offered = forms.ChoiceField(
        label=_("Was the person asked how the help was?"),
        choices=[("yes", _("Yes")), ("no", _("No")), ("", _("Not known"))],
        widget=forms.RadioSelect,
        required=False,
    )


class AnswerClosing(StepForm):
    preview = "cases/parts/closing.html"
    verdict = Pick(Yes, label=_("Answer"))
    answer = Words(
        required=False, label=_("Remarks"), help_text=_("Required when you return the closing.")
    )

    @cached_property
    def moved(self) -> Asked:
        """What whoever answers reads first; read when the page shows it."""
        return asked(self.doing)


class Reopen(StepForm):
    code = Coded("reopening_reasons", label=_("Why the case is opened again"))
    priority = Pick(rules.Priority, label=_("Priority"))
    reason = Words(label=_("Reasons"))


def _propose(doing: Doing, data: dict[str, Any]) -> Any:
    return actions.propose_transfer(
        actor=doing.actor,
        at=doing.at,
        case=doing.case,
        receiver=data["receiver"],
        reason=data["reason"],
        note=data["note"],
        request_key=doing.request_key,
    )


def _answer(doing: Doing, data: dict[str, Any]) -> Any:
    return actions.answer_transfer(
        actor=doing.actor,
        at=doing.at,
        transfer=doing.subject,
        revision=doing.revision,
        status=data["status"],
        answer=data["answer"],
        arbiter=data["arbiter"],
        request_key=doing.request_key,
    )


def _withdraw(doing: Doing, data: dict[str, Any]) -> Any:
    return actions.withdraw_transfer(
        actor=doing.actor,
        at=doing.at,
        transfer=doing.subject,
        revision=doing.revision,
        request_key=doing.request_key,
    )


def _close(doing: Doing, data: dict[str, Any]) -> Any:
    return actions.request_closing(
        actor=doing.actor,
        at=doing.at,
        case=doing.case,
        revision=doing.revision,
        code=data["code"],
        reason=data["reason"],
        feedback_offered={"yes": True, "no": False}.get(data["feedback_offered"]),
        request_key=doing.request_key,
    )


def _answer_closing(doing: Doing, data: dict[str, Any]) -> Any:
    return actions.answer_closing(
        actor=doing.actor,
        at=doing.at,
        decision=doing.subject,
        revision=doing.revision,
        approved=data["verdict"] == Yes.APPROVE,
        answer=data["answer"],
        request_key=doing.request_key,
    )


def _withdraw_closing(doing: Doing, data: dict[str, Any]) -> Any:
    return actions.withdraw_closing(
        actor=doing.actor,
        at=doing.at,
        decision=doing.subject,
        revision=doing.revision,
        request_key=doing.request_key,
    )


def _reopen(doing: Doing, data: dict[str, Any]) -> Any:
    return actions.reopen_case(
        actor=doing.actor,
        at=doing.at,
        case=doing.case,
        revision=doing.revision,
        code=data["code"],
        priority=data["priority"],
        reason=data["reason"],
        request_key=doing.request_key,
    )


def _runs(case: Case, transfer: Any) -> bool:
    return transfer.status in (rules.TransferStatus.PROPOSED, rules.TransferStatus.DISPUTED)


def _answers(actor: Actor, transfer: Any) -> bool:
    return actor.holds(*LEADS, at=answering_office(transfer, now()))


def _waits(case: Case, decision: Any) -> bool:
    closing = decision.kind == rules.DecisionKind.CLOSING
    return closing and decision.status == rules.DecisionStatus.REQUESTED


def _answered(doing: Doing) -> dict[str, Any]:
    transfer = doing.subject
    if transfer.status == rules.TransferStatus.PROPOSED:
        return {}
    narrative = doing.case.reach.shows(Level.NARRATIVE)
    return {
        "status": transfer.status,
        "answer": open_one(transfer, "answer") if narrative else "",
        "arbiter": str(transfer.arbiter or ""),
    }


register(
    Step(
        "transfer",
        _("Transfer the case to another centre"),
        Permission.CASE_TRANSFER,
        Propose,
        _propose,
        _("The transfer is proposed. The case stays with you until the other centre accepts."),
        "transfers",
        Group.DUTY,
        icon="send",
        save=_("Ask the other centre"),
        undone_by="transfer-withdraw",
        of_the_centre=True,
    ),
    Step(
        "transfer-answer",
        _("Answer the transfer"),
        Permission.CASE_TRANSFER,
        Answer,
        _answer,
        _("The answer is recorded."),
        "transfers",
        label=pgettext_lazy("button", "Answer"),
        on=Transfer,
        applies=_runs,
        who=_answers,
        initial=_answered,
        compares=("status", "answer", "arbiter"),
        reads=("answer",),
        help=_("Until you accept, the case stays with the centre that sends it."),
        save=pgettext_lazy("button", "Answer"),
    ),
    Step(
        "transfer-withdraw",
        _("Withdraw the transfer"),
        Permission.CASE_TRANSFER,
        NoQuestions,
        _withdraw,
        _("The transfer is withdrawn; the case stays with your centre."),
        "transfers",
        label=_("Withdraw"),
        icon="undo",
        on=Transfer,
        applies=_runs,
        of_the_centre=True,
        save=_("Withdraw"),
        undo_data={},
    ),
    Step(
        "closing",
        _("Close the case"),
        Permission.CASE_DECIDE,
        Close,
        _close,
        _("The closing is recorded."),
        "decisions",
        Group.DUTY,
        help=_(
            "For some reasons another person must approve the closing. Every suspicion "
            "must be decided and every promise kept or withdrawn first."
        ),
        save=_("Close the case"),
        undone_by="closing-withdraw",
    ),
    Step(
        "closing-answer",
        _("Approve or return the closing"),
        Permission.CASE_APPROVE,
        AnswerClosing,
        _answer_closing,
        _("The answer is recorded."),
        "decisions",
        label=_("Approve or return"),
        on=Decision,
        applies=_waits,
        who=lambda actor, decision: decision.decided_by_id != actor.user_id,
        help=_("You cannot approve a closing that you requested."),
        save=_("Answer"),
    ),
    Step(
        "closing-withdraw",
        _("Withdraw the closing"),
        Permission.CASE_DECIDE,
        NoQuestions,
        _withdraw_closing,
        _("The closing is withdrawn. The case stays open."),
        "decisions",
        label=_("Withdraw"),
        icon="undo",
        on=Decision,
        applies=_waits,
        save=_("Withdraw"),
        undo_data={},
    ),
    Step(
        "reopen",
        _("Open the case again"),
        Permission.CASE_DECIDE,
        Reopen,
        _reopen,
        _("The case is open again. Its deadlines start again."),
        "identity",
        Group.DUTY,
        icon="undo",
        when_closed=True,
        applies=lambda case, subject: case.status == rules.CaseStatus.CLOSED,
        initial=lambda doing: {"priority": doing.case.priority},
        compares=("priority",),
        save=_("Open the case again"),
    ),
)
