"""The state of a run: the marking (Ex, Re, In), and each response raised so far.

The papers' marking says which activities were executed (Ex, with the time since, in the timed
papers), which responses are pending (Re, with what is left of the deadline) and which activities
are included (In). Instants replace the papers' ages, so a marking does not change while time
passes. Replicated activities have one entry a copy.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from oslonac.protocols.dcr.graph import Graph, Response
from oslonac.protocols.dcr.time import Extension, Pause


class Event(Protocol):
    """Something that happened in a case. `at` is when it happened, aware."""

    @property
    def id(self) -> Any: ...
    @property
    def name(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def data(self) -> Mapping[str, Any]: ...


# An activity, or one copy of a replicated activity: (id, subject); subject "" for the former.
Copy = tuple[str, str]


@dataclass(slots=True, eq=False)
class Raised:
    """A response raised by an event: pending until discharged (`done`).

    `cause` is the raised response that the raising event discharged, so that following it tells
    how it came to this. `renewed` ones were replaced by a later response,
    `cancelled` ones taken away by an event. `changes` are recorded
    suspensions and extensions with the ids of their events.
    """

    copy: Copy
    event: Event
    since: datetime
    response: Response | None
    certain: bool = True
    cause: "Raised | None" = None
    done: Event | None = None
    cancelled: Event | None = None
    renewed: bool = False
    changes: list[tuple[Any, Pause | Extension]] = field(default_factory=list)
    reopened_by: list[Any] = field(default_factory=list)


class Marking:
    """(Ex, Re, In) of a run, copy by copy."""

    __slots__ = ("copies", "executed", "graph", "included_activity", "included_copy", "pending")

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        # Ex: every execution, oldest first. The papers keep the last; late responses ask for more.
        self.executed: dict[Copy, list[Event]] = {}
        # Re.
        self.pending: dict[Copy, Raised] = {}
        # In: for an activity and all its copies, and for copies where it differs.
        self.included_activity: dict[str, bool] = {}
        self.included_copy: dict[Copy, bool] = {}
        # Copies spawned so far, in order.
        self.copies: dict[str, dict[Copy, None]] = {}

    def execute(self, copy: Copy, event: Event) -> None:
        """Note an execution; a copy is spawned by it if it was not there."""
        found = self.executed.get(copy)
        if found is None:
            self.executed[copy] = [event]
            self.spawn(copy)
        else:
            found.append(event)

    def spawn(self, copy: Copy) -> None:
        found = self.copies.get(copy[0])
        if found is None:
            self.copies[copy[0]] = {copy: None}
        else:
            found[copy] = None

    def included(self, copy: Copy) -> bool:
        own = self.included_copy.get(copy)
        if own is not None:
            return own
        activity = copy[0]
        every = self.included_activity.get(activity)
        return self.graph.activities[activity].included if every is None else every

    def include(self, copy: Copy, value: bool) -> None:
        """Include or exclude one copy."""
        self.included_copy[copy] = value

    def include_every(self, activity: str, value: bool) -> None:
        """Include or exclude an activity with all its copies, those not yet spawned too."""
        self.included_activity[activity] = value
        for copy in [c for c in self.included_copy if c[0] == activity]:
            del self.included_copy[copy]

    def last(self, copy: Copy) -> Event | None:
        found = self.executed.get(copy)
        return found[-1] if found else None

    def spawned(self, activity: str) -> list[Copy]:
        """Existing copies of an activity; the activity itself when it is not replicated."""
        if not self.graph.activities[activity].each:
            return [(activity, "")]
        found = self.copies.get(activity)
        return [*found] if found else []
