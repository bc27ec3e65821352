"""Steps of the plan: draft, goals, activities, putting it into force."""

from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.access.rules import Level
from oslonac.cases import rules
from oslonac.cases.models import Activity, Case, Goal, Plan
from oslonac.cases.steps import offers
from oslonac.cases.steps.registry import CASE, Doing, Group, Step, register
from oslonac.kit.choices import TextChoices
from oslonac.planning import actions as planning
from oslonac.steps.fields import Coded, Day, OrganisationNamed, Pick, Staff, Words
from oslonac.steps.forms import StepForm
from oslonac.vault.sealing import open_many, open_one


class Reached(TextChoices):
    YES = "yes", _("reached")
    PARTLY = "partly", _("partly reached")
    NO = "no", _("not reached")


class Draft(StepForm):
    child_view = Words(
        required=False,
        label=_("What the person wants from the plan"),
        help_text=_("You can add it later. It is required to put the plan into force."),
    )


class NewGoal(StepForm):
    domain = Coded("plan_goal_domains", label=_("Domain"))
    outcome = Words(label=_("What will be different"), rows=3)
    indicator = Words(label=_("How it can be seen"), rows=3)
    due_on = Day(label=_("By when"), required=False)


class ChangedGoal(StepForm):
    outcome = Words(label=_("What will be different"), rows=3)
    indicator = Words(label=_("How it can be seen"), rows=3)
    due_on = Day(label=_("By when"), required=False)
    reached = Pick(Reached, label=_("Was it reached?"), required=False)


class NewActivity(StepForm):
    what = Words(label=_("Activity"), rows=3)
    due_on = Day(label=_("By when"))
    owner = Staff(offers.colleagues, label=_("Who does it"), required=False)
    owner_organisation = OrganisationNamed(
        label=_("Or which organisation"),
        required=False,
        help_text=_("If you do not know a person there."),
    )


class EndActivity(StepForm):
    status = Pick(rules.ActivityStatus, label=_("Result"))
    note = Words(
        required=False, label=_("Note"), help_text=_("Required when an activity is cancelled.")
    )


class InForce(StepForm):
    child_view = Words(label=_("The person's own view of the plan"))


def _goal_now(doing: Doing) -> dict[str, Any]:
    goal = doing.subject
    texts = open_many([goal], "outcome", "indicator")[goal.pk]
    return {**texts, "due_on": goal.due_on, "reached": goal.reached}


def _activity_now(doing: Doing) -> dict[str, Any]:
    activity = doing.subject
    if activity.status == rules.ActivityStatus.PLANNED:
        return {"status": rules.ActivityStatus.DONE}
    narrative = doing.case.reach.shows(Level.NARRATIVE)
    return {
        "status": activity.status,
        "note": open_one(activity, "note") if narrative else "",
    }


def _view_now(doing: Doing) -> dict[str, Any]:
    return {"child_view": open_one(doing.subject, "child_view")}


def draft_of(case: Case) -> Model | None:
    return Plan.objects.filter(case=case, status=rules.PlanStatus.DRAFT).first()


def _running(case: Case, plan: Any) -> bool:
    return plan.status != rules.PlanStatus.ENDED


def _may_change(actor: Actor, plan: Any) -> bool:
    """A draft is anybody's proposal; what is in force the responsible centre changes."""
    if plan.status != rules.PlanStatus.IN_FORCE:
        return True
    return actor.may_at(Permission.CASE_WORK, plan.case.organisation_id)


def _may_change_goal(actor: Actor, goal: Any) -> bool:
    return _may_change(actor, goal.plan)


register(
    Step(
        action=planning.draft_plan,
        on=CASE,
        slug="plan",
        title=_("Start a plan"),
        form=Draft,
        done=_("The draft is saved. Now add goals, and activities for each goal."),
        anchor="plan",
        group=Group.ASSESS,
        icon="list",
        instead=draft_of,
        save=_("Start the plan"),
    ),
    Step(
        action=planning.put_plan_in_force,
        on=CASE.of(Plan),
        slug="plan",
        title=_("Put the plan into force"),
        form=InForce,
        done=_("The plan is in force."),
        anchor="plan",
        icon="check",
        level=Level.NARRATIVE,
        help=_("A plan needs a goal, an activity for each goal, and the person's own view."),
        applies=lambda case, plan: plan.status == rules.PlanStatus.DRAFT,
        initial=_view_now,
        compares=("child_view",),
        reads=("child_view",),
        save=_("Put into force"),
    ),
    Step(
        action=planning.add_goal,
        on=CASE.of(Plan),
        slug="goal-add",
        title=_("Add a goal"),
        form=NewGoal,
        done=_("The goal is added. Now add an activity for it."),
        anchor="plan",
        icon="plus",
        applies=_running,
        who=_may_change,
    ),
    Step(
        action=planning.save_goal,
        on=CASE.of(Goal, through="plan__case"),
        slug="goal",
        who=_may_change_goal,
        title=_("Update the goal"),
        form=ChangedGoal,
        done=_("The goal is saved."),
        anchor="plan",
        label=_("Change"),
        icon="edit",
        level=Level.NARRATIVE,
        initial=_goal_now,
        compares=("outcome", "indicator", "due_on", "reached"),
        reads=("outcome", "indicator"),
    ),
    Step(
        action=planning.add_activity,
        on=CASE.of(Goal, through="plan__case"),
        slug="activity-add",
        who=_may_change_goal,
        title=_("Add an activity"),
        form=NewActivity,
        done=_("The activity is planned. The person who does it will see it among their tasks."),
        anchor="plan",
        icon="plus",
        help=_("A person who does not see the case yet will see it without names."),
    ),
    Step(
        action=planning.end_activity,
        on=CASE.of(Activity, through="goal__plan__case"),
        slug="activity",
        title=_("Update the activity"),
        form=EndActivity,
        done=_("The activity is updated."),
        anchor="plan",
        label=_("Update"),
        icon="check",
        initial=_activity_now,
        compares=("status", "note"),
        reads=("note",),
        undone_by="activity",
        undo_data={"status": rules.ActivityStatus.PLANNED.value},
    ),
)
