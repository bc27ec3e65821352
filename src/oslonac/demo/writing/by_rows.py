"""Verbs of a story as rows in memory; nothing is written before `copy`."""

from functools import cached_property
from typing import Any
from uuid import UUID

from oslonac.cases import queries
from oslonac.cases.models import Case, Concern
from oslonac.cases.rules import CaseStatus
from oslonac.country import country
from oslonac.demo.writing.care_rows import CareRows
from oslonac.guardianship.models import Appointment
from oslonac.guardianship.rules import AppointmentStatus
from oslonac.kit.clock import now
from oslonac.placements.models import Placement
from oslonac.placements.queries import house_of
from oslonac.protocols import editions, projection, rising
from oslonac.protocols.models import Obligation, State


class ByRows(CareRows):
    """The stage on which thousands of children are played."""

    def copy(self) -> int:
        """Derive what the actions derive (best statements, obligations), then copy all rows."""
        for person in self.people.values():
            self.project(person)
        for case in self.cases.values():
            self._oblige(case)
        return self.batch.copy()

    def concerns(self, case: Case) -> list[Any]:
        return self._of(Concern, case)

    def _oblige(self, case: Case) -> None:
        """As `cases.actions.base.refresh`: obligations are a function of events and facts, so
        working them out once at the end equals keeping them up to date step by step."""
        rows = sorted(self.events[case.pk], key=lambda event: (event.at, event.id))
        self.ids.at(rows[-1].at)
        houses = {p.pk: {"place": house_of(p)} for p in self._of(Placement, case)}
        events = queries.case_events(rows, houses)
        soonest = None
        procedure = editions.procedure_of(case.procedures_id)
        for duty in procedure(events, _facts(case, self._guardian(case)), country().calendar):
            values = projection.columns(duty, self._held)
            self.batch.add(Obligation(case_id=case.pk, key=duty.key, **values))
            if values["state"] == State.OPEN and duty.due_at:
                soonest = min(soonest or duty.due_at, duty.due_at)
        case.next_due_at = soonest
        case.last_alone_at = max(
            (event.at for event in events if event.data.get("alone") == "yes"), default=None
        )

    @cached_property
    def _held(self) -> frozenset[rising.Post]:
        return rising.everywhere()

    def _guardian(self, case: Case) -> UUID | None:
        """As `guardianship.queries.facts`."""
        for row in self._of(Appointment, case):
            if row.status != AppointmentStatus.ENDED and row.guardian_id:
                return row.guardian_id
        return None


def _facts(case: Case, guardian: UUID | None) -> dict[str, Any]:
    """`cases.queries.facts_of`, from rows that are not written yet."""
    return {
        "priority": case.priority,
        "pathway": case.pathway,
        "accompaniment": case.accompaniment,
        "informed_at": case.informed_at,
        "organisation_id": case.organisation_id,
        "manager_id": case.manager_id,
        "closed": case.status == CaseStatus.CLOSED,
        "age": queries.age_band(case.person.born_from, case.person.born_to, now()),
        "guardian_id": guardian,
    }
