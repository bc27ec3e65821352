"""Versions of a protocol: what moving a running case to another version would change.

A case stays on the version it began with until somebody decides to move it; this is what that
person is shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from oslonac.kit.calendars import WorkCalendar
from oslonac.protocols.dcr.execution import replay
from oslonac.protocols.dcr.expressions import Values
from oslonac.protocols.dcr.marking import Event
from oslonac.protocols.dcr.state import Obligation, State, state
from oslonac.protocols.protocol import Protocol


class Kind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    DUE = "due"
    STANDING = "standing"
    RESPONSIBLE = "responsible"
    GROUND = "ground"
    POSSIBLE = "possible"
    BLOCKED = "blocked"


@dataclass(frozen=True)
class Change:
    """One difference: the activity (and subject), and what it was and would be."""

    kind: Kind
    activity: str
    subject: str
    before: str
    after: str


NOTHING = State((), (), (), ())


def diff(
    old: Protocol | None,
    new: Protocol | None,
    events: Sequence[Event],
    facts: Values,
    calendar: WorkCalendar,
    now: datetime,
) -> list[Change]:
    """What the case's state would gain, lose and shift, in the order of the new version. None: the
    procedure is new, or is no longer there."""
    before, after = (
        state(replay(each.graph, events, facts, calendar, now), now) if each else NOTHING
        for each in (old, new)
    )
    return [*_obligations(before, after), *_moves(before, after)]


def _obligations(before: State, after: State) -> list[Change]:
    old = {o.key: o for o in before.obligations}
    new = {o.key: o for o in after.obligations}
    found = []
    for key, obligation in new.items():
        if key not in old:
            found.append(_one(Kind.ADDED, obligation, "", _moment(obligation.due)))
        else:
            found += _shifts(old[key], obligation)
    gone = [o for key, o in old.items() if key not in new]
    return found + [_one(Kind.REMOVED, o, _moment(o.due), "") for o in gone]


def _shifts(old: Obligation, new: Obligation) -> list[Change]:
    pairs = (
        (Kind.DUE, _moment(old.due), _moment(new.due)),
        (Kind.STANDING, old.standing.value, new.standing.value),
        (Kind.RESPONSIBLE, old.role, new.role),
        (Kind.GROUND, _ground(old), _ground(new)),
    )
    return [
        _one(kind, new, str(was or ""), str(then or "")) for kind, was, then in pairs if was != then
    ]


def _moment(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _ground(obligation: Obligation) -> str:
    """The source, and whether it binds: an id, marked with ~ where it is guidance."""
    return obligation.norm.id if obligation.binding else f"{obligation.norm.id}~"


def _one(kind: Kind, obligation: Obligation, before: str, after: str) -> Change:
    return Change(kind, obligation.activity, obligation.subject, before, after)


def _moves(before: State, after: State) -> list[Change]:
    old = {(p.activity, p.subject) for p in before.possibilities}
    new = {(p.activity, p.subject) for p in after.possibilities}
    found = [Change(Kind.POSSIBLE, *copy, "", "possible") for copy in sorted(new - old)]
    return found + [Change(Kind.BLOCKED, *copy, "possible", "") for copy in sorted(old - new)]
