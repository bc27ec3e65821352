"""Who did something, and whether what they did counts for the duty it would meet.

A role of a graph is executed by somebody (Hildebrandt, Mukkamala 2010: an event is executed by a
principal whose role the activity is given to). Belongs here: whether an author is one of those.
Does not: which roles stand in for which (`protocols.authors`), what a role may do at all.
"""

from typing import Any, NamedTuple

from oslonac.protocols.dcr.expressions import NOTHING, Values
from oslonac.protocols.dcr.graph import Activity, Asked, Label
from oslonac.protocols.dcr.marking import Event


class Author(NamedTuple):
    """Whoever recorded an event. `roles`: their own and those they stand in for, where they sit.
    An event without an author (of the system, of a file that names none) counts for everybody."""

    roles: frozenset[str]
    person: Any = None
    office: Any = None


def counts(activity: Activity, label: Label, event: Event, facts: Values, raised: Any) -> bool:
    """Whether an event meets the activity by its author. `raised`: the response it would meet, of
    which the person or the office asked is read."""
    author: Author | None = getattr(event, "by", None)
    if author is None or label.by is Asked.ANYBODY:
        return True
    if not isinstance(label.by, Asked):
        return not author.roles.isdisjoint(label.by)
    return is_asked(activity, author, facts, raised.event.data if raised else NOTHING)


def is_asked(activity: Activity, author: Author, facts: Values, data: Values) -> bool:
    """Whether an author is one of those an activity is asked of: by role, or named by an event."""
    if not activity.who:
        return True
    for who in activity.who:
        if who.role in author.roles:
            return True
        if who.person is not None and _same(who.person(facts, data), author.person):
            return True
        if who.organisation is not None and _same(who.organisation(facts, data), author.office):
            return True
    return False


def _same(wanted: Any, found: Any) -> bool:
    return wanted not in (None, "") and found is not None and str(wanted) == str(found)
