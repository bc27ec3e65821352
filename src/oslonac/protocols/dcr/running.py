"""Running clocks: when a raised response is due, and the recorded decisions that move it.

Decisions are events of a case: `clock.suspended`, `clock.resumed`, `clock.extended`, with data
`activity` (an id, or * for all), `subject` where one copy is meant, and for an extension `amount`
and `unit`, or `until` (a date).
"""

from collections.abc import Iterable
from datetime import datetime

from oslonac.kit.calendars import WorkCalendar
from oslonac.protocols.dcr import time as clock
from oslonac.protocols.dcr.expressions import UNKNOWN_ANSWERS, Values
from oslonac.protocols.dcr.marking import Event, Raised

SUSPENDED, RESUMED, EXTENDED = "clock.suspended", "clock.resumed", "clock.extended"
CONTROLS = frozenset({SUSPENDED, RESUMED, EXTENDED})


def change(pending: Iterable[Raised], event: Event) -> None:
    """A recorded decision stops, restarts or lengthens the running clocks it is about."""
    for raised in pending:
        if not _about(event, raised):
            continue
        paused = pause_of(raised)
        if event.name == SUSPENDED and paused is None:
            raised.changes.append((event.id, clock.Pause(event.at, None)))
        elif event.name == RESUMED and paused is not None:
            place = [was is paused for _, was in raised.changes].index(True)
            raised.changes[place] = (raised.changes[place][0], clock.Pause(paused.start, event.at))
        elif event.name == EXTENDED:
            amount = clock.amount_from(event.data.get("amount"), event.data.get("unit"))
            day = clock.as_day(event.data.get("until"))
            raised.changes.append((event.id, clock.Extension(amount, day)))


def _about(event: Event, raised: Raised) -> bool:
    wanted, subject = event.data.get("activity"), event.data.get("subject")
    # The beginning of an activity (`id.started`) goes by the activity's name.
    if wanted not in ("*", raised.copy[0], raised.copy[0].split(".")[0]):
        return False
    return subject in UNKNOWN_ANSWERS or str(subject) == raised.copy[1]


def pause_of(raised: Raised) -> clock.Pause | None:
    """The suspension a clock is in, if any."""
    for _, was in raised.changes:
        if isinstance(was, clock.Pause) and was.end is None:
            return was
    return None


def due(raised: Raised, facts: Values, calendar: WorkCalendar) -> datetime | None:
    """When a raised response is due, suspensions and extensions counted in."""
    deadline = raised.response.deadline if raised.response else None
    if deadline is None:
        return None
    moment: datetime | None = None
    if deadline.day is not None:
        day = clock.as_day(deadline.day(facts, raised.event.data))
        moment = clock.end_of(day, calendar) if day else None
    elif deadline.amount is not None:
        moment = clock.due(raised.since, deadline.amount, calendar)
    for _, was in raised.changes:
        if moment is None:
            break
        if isinstance(was, clock.Pause):
            moment = clock.after_pause(moment, deadline.amount, was, calendar)
        else:
            moment = clock.extended(moment, was, calendar)
    return moment
