"""Operations on guardians: appointed orally or in writing, handed over, released."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Router
from pydantic import Field

from oslonac.access.roles import Permission
from oslonac.cases.api.base import disclosure, disclosure_of, find
from oslonac.guardianship.models import Appointment
from oslonac.guardianship.rules import AppointmentStatus, GuardianKind
from oslonac.guardianship.steps import STEPS
from oslonac.steps.operations import add_operations
from oslonac.web.api import (
    ApiRequest,
    Disclosure,
    Id,
    Out,
    StaffRef,
    operation,
    shape_of,
    staff,
)

router = Router(tags=["Guardians"])


class AppointmentOut(Out):
    """A guardian of the child: a user, or somebody known by name only."""

    id: UUID
    revision: int
    guardian: StaffRef | None
    name: str | None = Field(description="For a guardian who is no user; null where withheld.")
    kind: GuardianKind
    status: AppointmentStatus
    appointed_at: datetime
    appointed_by: StaffRef | None
    witness: str | None
    written_at: datetime | None
    document_number: str | None
    conflict_reason: str | None
    handed_over_at: datetime | None
    handover_with_child: bool | None
    handover_note: str | None
    ended_at: datetime | None
    end_reason: str


_PLAIN = [
    "revision",
    "kind",
    "status",
    "appointed_at",
    "written_at",
    "handed_over_at",
    "handover_with_child",
    "ended_at",
    "end_reason",
]
_TEXTS = ("name", "witness", "document_number", "conflict_reason", "handover_note")


def appointments_out(disclosure: Disclosure, rows: Iterable[Appointment]) -> list[AppointmentOut]:
    listed = list(rows)
    texts = disclosure.texts(listed, *_TEXTS)
    people = staff(pk for row in listed for pk in (row.guardian_id, row.appointed_by_id))
    return [
        AppointmentOut(
            id=row.pk,
            guardian=people.get(row.guardian_id),
            appointed_by=people.get(row.appointed_by_id),
            **texts[row.pk],
            **_plain(row),
        )
        for row in listed
    ]


def _plain(row: Appointment) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _PLAIN}


@shape_of(Appointment)
def appointment_out(request: ApiRequest, row: Appointment) -> AppointmentOut:
    disclosure = disclosure_of(request, row.case_id)
    shown = appointments_out(disclosure, [row])[0]
    disclosure.record(row, case_id=row.case_id)
    return shown


@operation(router, "GET", "/cases/{case_id}/guardians", Permission.CASE_READ)
def list_guardians(request: ApiRequest, case_id: Id) -> list[AppointmentOut]:
    """Lists the guardians of a child, the latest first."""
    case = find(request, case_id)
    seen = disclosure(request, case)
    rows = Appointment.objects.filter(case=case).order_by("-appointed_at", "-id")
    shown = appointments_out(seen, rows)
    seen.record(case, case_id=case.pk)
    return shown


add_operations(router, STEPS)
