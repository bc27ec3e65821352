"""Bulk twins of the actions of daily work: contacts, assessments, plans, promises, reviews."""

from collections.abc import Sequence
from datetime import date, datetime

from oslonac.access.rules import Level, Reason, RecordKind
from oslonac.cases import rules
from oslonac.cases.models import (
    Activity,
    Assessment,
    Case,
    Contact,
    Goal,
    Plan,
    Promise,
    Review,
)
from oslonac.demo.world import Staff
from oslonac.demo.writing.case_rows import CaseRows
from oslonac.demo.writing.ledger import verb
from oslonac.directory.models import Organisation
from oslonac.planning import actions as planning
from oslonac.planning.actions import contacts
from oslonac.vault.sealing import keyed, seal


class WorkRows(CaseRows):
    """What is done in an open case."""

    @verb(planning.record_contact)
    def record_contact(
        self,
        case: Case,
        *,
        kind: str,
        happened_at: datetime,
        alone_with_child: str,
        at_residence: bool = False,
        language: str = "",
        interpreter: str = "",
        told_story: bool = False,
        information_given: Sequence[str] = (),
        narrative: str = "",
    ) -> Contact:
        contact = Contact(
            case=case,
            key=case.key,
            kind=kind,
            happened_at=happened_at,
            by_id=self.by.actor.user_id,
            alone_with_child=alone_with_child,
            at_residence=at_residence,
            language=language,
            interpreter_key=keyed("index", f"interpreter:{interpreter}") if interpreter else None,
            told_story=told_story,
            information_given=list(information_given),
        )
        seal(contact, case.key, interpreter=interpreter, narrative=narrative)
        self._part(case, contact)
        self._note_contact(case, contact)
        return contact

    def _note_contact(self, case: Case, contact: Contact) -> None:
        met = contact.alone_with_child != rules.AloneWithChild.NOT_CHILD
        key = contact.interpreter_key
        self.event(
            "contact.made",
            contact,
            case=case,
            fields=["narrative", "interpreter"],
            data={
                "contact": contact,
                "kind": contact.kind,
                "happened_at": contact.happened_at,
                "alone": contact.alone_with_child,
                "in_person": contact.kind in contacts._IN_PERSON and met,
                "at_residence": contact.at_residence,
                "language": contact.language,
                "interpreter": key.hex()[:16] if key else "",
                "information_given": contact.information_given,
            },
        )

    @verb(planning.begin_assessment)
    def begin_assessment(
        self, case: Case, *, kind: str = rules.AssessmentKind.INITIAL
    ) -> Assessment:
        assessment = Assessment(
            case=case,
            key=case.key,
            kind=kind,
            begun_at=self.at,
            begun_by_id=self.by.actor.user_id,
        )
        self._part(case, assessment)
        data = {"kind": kind, "assessment": assessment, "happened_at": self.at}
        self.event("assessment.begun", assessment, case=case, data=data)
        return assessment

    @verb(planning.complete_assessment)
    def complete_assessment(
        self, assessment: Assessment, *, alone_with_child: str = "", **texts: str
    ) -> Assessment:
        assessment.status = rules.AssessmentStatus.COMPLETED
        assessment.completed_at = self.at
        assessment.completed_by_id = self.by.actor.user_id
        assessment.alone_with_child = alone_with_child
        assessment.revision += 1
        seal(assessment, assessment.case.key, **texts)
        data = {"kind": assessment.kind, "assessment": assessment, "alone": alone_with_child}
        self.event(
            "assessment.completed",
            assessment,
            case=assessment.case,
            fields=list(texts),
            data=data,
        )
        return assessment

    @verb(planning.draft_plan)
    def draft_plan(self, case: Case, *, child_view: str = "") -> Plan:
        plan = Plan(case=case, key=case.key, made_by_id=self.by.actor.user_id, made_at=self.at)
        seal(plan, case.key, child_view=child_view)
        self._part(case, plan)
        self.event("plan.drafted", plan, case=case, fields=["child_view"])
        return plan

    @verb(planning.add_goal)
    def add_goal(
        self,
        plan: Plan,
        *,
        domain: str,
        outcome: str,
        indicator: str,
        due_on: date | None = None,
    ) -> Goal:
        goal = Goal(plan=plan, key_id=plan.key_id, domain=domain, due_on=due_on)
        seal(goal, plan.case.key, outcome=outcome, indicator=indicator)
        self._part(plan.case, goal)
        self.event(
            "goal.added",
            goal,
            case=plan.case,
            fields=["outcome", "indicator"],
            data={"domain": domain},
        )
        return goal

    @verb(planning.add_activity)
    def add_activity(
        self,
        goal: Goal,
        *,
        what: str,
        due_on: date,
        owner: Staff | None = None,
        owner_organisation: Organisation | None = None,
    ) -> Activity:
        case = goal.plan.case
        activity = Activity(
            goal=goal,
            key_id=goal.key_id,
            owner=owner.user if owner else None,
            owner_organisation=owner_organisation,
            due_on=due_on,
        )
        seal(activity, case.key, what=what)
        self.batch.add(activity)
        if owner is not None:
            self._let_see(case, owner)
        self.event(
            "activity.planned",
            activity,
            case=case,
            fields=["what"],
            data={
                "activity": activity,
                "due_on": due_on,
                "owner": str(owner.pk) if owner else "",
                "owner_organisation": str(owner_organisation.pk) if owner_organisation else "",
            },
        )
        return activity

    def _let_see(self, case: Case, owner: Staff) -> None:
        if not self.has_grant(case.pk, owner.pk):
            self.grant(RecordKind.CASE, case.pk, Level.CASE, Reason.PLAN, user_id=owner.pk)

    @verb(planning.end_activity)
    def end_activity(self, activity: Activity, *, status: str, note: str = "") -> Activity:
        """Done or dropped; planning again is played by the actions only."""
        case = activity.goal.plan.case
        activity.status, activity.done_at = rules.ActivityStatus(status), self.at
        activity.revision += 1
        seal(activity, case.key, note=note)
        self.event(
            "activity.ended",
            activity,
            case=case,
            fields=["status", "note"],
            data={"activity": activity, "status": status},
        )
        return activity

    @verb(planning.put_plan_in_force)
    def put_plan_in_force(self, plan: Plan, *, child_view: str) -> Plan:
        case = plan.case
        for old in self._of(Plan, case):
            if old.status == rules.PlanStatus.IN_FORCE:
                old.status, old.ended_at = rules.PlanStatus.ENDED, self.at
                old.revision += 1
        plan.status, plan.in_force_at = rules.PlanStatus.IN_FORCE, self.at
        plan.revision += 1
        seal(plan, case.key, child_view=child_view)
        goals = [row for row in self._of(Goal, case) if row.plan_id == plan.pk]
        self.event(
            "plan.in_force",
            plan,
            case=case,
            fields=["status", "child_view"],
            data={"plan": plan, "goals": len(goals)},
        )
        return plan

    @verb(planning.make_promise)
    def make_promise(self, case: Case, *, what: str, due_on: date, owner: Staff) -> Promise:
        promise = Promise(case=case, key=case.key, owner=owner.user, due_on=due_on, made_at=self.at)
        seal(promise, case.key, what=what)
        self._part(case, promise)
        self._let_see(case, owner)
        self.event(
            "promise.made",
            promise,
            case=case,
            fields=["what"],
            data={"promise": promise, "due_on": due_on, "owner": owner.user},
        )
        return promise

    @verb(planning.end_promise)
    def end_promise(self, promise: Promise, *, status: str, note: str = "") -> Promise:
        """Kept or withdrawn; opening again is played by the actions only."""
        promise.status, promise.ended_at = rules.PromiseStatus(status), self.at
        promise.revision += 1
        seal(promise, promise.case.key, note=note)
        self.event(
            "promise.ended",
            promise,
            case=promise.case,
            fields=["status", "note"],
            data={"promise": promise, "status": status},
        )
        return promise

    @verb(planning.record_review)
    def record_review(
        self, case: Case, *, happened_at: datetime, outcome: str, findings: str, child_view: str
    ) -> Review:
        review = Review(
            case=case,
            key=case.key,
            happened_at=happened_at,
            by_id=self.by.actor.user_id,
            outcome=outcome,
        )
        seal(review, case.key, findings=findings, child_view=child_view)
        self._part(case, review)
        self.event(
            "plan.reviewed",
            review,
            case=case,
            fields=["findings", "child_view"],
            data={"outcome": outcome, "happened_at": happened_at},
        )
        return review
