"""Steps of the plan: draft, goals, activities, putting it into force."""

from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.access.rules import Level
from oslonac.cases import actions, rules
from oslonac.cases.models import Activity, Case, Goal, Plan
from oslonac.cases.steps import offers
from oslonac.cases.steps.base import StepForm
from oslonac.cases.steps.fields import Coded, Day, OrganisationNamed, Pick, Staff, Words
from oslonac.cases.steps.registry import Doing, Group, Step, register
from oslonac.kit.choices import TextChoices
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


def _draft(doing: Doing, data: dict[str, Any]) -> Any:
    return actions.draft_plan(
        actor=doing.actor,
        at=doing.at,
        case=doing.case,
        child_view=data["child_view"],
        request_key=doing.request_key,
    )


def _add_goal(doing: Doing, data: dict[str, Any]) -> Any:
    return actions.add_goal(
        actor=doing.actor,
        at=doing.at,
        plan=doing.subject,
        domain=data["domain"],
        outcome=data["outcome"],
        indicator=data["indicator"],
        due_on=data["due_on"],
        request_key=doing.request_key,
    )


def _save_goal(doing: Doing, data: dict[str, Any]) -> Any:
    return actions.save_goal(
        actor=doing.actor,
        at=doing.at,
        goal=doing.subject,
        revision=doing.revision,
        outcome=data["outcome"],
        indicator=data["indicator"],
        due_on=data["due_on"],
        reached=data["reached"],
        request_key=doing.request_key,
    )


def _add_activity(doing: Doing, data: dict[str, Any]) -> Any:
    return actions.add_activity(
        actor=doing.actor,
        at=doing.at,
        goal=doing.subject,
        what=data["what"],
        due_on=data["due_on"],
        owner=data["owner"],
        owner_organisation=data["owner_organisation"],
        request_key=doing.request_key,
    )


def _end_activity(doing: Doing, data: dict[str, Any]) -> Any:
    return actions.end_activity(
        actor=doing.actor,
        at=doing.at,
        activity=doing.subject,
        revision=doing.revision,
        status=data["status"],
        note=data["note"],
        request_key=doing.request_key,
    )


def _in_force(doing: Doing, data: dict[str, Any]) -> Any:
    return actions.put_plan_in_force(
        actor=doing.actor,
        at=doing.at,
        plan=doing.subject,
        revision=doing.revision,
        child_view=data["child_view"],
        request_key=doing.request_key,
    )


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
        "plan",
        _("Start a plan"),
        Permission.CASE_WORK,
        Draft,
        _draft,
        _("The draft is saved. Now add goals, and activities for each goal."),
        "plan",
        Group.ASSESS,
        icon="list",
        instead=draft_of,
        save=_("Start the plan"),
    ),
    Step(
        "plan",
        _("Put the plan into force"),
        Permission.CASE_DECIDE,
        InForce,
        _in_force,
        _("The plan is in force."),
        "plan",
        on=Plan,
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
        "goal-add",
        _("Add a goal"),
        Permission.CASE_WORK,
        NewGoal,
        _add_goal,
        _("The goal is added. Now add an activity for it."),
        "plan",
        on=Plan,
        icon="plus",
        applies=_running,
        who=_may_change,
    ),
    Step(
        "goal",
        _("Update the goal"),
        Permission.CASE_WORK,
        ChangedGoal,
        _save_goal,
        _("The goal is saved."),
        "plan",
        label=_("Change"),
        icon="edit",
        on=Goal,
        through="plan__case",
        who=_may_change_goal,
        level=Level.NARRATIVE,
        initial=_goal_now,
        compares=("outcome", "indicator", "due_on", "reached"),
        reads=("outcome", "indicator"),
    ),
    Step(
        "activity-add",
        _("Add an activity"),
        Permission.CASE_WORK,
        NewActivity,
        _add_activity,
        _("The activity is planned. The person who does it will see it among their tasks."),
        "plan",
        on=Goal,
        through="plan__case",
        who=_may_change_goal,
        icon="plus",
        help=_("A person who does not see the case yet will see it without names."),
    ),
    Step(
        "activity",
        _("Update the activity"),
        Permission.CASE_WORK,
        EndActivity,
        _end_activity,
        _("The activity is updated."),
        "plan",
        label=_("Update"),
        icon="check",
        on=Activity,
        through="goal__plan__case",
        initial=_activity_now,
        compares=("status", "note"),
        reads=("note",),
        undone_by="activity",
        undo_data={"status": rules.ActivityStatus.PLANNED.value},
    ),
)
