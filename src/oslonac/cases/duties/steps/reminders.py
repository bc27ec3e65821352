"""Muting the reminders of an obligation, and resuming them."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from oslonac.access.actor import Actor
from oslonac.cases import actions
from oslonac.cases.duties.actions.muting import is_mine
from oslonac.cases.models import Case
from oslonac.cases.steps.registry import CASE, Step, register
from oslonac.protocols.models import Mute, MuteReason, Obligation, State
from oslonac.steps.fields import Day, Pick, Words
from oslonac.steps.forms import NoQuestions, StepForm

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
        action=actions.mute_reminders,
        on=CASE.of(Obligation, find=_duty),
        slug=MUTE,
        title=_("Mute reminders"),
        form=Muting,
        given=lambda doing: {"case": doing.of},
        done=_("Reminders of this step are muted. Your supervisor gets a notice with the reason."),
        anchor="next",
        label=_("Mute reminders"),
        icon="bell",
        applies=_reminded,
        who=_mine,
        help=_("The step stays due. Reminders resume after that day."),
        save=_("Mute"),
        undone_by=UNMUTE,
    ),
    Step(
        action=actions.unmute_reminders,
        on=CASE.of(Mute, find=_of_case),
        slug=UNMUTE,
        title=_("Resume reminders"),
        form=NoQuestions,
        given=lambda doing: {"case": doing.of},
        done=_("Reminders of this step are on again."),
        anchor="next",
        label=_("End the mute"),
        icon="bell",
        applies=lambda case, mute: mute.ended_at is None,
        save=_("End the mute"),
        undo_data={},
    ),
)
