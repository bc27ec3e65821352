"""Bulk twins of the actions that open, move and close a case, and of its concerns."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from oslonac.access.roles import Role
from oslonac.access.rules import Level, Reason, RecordKind
from oslonac.cases import actions as cases
from oslonac.cases import rules, suspicions
from oslonac.cases.actions import opening
from oslonac.cases.models import Case, Concern, Decision, Encounter, Plan, Transfer
from oslonac.demo.world import Staff
from oslonac.demo.writing.ledger import verb
from oslonac.demo.writing.people_rows import PeopleRows
from oslonac.directory.models import Organisation
from oslonac.guardianship.models import Appointment
from oslonac.guardianship.rules import AppointmentStatus
from oslonac.people.models import Person
from oslonac.people.rules import Accompaniment, accompaniment
from oslonac.placements.models import Placement
from oslonac.placements.rules import PlacementStatus
from oslonac.planning import actions as planning
from oslonac.protocols import editions
from oslonac.vault.sealing import seal


class CaseRows(PeopleRows):
    """The case itself, concerns, decisions, transfers."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.parts: dict[UUID, list[Any]] = defaultdict(list)
        self.procedures = editions.current()

    def _of(self, model: type, case: Case) -> list[Any]:
        return [row for row in self.parts[case.pk] if isinstance(row, model)]

    def _part(self, case: Case, row: object) -> object:
        self.parts[case.pk].append(row)
        return self.batch.add(row)

    @verb(cases.open_case)
    def open_case(
        self,
        person: Person,
        *,
        organisation: Organisation,
        priority: str,
        reason: str,
        encounter: Encounter | None = None,
        informed_at: datetime | None = None,
        pathway: str = rules.Pathway.FULL,
        manager: Staff | None = None,
    ) -> Case:
        case = Case(
            key=person.key,
            number=f"{self.at.year}-{next(self.numbers):04d}",
            person=person,
            encounter=encounter,
            organisation=organisation,
            priority=priority,
            pathway=pathway,
            accompaniment=(
                accompaniment(encounter.present) if encounter else Accompaniment.UNKNOWN
            ),
            informed_at=informed_at or (encounter.happened_at if encounter else self.at),
            opened_at=self.at,
            procedures=self.procedures,
        )
        self.batch.add(case)
        self.cases[case.pk] = case
        self.appear(person, RecordKind.CASE, case.pk, is_subject=True)
        for other in [*self.relatives[person.pk], *self.companions[person.pk]]:
            self.appear(other, RecordKind.CASE, case.pk)
        self._grant_at_opening(case, encounter)
        self._decide(case, rules.DecisionKind.OPENING, priority, reason)
        self._note_opening(case, encounter)
        if manager is not None:
            self._assign(case, manager)
        return case

    def _note_opening(self, case: Case, encounter: Encounter | None) -> None:
        self.event(
            "case.opened",
            case,
            case=case,
            data={
                "priority": case.priority,
                "pathway": case.pathway,
                "number": case.number,
                "organisation": case.organisation,
                "encounter": str(encounter.pk) if encounter else "",
                "procedures": case.procedures,
            },
        )
        for code in encounter.suspicions if encounter else ():
            self._raise(case, code, "")

    def _grant_leads(self, case: Case, organisation: Organisation) -> None:
        for role in opening.LEADS:
            self.grant(
                RecordKind.CASE,
                case.pk,
                Level.IDENTITY,
                Reason.SUPERVISION,
                organisation_id=organisation.pk,
                role=role,
                whereabouts=True,
            )

    def _grant_at_opening(self, case: Case, encounter: Encounter | None) -> None:
        self._grant_leads(case, case.organisation)
        self.grant(
            RecordKind.CASE,
            case.pk,
            Level.NARRATIVE,
            Reason.TEAM,
            organisation_id=case.organisation_id,
            role=Role.LAWYER,
        )
        first = [self.by.pk, encounter.recorded_by_id if encounter else None]
        for user_id in dict.fromkeys(each for each in first if each):
            self.grant(
                RecordKind.CASE,
                case.pk,
                Level.IDENTITY,
                Reason.FIRST_CONTACT,
                user_id=user_id,
                whereabouts=True,
                until=self.at + timedelta(days=opening.FIRST_CONTACT_DAYS),
            )

    def _decide(self, case: Case, kind: str, code: str, reason: str) -> Decision:
        decision = Decision(
            case=case,
            key=case.key,
            kind=kind,
            code=code,
            decided_by_id=self.by.actor.user_id,
            decided_at=self.at,
            status=rules.DecisionStatus.IN_FORCE,
        )
        seal(decision, case.key, reason=reason)
        self.batch.add(decision)
        return decision

    @verb(cases.assign_case)
    def assign_case(self, case: Case, *, manager: Staff) -> Case:
        case.revision += 1
        return self._assign(case, manager)

    def _assign(self, case: Case, manager: Staff) -> Case:
        self.end_grants(case.pk, Reason.ASSIGNMENT)
        self.grant(
            RecordKind.CASE,
            case.pk,
            Level.IDENTITY,
            Reason.ASSIGNMENT,
            user_id=manager.pk,
            whereabouts=True,
        )
        case.manager = manager.user
        self.event("case.assigned", case, case=case, data={"manager": manager.user})
        return case

    @verb(cases.change_priority)
    def change_priority(self, case: Case, *, priority: str, reason: str) -> Case:
        case.priority = priority
        case.revision += 1
        self._decide(case, rules.DecisionKind.PRIORITY, priority, reason)
        self.event(
            "priority.changed",
            case,
            case=case,
            fields=["priority"],
            data={"priority": priority},
        )
        return case

    @verb(cases.change_pathway)
    def change_pathway(self, case: Case, *, reason: str) -> Case:
        case.pathway = rules.Pathway.FULL
        case.revision += 1
        self._decide(case, rules.DecisionKind.PATHWAY, rules.Pathway.FULL, reason)
        self.event(
            "pathway.changed",
            case,
            case=case,
            fields=["pathway"],
            data={"pathway": rules.Pathway.FULL},
        )
        return case

    @verb(planning.raise_concern)
    def raise_concern(self, case: Case, *, kind: str, detail: str = "") -> Concern:
        return self._raise(case, kind, detail)

    def _raise(self, case: Case, kind: str, detail: str) -> Concern:
        concern = Concern(
            case=case,
            key=case.key,
            kind=kind,
            is_suspicion=suspicions.is_suspicion(kind),
            raised_by_id=self.by.actor.user_id,
            raised_at=self.at,
        )
        seal(concern, case.key, detail=detail)
        self._part(case, concern)
        self.event(
            "concern.raised",
            concern,
            case=case,
            fields=["detail"],
            data={
                "concern": concern,
                "kind": kind,
                "suspicion": concern.is_suspicion,
                "trafficking": suspicions.is_trafficking(kind),
            },
        )
        return concern

    @verb(planning.notify_concern)
    def notify_concern(self, concern: Concern, *, body: Organisation) -> Concern:
        concern.notified_body, concern.notified_at = body, self.at
        concern.revision += 1
        data = {"concern": concern, "body": body}
        self.event("concern.notified", concern, case=concern.case, data=data)
        return concern

    @verb(planning.decide_concern)
    def decide_concern(
        self,
        concern: Concern,
        *,
        decision: str,
        reason: str,
        safety_offered: str = "",
        review_on: date | None = None,
    ) -> Concern:
        concern.status = rules.STATUS_AFTER[rules.ConcernDecision(decision)]
        concern.decision = decision
        concern.safety_offered, concern.review_on = safety_offered, review_on
        concern.decided_by_id, concern.decided_at = self.by.actor.user_id, self.at
        concern.revision += 1
        seal(concern, concern.case.key, decision_reason=reason)
        self.event(
            "concern.decided",
            concern,
            case=concern.case,
            fields=["decision", "decision_reason"],
            data={
                "concern": concern,
                "decision": decision,
                "safety_offered": safety_offered,
                "review_on": review_on,
            },
        )
        return concern

    @verb(cases.propose_transfer)
    def propose_transfer(
        self, case: Case, *, receiver: Organisation, reason: str, note: str
    ) -> Transfer:
        transfer = Transfer(
            case=case,
            key=case.key,
            sender_id=case.organisation_id,
            receiver=receiver,
            reason=reason,
            proposed_by_id=self.by.actor.user_id,
            proposed_at=self.at,
        )
        seal(transfer, case.key, note=note)
        self._part(case, transfer)
        for role in opening.LEADS:
            self.grant(
                RecordKind.CASE,
                case.pk,
                Level.NARRATIVE,
                Reason.TRANSFER,
                organisation_id=receiver.pk,
                role=role,
            )
        self.event(
            "transfer.proposed",
            transfer,
            case=case,
            fields=["note"],
            data={"transfer": transfer, "receiver": receiver, "reason": reason},
        )
        return transfer

    @verb(cases.answer_transfer)
    def answer_transfer(self, transfer: Transfer, *, status: str, answer: str) -> Transfer:
        """Accepted or declined; disputes are played by the actions only."""
        case = transfer.case
        transfer.status = rules.TransferStatus(status)
        transfer.answered_by_id, transfer.answered_at = self.by.actor.user_id, self.at
        transfer.revision += 1
        seal(transfer, case.key, answer=answer)
        self.end_grants(case.pk, Reason.TRANSFER)
        if transfer.status == rules.TransferStatus.ACCEPTED:
            self.end_grants(case.pk, Reason.ASSIGNMENT, Reason.SUPERVISION, Reason.TEAM)
            self._grant_leads(case, transfer.receiver)
            case.organisation, case.manager = transfer.receiver, None
            case.revision += 1
        self.event(
            "transfer.answered",
            transfer,
            case=case,
            fields=["status", "answer"],
            data={"transfer": transfer, "status": status, "arbiter": ""},
        )
        return transfer

    @verb(cases.request_closing)
    def request_closing(
        self, case: Case, *, code: str, reason: str, feedback_offered: bool | None = None
    ) -> Decision:
        needs = rules.closing_needs_approval(
            reason=code,
            priority=case.priority,
            suspicions=any(row.is_suspicion for row in self._of(Concern, case)),
        )
        decision = self._decide(case, rules.DecisionKind.CLOSING, code, reason)
        decision.needs_approval = needs
        decision.feedback_offered = feedback_offered
        if not needs:
            self._close(case, decision)
            return decision
        decision.status = rules.DecisionStatus.REQUESTED
        case.revision += 1
        data = {"decision": decision, "code": code}
        self.event("closing.requested", decision, case=case, fields=["reason"], data=data)
        return decision

    @verb(cases.answer_closing)
    def answer_closing(self, decision: Decision, *, approved: bool, answer: str = "") -> Decision:
        decision.status = (
            rules.DecisionStatus.IN_FORCE if approved else rules.DecisionStatus.RETURNED
        )
        decision.answered_by_id, decision.answered_at = self.by.actor.user_id, self.at
        decision.revision += 1
        seal(decision, decision.case.key, answer=answer)
        self.event(
            "closing.answered",
            decision,
            case=decision.case,
            fields=["status", "answer"],
            data={"decision": decision, "approved": approved},
        )
        if approved:
            self._close(decision.case, decision)
        return decision

    def _close(self, case: Case, decision: Decision) -> None:
        case.status, case.closed_at = rules.CaseStatus.CLOSED, self.at
        case.closing_reason = decision.code
        case.revision += 1
        for plan in self._of(Plan, case):
            if plan.status != rules.PlanStatus.ENDED:
                plan.status, plan.ended_at = rules.PlanStatus.ENDED, self.at
                plan.revision += 1
        for row in self._of(Appointment, case):
            if row.status != AppointmentStatus.ENDED:
                self.end_appointment(row, "case_closed")
        for row in self._of(Placement, case):
            if row.status == PlacementStatus.RUNNING:
                self.end_stay(row, self.at, "case_closed")
        ended = (Reason.PLAN, Reason.REFERRAL, Reason.PLACEMENT, Reason.CONFERENCE)
        self.end_grants(case.pk, *ended, Reason.FIRST_CONTACT)
        data = {"code": decision.code, "decision": decision}
        self.event("case.closed", case, case=case, data=data)

    @verb(cases.reopen_case)
    def reopen_case(self, case: Case, *, code: str, priority: str, reason: str) -> Case:
        self._decide(case, rules.DecisionKind.REOPENING, code, reason)
        case.status, case.closed_at, case.closing_reason = rules.CaseStatus.OPEN, None, ""
        case.priority = priority
        case.revision += 1
        data = {"code": code, "priority": priority, "pathway": case.pathway}
        self.event("case.reopened", case, case=case, data=data)
        return case

    def end_appointment(self, row: Appointment, reason: str) -> None:
        row.status, row.ended_at, row.end_reason = AppointmentStatus.ENDED, self.at, reason
        row.revision += 1
        if row.guardian_id:
            self.end_grants(row.case_id, Reason.GUARDIAN, user_id=row.guardian_id)

    def end_stay(self, row: Placement, end: datetime, reason: str) -> None:
        row.status, row.until_at, row.end_reason = PlacementStatus.ENDED, end, reason
        row.revision += 1
        if row.organisation_id:
            self.end_grants(row.case_id, Reason.PLACEMENT, organisation_id=row.organisation_id)
