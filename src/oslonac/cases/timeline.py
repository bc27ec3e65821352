"""What happened in a case, in sentences and as a picture.

Sentences are made from codes in the events; what people wrote is added by the caller as far as
the reader may see it. The sentences stand in the `events.py` of each room (`audit.events`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import formats
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from oslonac.access import roles
from oslonac.audit.events import EVENTS
from oslonac.audit.models import Event as Recorded
from oslonac.cases import moments
from oslonac.web.drawings.timeline import Item, Lane, Tick, draw_timeline, timeline_lines
from oslonac.web.shapes import Event

LATE_ENTRY = timedelta(hours=1)
WINDOW = timedelta(days=120)
AHEAD = timedelta(days=45)
LANE_LIMIT = 14
TICKS = 7


def happened_at(event: Recorded) -> datetime:
    told = event.data.get("happened_at")
    return datetime.fromisoformat(told) if told else event.at


def title_of(event: Recorded) -> str:
    """The sentence of an event, in the words of the room that recorded it."""
    declared = EVENTS.get(event.name)
    return declared.sentence(event.data) if declared else event.name


def listed(
    events: Iterable[Recorded],
    names: Mapping[UUID, str],
    texts: Mapping[UUID, str],
    limit: int | None = None,
) -> list[Event]:
    """The latest events for reading, the last one first. `texts`: what the reader may see of a
    record, told once, at its first event."""
    told: set[UUID] = set()
    lines = []
    ordered = sorted(events, key=lambda e: (happened_at(e), e.id))
    first = max(0, len(ordered) - limit) if limit is not None else 0
    for number, event in enumerate(ordered):
        record_id, text = event.record_id, ""
        if record_id is not None and record_id not in told and record_id in texts:
            told.add(record_id)
            text = texts[record_id]
        if number < first:
            continue
        lines.append(_line(event, names, text))
    return lines[::-1]


def _line(event: Recorded, names: Mapping[UUID, str], text: str) -> Event:
    declared = EVENTS.get(event.name)
    when = happened_at(event)
    late = event.at - when > LATE_ENTRY
    entered = _("recorded %(moment)s") % {"moment": moments.short(event.at)} if late else ""
    return Event(
        when=moments.short(when),
        who=who_of(event, names),
        title=title_of(event),
        text=text,
        when_iso=moments.iso(when),
        kind=declared.kind if declared else "ok",
        late_entry=entered,
        anchor=f"event-{event.id}",
        flags=declared.flags(event.data) if declared and declared.flags else (),
    )


def who_of(event: Recorded, names: Mapping[UUID, str]) -> str:
    """Name and role of whoever acted."""
    name = names.get(event.actor_id, "") if event.actor_id else _("the system")
    role = roles.label(event.role) if event.role else ""
    return ", ".join(part for part in (name, role) if part)


@dataclass(frozen=True)
class Picture:
    svg: str
    lines: Sequence[str]
    from_day: str


def draw(lanes: Sequence[Lane], began: datetime, at: datetime, *, direction: str) -> Picture:
    """The lanes over a stretch of time in which something can be seen."""
    filled = [Lane(lane.label, _latest(lane.items, at)) for lane in lanes if lane.items]
    start, end = _span([item for lane in filled for item in lane.items], began, at)
    length = end - start
    span = (start - length * 0.02, end + length * 0.06)
    svg = draw_timeline(
        filled,
        span,
        at,
        880,
        ticks=_ticks(start, end),
        title=_("Timeline of the case"),
        description=_("From %(first)s to %(last)s.")
        % {"first": moments.day(start), "last": moments.day(end)},
        now_label=_("now"),
        direction=direction,
    )
    return Picture(svg, timeline_lines(filled), moments.day(start))


def _span(items: Sequence[Item], began: datetime, at: datetime) -> tuple[datetime, datetime]:
    """From the beginning (at most some months back) to what is due soon. A case that rested
    for long shows the last months in which something happened, for an empty picture says less.
    """
    start = max(began, at - WINDOW)
    ends = [item.end or item.start for item in items]
    end = min(max([*ends, at + timedelta(days=2)]), at + AHEAD)
    seen = [
        item
        for item in items
        if item.start <= end and (item.open_end or (item.end or item.start) >= start)
    ]
    if items and not seen:
        last = max(ends)
        start, end = max(min(began, last), last - WINDOW), last + timedelta(days=7)
    return start, end


def _latest(items: Sequence[Item], at: datetime) -> list[Item]:
    """The nearest in time, when a lane holds more than can be read."""
    near = sorted(items, key=lambda i: abs(((i.end or i.start) - at).total_seconds()))
    return sorted(near[:LANE_LIMIT], key=lambda i: i.start)


def _ticks(start: datetime, end: datetime) -> list[Tick]:
    days = max(1, (end - start).days)
    step = next((n for n in (1, 2, 4, 7, 14, 28) if days / n <= TICKS), 56)
    day = localtime(start).replace(hour=0, minute=0, second=0, microsecond=0)
    ticks = []
    while day < end:
        ticks.append(Tick(day, formats.date_format(day, pgettext("date format, short", "j M"))))
        day += timedelta(days=step)
    return ticks
