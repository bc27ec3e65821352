"""Replaying a protocol on a file of events; the state in words and as JSON.

The file: {"case": {"facts": {…}}, "events": [{"id", "activity", "at", "by_role", "data"}]}.
`activity` names an event of the product (`case.opened`) or an activity of the protocol by its id.
`docs/reference/protocols.md` describes both directions.
"""

import json
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from oslonac.country.values import Role
from oslonac.kit.calendars import WorkCalendar
from oslonac.kit.wording import ENGLISH, Wording, mark
from oslonac.protocols import authors
from oslonac.protocols.dcr import explain
from oslonac.protocols.dcr.authors import Author
from oslonac.protocols.dcr.execution import Run, replay
from oslonac.protocols.dcr.expressions import UNKNOWN_ANSWERS
from oslonac.protocols.dcr.graph import Response
from oslonac.protocols.dcr.state import Obligation, Standing, State, state
from oslonac.protocols.dcr.time import FIRST_YEAR, LAST_YEAR
from oslonac.protocols.protocol import STARTED, Protocol, text_in
from oslonac.protocols.reading import LARGEST

MOST_EVENTS = 100_000
LARGEST_FILE = LARGEST * 100


class BadEvents(ValueError):
    """The events file cannot be used; the sentence says why."""


@dataclass(frozen=True)
class Happened:
    """An event of a replay file."""

    id: str
    name: str
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)
    by: Author | None = None


@dataclass(frozen=True)
class Story:
    """What a replay file tells: the facts of the case, and what happened."""

    facts: Mapping[str, Any]
    events: tuple[Happened, ...]


def read_story(text: str, roles: Mapping[str, Role] | None = None) -> Story:
    """The content of an events file. `roles`: the country's, else this installation's. Raises
    BadEvents."""
    if len(text) > LARGEST_FILE:
        raise BadEvents("The events file is too large.")
    try:
        values = json.loads(text.removeprefix("\ufeff"), parse_constant=_no_constant)
        # Halves of characters (lone surrogates) can be read, and never be written again.
        if "\\ud" in text.lower():
            json.dumps(values, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        reason = "it holds half a character" if isinstance(error, UnicodeError) else error
        raise BadEvents(f"The events file is not JSON: {reason}.") from None
    if not isinstance(values, dict) or not isinstance(values.get("events"), list):
        raise BadEvents("The events file must be an object with a list “events”.")
    case = values.get("case", {})
    facts = case.get("facts", {}) if isinstance(case, dict) else None
    if not isinstance(facts, dict):
        raise BadEvents("“case” must be an object with an object “facts”.")
    if len(values["events"]) > MOST_EVENTS:
        raise BadEvents(f"A replay takes at most {MOST_EVENTS} events.")
    events = tuple(
        _event(raw, place, facts, roles) for place, raw in enumerate(values["events"], 1)
    )
    if len({event.id for event in events}) < len(events):
        raise BadEvents("Two events have the same id.")
    return Story(facts, events)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no value of JSON")


def _event(
    raw: Any, place: int, facts: Mapping[str, Any], roles: Mapping[str, Role] | None
) -> Happened:
    if not isinstance(raw, dict):
        raise BadEvents(f"Event {place} is not an object.")
    name, id_, data = raw.get("activity"), raw.get("id"), raw.get("data") or {}
    if not isinstance(name, str) or not name:
        raise BadEvents(f"Event {place} names no activity.")
    if not isinstance(id_, str | int) or isinstance(id_, bool) or id_ == "":
        raise BadEvents(f"Event {place} has no id.")
    if not isinstance(data, dict):
        raise BadEvents(f"“data” of event {place} is not an object.")
    told = {key: raw.get(key) or "" for key in ("by_role", "by_office", "by_person")}
    for key, value in told.items():
        if not isinstance(value, str):
            raise BadEvents(f"“{key}” of event {place} is no text.")
    at = instant(str(raw.get("at", "")), f"“at” of event {place}")
    centre = facts.get("organisation_id", "")
    by = authors.author(told["by_role"], told["by_person"], told["by_office"], centre, roles)
    data = authors.telling(data, told["by_role"], told["by_office"])
    return Happened(str(id_), name, at, data, by)


def instant(text: str, what: str) -> datetime:
    """A moment with its zone, such as 2026-03-01T22:10:00+01:00. Raises BadEvents."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise BadEvents(f"{what} is no moment such as 2026-03-01T22:10:00+01:00.") from None
    if found.tzinfo is None:
        raise BadEvents(f"{what} names no zone; end it with Z or +01:00.")
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise BadEvents(f"{what} lies outside {FIRST_YEAR} to {LAST_YEAR}.")
    return found


def words_of(
    protocol: Protocol,
    language: str = "en",
    say: Wording = ENGLISH,
    zone: str = "UTC",
    role: Callable[[str], str] = lambda role: role.replace("_", " "),
) -> explain.Words:
    """The words of a protocol in a language."""

    def activity(name: str) -> str:
        title = text_in(protocol.step_of(name).title, language)
        return say(mark("Begin: %(what)s"), what=title) if name.endswith(STARTED) else title

    def source(name: str) -> str:
        found = protocol.sources.get(name)
        return found.cited(language) or name if found else ""

    return explain.Words(activity, role, source, say.text, zone, say.plural)


def unknown_names(protocol: Protocol, story: Story, known: Container[str]) -> list[str]:
    """Names of events that neither the procedure nor the product knows: they change nothing, and
    are often a slip of the pen."""
    names = {event.name for event in story.events}
    own = protocol.graph.labelled
    return sorted(name for name in names if name not in own and name not in known)


def check_moments(protocol: Protocol, story: Story) -> None:
    """Clocks that start with a fact need it as a moment with its zone. Raises BadEvents."""
    starts = {
        relation.deadline.start_text
        for relation in protocol.graph.relations
        if isinstance(relation, Response)
    }
    for path in sorted(starts):
        scope, _, name = path.partition(".")
        if scope == "facts" and story.facts.get(name) not in UNKNOWN_ANSWERS:
            instant(str(story.facts[name]), f"The fact “{name}”")


def run_story(
    protocol: Protocol, story: Story, now: datetime, calendar: WorkCalendar
) -> tuple[Run, State]:
    """Run a procedure on a story. Raises BadEvents for a fact that no clock can start from."""
    check_moments(protocol, story)
    run = replay(protocol.graph, story.events, story.facts, calendar, now)
    return run, state(run, now)


def as_json(
    protocol: Protocol, run: Run, found: State, now: datetime, words: explain.Words
) -> dict[str, Any]:
    """The state for programs: see the reference for each name."""
    applies = {True: "yes", False: "no", None: "unknown"}[run.applies]
    return {
        "protocol": protocol.id,
        "version": protocol.version,
        "now": now.isoformat(),
        "applies": applies,
        "state": _marking(run),
        "obligations": [_obligation(o, protocol, now, words) for o in found.obligations],
        "possibilities": [
            {
                "activity": p.activity,
                "subject": p.subject or None,
                "title": words.activity(p.activity),
                "sentence": explain.possibility(p, words),
            }
            for p in found.possibilities
        ],
        "blocks": [
            {
                "activity": b.activity,
                "subject": b.subject or None,
                "title": words.activity(b.activity),
                "missing": [_missing(m) for m in b.missing],
                "sentence": explain.block(b, words),
            }
            for b in found.blocks
        ],
        "deviations": [
            {
                "event": d.event.id,
                "activity": d.copy[0],
                "subject": d.copy[1] or None,
                "missing": [_missing(m) for m in d.missing],
                "sentence": explain.deviation(d, words),
            }
            for d in found.deviations
        ],
    }


def _marking(run: Run) -> dict[str, Any]:
    """(Ex, Re, In), told by activity; a copy is activity[subject]."""
    marking = run.marking

    def name(copy: tuple[str, str]) -> str:
        return f"{copy[0]}[{copy[1]}]" if copy[1] else copy[0]

    copies = [c for activity in run.graph.activities for c in marking.spawned(activity)]
    return {
        "executed": {name(c): [e.id for e in done] for c, done in sorted(marking.executed.items())},
        "pending": sorted(name(c) for c in marking.pending),
        "included": sorted(name(c) for c in copies if marking.included(c)),
    }


def _missing(missing: Any) -> dict[str, Any]:
    return {
        "obstacle": missing.obstacle.value,
        "activity": missing.activity or None,
        "subject": missing.subject or None,
        "until": missing.until.isoformat() if missing.until else None,
        "unknown": list(missing.unknown),
    }


def _obligation(
    found: Obligation, protocol: Protocol, now: datetime, words: explain.Words
) -> dict[str, Any]:
    late = found.overdue_by(now)
    return {
        "key": found.key,
        "activity": found.activity,
        "subject": found.subject or None,
        "title": words.activity(found.activity),
        "state": found.standing.value,
        "role": found.role,
        "person": found.person,
        "organisation": found.organisation,
        "since": words.local(found.since),
        "due": words.local(found.due) if found.due else None,
        "done_at": words.local(found.done_at) if found.done_at else None,
        "overdue": late is not None,
        "overdue_seconds": int(late.total_seconds()) if late else None,
        "why": list(found.why),
        "source": found.norm.id or None,
        "source_text": words.source(found.norm.id) or None,
        "verified": found.norm.verified,
        "binding": found.binding,
        "certain": found.certain,
        "sentence": explain.obligation(found, now, words),
    }


def as_text(protocol: Protocol, found: State, now: datetime, words: explain.Words) -> Sequence[str]:
    """The state in lines for people."""
    still = [o for o in found.obligations if o.standing in (Standing.OPEN, Standing.SUSPENDED)]
    over = [o for o in found.obligations if o not in still]
    say = words.wording
    head = mark("%(protocol)s, version %(version)s, at %(moment)s")
    moment = words.moment(now)
    lines = [say(head, protocol=protocol.id, version=protocol.version, moment=moment)]
    sections = (
        (say(mark("Must be done")), [explain.obligation(o, now, words) for o in still]),
        (
            say(mark("Was done, or is no longer needed")),
            [explain.obligation(o, now, words) for o in over],
        ),
        (say(mark("May be done")), [explain.possibility(p, words) for p in found.possibilities]),
        (say(mark("May not be done yet")), [explain.block(b, words) for b in found.blocks]),
        (
            say(mark("Done before it was allowed")),
            [explain.deviation(d, words) for d in found.deviations],
        ),
    )
    for heading, sentences in sections:
        if sentences:
            lines += ["", heading, *(f"  - {sentence}" for sentence in sentences)]
    return lines
