"""Reading appointments of a case that the caller has been shown, and a guardian's load."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from oslonac.access import reader
from oslonac.access.opening import shown
from oslonac.access.rules import Reach
from oslonac.accounts.models import User
from oslonac.accounts.queries import names_of
from oslonac.cases.models import Case
from oslonac.guardianship.models import Appointment
from oslonac.guardianship.rules import LOAD_TO_NOTICE, AppointmentStatus
from oslonac.vault.row_policy import Bypass


@dataclass
class AppointmentLine:
    appointment: Appointment
    name: str
    witness: str
    document_number: str
    conflict_reason: str
    handover_note: str


Names = Mapping[UUID, str]


def rows_of(case_id: UUID) -> QuerySet[Appointment]:
    """The appointments of a case."""
    return Appointment.objects.filter(case=case_id)


def of_case(
    case: Case,
    found: Reach,
    read: Sequence[Appointment] | None = None,
    names: Names | None = None,
) -> list[AppointmentLine]:
    """Appointments, the latest first; texts only with the level for narratives. `read`, `names`:
    what the caller read already."""
    rows = sorted(rows_of(case.pk) if read is None else read, key=lambda row: row.pk)
    rows.sort(key=lambda row: row.appointed_at, reverse=True)
    users = names_of(row.guardian_id for row in rows) if read is None or names is None else names
    fields = ("name", "witness", "document_number", "conflict_reason", "handover_note")
    opened = shown(rows, found, *fields, keys={case.key_id: case.key})
    lines = []
    for row in rows:
        texts = opened[row.pk]
        known = users.get(row.guardian_id, "") if row.guardian_id else ""
        texts["name"] = known or texts["name"] or "\u2026"
        lines.append(AppointmentLine(row, **texts))
    return lines


@reader.bypass(Bypass.CONFLICT)
def load_of(user: User) -> int:
    """Children a person guards now."""
    return Appointment.objects.filter(guardian=user).exclude(status=AppointmentStatus.ENDED).count()


def facts(cases: Sequence[Case]) -> Mapping[UUID, Mapping[str, Any]]:
    """The guardian who has an account here, for duties that are the guardian's."""
    found: dict[UUID, UUID | None] = {case.pk: None for case in cases}
    running = Appointment.objects.filter(case__in=list(found), guardian__isnull=False)
    running = running.exclude(status=AppointmentStatus.ENDED).order_by("appointed_at", "pk")
    for case_id, guardian_id in running.values_list("case_id", "guardian_id"):
        found[case_id] = found[case_id] or guardian_id
    return {case_id: {"guardian_id": guardian_id} for case_id, guardian_id in found.items()}


def panel(
    case: Case,
    found: Reach,
    read: Sequence[Appointment] | None = None,
    names: Names | None = None,
) -> Mapping[str, Any]:
    """What the case page shows: appointments, and a load worth noticing, asked for only by whoever
    shows it."""
    lines = of_case(case, found, read, names)
    current = [line for line in lines if line.appointment.status != AppointmentStatus.ENDED]
    guardians = {line.appointment.guardian_id for line in current} - {None}
    return {
        "appointments": lines,
        "current": current,
        "heavy": lambda: _heavy(guardians),
    }


def _heavy(guardians: Collection[UUID | None]) -> bool:
    """Whether any of these guardians has more children than one can look after well."""
    running = Appointment.objects.filter(guardian_id__in=guardians)
    running = running.exclude(status=AppointmentStatus.ENDED)
    with reader.bypass(Bypass.CONFLICT):
        loads = running.values_list("guardian_id").annotate(n=Count("pk"))
        return any(load >= LOAD_TO_NOTICE for _guardian, load in loads)
