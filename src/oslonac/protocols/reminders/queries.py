"""Reminders on pages: who gets the next, who got one, what is muted and why."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from oslonac.protocols.models import Mute, Obligation, Reminder
from oslonac.protocols.reminders.people import Key, mutes_of
from oslonac.protocols.reminders.plan import Level, Moment, moments
from oslonac.protocols.reminders.sending import calendar, plan, watched


@dataclass(frozen=True)
class Heard:
    """Somebody above was told of a duty."""

    user_id: UUID
    at: datetime


@dataclass(frozen=True)
class State:
    """Of one duty: mutes in force, who above heard of its present deadline, the next to hear."""

    mutes: tuple[Mute, ...] = ()
    heard: tuple[Heard, ...] = ()
    next_above: Moment | None = None


def rows_of_case(case_id: UUID, at: datetime) -> dict[str, Callable[[], QuerySet[Any]]]:
    """What `states` reads of one case, for callers that read it with other things."""
    return {
        "mutes": lambda: Mute.objects.filter(
            case_id=case_id, ended_at__isnull=True, starts_at__lte=at, until__gt=at
        ),
        "heard": lambda: _above(Reminder.objects.filter(case_id=case_id)),
    }


def states(
    duties: Iterable[Obligation], *, at: datetime, rows: Mapping[str, list[Any]] | None = None
) -> dict[UUID, State]:
    """By obligation, in two queries whatever their number; in none where the caller read `rows`
    (`rows_of_case`)."""
    listed = list(duties)
    if rows is None:
        muted, heard = mutes_of(listed, at=at), _heard(listed, _sent(listed))
    else:
        muted, heard = _by_key(rows["mutes"]), _heard(listed, rows["heard"])
    return {
        duty.pk: State(
            tuple(muted.get((duty.case_id, duty.key), ())),
            tuple(heard.get((duty.case_id, duty.key), ())),
            next_above(duty, at=at),
        )
        for duty in listed
    }


def muted_of_case(case_id: UUID, *, at: datetime) -> list[Mute]:
    """Mutes in force on the reminders of a case, the soonest over first."""
    standing = Mute.objects.filter(case_id=case_id, ended_at__isnull=True, until__gte=at)
    return list(standing.order_by("until", "id"))


def next_above(duty: Obligation, *, at: datetime) -> Moment | None:
    """When the next level above hears of a duty that is not done by then."""
    planned = moments(plan(), watched(duty), calendar())
    return next((m for m in planned if m.at > at and m.level is not Level.RESPONSIBLE), None)


def _by_key(mutes: Iterable[Mute]) -> dict[Key, list[Mute]]:
    found: dict[Key, list[Mute]] = defaultdict(list)
    for mute in sorted(mutes, key=lambda mute: mute.starts_at):
        found[mute.case_id, mute.obligation].append(mute)
    return found


def _above(rows: QuerySet[Reminder]) -> QuerySet[Reminder]:
    """Reminders that told somebody above, not whoever is responsible."""
    return rows.filter(notice__isnull=False).exclude(level=Level.RESPONSIBLE, instead=False)


def _sent(duties: list[Obligation]) -> Iterable[Reminder]:
    return _above(Reminder.objects.filter(case_id__in={duty.case_id for duty in duties}))


def _heard(duties: list[Obligation], rows: Iterable[Reminder]) -> dict[Key, list[Heard]]:
    due = {(duty.case_id, duty.key): duty.due_at for duty in duties}
    found: dict[Key, list[Heard]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.at):
        if due.get((row.case_id, row.key)) == row.due_at:
            found[row.case_id, row.key].append(Heard(row.user_id, row.at))
    return found
