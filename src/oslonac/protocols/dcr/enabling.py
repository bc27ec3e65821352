"""Whether an activity is enabled, and why: its conditions and milestones.

An activity is enabled when it is included, every included condition was executed (long enough
ago, where the condition has a delay) and no included milestone is pending. Only included sources
count, as in the papers.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from oslonac.kit.calendars import WorkCalendar
from oslonac.protocols.dcr import time as clock
from oslonac.protocols.dcr.expressions import NOTHING, Values
from oslonac.protocols.dcr.graph import Condition, Milestone
from oslonac.protocols.dcr.marking import Copy, Marking


class Obstacle(StrEnum):
    """Why something may not be done yet."""

    EXCLUDED = "excluded"
    CONDITION = "condition"
    DELAY = "delay"
    MILESTONE = "milestone"
    NAMELESS = "nameless"
    ROLE = "role"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing in the way: what it waits for, until when (delays), which facts are unknown."""

    obstacle: Obstacle
    activity: str = ""
    subject: str = ""
    until: datetime | None = None
    unknown: tuple[str, ...] = ()


def missing(
    marking: Marking, copy: Copy, at: datetime, facts: Values, calendar: WorkCalendar
) -> list[Missing]:
    """What keeps a copy from being enabled at `at`; nothing when it is enabled."""
    found = []
    if not marking.included(copy):
        found.append(Missing(Obstacle.EXCLUDED, copy[0], copy[1]))
    for condition in marking.graph.conditions_on.get(copy[0], ()):
        found += _unmet(marking, condition, copy, at, facts, calendar)
    for milestone in marking.graph.milestones_on.get(copy[0], ()):
        found += _unreached(marking, milestone, copy, facts)
    return found


def _unmet(
    marking: Marking,
    condition: Condition,
    copy: Copy,
    at: datetime,
    facts: Values,
    calendar: WorkCalendar,
) -> list[Missing]:
    holds = condition.guard.holds(facts, NOTHING) if condition.guard else True
    if holds is False:
        return []
    unknown: tuple[str, ...] = ()
    if holds is None and condition.guard is not None:
        unknown = tuple(condition.guard.unknown_paths(facts, NOTHING))
    found = []
    for source in copies_bearing_on(marking, condition.source, copy):
        if not marking.included(source):
            continue
        last = marking.last(source)
        if last is None:
            found.append(Missing(Obstacle.CONDITION, *source, unknown=unknown))
        elif condition.delay is not None:
            free = clock.due(last.at, condition.delay, calendar)
            if at < free:
                found.append(Missing(Obstacle.DELAY, *source, until=free, unknown=unknown))
    return found


def _unreached(marking: Marking, milestone: Milestone, copy: Copy, facts: Values) -> list[Missing]:
    holds = milestone.guard.holds(facts, NOTHING) if milestone.guard else True
    if holds is False:
        return []
    return [
        Missing(Obstacle.MILESTONE, *source)
        for source in copies_bearing_on(marking, milestone.source, copy)
        if source in marking.pending and marking.included(source)
    ]


def copies_bearing_on(marking: Marking, other: str, copy: Copy) -> list[Copy]:
    """Copies of another activity that a relation with this copy means: where both are
    replicated by the same key the one of the same subject, else all that exist."""
    activities = marking.graph.activities
    each = activities[other].each
    if each and each == activities[copy[0]].each:
        return [(other, copy[1])]
    return marking.spawned(other)
