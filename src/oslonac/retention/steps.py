"""Steps on a case: give and lift a legal hold, propose to destroy the file."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from oslonac.access.roles import Permission
from oslonac.cases.models import Case
from oslonac.cases.steps.base import StepForm
from oslonac.cases.steps.fields import Day, Line, Pick, Words
from oslonac.cases.steps.registry import Doing, Group, Step, register
from oslonac.retention import actions
from oslonac.retention.models import Disposal, Hold
from oslonac.retention.rules import DisposalStatus, Ground, HoldReason


class GiveHold(StepForm):
    reason = Pick(HoldReason, label=_("Why it must be kept"))
    text = Words(label=_("Which proceedings, whose request"), rows=3)
    ends_on = Day(
        label=_("Last day"),
        required=False,
        help_text=_("Leave empty if not known. The hold then lasts until somebody lifts it."),
    )


class LiftHold(StepForm):
    text = Words(label=_("Why it is not needed any more"), rows=3)


class Propose(StepForm):
    ground = Pick(Ground, label=_("Legal basis"))
    reference = Line(
        label=_("Number of the request, decision or list"),
        required=False,
        help_text=_(
            "Do not write names: this is kept permanently. Required unless the period has ended."
        ),
    )


def _give(doing: Doing, data: dict[str, Any]) -> Any:
    return actions.give_hold(
        actor=doing.actor,
        at=doing.at,
        case=doing.case,
        reason=data["reason"],
        text=data["text"],
        ends_on=data["ends_on"],
        request_key=doing.request_key,
    )


def _lift(doing: Doing, data: dict[str, Any]) -> Any:
    return actions.lift_hold(
        actor=doing.actor,
        at=doing.at,
        hold=doing.subject,
        revision=doing.revision,
        text=data["text"],
        request_key=doing.request_key,
    )


def _propose(doing: Doing, data: dict[str, Any]) -> Any:
    return actions.propose(
        actor=doing.actor,
        at=doing.at,
        case=doing.case,
        ground=data["ground"],
        reference=data["reference"],
        request_key=doing.request_key,
    )


def _not_proposed(case: Case, subject: Any) -> bool:
    running = Disposal.objects.filter(person_id=case.person_id, status=DisposalStatus.PROPOSED)
    return not running.exists()


register(
    Step(
        "hold",
        _("Set a legal hold"),
        Permission.RETENTION_PROPOSE,
        GiveHold,
        _give,
        _("Nothing in this file can be destroyed until the hold is lifted or has ended."),
        "retention",
        Group.DUTY,
        icon="lock",
        when_closed=True,
        of_the_centre=True,
        save=_("Set the hold"),
    ),
    Step(
        "hold-lift",
        _("Lift the legal hold"),
        Permission.RETENTION_APPROVE,
        LiftHold,
        _lift,
        _("The hold is lifted."),
        "retention",
        label=_("Remove"),
        on=Hold,
        when_closed=True,
        of_the_centre=True,
        applies=lambda case, hold: hold.ended_at is None,
        who=lambda actor, hold: hold is None or hold.given_by_id != actor.user_id,
        save=_("Remove"),
    ),
    Step(
        "dispose",
        _("Propose to destroy the file"),
        Permission.RETENTION_PROPOSE,
        Propose,
        _propose,
        _("The proposal is waiting for another person's decision."),
        "retention",
        Group.DUTY,
        when_closed=True,
        of_the_centre=True,
        alarming=True,
        applies=_not_proposed,
        help=_(
            "Everything about this person is destroyed for good, here and in every backup: "
            "names, narratives, documents. Another person decides. You can withdraw a "
            "proposal."
        ),
        save=_("Propose"),
    ),
)
