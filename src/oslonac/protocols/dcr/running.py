"""Running clocks: when a raised response is due, and the recorded decisions that move it.

Decisions are events of a case: `clock.suspended`, `clock.resumed`, `clock.extended`,
`clock.excepted`, with data `activity` (an id, or * for all), `subject` where one copy is meant, and
for an extension `amount` and `unit`, or `until` (a date). What was decided holds for the duty, not
for one event that raised it: a later event that raises it again while it runs does not undo it.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from oslonac.kit.calendars import WorkCalendar
from oslonac.protocols.dcr import time as clock
from oslonac.protocols.dcr.expressions import UNKNOWN_ANSWERS, Values
from oslonac.protocols.dcr.marking import Copy, Event, Raised

SUSPENDED, RESUMED, EXTENDED = "clock.suspended", "clock.resumed", "clock.extended"
EXCEPTED = "clock.excepted"
CONTROLS = frozenset({SUSPENDED, RESUMED, EXTENDED, EXCEPTED})


def change(pending: Iterable[Raised], event: Event) -> None:
    """A recorded decision stops, restarts or lengthens the running clocks it is about."""
    for raised in pending:
        if not about(event, raised.copy):
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


def about(event: Event, copy: Copy) -> bool:
    """Whether a decision is about a duty."""
    wanted, subject = event.data.get("activity"), event.data.get("subject")
    # The beginning of an activity (`id.started`) goes by the activity's name.
    if wanted not in ("*", copy[0], copy[0].split(".")[0]):
        return False
    return subject in UNKNOWN_ANSWERS or str(subject) == copy[1]


def excepts(event: Event, raised: Raised) -> bool:
    """Whether a decision makes an exception of a duty: it is not asked in this case."""
    return event.name == EXCEPTED and about(event, raised.copy)


def carried(
    before: Raised, event: Event, facts: Values, calendar: WorkCalendar
) -> list[tuple[Any, clock.Pause | clock.Extension]]:
    """What was decided about a running duty, for the clock that a later event gives it."""
    kept: list[tuple[Any, clock.Pause | clock.Extension]] = []
    extended = [id_ for id_, was in before.changes if isinstance(was, clock.Extension)]
    if extended and (moment := due(before, facts, calendar)) is not None:
        kept.append((extended[-1], clock.Extension(None, None, moment)))
    for id_, was in before.changes:
        if isinstance(was, clock.Pause) and was.end is None:
            kept.append((id_, clock.Pause(event.at, None)))
    return kept


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
    named = False  # the last day is one that somebody decided on
    for _, was in raised.changes:
        if moment is None:
            break
        if isinstance(was, clock.Pause):
            moment = clock.after_pause(moment, deadline.amount, was, calendar)
        else:
            later = clock.extended(moment, was, calendar)
            named = was.amount is None if later > moment else named
            moment = later
    return clock.rolled(moment, calendar) if moment and deadline.rolls and not named else moment
