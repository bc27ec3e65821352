"""Operations on guardians: appointed orally or in writing, handed over, released."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Router
from pydantic import Field

from oslonac.access.roles import Permission
from oslonac.cases.api.base import disclosure, disclosure_of, find, optional_user, part, values
from oslonac.guardianship import actions
from oslonac.guardianship.models import Appointment
from oslonac.guardianship.rules import AppointmentStatus, GuardianKind
from oslonac.web.api import (
    ApiRequest,
    Code,
    Disclosure,
    Id,
    In,
    Line,
    Moment,
    Narrative,
    Out,
    Revision,
    StaffRef,
    operation,
    performed,
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


class AppointmentIn(In):
    guardian: Annotated[UUID | None, Field(description="The user; or give a name.")] = None
    name: Line = ""
    kind: GuardianKind = GuardianKind.TEMPORARY
    oral: Annotated[bool, Field(description="Orally, with a witness; writing is then due.")] = True
    appointed_at: Moment | None = None
    witness: Line = ""
    document_number: Line = ""
    conflict_reason: Narrative = ""


class WrittenDecisionIn(In):
    revision: Revision
    document_number: Annotated[Line, Field(min_length=1)]


class HandoverIn(In):
    revision: Revision
    with_child: bool
    note: Annotated[Narrative, Field(min_length=1)]


class AppointmentEndIn(In):
    revision: Revision
    reason: Annotated[Code, Field(description="A code of the list `guardian_end_reasons`.")]


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


@operation(router, "POST", "/cases/{case_id}/guardians", actions.appoint, status=201)
def appoint_guardian(request: ApiRequest, case_id: Id, body: AppointmentIn) -> AppointmentOut:
    """Appoints a guardian, orally with a witness or in writing.

    A running appointment of the same kind ends with it; a handover becomes an obligation.
    """
    return performed(
        request,
        actions.appoint,
        case=find(request, case_id),
        guardian=optional_user(body.guardian, "guardian"),
        **values(body, "guardian"),
    )


@operation(
    router,
    "POST",
    "/cases/{case_id}/guardians/{appointment_id}/written-decision",
    actions.write_decision,
)
def write_guardian_decision(
    request: ApiRequest, case_id: Id, appointment_id: Id, body: WrittenDecisionIn
) -> AppointmentOut:
    """Records the written decision on an oral appointment."""
    row = part(request, case_id, Appointment, appointment_id)
    return performed(request, actions.write_decision, appointment=row, **values(body))


@operation(
    router, "POST", "/cases/{case_id}/guardians/{appointment_id}/handover", actions.hand_over
)
def hand_over_guardian(
    request: ApiRequest, case_id: Id, appointment_id: Id, body: HandoverIn
) -> AppointmentOut:
    """Records the conversation between the former and the new guardian, and with the child."""
    row = part(request, case_id, Appointment, appointment_id)
    return performed(
        request, actions.hand_over, appointment=row, note=body.note, **values(body, "note")
    )


@operation(
    router, "POST", "/cases/{case_id}/guardians/{appointment_id}/ending", actions.end_appointment
)
def end_guardian(
    request: ApiRequest, case_id: Id, appointment_id: Id, body: AppointmentEndIn
) -> AppointmentOut:
    """Releases a guardian, whose sight of the case ends."""
    row = part(request, case_id, Appointment, appointment_id)
    return performed(request, actions.end_appointment, appointment=row, **values(body))
