"""Sending notices to offices when somebody asks about a person in their cases. Run by the worker.

Belongs here: who is told of a question asked elsewhere, and what stands in the case's own ledger.
The office decides whether to answer; the notice says who asked and why, never the other way round.
"""

from datetime import datetime
from uuid import UUID

from oslonac.access.actor import SYSTEM
from oslonac.access.roles import Role
from oslonac.audit.actions import record
from oslonac.audit.models import Event
from oslonac.cases.models import Case
from oslonac.cases.rules import CaseStatus
from oslonac.kit.clock import now
from oslonac.notices.actions import Holders, notify
from oslonac.search.elsewhere import responsible_for

ASKED = "search.asked_for"
TOLD = (Role.SUPERVISOR, Role.HEAD)


def tell(event_id: UUID) -> int:
    """Tell the offices of one question; how many people it was about. Harmless to repeat."""
    event = Event.objects.get(pk=event_id)
    at = now()
    told = [(UUID(pk), True) for pk in event.data["told"]]
    relayed = [(UUID(pk), False) for pk in event.data["relayed"]]
    offices = responsible_for([pk for pk, _ in (*told, *relayed)])
    for person_id, disclosed in (*told, *relayed):
        if person_id in offices:
            _tell(event, person_id, offices[person_id].pk, disclosed, at)
    return len(told) + len(relayed)


def _tell(event: Event, person_id: UUID, office_id: UUID, disclosed: bool, at: datetime) -> None:
    cases = Case.objects.filter(person_id=person_id).order_by("opened_at")
    case = sorted(cases, key=lambda c: c.status == CaseStatus.OPEN)[-1] if cases else None
    data = {
        "purpose": event.data["purpose"],
        "by": str(event.actor_id),
        "from": str(event.organisation_id),
        "told": disclosed,
    }
    new = notify(
        Holders(office_id, TOLD),
        ASKED,
        at=at,
        key=f"{ASKED}:{event.pk}:{person_id}",
        record=case,
        by=event.actor_id,
        data=data,
    )
    if new and case is not None:
        record(
            ASKED,
            actor=SYSTEM,
            at=at,
            subject=case,
            case_id=case.pk,
            data=data | {"event": str(event.pk)},
        )
