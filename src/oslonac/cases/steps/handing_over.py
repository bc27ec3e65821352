"""Steps that transfer a case to another centre, close it and open it again."""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oslonac.access.actor import Actor
from oslonac.access.rules import Level
from oslonac.cases import actions, rules
from oslonac.cases.actions.opening import LEADS
from oslonac.cases.actions.transfers import answering_office
from oslonac.cases.models import Case, Decision, Transfer
from oslonac.cases.page.closing import Asked, asked
from oslonac.cases.steps.registry import CASE, Doing, Group, Step, register
from oslonac.country.values import Task
from oslonac.directory import kinds
from oslonac.kit.clock import now
from oslonac.steps.fields import Coded, OneOfTwo, OrganisationNamed, Pick, Words
from oslonac.steps.forms import NoQuestions, StepForm
from oslonac.vault.sealing import open_one

CENTRES = kinds.Doing(Task.COMPETENT)
ARBITERS = kinds.Doing(Task.SETTLES)


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
    approved = OneOfTwo(_("approve: the case closes"), _("return with remarks"), label=_("Answer"))
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
        action=actions.propose_transfer,
        on=CASE,
        slug="transfer",
        title=_("Transfer the case to another centre"),
        form=Propose,
        done=_("The transfer is proposed. The case stays with you until the other centre accepts."),
        anchor="transfers",
        group=Group.DUTY,
        icon="send",
        save=_("Ask the other centre"),
        undone_by="transfer-withdraw",
        of_the_centre=True,
    ),
    Step(
        action=actions.answer_transfer,
        on=CASE.of(Transfer),
        slug="transfer-answer",
        title=_("Answer the transfer"),
        form=Answer,
        done=_("The answer is recorded."),
        anchor="transfers",
        label=pgettext_lazy("button", "Answer"),
        applies=_runs,
        who=_answers,
        initial=_answered,
        compares=("status", "answer", "arbiter"),
        reads=("answer",),
        help=_("Until you accept, the case stays with the centre that sends it."),
        save=pgettext_lazy("button", "Answer"),
    ),
    Step(
        action=actions.withdraw_transfer,
        on=CASE.of(Transfer),
        slug="transfer-withdraw",
        title=_("Withdraw the transfer"),
        form=NoQuestions,
        done=_("The transfer is withdrawn; the case stays with your centre."),
        anchor="transfers",
        label=_("Withdraw"),
        icon="undo",
        applies=_runs,
        of_the_centre=True,
        save=_("Withdraw"),
        undo_data={},
    ),
    Step(
        action=actions.request_closing,
        on=CASE,
        slug="closing",
        title=_("Close the case"),
        form=Close,
        run=_close,
        done=_("The closing is recorded."),
        anchor="decisions",
        group=Group.DUTY,
        help=_(
            "For some reasons another person must approve the closing. Every suspicion "
            "must be decided and every promise kept or withdrawn first."
        ),
        save=_("Close the case"),
        undone_by="closing-withdraw",
    ),
    Step(
        action=actions.answer_closing,
        on=CASE.of(Decision),
        slug="closing-answer",
        title=_("Approve or return the closing"),
        form=AnswerClosing,
        done=_("The answer is recorded."),
        anchor="decisions",
        label=_("Approve or return"),
        applies=_waits,
        who=lambda actor, decision: decision.decided_by_id != actor.user_id,
        help=_("You cannot approve a closing that you requested."),
        save=_("Answer"),
    ),
    Step(
        action=actions.withdraw_closing,
        on=CASE.of(Decision),
        slug="closing-withdraw",
        title=_("Withdraw the closing"),
        form=NoQuestions,
        done=_("The closing is withdrawn. The case stays open."),
        anchor="decisions",
        label=_("Withdraw"),
        icon="undo",
        applies=_waits,
        save=_("Withdraw"),
        undo_data={},
    ),
    Step(
        action=actions.reopen_case,
        on=CASE,
        slug="reopen",
        title=_("Open the case again"),
        form=Reopen,
        done=_("The case is open again. Its deadlines start again."),
        anchor="identity",
        group=Group.DUTY,
        icon="undo",
        when_closed=True,
        applies=lambda case, subject: case.status == rules.CaseStatus.CLOSED,
        initial=lambda doing: {"priority": doing.case.priority},
        compares=("priority",),
        save=_("Open the case again"),
    ),
)
