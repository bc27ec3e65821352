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
        help=_("The former case manager loses the access that came with the assignment."),
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
        title=_("Move to the full path: the person stays"),
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
        done=_(
            "Only people whose access includes the whereabouts can now see where the person is."
        ),
        anchor="identity",
        group=Group.PROTECT,
        icon="lock",
        help=_(
            "Other people with access to the case will see that the person is placed, but "
            "not where. Use this if somebody could be looking for the person."
        ),
        applies=lambda case, subject: not case.whereabouts_restricted,
        save=_("Restrict whereabouts"),
    ),
    Step(
        action=actions.restrict_whereabouts,
        on=CASE,
        slug="whereabouts-lift",
        title=_("Remove the restriction of whereabouts"),
        form=NoQuestions,
        run=_whereabouts(False),
        done=_("Everybody with access to the case can again see where the person is."),
        anchor="identity",
        group=Group.PROTECT,
        icon="lock",
        help=_("Everybody with access to the case will again see where the person is placed."),
        applies=lambda case, subject: case.whereabouts_restricted,
        save=_("Remove the restriction"),
        level=Level.CASE,
    ),
)
