"""The plan: goals with indicators, activities with owners and dates; promises to the child."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from oslonac.access import policy
from oslonac.access.actions import grant_user
from oslonac.access.actor import Actor
from oslonac.access.models import Grant
from oslonac.access.policy import in_force
from oslonac.access.roles import Permission
from oslonac.access.rules import Level, Reason, RecordKind
from oslonac.accounts.models import User
from oslonac.audit.actions import action
from oslonac.cases import rules
from oslonac.cases.actions.base import (
    record_event,
    require_case,
    require_centre,
    require_reader,
)
from oslonac.cases.models import Activity, Case, Goal, Plan, Promise
from oslonac.cases.trust.actions.disclosing import require_not_blocked
from oslonac.directory import codes
from oslonac.directory.models import Organisation
from oslonac.kit.choices import chosen
from oslonac.kit.errors import Invalid, Refused
from oslonac.kit.revisions import swap
from oslonac.people.actions import clean_line, clean_reason, clean_text
from oslonac.vault.sealing import seal, sealed


@action("plan.drafted", Permission.CASE_WORK)
def draft_plan(*, actor: Actor, at: datetime, case: Case, child_view: str = "") -> Plan:
    """Begin a plan. Goals and activities are added to the draft."""
    require_case(actor, case, at=at)
    if Plan.objects.filter(case=case, status=rules.PlanStatus.DRAFT).exists():
        raise Refused("plan.draft_exists", _("There is already a draft. Continue with it."))
    plan = Plan(case=case, key=case.key, made_by_id=actor.user_id, made_at=at)
    seal(plan, case.key, child_view=clean_text(child_view, "child_view"))
    plan.save(force_insert=True)
    record_event("plan.drafted", actor=actor, at=at, case=case, subject=plan, fields=["child_view"])
    return plan


@action("goal.added", Permission.CASE_WORK)
def add_goal(
    *,
    actor: Actor,
    at: datetime,
    plan: Plan,
    domain: str,
    outcome: str,
    indicator: str,
    due_on: date | None = None,
) -> Goal:
    """A goal: what will be different, and how one will see it."""
    require_case(actor, plan.case, at=at)
    _require_may_write(actor, plan)
    goal = Goal(
        plan=plan,
        key_id=plan.key_id,
        domain=codes.check_one("plan_goal_domains", domain, field="domain"),
        due_on=due_on,
    )
    seal(
        goal,
        plan.case.key,
        outcome=clean_text(outcome, "outcome", required=True),
        indicator=clean_text(indicator, "indicator", required=True),
    )
    goal.save(force_insert=True)
    record_event(
        "goal.added",
        actor=actor,
        at=at,
        case=plan.case,
        subject=goal,
        fields=["outcome", "indicator"],
        data={"domain": goal.domain},
    )
    return goal


@action("goal.saved", Permission.CASE_WORK)
def save_goal(
    *,
    actor: Actor,
    at: datetime,
    goal: Goal,
    revision: int,
    outcome: str,
    indicator: str,
    due_on: date | None = None,
    reached: str = "",
) -> Goal:
    """Change a goal, or say whether it was reached (`yes`, `partly`, `no`)."""
    case = goal.plan.case
    require_case(actor, case, at=at, level=Level.NARRATIVE)
    _require_may_write(actor, goal.plan)
    if reached not in ("", "yes", "partly", "no"):
        raise Invalid({"reached": _("Choose one.")})
    swap(
        goal,
        revision,
        due_on=due_on,
        reached=reached,
        **sealed(
            goal,
            outcome=clean_text(outcome, "outcome", required=True),
            indicator=clean_text(indicator, "indicator", required=True),
        ),
    )
    record_event(
        "goal.saved",
        actor=actor,
        at=at,
        case=case,
        subject=goal,
        fields=["outcome", "indicator", "due_on", "reached"],
        data={"reached": reached},
    )
    return goal


@action("activity.planned", Permission.CASE_WORK)
def add_activity(
    *,
    actor: Actor,
    at: datetime,
    goal: Goal,
    what: str,
    due_on: date,
    owner: User | None = None,
    owner_organisation: Organisation | None = None,
) -> Activity:
    """Who does what for a goal until when. A personal owner may see the case without names."""
    case = goal.plan.case
    require_case(actor, case, at=at)
    _require_may_write(actor, goal.plan)
    if owner is None and owner_organisation is None:
        raise Invalid({"owner": _("Choose who does it.")})
    if owner is not None:
        require_reader(owner, at=at, field="owner")
    activity = Activity(
        goal=goal,
        key_id=goal.key_id,
        owner=owner,
        owner_organisation=owner_organisation,
        due_on=due_on,
    )
    seal(activity, case.key, what=clean_text(what, "what", required=True))
    activity.save(force_insert=True)
    if owner is not None:
        _let_see(actor, at, case, owner)
    record_event(
        "activity.planned",
        actor=actor,
        at=at,
        case=case,
        subject=activity,
        fields=["what"],
        data={
            "activity": activity,
            "due_on": due_on,
            "owner": str(owner.pk) if owner else "",
            "owner_organisation": str(owner_organisation.pk) if owner_organisation else "",
        },
    )
    return activity


def _let_see(actor: Actor, at: datetime, case: Case, user: User) -> None:
    """An owner without any sight of the case sees it without names and narratives."""
    require_not_blocked(user, case, at=at, field="owner")
    if not Grant.objects.filter(in_force(at), record_id=case.pk, principal=user.pk).exists():
        grant_user(
            actor=actor,
            at=at,
            kind=RecordKind.CASE,
            record_id=case.pk,
            user_id=user.pk,
            level=Level.CASE,
            reason=Reason.PLAN,
        )


def _require_may_write(actor: Actor, plan: Plan) -> None:
    """A draft is a proposal of whoever works with the child. What is in force is changed by the
    responsible centre."""
    if plan.status == rules.PlanStatus.ENDED:
        raise Refused("plan.ended", _("This plan has ended."))
    if plan.status == rules.PlanStatus.IN_FORCE:
        policy.require_at(
            actor, Permission.CASE_WORK, plan.case.organisation_id, record=plan.case_id
        )


@action("activity.ended", Permission.CASE_WORK)
def end_activity(
    *,
    actor: Actor,
    at: datetime,
    activity: Activity,
    revision: int,
    status: str,
    note: str = "",
) -> Activity:
    """Done, dropped (with a reason) or planned again."""
    case = activity.goal.plan.case
    require_case(actor, case, at=at)
    then = chosen(rules.ActivityStatus, status, "status")
    rules.check_step(activity.status, then, rules.ActivityStatus)
    text = clean_reason(note, "note", required=then == rules.ActivityStatus.DROPPED)
    ended = then != rules.ActivityStatus.PLANNED
    swap(
        activity,
        revision,
        status=then,
        done_at=at if ended else None,
        **sealed(activity, note=text),
    )
    record_event(
        "activity.ended" if ended else "activity.reopened",
        actor=actor,
        at=at,
        case=case,
        subject=activity,
        fields=["status", "note"],
        data={"activity": activity, "status": then},
    )
    return activity


@action("plan.in_force", Permission.CASE_DECIDE)
def put_plan_in_force(
    *, actor: Actor, at: datetime, plan: Plan, revision: int, child_view: str
) -> Plan:
    """Put a draft into force: it has a goal, every goal an activity, and the child was heard.
    Whoever works with the child may write the draft; the responsible centre decides."""
    case = plan.case
    require_centre(actor, case, Permission.CASE_DECIDE, at=at)
    rules.check_step(plan.status, rules.PlanStatus.IN_FORCE, rules.PlanStatus)
    goals = list(plan.goals.prefetch_related("activities"))
    if not goals:
        raise Refused("plan.no_goal", _("Add at least one goal first."))
    if any(not goal.activities.all() for goal in goals):
        raise Refused("plan.no_activity", _("Every goal needs at least one activity."))
    view = clean_text(child_view, "child_view", required=True)
    former = Plan.objects.filter(case=case, status=rules.PlanStatus.IN_FORCE)
    for old in former:
        swap(old, old.revision, status=rules.PlanStatus.ENDED, ended_at=at)
    swap(
        plan,
        revision,
        status=rules.PlanStatus.IN_FORCE,
        in_force_at=at,
        **sealed(plan, child_view=view),
    )
    record_event(
        "plan.in_force",
        actor=actor,
        at=at,
        case=case,
        subject=plan,
        fields=["status", "child_view"],
        data={"plan": plan, "goals": len(goals)},
    )
    return plan


@action("promise.made", Permission.CASE_WORK)
def make_promise(
    *, actor: Actor, at: datetime, case: Case, what: str, due_on: date, owner: User
) -> Promise:
    """What the child was told would happen, who keeps it and by when."""
    require_case(actor, case, at=at)
    require_reader(owner, at=at, field="owner")
    promise = Promise(case=case, key=case.key, owner=owner, due_on=due_on, made_at=at)
    seal(promise, case.key, what=clean_line(what, "what", required=True))
    promise.save(force_insert=True)
    _let_see(actor, at, case, owner)
    record_event(
        "promise.made",
        actor=actor,
        at=at,
        case=case,
        subject=promise,
        fields=["what"],
        data={"promise": promise, "due_on": due_on, "owner": owner},
    )
    return promise


@action("promise.ended", Permission.CASE_WORK)
def end_promise(
    *, actor: Actor, at: datetime, promise: Promise, revision: int, status: str, note: str = ""
) -> Promise:
    """Kept; withdrawn (the child was told why); or open again."""
    require_case(actor, promise.case, at=at)
    then = chosen(rules.PromiseStatus, status, "status")
    rules.check_step(promise.status, then, rules.PromiseStatus)
    text = clean_reason(note, "note", required=then == rules.PromiseStatus.WITHDRAWN)
    ended = then != rules.PromiseStatus.OPEN
    swap(
        promise, revision, status=then, ended_at=at if ended else None, **sealed(promise, note=text)
    )
    record_event(
        "promise.ended" if ended else "promise.reopened",
        actor=actor,
        at=at,
        case=promise.case,
        subject=promise,
        fields=["status", "note"],
        data={"promise": promise, "status": then},
    )
    return promise
