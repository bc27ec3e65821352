"""What every write on a case shares: the check, the event, the clocks."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db import models

from oslonac.access import policy, reader
from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.access.rules import Level, RecordKind
from oslonac.accounts.models import User
from oslonac.accounts.queries import may_ever
from oslonac.audit.actions import record
from oslonac.cases import queries
from oslonac.cases.duties import reckoning
from oslonac.cases.models import Case
from oslonac.cases.rules import CaseStatus
from oslonac.country import country
from oslonac.kit.errors import Denied, Invalid, Refused
from oslonac.protocols import editions, projection
from oslonac.vault.row_policy import Bypass

M = TypeVar("M", bound=models.Model)


def require_case(
    actor: Actor, case: Case, *, at: datetime, level: Level = Level.CASE, open_only: bool = True
) -> None:
    """The actor has a grant that reaches far enough, and the case is open."""
    policy.require_level(actor, RecordKind.CASE, case.pk, level, at=at)
    if open_only and case.status != CaseStatus.OPEN:
        from django.utils.translation import gettext as _

        raise Refused("case.closed", _("The case is closed. Re-open it first."))


def require_whereabouts(actor: Actor, case: Case, *, at: datetime) -> None:
    """The actor sees where the child lives: nobody lets others see more than they see."""
    if not policy.reach(actor, case.pk, at=at).whereabouts:
        raise Denied("level.whereabouts", record=case.pk)


def require_centre(
    actor: Actor,
    case: Case,
    permission: Permission,
    *,
    at: datetime,
    level: Level = Level.CASE,
    open_only: bool = True,
) -> None:
    """As `require_case`, and the actor decides for the centre that is responsible."""
    require_case(actor, case, at=at, level=level, open_only=open_only)
    policy.require_at(actor, permission, case.organisation_id, record=case.pk)


def require_reader(user: User, *, at: datetime, field: str) -> None:
    """Raise Invalid for somebody whose posts open no case at all: administrators, analysts,
    interpreters. A grant would show them what their role keeps them from."""
    if not may_ever(user, Permission.CASE_READ, at=at):
        from django.utils.translation import gettext as _

        raise Invalid({field: _("This person's role cannot open cases. Choose somebody else.")})


def record_event(
    name: str,
    *,
    actor: Actor,
    at: datetime,
    case: Case,
    subject: models.Model,
    fields: Iterable[str] = (),
    data: Mapping[str, Any] | None = None,
) -> None:
    """Record an event of a case and bring its obligations up to date, in this transaction."""
    acting = actor.first_at(case.organisation_id)
    record(name, actor=acting, at=at, subject=subject, case_id=case.pk, fields=fields, data=data)
    refresh(case)


@reader.bypass(Bypass.PROJECTION)
def refresh(case: Case) -> None:
    """Recompute a case's obligations and the projections lists sort by."""
    # Concurrent actions on one case would each replay without the other's event.
    Case.objects.select_for_update().only("pk").get(pk=case.pk)
    events = queries.told_of(case)
    procedure = editions.procedure_of(case.procedures_id)
    duties = procedure(events, queries.facts_of(case), country().calendar)
    projection.refresh(case.pk, duties)
    soonest, alone = reckoning.sorted_by(duties, events)
    if soonest != case.next_due_at or alone != case.last_alone_at:
        Case.objects.filter(pk=case.pk).update(next_due_at=soonest, last_alone_at=alone)
        case.next_due_at, case.last_alone_at = soonest, alone


def not_future(moment: datetime, at: datetime, field: str) -> datetime:
    """A moment that lies in the past. Five minutes are forgiven to unsteady clocks."""
    from datetime import timedelta

    from django.utils.translation import gettext as _

    if moment > at + timedelta(minutes=5):
        raise Invalid({field: _("This is in the future.")})
    return min(moment, at)
