"""Formats, and what counts as unusual reading: tables and pure functions.

Does not belong here: looking into the ledger (`unusual`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from oslonac.kit.choices import TextChoices
from oslonac.kit.choices import lazy as _

PUBLICATION = "oslonac ledger roots 1"
PROOF = "oslonac ledger proof 1"


class Pattern(TextChoices):
    """What of somebody's reading the data-protection officer is shown."""

    MANY_FILES = "many_files", _("many protected files in an hour")
    NO_DUTY = "no_duty", _("files without a task of their own")
    ONE_NAME = "one_name", _("one name searched for many times")
    AT_NIGHT = "at_night", _("reading at night")
    NOT_REVIEWED = "not_reviewed", _("emergency access that nobody reviewed")


@dataclass(frozen=True)
class Limit:
    """`least`: how many before anything is said. `own` and `role`: also more than so many times
    what this person, and this role, usually does (0: not compared). `window`: within what time."""

    least: int
    own: float
    role: float
    window: timedelta


# The one table of thresholds. They are ours, chosen on the demonstration data so that an ordinary
# week raises next to nothing; no norm sets them (docs/reference/ledger.md).
LIMITS: dict[Pattern, Limit] = {
    Pattern.MANY_FILES: Limit(20, 3.0, 2.0, timedelta(hours=1)),
    Pattern.NO_DUTY: Limit(3, 0, 0, timedelta(days=1)),
    Pattern.ONE_NAME: Limit(5, 0, 0, timedelta(days=7)),
    Pattern.AT_NIGHT: Limit(5, 3.0, 2.0, timedelta(days=1)),
    Pattern.NOT_REVIEWED: Limit(1, 0, 0, timedelta(days=3)),
}
# "Usual" is the 95th percentile over so many days before; less history says nothing about a person.
USUAL_DAYS = 28
LEAST_HISTORY = 5
# Local hours that are night, and whose work, by what their role may do, is at night.
NIGHT = (23, 5)
WORK_AT_NIGHT = ("police", "field_worker", "reception", "hotline", "admission")


def usual(counts: Sequence[int]) -> int | None:
    """The 95th percentile (nearest rank) of earlier counts; None with too little history."""
    if len(counts) < LEAST_HISTORY:
        return None
    ordered = sorted(counts)
    return ordered[max(0, -(-95 * len(ordered) // 100) - 1)]


def is_unusual(pattern: Pattern, count: int, *, own: int | None, role: int | None) -> bool:
    """Whether a count is far enough above what is usual for this person and for the role.

    Whoever has no history of their own is compared with the role alone, and the other way round.
    """
    limit = LIMITS[pattern]
    if count < limit.least:
        return False
    above_own = own is None or not limit.own or count > limit.own * own
    above_role = role is None or not limit.role or count > limit.role * role
    return above_own and above_role


def is_night(hour: int) -> bool:
    """Whether a local hour (0 to 23) is night."""
    first, last = NIGHT
    return hour >= first or hour < last
