"""Steps about the case itself: who is responsible, priority, path, whereabouts, best interests."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from oslonac.access.roles import Permission
from oslonac.access.rules import Level
from oslonac.cases import actions, rules
from oslonac.cases.steps import offers
from oslonac.cases.steps.base import NoQuestions, StepForm
from oslonac.cases.steps.fields import Line, Pick, Staff, Words
from oslonac.cases.steps.registry import Doing, Group, Step, register


class Assignment(StepForm):
    manager = Staff(
        offers.managers,
        label=_("Who will manage the case?"),
        help_text=_("Colleagues of the responsible centre, those with fewer open cases first."),
    )


class Priority(StepForm):
    priority = Pick(rules.Priority, label=_("Priority"))
    reason = Words(label=_("Why"), help_text=_("The deadlines follow the new priority at once."))


class Reason(StepForm):
    reason = Words(label=_("Why"))


class BestInterest(StepForm):
    code = Line(
        label=_("What is decided about"),
        max_length=60,
        help_text=_("In a few words, for example “family reunion” or “further journey”."),
    )
    reason = Words(
        rows=8,
        label=_("The decision and its reasons"),
        help_text=_(
            "Write the child's own view and the factors weighed: safety, family, care, "
            "health, identity, what the child was told and in which language."
        ),
    )


def _assign(doing: Doing, data: dict[str, Any]) -> Any:
    return actions.assign_case(
        actor=doing.actor,
        at=doing.at,
        case=doing.case,
        revision=doing.revision,
        manager=data["manager"],
        request_key=doing.request_key,
    )


def _priority(doing: Doing, data: dict[str, Any]) -> Any:
    return actions.change_priority(
        actor=doing.actor,
        at=doing.at,
        case=doing.case,
        revision=doing.revision,
        priority=data["priority"],
        reason=data["reason"],
        request_key=doing.request_key,
    )


def _pathway(doing: Doing, data: dict[str, Any]) -> Any:
    return actions.change_pathway(
        actor=doing.actor,
        at=doing.at,
        case=doing.case,
        revision=doing.revision,
        reason=data["reason"],
        request_key=doing.request_key,
    )


def _best_interest(doing: Doing, data: dict[str, Any]) -> Any:
    return actions.decide_best_interest(
        actor=doing.actor,
        at=doing.at,
        case=doing.case,
        code=data["code"],
        reason=data["reason"],
        request_key=doing.request_key,
    )


def _whereabouts(restricted: bool) -> Any:
    def run(doing: Doing, data: dict[str, Any]) -> Any:
        return actions.restrict_whereabouts(
            actor=doing.actor,
            at=doing.at,
            case=doing.case,
            revision=doing.revision,
            restricted=restricted,
            request_key=doing.request_key,
        )

    return run


register(
    Step(
        "assignment",
        _("Assign a case manager"),
        Permission.CASE_ASSIGN,
        Assignment,
        _assign,
        _("The case manager is assigned."),
        "who-may-see",
        Group.DUTY,
        icon="person",
        help=_("The former case manager loses the access that came with the assignment."),
        initial=lambda doing: {"manager": str(doing.case.manager_id or "")},
        compares=("manager",),
        save=_("Assign"),
    ),
    Step(
        "priority",
        _("Change the priority"),
        Permission.CASE_DECIDE,
        Priority,
        _priority,
        _("The priority is changed; the deadlines follow it."),
        "decisions",
        Group.DUTY,
        initial=lambda doing: {"priority": doing.case.priority},
        compares=("priority",),
    ),
    Step(
        "pathway",
        _("Move to the full path: the person stays"),
        Permission.CASE_DECIDE,
        Reason,
        _pathway,
        _("The case is now on the full path. Everything done so far stays."),
        "decisions",
        Group.ASSESS,
        help=_("From now on plan, regular contact and reviews are due as well."),
        applies=lambda case, subject: case.pathway == rules.Pathway.TRANSIT,
    ),
    Step(
        "best-interest",
        _("Decide on the best interests of the child"),
        Permission.CASE_DECIDE,
        BestInterest,
        _best_interest,
        _("The decision is recorded."),
        "decisions",
        Group.PROTECT,
    ),
    Step(
        "whereabouts",
        _("Restrict whereabouts"),
        Permission.CASE_DECIDE,
        NoQuestions,
        _whereabouts(True),
        _("Only people whose access includes the whereabouts can now see where the person is."),
        "identity",
        Group.PROTECT,
        icon="lock",
        help=_(
            "Other people with access to the case will see that the person is placed, but "
            "not where. Use this if somebody could be looking for the person."
        ),
        applies=lambda case, subject: not case.whereabouts_restricted,
        save=_("Restrict whereabouts"),
    ),
    Step(
        "whereabouts-lift",
        _("Remove the restriction of whereabouts"),
        Permission.CASE_DECIDE,
        NoQuestions,
        _whereabouts(False),
        _("Everybody with access to the case can again see where the person is."),
        "identity",
        Group.PROTECT,
        icon="lock",
        help=_("Everybody with access to the case will again see where the person is placed."),
        applies=lambda case, subject: case.whereabouts_restricted,
        save=_("Remove the restriction"),
        level=Level.CASE,
    ),
)
