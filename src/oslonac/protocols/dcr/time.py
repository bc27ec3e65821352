"""Deadlines and delays: when a response is due, when a delayed condition is met.

The timed papers count ticks since an execution. A law counts hours, days, working days or months
on a calendar, so instants are kept instead and the calendar is asked. Both say the same: a
response with deadline d raised at t is due at t + d.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from oslonac.kit.calendars import Amount, Unit, WorkCalendar
from oslonac.protocols.dcr.expressions import Evaluate

# Nothing in a child's file runs longer than this; larger numbers are slips of the pen.
LONGEST = {
    Unit.HOURS: 24 * 366 * 30,
    Unit.CALENDAR_DAYS: 366 * 30,
    Unit.WORKING_DAYS: 260 * 10,
    Unit.MONTHS: 12 * 30,
}


@dataclass(frozen=True)
class Deadline:
    """How long a response may take: an amount from a start, or a date that an event brings.

    `start` finds the instant the clock starts from (None: the event that raised the response);
    `day` finds a date. `as_before` takes over the start of the last such obligation, and its
    deadline too when no amount is given: a reopened promise, a stay that may last longer.
    Where `rolls` is not set nothing is known of days without work: the deadline stands.
    """

    amount: Amount | None = None
    start: Evaluate | None = None
    day: Evaluate | None = None
    as_before: bool = False
    start_text: str = ""
    day_text: str = ""
    # Ends on the next working day where it would end on a day without work; by which source.
    rolls: bool = False
    rolls_by: str = ""


@dataclass(frozen=True)
class Pause:
    """A clock stood still by a recorded decision; `end` is None while it still does."""

    start: datetime
    end: datetime | None


@dataclass(frozen=True)
class Extension:
    """A recorded decision that gives more time: an amount on top, or a new last day. `moment`: it
    was decided about a clock that a later event replaced, and holds for the new one too."""

    amount: Amount | None
    day: date | None
    moment: datetime | None = None


def due(since: datetime, amount: Amount, calendar: WorkCalendar) -> datetime:
    """When something that started at `since` is due, in UTC."""
    if amount.unit is Unit.HOURS:
        return since.astimezone(UTC) + timedelta(hours=amount.count)
    return _due_by_day(since.astimezone(_zone(calendar.zone)).date(), amount, calendar)


# A calendar day has one answer, and a case asks for the same days again and again.
@lru_cache(maxsize=65536)
def _due_by_day(day: date, amount: Amount, calendar: WorkCalendar) -> datetime:
    noon = datetime.combine(day, time(12), _zone(calendar.zone))
    return calendar.deadline(noon, amount)


@lru_cache(maxsize=4096)
def end_of(day: date, calendar: WorkCalendar) -> datetime:
    """The last minute of a local day, in UTC."""
    return datetime.combine(day, time(23, 59), _zone(calendar.zone)).astimezone(UTC)


@lru_cache(maxsize=16)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def after_pause(
    due_at: datetime, amount: Amount | None, pause: Pause, calendar: WorkCalendar
) -> datetime:
    """A deadline moved by as much as the clock stood still, counted in the clock's own unit.

    A clock of hours moves by the elapsed time; one of days ends with a day again, as many days
    later as passed while it stood (working days: as many working days).
    """
    if pause.end is None or pause.end <= pause.start or pause.start >= due_at:
        return due_at
    if amount is not None and amount.unit is Unit.HOURS:
        return due_at + (pause.end - pause.start)
    zone = _zone(calendar.zone)
    first, last = pause.start.astimezone(zone).date(), pause.end.astimezone(zone).date()
    day = due_at.astimezone(zone).date()
    if amount is not None and amount.unit is Unit.WORKING_DAYS:
        span = range(1, (last - first).days + 1)
        stood = sum(calendar.is_working_day(first + timedelta(days=n)) for n in span)
        return end_of(calendar.add_working_days(day, stood), calendar)
    return end_of(day + (last - first), calendar)


def extended(due_at: datetime, extension: Extension, calendar: WorkCalendar) -> datetime:
    """A deadline after an extension. An extension never shortens."""
    later = due_at
    if extension.amount is not None:
        later = due(due_at, extension.amount, calendar)
    elif extension.day is not None:
        later = end_of(extension.day, calendar)
    elif extension.moment is not None:
        later = extension.moment
    return max(due_at, later)


def rolled(due_at: datetime, calendar: WorkCalendar) -> datetime:
    """The end of the next working day where a moment lies on a day without work."""
    day = due_at.astimezone(_zone(calendar.zone)).date()
    if calendar.is_working_day(day):
        return due_at
    return end_of(calendar.add_working_days(day, 1), calendar)


# Beyond these a moment is a slip of the pen, and arithmetic on it would overflow.
FIRST_YEAR, LAST_YEAR = 1900, 2200


def as_day(value: Any) -> date | None:
    """A date from an event's data, or None when it is no date, or an absurd one."""
    if isinstance(value, datetime):
        value = value.date()
    if not isinstance(value, date):
        try:
            value = date.fromisoformat(str(value)[:10])
        except ValueError:
            return None
    return value if FIRST_YEAR <= value.year <= LAST_YEAR else None


def as_instant(value: Any) -> datetime | None:
    """An aware instant from a fact or an event's data, or None when it is none, or absurd."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime) or value.tzinfo is None:
        return None
    return value if FIRST_YEAR <= value.year <= LAST_YEAR else None


def amount_from(count: Any, unit: Any) -> Amount | None:
    """An amount from an event's data, or None when it makes no sense or is absurd."""
    try:
        found = Amount(int(count), Unit(unit))
    except (TypeError, ValueError):
        return None
    return found if 0 < found.count <= LONGEST[found.unit] else None
