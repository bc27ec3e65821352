"""Verbs of a story as rows in memory; nothing is written before `copy`."""

from typing import Any

from oslonac.cases import clocks, queries
from oslonac.cases.models import Case, Concern
from oslonac.cases.rules import CaseStatus
from oslonac.demo.writing.care_rows import CareRows
from oslonac.protocols import projection
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
        events = queries.case_events(rows)
        soonest = None
        for duty in clocks.obligations(events, _facts(case), queries.CALENDAR):
            values = projection.columns(duty)
            self.batch.add(Obligation(case_id=case.pk, key=duty.key, **values))
            if values["state"] == State.OPEN and duty.due_at:
                soonest = min(soonest or duty.due_at, duty.due_at)
        case.next_due_at = soonest
        case.last_alone_at = max(
            (event.at for event in events if event.data.get("alone") == "yes"), default=None
        )


def _facts(case: Case) -> dict[str, Any]:
    """`cases.queries.facts_of` without what extensions look up (no clock reads those)."""
    return {
        "priority": case.priority,
        "pathway": case.pathway,
        "accompaniment": case.accompaniment,
        "informed_at": case.informed_at,
        "organisation_id": case.organisation_id,
        "manager_id": case.manager_id,
        "closed": case.status == CaseStatus.CLOSED,
    }
