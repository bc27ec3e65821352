"""Operations on the own notices and absences."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from ninja import Query, Router
from pydantic import Field

from oslonac.access.roles import Permission
from oslonac.accounts.api_operations import ApiRequest, operation, performed
from oslonac.accounts.api_problems import shape_of
from oslonac.accounts.api_types import Day, Id, In, Out, Page, PageIn, paged
from oslonac.notices import actions, queries, shapes
from oslonac.notices.models import Absence, Notice

router = Router(tags=["Notices"])
ORDER = ("-raised_at", "-id")
MOST_SEEN = 500


class NoticeOut(Out):
    """One line of the inbox. What it is about is told only as far as the reader's grants go."""

    id: UUID
    kind: str = Field(description="Stable code of what is told.")
    title: str
    sentence: str
    about: str = Field(description="The record as the reader may know it; may be empty.")
    url: str = Field(description="The page of the record; empty: not to be opened any more.")
    record_kind: str
    record_id: UUID | None
    by: str = Field(description="Who caused it; empty: time did.")
    urgent: bool
    raised_at: datetime
    seen_at: datetime | None
    over_at: datetime | None = Field(description="When what it says was over.")


class SeenIn(In):
    notices: Annotated[list[Id], Field(min_length=1, max_length=MOST_SEEN)]


class UnseenOut(Out):
    unseen: int


class AbsenceIn(In):
    """`user`: oneself where it is missing; a colleague for whoever leads their office."""

    user: Id | None = None
    starts_on: Day
    ends_on: Day


class AbsenceOut(Out):
    id: UUID
    user: UUID
    starts_on: date
    ends_on: date
    ended_at: datetime | None


def notices_out(request: ApiRequest, rows: Sequence[Notice]) -> list[NoticeOut]:
    lines = shapes.lines(request.actor, rows, request.at)
    return [
        NoticeOut(
            id=row.pk,
            kind=row.kind,
            title=str(lines[row.pk].title),
            sentence=str(lines[row.pk].sentence),
            about=lines[row.pk].about,
            url=lines[row.pk].url,
            record_kind=row.record_kind if lines[row.pk].url else "",
            record_id=row.record_id if lines[row.pk].url else None,
            by=lines[row.pk].by,
            urgent=row.urgent,
            raised_at=row.raised_at,
            seen_at=row.seen_at,
            over_at=row.over_at,
        )
        for row in rows
    ]


@shape_of(Absence)
def absence_out(request: ApiRequest, row: Absence) -> AbsenceOut:
    return AbsenceOut(
        id=row.pk,
        user=row.user_id,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        ended_at=row.ended_at,
    )


@operation(router, "GET", "/notices", Permission.SIGNED_IN)
def list_notices(request: ApiRequest, page: Query[PageIn], unseen: bool = False) -> Page[NoticeOut]:
    """Lists your notices, newest first. Reading the list does not mark them as seen."""
    rows = queries.unseen(request.actor) if unseen else queries.inbox(request.actor)
    return paged(rows, page, lambda found: notices_out(request, found), order=ORDER)  # type: ignore[return-value]


@operation(router, "POST", "/notices/seen", Permission.SIGNED_IN)
def mark_notices_seen(request: ApiRequest, body: SeenIn) -> UnseenOut:
    """Marks some of your notices as seen. Notices of others are ignored."""
    actions.see(
        request.actor, queries.inbox(request.actor).filter(pk__in=body.notices), at=request.at
    )
    return UnseenOut(unseen=queries.unseen_count(request.actor))


@operation(router, "GET", "/absences", Permission.SIGNED_IN)
def list_absences(request: ApiRequest) -> list[AbsenceOut]:
    """Lists current and planned absences: your own, and those of colleagues you supervise."""
    led = [user.pk for user in queries.led_by(request.actor, at=request.at)]
    rows = queries.absences([*led, *_own(request)], at=request.at)
    return [absence_out(request, row) for row in rows]


def _own(request: ApiRequest) -> list[UUID]:
    return [request.actor.user_id] if request.actor.user_id else []


@operation(router, "POST", "/absences", actions.record_absence, status=201)
def record_absence(request: ApiRequest, body: AbsenceIn) -> AbsenceOut:
    """Records the days on which somebody is away. Reminders then go to the supervisor."""
    return performed(
        request,
        actions.record_absence,
        user_id=body.user or request.actor.user_id,
        starts_on=body.starts_on,
        ends_on=body.ends_on,
    )


@operation(router, "POST", "/absences/{absence_id}/end", actions.end_absence)
def end_absence(request: ApiRequest, absence_id: Id) -> AbsenceOut:
    """Ends an absence, or removes one recorded by mistake."""
    return performed(request, actions.end_absence, absence_id=absence_id)
