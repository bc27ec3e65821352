"""Muting the reminders of an obligation, and resuming them."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.cases import actions
from oslonac.cases.actions.muting import is_mine
from oslonac.cases.models import Case
from oslonac.cases.steps.base import NoQuestions, StepForm
from oslonac.cases.steps.fields import Day, Pick, Words
from oslonac.cases.steps.registry import Doing, Step, register
from oslonac.protocols.models import Mute, MuteReason, Obligation, State

MUTE, UNMUTE = "mute", "unmute"


class Muting(StepForm):
    until = Day(label=_("Mute until the end of"))
    reason = Pick(MuteReason, label=_("Why"))
    note = Words(
        required=False,
        rows=3,
        label=_("Reason, in a sentence. Your supervisor will see it."),
        help_text=_("Your supervisor gets a notice, and still gets reminders of the step."),
    )


def _mute(doing: Doing, data: dict[str, Any]) -> Any:
    return actions.mute_reminders(
        actor=doing.actor,
        at=doing.at,
        case=doing.case,
        obligation=doing.subject,
        until=data["until"],
        reason=data["reason"],
        note=data["note"],
        request_key=doing.request_key,
    )


def _unmute(doing: Doing, data: dict[str, Any]) -> Any:
    return actions.unmute_reminders(
        actor=doing.actor,
        at=doing.at,
        case=doing.case,
        mute=doing.subject,
        revision=doing.revision,
        request_key=doing.request_key,
    )


def _duty(case: Case, obligation_id: UUID) -> Obligation | None:
    return Obligation.objects.filter(case_id=case.pk, pk=obligation_id).first()


def _of_case(case: Case, mute_id: UUID) -> Mute | None:
    return Mute.objects.filter(case_id=case.pk, pk=mute_id).first()


def _reminded(case: Case, duty: Any) -> bool:
    return duty.state == State.OPEN and duty.due_at is not None


def _mine(actor: Actor, duty: Any) -> bool:
    return is_mine(actor, duty)


register(
    Step(
        MUTE,
        _("Mute reminders"),
        Permission.CASE_READ,
        Muting,
        _mute,
        _("Reminders of this step are muted. Your supervisor gets a notice with the reason."),
        "next",
        label=_("Mute reminders"),
        icon="bell",
        on=Obligation,
        find=_duty,
        applies=_reminded,
        who=_mine,
        help=_("The step stays due. Reminders resume after that day."),
        save=_("Mute"),
        undone_by=UNMUTE,
    ),
    Step(
        UNMUTE,
        _("Resume reminders"),
        Permission.CASE_READ,
        NoQuestions,
        _unmute,
        _("Reminders of this step are on again."),
        "next",
        label=_("End the mute"),
        icon="bell",
        on=Mute,
        find=_of_case,
        applies=lambda case, mute: mute.ended_at is None,
        save=_("End the mute"),
        undo_data={},
    ),
)
