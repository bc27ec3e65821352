"""What happened in a case, in sentences and as a picture.

Sentences are made from codes in the events; what people wrote is added by the caller as far as
the reader may see it. Packages above add their own sentences with `tell`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import formats
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from oslonac.access import roles
from oslonac.access.rules import Scope
from oslonac.audit.models import Event as Recorded
from oslonac.cases import moments, rules, trust_rules
from oslonac.directory import codes
from oslonac.protocols import catalogue
from oslonac.web.drawings.timeline import Item, Lane, Tick, draw_timeline, timeline_lines
from oslonac.web.shapes import Event, Flag, Kind

LATE_ENTRY = timedelta(hours=1)
WINDOW = timedelta(days=120)
AHEAD = timedelta(days=45)
LANE_LIMIT = 14
TICKS = 7


@dataclass(frozen=True)
class Telling:
    """How an event is told: a sentence, or a function of its data that makes one."""

    title: Any
    kind: Kind = "ok"
    flags: Callable[[Mapping[str, Any]], Sequence[Flag]] | None = None


def _label(kind: type, code: Any) -> str:
    try:
        return str(kind(code).label)
    except ValueError:
        return str(code or "")


def _titled(sentence: Any, part: Callable[[Mapping[str, Any]], str]) -> Callable[..., str]:
    return lambda data: f"{sentence}: {part(data)}" if part(data) else str(sentence)


def _contact_flags(data: Mapping[str, Any]) -> Sequence[Flag]:
    flags = []
    if data.get("alone") == rules.AloneWithChild.YES:
        flags.append(Flag(_("alone with the child"), "ok"))
    if data.get("language"):
        flags.append(Flag(codes.title("languages", data["language"]), "calm", "language"))
    return flags


_L = gettext_lazy
TELLINGS: dict[str, Telling] = {
    "case.opened": Telling(
        _titled(_L("Case opened, priority"), lambda d: _label(rules.Priority, d.get("priority"))),
        "alert",
    ),
    "case.assigned": Telling(_L("Case manager assigned"), "calm"),
    "case.closed": Telling(
        _titled(_L("Case closed"), lambda d: codes.title("closure_reasons", d.get("code", "")))
    ),
    "case.reopened": Telling(
        _titled(_L("Case opened again"), lambda d: codes.title("reopening_reasons", d["code"])),
        "alert",
    ),
    "priority.changed": Telling(
        _titled(_L("Priority changed"), lambda d: _label(rules.Priority, d.get("priority"))),
        "warn",
    ),
    "pathway.changed": Telling(_L("The child stays: full case management"), "calm"),
    "best_interest.decided": Telling(_L("Decision on the best interests of the child")),
    "whereabouts.restricted": Telling(
        lambda d: (
            _("Whereabouts restricted") if d.get("restricted") else _("Whereabouts open again")
        ),
        "warn",
    ),
    "grant.given": Telling(_L("Access given"), "calm"),
    "grant.ended": Telling(_L("Access ended"), "calm"),
    "consent.recorded": Telling(
        _titled(_L("Consent"), lambda d: _label(trust_rules.ConsentStatus, d.get("status")))
    ),
    "consent.withdrawn": Telling(_L("Consent taken back: what rested on it has ended"), "warn"),
    "conflict.declared": Telling(_L("A colleague declared a conflict of interest"), "warn"),
    "block.set": Telling(
        _titled(_L("Somebody is kept away from"), lambda d: _label(Scope, d.get("scope"))), "warn"
    ),
    "block.lifted": Telling(_L("A block was lifted"), "calm"),
    "tie.noted": Telling(_L("Noted who stands with somebody in the case"), "calm"),
    "emergency.opened": Telling(_L("Opened in an emergency, without a duty in the case"), "alert"),
    "emergency.given_back": Telling(_L("Emergency ended before its time"), "calm"),
    "emergency.reviewed": Telling(
        _titled(
            _L("Emergency reviewed"),
            lambda d: _label(trust_rules.EmergencyOutcome, d.get("outcome")),
        ),
        "warn",
    ),
    "own_request.made": Telling(
        _titled(_L("Asked about the own file"), lambda d: _label(trust_rules.OwnAsk, d.get("kind")))
    ),
    "own_request.answered": Telling(
        _titled(_L("Answered"), lambda d: _label(trust_rules.AskStatus, d.get("status")))
    ),
    "own_request.told": Telling(_L("The answer was handed over and explained"), "calm"),
    "own_request.withdrawn": Telling(
        _L("What was asked about the own file was taken back"), "calm"
    ),
    "concern.raised": Telling(
        _titled(_L("Concern raised"), lambda d: codes.title("concerns", d.get("kind", ""))),
        "alert",
    ),
    "concern.notified": Telling(_L("The body that identifies victims was told"), "warn"),
    "concern.decided": Telling(
        _titled(_L("Concern decided"), lambda d: _label(rules.ConcernDecision, d.get("decision"))),
        "warn",
    ),
    "assessment.begun": Telling(
        _titled(_L("Assessment begun"), lambda d: _label(rules.AssessmentKind, d.get("kind")))
    ),
    "assessment.saved": Telling(_L("Assessment written on"), "calm"),
    "assessment.completed": Telling(
        _titled(_L("Assessment completed"), lambda d: _label(rules.AssessmentKind, d.get("kind")))
    ),
    "contact.made": Telling(
        lambda d: capfirst(_label(rules.ContactKind, d.get("kind"))), flags=_contact_flags
    ),
    "plan.drafted": Telling(_L("Plan begun"), "calm"),
    "plan.in_force": Telling(_L("Plan put into force")),
    "plan.reviewed": Telling(
        _titled(_L("Plan reviewed"), lambda d: _label(rules.ReviewOutcome, d.get("outcome")))
    ),
    "goal.added": Telling(
        _titled(_L("Goal added"), lambda d: codes.title("plan_goal_domains", d.get("domain", ""))),
        "calm",
    ),
    "goal.saved": Telling(_L("Goal changed"), "calm"),
    "activity.planned": Telling(_L("Activity planned"), "calm"),
    "activity.ended": Telling(
        _titled(_L("Activity"), lambda d: _label(rules.ActivityStatus, d.get("status")))
    ),
    "activity.reopened": Telling(_L("Activity open again"), "calm"),
    "promise.made": Telling(_L("Promised to the child")),
    "promise.ended": Telling(
        _titled(_L("Promise"), lambda d: _label(rules.PromiseStatus, d.get("status")))
    ),
    "promise.reopened": Telling(_L("Promise open again"), "calm"),
    "transfer.proposed": Telling(_L("Another centre asked to take over"), "warn"),
    "transfer.disputed": Telling(_L("Competence disputed: an arbiter decides"), "warn"),
    "transfer.answered": Telling(
        _titled(_L("Transfer"), lambda d: _label(rules.TransferStatus, d.get("status"))), "warn"
    ),
    "closing.requested": Telling(
        _titled(_L("Closing asked for"), lambda d: codes.title("closure_reasons", d["code"])),
        "warn",
    ),
    "closing.answered": Telling(
        lambda d: (
            _("Closing approved") if d.get("approved") else _("Closing returned or taken back")
        ),
        "warn",
    ),
    "step.done": Telling(_titled(_L("Done"), lambda d: catalogue.title(d.get("activity", "")))),
    "clock.suspended": Telling(
        _titled(_L("Clock stopped"), lambda d: catalogue.title(d.get("activity", ""))), "warn"
    ),
    "clock.resumed": Telling(
        _titled(_L("Clock runs again"), lambda d: catalogue.title(d.get("activity", ""))), "calm"
    ),
    "clock.extended": Telling(
        _titled(_L("More time given"), lambda d: catalogue.title(d.get("activity", ""))), "warn"
    ),
    "procedures.moved": Telling(_L("Moved to other versions of the procedures"), "warn"),
    "name.added": Telling(_L("Name added"), "calm"),
    "statement.made": Telling(_L("Statement about the child recorded"), "calm"),
    "person.made": Telling(_L("Person written down"), "calm"),
    "relation.claimed": Telling(_L("Relation claimed"), "calm"),
    "relation.checked": Telling(_L("Relation checked"), "warn"),
    "group.met": Telling(_L("Travel group recorded")),
    "group.joined": Telling(_L("Somebody added to the travel group"), "calm"),
    "group.decided": Telling(_L("Decision on the travel group"), "warn"),
}


def tell(more: Mapping[str, Telling]) -> None:
    """Sentences for the events of a package above."""
    TELLINGS.update(more)


def happened_at(event: Recorded) -> datetime:
    told = event.data.get("happened_at")
    return datetime.fromisoformat(told) if told else event.at


def title_of(event: Recorded) -> str:
    """The sentence of an event; its name when a package without sentences wrote it."""
    telling = TELLINGS.get(event.name)
    if telling is None:
        return event.name
    return str(telling.title(event.data) if callable(telling.title) else telling.title)


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
        telling = TELLINGS.get(event.name, Telling(event.name))
        record_id, text = event.record_id, ""
        if record_id is not None and record_id not in told and record_id in texts:
            told.add(record_id)
            text = texts[record_id]
        if number < first:
            continue
        lines.append(_line(event, telling, names, text))
    return lines[::-1]


def _line(event: Recorded, telling: Telling, names: Mapping[UUID, str], text: str) -> Event:
    when = happened_at(event)
    late = event.at - when > LATE_ENTRY
    entered = _("recorded %(moment)s") % {"moment": moments.short(event.at)} if late else ""
    return Event(
        when=moments.short(when),
        who=who_of(event, names),
        title=title_of(event),
        text=text,
        when_iso=moments.iso(when),
        kind=telling.kind,
        late_entry=entered,
        anchor=f"event-{event.id}",
        flags=telling.flags(event.data) if telling.flags else (),
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
