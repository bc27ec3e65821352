"""What a run says at a moment: obligations, possibilities and blocks."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from oslonac.protocols.dcr.enabling import Missing
from oslonac.protocols.dcr.execution import Deviation, Run
from oslonac.protocols.dcr.expressions import UNKNOWN_ANSWERS
from oslonac.protocols.dcr.graph import Activity, Norm
from oslonac.protocols.dcr.marking import Raised
from oslonac.protocols.dcr.running import pause_of

LONGEST_CHAIN = 6
# Of an id, enough to tell the copies of one activity apart (the end of a UUIDv7 is random).
ID_SHOWN = 8


class Standing(StrEnum):
    """How an obligation stands. Void: cancelled or excluded, so no longer required (the papers'
    acceptance asks only for pending responses that are included)."""

    OPEN = "open"
    DONE = "done"
    VOID = "void"
    SUSPENDED = "suspended"


class Obligation(NamedTuple):
    """What must be done, or was to be done. `why`: ids of the events that led to it, oldest first.

    `certain` is False where a fact it depends on is unknown; `binding` where missing it would be
    a breach: certain, and on a verified norm in force.
    """

    key: str
    activity: str
    subject: str
    role: str
    person: Any
    organisation: Any
    since: datetime
    due: datetime | None
    standing: Standing
    done_at: datetime | None
    norm: Norm
    why: tuple[Any, ...]
    certain: bool
    binding: bool

    def overdue_by(self, now: datetime) -> timedelta | None:
        """By how much it is late at `now`; None when it is not, or no longer runs."""
        if self.standing is not Standing.OPEN or self.due is None or self.due >= now:
            return None
        return now - self.due


@dataclass(frozen=True, slots=True)
class Possibility:
    """Something that may be done now: included, and every condition and milestone met."""

    activity: str
    subject: str


@dataclass(frozen=True, slots=True)
class Block:
    """Something that may not be done yet, and what is missing."""

    activity: str
    subject: str
    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class State:
    obligations: tuple[Obligation, ...]
    possibilities: tuple[Possibility, ...]
    blocks: tuple[Block, ...]
    deviations: tuple[Deviation, ...]


def state(run: Run, now: datetime) -> State:
    """Everything a run says at `now`."""
    possibilities, blocks = moves(run, now)
    return State(
        tuple(obligations(run)), tuple(possibilities), tuple(blocks), tuple(run.deviations)
    )


def obligations(run: Run, rounds: Container[str] = ()) -> list[Obligation]:
    """Every response ever raised and not replaced, in the order they were raised.

    Of activities named in `rounds` only the last fulfilled one is told, beside what still runs:
    ten years of contacts are in the ledger and need not be read again.
    """
    raised = [one for one in run.raised if not one.renewed]
    if rounds:
        last = {one.copy: one for one in raised if one.done is not None}
        raised = [
            one
            for one in raised
            if one.done is None or one.copy[0] not in rounds or last[one.copy] is one
        ]
    found: list[Obligation] = []
    taken: set[str] = set()
    for one in raised:
        key = _key(run.graph.activities[one.copy[0]], one)
        if key in taken:  # the same copy again, after it was done
            key = f"{key}.{str(one.event.id)[-ID_SHOWN:]}"
        taken.add(key)
        found.append(_obligation(run, one, key))
    return found


def _obligation(run: Run, raised: Raised, key: str) -> Obligation:
    activity = run.graph.activities[raised.copy[0]]
    norm = (raised.response.norm if raised.response else None) or activity.norm
    role, person, organisation = responsible(run, activity, raised)
    due = run.due(raised)
    return Obligation(
        key=key,
        activity=activity.part_of or activity.id,
        subject=raised.copy[1],
        role=role,
        person=person,
        organisation=organisation,
        since=raised.since,
        due=due,
        standing=_standing(run, raised, due),
        done_at=raised.done.at if raised.done else None,
        norm=norm,
        why=chain(raised),
        certain=raised.certain,
        binding=raised.certain and norm.verified and _in_force(norm, run, raised),
    )


def _in_force(norm: Norm, run: Run, raised: Raised) -> bool:
    """On the local day the clock started: the law of that day applies."""
    if not norm.in_force_from and not norm.in_force_until:
        return True
    day = raised.since.astimezone(ZoneInfo(run.calendar.zone)).date().isoformat()
    return norm.counts_on(day)


def _key(activity: Activity, raised: Raised) -> str:
    """Unique in a case: one response per copy and event. One event may raise the response for
    several copies (each placement is to be visited), so the event alone does not tell them apart.
    """
    subject = raised.copy[1]
    if not subject:
        return f"{activity.id}:{raised.event.id}"
    if not activity.key_by_event:
        return f"{activity.id}:{subject}"
    return f"{activity.id}:{raised.event.id}.{subject[-ID_SHOWN:]}"


def _standing(run: Run, raised: Raised, due: datetime | None) -> Standing:
    if raised.done is not None:
        return Standing.DONE
    if raised.cancelled is not None or not run.marking.included(raised.copy):
        return Standing.VOID
    pause = pause_of(raised) if raised.changes else None
    if pause is not None and (due is None or pause.start < due):
        return Standing.SUSPENDED
    return Standing.OPEN


def responsible(run: Run, activity: Activity, raised: Raised) -> tuple[str, Any, Any]:
    """Role, person and office: the first alternative whose person or office is known, or that
    asks for none."""
    data = raised.event.data
    role, person, organisation = "", None, None
    for who in activity.who:
        role = who.role
        person = _known(who.person(run.facts, data)) if who.person else None
        organisation = _known(who.organisation(run.facts, data)) if who.organisation else None
        named = person is not None or organisation is not None
        if named or (who.person is None and who.organisation is None):
            break
    return role, person, organisation


def _known(value: Any) -> Any:
    # Ids are compared with nothing: most values here are ids.
    return None if value is None or (isinstance(value, str) and value in UNKNOWN_ANSWERS) else value


def chain(raised: Raised) -> tuple[Any, ...]:
    """Ids of the events that led to a response: the raising one last, then what changed it.

    A step that repeats itself (contact after contact) tells only its last round.
    """
    links: list[Any] = []
    here: Raised | None = raised
    while here is not None and len(links) < LONGEST_CHAIN:
        if here.event.id not in links:
            links.append(here.event.id)
        following = here.cause
        here = following if following and following.copy != raised.copy else None
    links.reverse()
    return (*links, *(event for event, _ in raised.changes), *raised.reopened_by)


def moves(run: Run, now: datetime) -> tuple[list[Possibility], list[Block]]:
    """What may be done at `now`, and what may not be done yet."""
    possibilities, blocks = [], []
    if run.applies is False:
        return [], []
    for activity in run.graph.activities.values():
        if activity.observed:
            continue
        copies = run.marking.spawned(activity.id)
        if activity.each and activity.id not in run.graph.obliged:
            # One that nothing has named yet: a first concern, a further promise.
            copies = [*copies, (activity.id, "")]
        for copy in copies:
            missing = run.missing(copy, now)
            if missing:
                blocks.append(Block(*copy, tuple(missing)))
            else:
                possibilities.append(Possibility(*copy))
    return possibilities, blocks
