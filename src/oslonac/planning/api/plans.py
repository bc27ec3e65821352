"""The plan with its goals and activities, and promises made to the child."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Router
from pydantic import Field

from oslonac.access.roles import Permission
from oslonac.cases.api.base import (
    disclosure,
    disclosure_of,
    find,
    optional_organisation,
    optional_user,
    part,
    user,
    values,
)
from oslonac.cases.models import Activity, Goal, Plan, Promise
from oslonac.cases.rules import ActivityStatus, PlanStatus, PromiseStatus
from oslonac.planning import actions as planning
from oslonac.web.api import (
    ApiRequest,
    Code,
    Day,
    Disclosure,
    Id,
    In,
    Line,
    Narrative,
    OfficeRef,
    Out,
    Revision,
    StaffRef,
    office,
    operation,
    performed,
    shape_of,
    staff,
)

router = Router(tags=["Plans and promises"])


class ActivityOut(Out):
    """Who does what for a goal, until when."""

    id: UUID
    revision: int
    what: str | None
    owner: StaffRef | None
    owner_organisation: OfficeRef | None
    due_on: date
    status: ActivityStatus
    done_at: datetime | None
    note: str | None


class GoalOut(Out):
    """What will be different, and how one will see it."""

    id: UUID
    revision: int
    domain: str
    outcome: str | None
    indicator: str | None
    due_on: date | None
    reached: str
    activities: list[ActivityOut]


class PlanOut(Out):
    """A plan with everything in it. One is in force at a time."""

    id: UUID
    revision: int
    status: PlanStatus
    made_by: StaffRef | None
    made_at: datetime
    in_force_at: datetime | None
    ended_at: datetime | None
    child_view: str | None
    goals: list[GoalOut]


class PromiseOut(Out):
    """What the child was told would happen, who keeps it and by when."""

    id: UUID
    revision: int
    what: str | None
    owner: StaffRef | None
    due_on: date
    made_at: datetime
    status: PromiseStatus
    ended_at: datetime | None
    note: str | None


class PlanIn(In):
    child_view: Narrative = ""


class PlanForceIn(In):
    revision: Revision
    child_view: Annotated[Narrative, Field(min_length=1)]


class GoalIn(In):
    domain: Annotated[Code, Field(description="A code of the list `plan_goal_domains`.")]
    outcome: Annotated[Narrative, Field(min_length=1)]
    indicator: Annotated[Narrative, Field(min_length=1)]
    due_on: Day | None = None


class GoalChangeIn(In):
    revision: Revision
    outcome: Annotated[Narrative, Field(min_length=1)]
    indicator: Annotated[Narrative, Field(min_length=1)]
    due_on: Day | None = None
    reached: Literal["", "yes", "partly", "no"] = ""


class ActivityIn(In):
    what: Annotated[Narrative, Field(min_length=1)]
    due_on: Day
    owner: UUID | None = None
    owner_organisation: UUID | None = None


class ActivityEndIn(In):
    revision: Revision
    status: Annotated[
        ActivityStatus, Field(description="`planned` takes an ending back; `dropped` needs a note.")
    ]
    note: Narrative = ""


class PromiseIn(In):
    what: Annotated[Line, Field(min_length=1)]
    due_on: Day
    owner: UUID


class PromiseEndIn(In):
    revision: Revision
    status: Annotated[
        PromiseStatus, Field(description="`open` takes an ending back; `withdrawn` needs a note.")
    ]
    note: Narrative = ""


def activities_out(disclosure: Disclosure, rows: Iterable[Activity]) -> list[ActivityOut]:
    listed = list(rows)
    texts = disclosure.texts(listed, "what", "note")
    people = staff(row.owner_id for row in listed)
    return [
        ActivityOut(
            id=row.pk,
            revision=row.revision,
            owner=people.get(row.owner_id),
            owner_organisation=office(row.owner_organisation),
            due_on=row.due_on,
            status=ActivityStatus(row.status),
            done_at=row.done_at,
            **texts[row.pk],
        )
        for row in listed
    ]


def goals_out(disclosure: Disclosure, rows: Iterable[Goal]) -> list[GoalOut]:
    listed = list(rows)
    texts = disclosure.texts(listed, "outcome", "indicator")
    return [
        GoalOut(
            id=row.pk,
            revision=row.revision,
            domain=row.domain,
            due_on=row.due_on,
            reached=row.reached,
            activities=activities_out(
                disclosure,
                row.activities.select_related("owner_organisation").order_by("due_on", "id"),
            ),
            **texts[row.pk],
        )
        for row in listed
    ]


def plans_out(disclosure: Disclosure, rows: Iterable[Plan]) -> list[PlanOut]:
    listed = list(rows)
    texts = disclosure.texts(listed, "child_view")
    people = staff(row.made_by_id for row in listed)
    return [
        PlanOut(
            id=row.pk,
            revision=row.revision,
            status=PlanStatus(row.status),
            made_by=people.get(row.made_by_id),
            made_at=row.made_at,
            in_force_at=row.in_force_at,
            ended_at=row.ended_at,
            goals=goals_out(disclosure, row.goals.order_by("id")),
            **texts[row.pk],
        )
        for row in listed
    ]


def promises_out(disclosure: Disclosure, rows: Iterable[Promise]) -> list[PromiseOut]:
    listed = list(rows)
    texts = disclosure.texts(listed, "what", "note")
    people = staff(row.owner_id for row in listed)
    return [
        PromiseOut(
            id=row.pk,
            revision=row.revision,
            owner=people.get(row.owner_id),
            due_on=row.due_on,
            made_at=row.made_at,
            status=PromiseStatus(row.status),
            ended_at=row.ended_at,
            **texts[row.pk],
        )
        for row in listed
    ]


@shape_of(Plan)
def plan_out(request: ApiRequest, row: Plan) -> PlanOut:
    disclosure = disclosure_of(request, row.case_id)
    shown = plans_out(disclosure, [row])[0]
    disclosure.record(row, case_id=row.case_id)
    return shown


@shape_of(Goal)
def goal_out(request: ApiRequest, row: Goal) -> GoalOut:
    disclosure = disclosure_of(request, row.plan.case_id)
    shown = goals_out(disclosure, [row])[0]
    disclosure.record(row, case_id=row.plan.case_id)
    return shown


@shape_of(Activity)
def activity_out(request: ApiRequest, row: Activity) -> ActivityOut:
    disclosure = disclosure_of(request, row.goal.plan.case_id)
    shown = activities_out(disclosure, [row])[0]
    disclosure.record(row, case_id=row.goal.plan.case_id)
    return shown


@shape_of(Promise)
def promise_out(request: ApiRequest, row: Promise) -> PromiseOut:
    disclosure = disclosure_of(request, row.case_id)
    shown = promises_out(disclosure, [row])[0]
    disclosure.record(row, case_id=row.case_id)
    return shown


@operation(router, "GET", "/cases/{case_id}/plans", Permission.CASE_READ)
def list_plans(request: ApiRequest, case_id: Id) -> list[PlanOut]:
    """Lists the plans of a case with goals and activities, newest first."""
    case = find(request, case_id)
    seen = disclosure(request, case)
    shown = plans_out(seen, case.plans.order_by("-made_at", "-id"))
    seen.record(case, case_id=case.pk)
    return shown


@operation(router, "POST", "/cases/{case_id}/plans", planning.draft_plan, status=201)
def draft_plan(request: ApiRequest, case_id: Id, body: PlanIn) -> PlanOut:
    """Starts a plan. Add goals and activities to it."""
    return performed(request, planning.draft_plan, case=find(request, case_id), **values(body))


@operation(router, "POST", "/cases/{case_id}/plans/{plan_id}/force", planning.put_plan_in_force)
def put_plan_in_force(request: ApiRequest, case_id: Id, plan_id: Id, body: PlanForceIn) -> PlanOut:
    """Puts a draft into force. Every goal needs an activity, and the person must be heard."""
    plan = part(request, case_id, Plan, plan_id)
    return performed(request, planning.put_plan_in_force, plan=plan, **values(body))


@operation(router, "POST", "/cases/{case_id}/plans/{plan_id}/goals", planning.add_goal, status=201)
def add_goal(request: ApiRequest, case_id: Id, plan_id: Id, body: GoalIn) -> GoalOut:
    """Adds a goal: what will be different, and how it can be seen."""
    plan = part(request, case_id, Plan, plan_id)
    return performed(request, planning.add_goal, plan=plan, **values(body))


@operation(router, "PUT", "/cases/{case_id}/goals/{goal_id}", planning.save_goal)
def save_goal(request: ApiRequest, case_id: Id, goal_id: Id, body: GoalChangeIn) -> GoalOut:
    """Updates a goal, also whether it was reached."""
    goal = part(request, case_id, Goal, goal_id, through="plan__case")
    return performed(request, planning.save_goal, goal=goal, **values(body))


@operation(
    router,
    "POST",
    "/cases/{case_id}/goals/{goal_id}/activities",
    planning.add_activity,
    status=201,
)
def add_activity(request: ApiRequest, case_id: Id, goal_id: Id, body: ActivityIn) -> ActivityOut:
    """Adds an activity to a goal: who does what by when. The person gets access to the case."""
    return performed(
        request,
        planning.add_activity,
        goal=part(request, case_id, Goal, goal_id, through="plan__case"),
        what=body.what,
        due_on=body.due_on,
        owner=optional_user(body.owner, "owner"),
        owner_organisation=optional_organisation(body.owner_organisation, "owner_organisation"),
    )


@operation(
    router, "POST", "/cases/{case_id}/activities/{activity_id}/ending", planning.end_activity
)
def end_activity(
    request: ApiRequest, case_id: Id, activity_id: Id, body: ActivityEndIn
) -> ActivityOut:
    """Updates an activity: done, cancelled (with a reason) or planned again."""
    row = part(request, case_id, Activity, activity_id, through="goal__plan__case")
    return performed(
        request, planning.end_activity, activity=row, note=body.note, **values(body, "note")
    )


@operation(router, "GET", "/cases/{case_id}/promises", Permission.CASE_READ)
def list_promises(request: ApiRequest, case_id: Id) -> list[PromiseOut]:
    """Lists promises to the person, the earliest date first."""
    case = find(request, case_id)
    seen = disclosure(request, case)
    shown = promises_out(seen, case.promises.order_by("due_on", "id"))
    seen.record(case, case_id=case.pk)
    return shown


@operation(router, "POST", "/cases/{case_id}/promises", planning.make_promise, status=201)
def make_promise(request: ApiRequest, case_id: Id, body: PromiseIn) -> PromiseOut:
    """Records a promise to the person, who is responsible and by when."""
    return performed(
        request,
        planning.make_promise,
        case=find(request, case_id),
        what=body.what,
        due_on=body.due_on,
        owner=user(body.owner, "owner"),
    )


@operation(router, "POST", "/cases/{case_id}/promises/{promise_id}/ending", planning.end_promise)
def end_promise(request: ApiRequest, case_id: Id, promise_id: Id, body: PromiseEndIn) -> PromiseOut:
    """Updates a promise: kept, withdrawn (the person knows why) or open again."""
    row = part(request, case_id, Promise, promise_id)
    return performed(
        request, planning.end_promise, promise=row, note=body.note, **values(body, "note")
    )
