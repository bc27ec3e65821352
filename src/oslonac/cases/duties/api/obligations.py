"""Obligations: what must be done, by whom, until when and on what ground."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from ninja import Query, Router
from pydantic import Field

from oslonac.access.actor import holders_of
from oslonac.access.roles import Permission
from oslonac.accounts.queries import withheld
from oslonac.cases.api.base import find
from oslonac.cases.duties.steps import fulfilling
from oslonac.cases.models import Case
from oslonac.kit.clock import local_day
from oslonac.protocols import catalogue, queries
from oslonac.protocols.models import Obligation, State
from oslonac.web.api import (
    ApiRequest,
    Id,
    Out,
    Page,
    PageIn,
    StaffRef,
    operation,
    paged,
    staff,
)

router = Router(tags=["Obligations"])
ORDER = ("due_at", "id")
MOST_TODAY = 500


class ObligationOut(Out):
    """One obligation of a case, with its ground."""

    id: UUID
    case_id: UUID
    case_number: str
    activity: str = Field(description="Stable code of what must be done.")
    title: str
    state: State
    role: str = Field(description="The role that is responsible.")
    responsible: StaffRef | None = Field(description="The person, where one is named.")
    organisation_id: UUID | None
    subject_id: UUID | None = Field(description="The record it is about, such as a promise.")
    since: datetime
    due_at: datetime | None
    done_at: datetime | None
    overdue: bool
    source: str
    source_title: str
    verified: bool = Field(description="False: guidance, never counted as a breach of law.")
    step: str = Field(
        description="The step that fulfils it; `duty`: recorded as done, with its evidence."
    )
    protocol: str = Field(description="The procedure that asks for it.")
    how: str = Field(description="Guidance: how it is done.")
    evidence: str = Field(description="What shows that it was done.")
    why: list[UUID] = Field(description="The ledger events from which it follows.")


class TodayOut(Out):
    """One's own open obligations by urgency, days counted in the country's time zone."""

    at: datetime
    overdue: list[ObligationOut]
    today: list[ObligationOut]
    this_week: list[ObligationOut] = Field(description="Due within the next seven days.")
    later: int = Field(description="How many are due later or have no date.")


def obligations_out(request: ApiRequest, rows: Sequence[Obligation]) -> list[ObligationOut]:
    numbers = dict(
        Case.objects.filter(pk__in={row.case_id for row in rows}).values_list("pk", "number")
    )
    people = staff(row.user_id for row in rows)
    untold = withheld(request.actor.user_id)
    return [
        ObligationOut(
            case_number=numbers[row.case_id],
            organisation_id=None if row.organisation_id in untold else _asked_of(request, row),
            responsible=people.get(row.user_id),
            overdue=row.state == State.OPEN and row.due_at is not None and row.due_at < request.at,
            **_ground(row),
            **{name: getattr(row, name) for name in _PLAIN},
        )
        for row in rows
    ]


def _asked_of(request: ApiRequest, row: Obligation) -> UUID | None:
    """The office that a duty is asked of. What rose to another office does not name it: it may be
    the house where the person lives."""
    office = row.organisation_id
    if office is None or row.user_id is not None or office in request.actor.organisation_ids:
        return office
    return office if row.principal == holders_of(row.role, office) else None


_PLAIN = [
    "id",
    "case_id",
    "activity",
    "state",
    "role",
    "subject_id",
    "since",
    "due_at",
    "done_at",
    "source",
    "verified",
    "why",
]


def _ground(row: Obligation) -> dict[str, Any]:
    found = catalogue.entry(row.activity)
    return {
        "title": found.title if found else row.activity,
        "protocol": found.protocol.id if found else "",
        "how": found.how if found else "",
        "evidence": found.evidence if found else "",
        "step": fulfilling.where(row)[0],
        "source_title": found.source(row.source) if found else row.source,
    }


@operation(router, "GET", "/today", Permission.SIGNED_IN)
def get_today(request: ApiRequest) -> TodayOut:
    """Lists your tasks: overdue, today, this week."""
    rows = list(queries.open_for(request.actor, at=request.at)[:MOST_TODAY])
    shown = obligations_out(request, rows)
    zone = ZoneInfo(settings.TIME_ZONE)
    tomorrow = datetime.combine(local_day(request.at) + timedelta(days=1), time(), zone)
    dated = [each for each in shown if each.due_at is not None and not each.overdue]
    due_by = [(each, each.due_at) for each in dated if each.due_at is not None]
    week = tomorrow + timedelta(days=6)
    overdue = [each for each in shown if each.overdue]
    today = [each for each, due in due_by if due < tomorrow]
    this_week = [each for each, due in due_by if tomorrow <= due < week]
    return TodayOut(
        at=request.at,
        overdue=overdue,
        today=today,
        this_week=this_week,
        later=len(shown) - len(overdue) - len(today) - len(this_week),
    )


@operation(router, "GET", "/obligations", Permission.SIGNED_IN)
def list_obligations(request: ApiRequest, page: Query[PageIn]) -> Page[ObligationOut]:
    """Lists your open obligations, the earliest deadline first."""
    rows = queries.open_for(request.actor, at=request.at)
    return paged(rows, page, lambda found: obligations_out(request, found), order=ORDER)  # type: ignore[return-value]


@operation(router, "GET", "/obligations/team", Permission.TEAM_READ)
def list_overdue_of_team(request: ApiRequest, page: Query[PageIn]) -> Page[ObligationOut]:
    """Lists the overdue obligations of colleagues at your organisations, oldest first."""
    rows = queries.overdue_in(request.actor, request.actor.organisation_ids, at=request.at)
    return paged(rows, page, lambda found: obligations_out(request, found), order=ORDER)  # type: ignore[return-value]


@operation(router, "GET", "/cases/{case_id}/obligations", Permission.CASE_READ)
def list_case_obligations(
    request: ApiRequest, case_id: Id, page: Query[PageIn]
) -> Page[ObligationOut]:
    """Lists all obligations of a case: open, done and no longer needed."""
    rows = queries.of_case(find(request, case_id).pk)
    return paged(rows, page, lambda found: obligations_out(request, found), order=ORDER)  # type: ignore[return-value]
