"""Bulk twins of the actions on guardians and placements."""

from datetime import datetime

from oslonac.access.roles import Role
from oslonac.access.rules import Level, Reason, RecordKind
from oslonac.cases.models import Case
from oslonac.country import country
from oslonac.demo.world import Staff
from oslonac.demo.writing.ledger import verb
from oslonac.demo.writing.work_rows import WorkRows
from oslonac.directory.models import Organisation, Place
from oslonac.guardianship import actions as guardians
from oslonac.guardianship.models import Appointment
from oslonac.guardianship.rules import AppointmentStatus, GuardianKind
from oslonac.placements import actions as placements
from oslonac.placements.models import Placement
from oslonac.placements.rules import PlacementStatus
from oslonac.vault.sealing import seal


class CareRows(WorkRows):
    """Who stands in for the parents, and where the child lives."""

    @verb(guardians.appoint)
    def appoint(
        self,
        case: Case,
        *,
        guardian: Staff,
        kind: str = GuardianKind.TEMPORARY,
        oral: bool = True,
        witness: str = "",
        document_number: str = "",
    ) -> Appointment:
        previous = self._running(case, kind)
        if previous is not None:
            self.end_appointment(previous, "replaced")
        row = Appointment(
            case=case,
            key=case.key,
            guardian=guardian.user,
            kind=kind,
            status=AppointmentStatus.ORAL if oral else AppointmentStatus.WRITTEN,
            appointed_at=self.at,
            appointed_by_id=self.by.actor.user_id,
            written_at=None if oral else self.at,
        )
        seal(row, case.key, witness=witness, document_number=document_number)
        self._part(case, row)
        self._let_guard(row, guardian, previous)
        return row

    def _running(self, case: Case, kind: str) -> Appointment | None:
        for row in self._of(Appointment, case):
            if row.kind == kind and row.status != AppointmentStatus.ENDED:
                found: Appointment = row
                return found
        return None

    def _let_guard(self, row: Appointment, guardian: Staff, previous: Appointment | None) -> None:
        case = row.case
        self.grant(
            RecordKind.CASE,
            case.pk,
            Level.IDENTITY,
            Reason.GUARDIAN,
            user_id=guardian.pk,
            whereabouts=True,
            acts_for=case.person_id,
        )
        self.event(
            "guardian.appointed",
            row,
            case=case,
            fields=["name", "witness"],
            data={
                "appointment": row,
                "form": row.status,
                "happened_at": self.at,
                "guardian": str(guardian.pk),
                "previous": str(previous.pk) if previous else "",
            },
        )

    @verb(guardians.write_decision)
    def write_decision(self, row: Appointment, *, document_number: str) -> Appointment:
        row.status, row.written_at = AppointmentStatus.WRITTEN, self.at
        row.revision += 1
        seal(row, row.case.key, document_number=document_number)
        data = {"appointment": row}
        self.event("guardian.written", row, case=row.case, fields=["document_number"], data=data)
        return row

    @verb(guardians.hand_over)
    def hand_over(self, row: Appointment, *, with_child: bool, note: str) -> Appointment:
        row.handed_over_at, row.handover_with_child = self.at, with_child
        row.revision += 1
        seal(row, row.case.key, handover_note=note)
        data = {"appointment": row, "with_child": with_child}
        self.event("guardian.handed_over", row, case=row.case, fields=["handover_note"], data=data)
        return row

    @verb(placements.place)
    def place(
        self,
        case: Case,
        *,
        kind: str,
        from_at: datetime,
        organisation: Organisation | None = None,
        place: Place | None = None,
        address: str = "",
        reason: str = "",
        child_view: str = "",
    ) -> Placement:
        for row in self._of(Placement, case):
            if row.status == PlacementStatus.RUNNING:
                self.end_stay(row, from_at, "moved")
                data = {"placement": row, "happened_at": from_at, "moved": True}
                self.event("placement.ended", row, case=case, data=data)
        placement = Placement(
            case=case,
            key=case.key,
            kind=kind,
            organisation=organisation,
            place=place,
            from_at=from_at,
            decided_by_id=self.by.actor.user_id,
        )
        seal(placement, case.key, address=address, reason=reason, child_view=child_view)
        self._part(case, placement)
        self._let_care(placement)
        return placement

    def _let_care(self, placement: Placement) -> None:
        case, organisation = placement.case, placement.organisation
        if organisation is not None:
            self.grant(
                RecordKind.CASE,
                case.pk,
                Level.NARRATIVE,
                Reason.PLACEMENT,
                organisation_id=organisation.pk,
                role=Role.RECEPTION,
                whereabouts=True,
            )
        self.event(
            "placement.made",
            placement,
            case=case,
            fields=["address", "reason", "child_view"],
            data={
                "placement": placement,
                "kind": placement.kind,
                "emergency": placement.kind in country().placements.with_mark("emergency"),
                "happened_at": placement.from_at,
                "last_day": "",
            },
        )
