"""Steps about the case itself: who is responsible, priority, path, whereabouts, best interests."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from oslonac.access.rules import Level
from oslonac.cases import actions, rules
from oslonac.cases.steps import offers
from oslonac.cases.steps.registry import CASE, Doing, Group, Step, register
from oslonac.steps.fields import Line, Pick, Staff, Words
from oslonac.steps.forms import NoQuestions, StepForm


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
        help_text=_("In a few words: for instance “family reunion” or “further journey”."),
    )
    reason = Words(
        rows=8,
        label=_("The decision and its reasons"),
        help_text=_(
            "Set the child's own view beside the factors weighed: safety, family, care, health, "
            "identity, what the child was told and in which language."
        ),
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
        action=actions.assign_case,
        on=CASE,
        slug="assignment",
        title=_("Assign a case manager"),
        form=Assignment,
        done=_("The case manager is assigned."),
        anchor="who-may-see",
        group=Group.DUTY,
        icon="person",
        help=_("The former case manager no longer sees the case by assignment."),
        initial=lambda doing: {"manager": str(doing.case.manager_id or "")},
        compares=("manager",),
        save=_("Assign"),
    ),
    Step(
        action=actions.change_priority,
        on=CASE,
        slug="priority",
        title=_("Change the priority"),
        form=Priority,
        done=_("The priority is changed; the deadlines follow it."),
        anchor="decisions",
        group=Group.DUTY,
        initial=lambda doing: {"priority": doing.case.priority},
        compares=("priority",),
    ),
    Step(
        action=actions.change_pathway,
        on=CASE,
        slug="pathway",
        title=_("The child stays: move to the full path"),
        form=Reason,
        done=_("The case is now on the full path. Everything done so far stays."),
        anchor="decisions",
        group=Group.ASSESS,
        help=_("From now on plan, regular contact and reviews are due as well."),
        applies=lambda case, subject: case.pathway == rules.Pathway.TRANSIT,
    ),
    Step(
        action=actions.decide_best_interest,
        on=CASE,
        slug="best-interest",
        title=_("Decide on the best interests of the child"),
        form=BestInterest,
        done=_("The decision is recorded."),
        anchor="decisions",
        group=Group.PROTECT,
    ),
    Step(
        action=actions.restrict_whereabouts,
        on=CASE,
        slug="whereabouts",
        title=_("Restrict whereabouts"),
        form=NoQuestions,
        run=_whereabouts(True),
        done=_("Where the child is can now be seen only by those whose access says so."),
        anchor="identity",
        group=Group.PROTECT,
        icon="lock",
        help=_(
            "Everybody else who may open the case will see that the child is placed, but not "
            "where. Use it when somebody could look for the child."
        ),
        applies=lambda case, subject: not case.whereabouts_restricted,
        save=_("Restrict whereabouts"),
    ),
    Step(
        action=actions.restrict_whereabouts,
        on=CASE,
        slug="whereabouts-lift",
        title=_("Lift the restriction of whereabouts"),
        form=NoQuestions,
        run=_whereabouts(False),
        done=_("Where the child is can be seen again by everybody who may read the case."),
        anchor="identity",
        group=Group.PROTECT,
        icon="lock",
        help=_("Everybody who may open the case will see again where the child is placed."),
        applies=lambda case, subject: case.whereabouts_restricted,
        save=_("Lift the restriction"),
        level=Level.CASE,
    ),
)
