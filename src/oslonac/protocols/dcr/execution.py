"""From a graph, the events and facts of a case and now, to the state. Pure and deterministic.

Events are taken in the order they happened, by (at, id), in whatever order they arrived; those
after `now` have not happened yet. Facts are what is known of the case now: guards on facts read
the whole past in the light of them, so that a fact learned late gives the state it would have
given in time.

Two departures from the papers, both because a case system records what people did and cannot
stop the world. An event whose activity was not enabled is executed all the same and reported as
a `Deviation`. Time is never locked by a missed deadline: the response stays pending and is
overdue.

Where a guard is unknown, doubt protects: a condition holds, a response is raised but not
`certain`, an exclusion does not happen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from oslonac.kit.calendars import WorkCalendar
from oslonac.protocols.dcr import running
from oslonac.protocols.dcr import time as clock
from oslonac.protocols.dcr.authors import counts, is_asked
from oslonac.protocols.dcr.enabling import Missing, Obstacle, copies_bearing_on, missing
from oslonac.protocols.dcr.expressions import NOTHING, UNKNOWN_ANSWERS, Truth, Values
from oslonac.protocols.dcr.graph import (
    Activity,
    Exclude,
    Graph,
    Include,
    Label,
    NoResponse,
    Response,
)
from oslonac.protocols.dcr.marking import Copy, Event, Marking, Raised


@dataclass(frozen=True, slots=True)
class Deviation:
    """Something was done that the procedure did not allow at the time."""

    event: Event
    copy: Copy
    missing: tuple[Missing, ...]


class Run:
    """One graph executed on one case. Made by `replay`; read by `state`.

    `watch`: note what was done out of order. It changes no obligation, and leaving it out saves a
    third of the time where nobody will ask.
    """

    __slots__ = (
        "applies",
        "begun",
        "calendar",
        "deviations",
        "facts",
        "graph",
        "last_raised",
        "marking",
        "raised",
        "watch",
    )

    def __init__(
        self, graph: Graph, facts: Values, calendar: WorkCalendar, *, watch: bool = True
    ) -> None:
        self.graph = graph
        self.watch = watch
        self.facts = facts
        self.calendar = calendar
        self.applies: Truth = graph.applies(facts, NOTHING) if graph.applies else True
        self.marking = Marking(graph)
        self.raised: list[Raised] = []
        self.last_raised: dict[Copy, Raised] = {}
        self.deviations: list[Deviation] = []
        self.begun = False

    def step(self, event: Event) -> None:
        """Execute all activities whose label the event carries, as one step.

        Concurrent execution of a set of activities: all are checked against the marking before
        the step; their pending responses are discharged; then responses are cancelled, then
        raised; then exclusions, then inclusions take effect: In' = (In - excluded) + included.
        """
        if not self.begun:
            self.begun = True
            self._raise_initial(event)
        if event.name in running.CONTROLS:
            running.change(self.marking.pending.values(), event)
        hits = self.graph.labelled.get(event.name)
        copies = self._copies_executed(event, hits) if hits else None
        if not copies:
            return
        if self.watch:
            for copy in copies:
                self._check(copy, event)
        marking = self.marking
        discharged: dict[Copy, Raised] = {}
        for copy in copies:
            marking.execute(copy, event)
            found = marking.pending.pop(copy, None)
            if found is not None:
                found.done = event
                discharged[copy] = found
        effects = self.graph.effects
        changing = [(copy, effects[copy[0]]) for copy in copies if copy[0] in effects]
        if not changing:
            return
        for copy, changes in changing:
            for relation in changes.cancels:
                self._cancel(copy, relation, event)
        # All are chosen before any is raised, so that their order in the file says nothing.
        demands = [
            (target, response, holds, discharged.get(copy))
            for copy, changes in changing
            for response in changes.responses
            for target, holds in self._demands(copy, response, event)
        ]
        for target, response, holds, cause in demands:
            self._raise(target, response, event, holds, cause)
        for copy, changes in changing:
            for exclusion in changes.excludes:
                self._switch(copy, exclusion, event, False)
        for copy, changes in changing:
            for inclusion in changes.includes:
                self._switch(copy, inclusion, event, True)

    def _copies_executed(
        self, event: Event, hits: Sequence[tuple[Activity, Label]]
    ) -> dict[Copy, None]:
        copies: dict[Copy, None] = {}
        for activity, label in hits:
            if label.guard is not None and label.guard.holds(self.facts, event.data) is not True:
                continue
            for copy in self._copies_named(event, activity, label):
                running_for = [(id_, copy[1]) for id_ in activity.while_pending]
                if running_for and self.marking.pending.keys().isdisjoint(running_for):
                    continue
                raised = self.marking.pending.get(copy)
                if counts(activity, label, event, self.facts, raised):
                    copies[copy] = None
                elif self.watch and (raised or activity.id not in self.graph.obliged):
                    stranger = Missing(Obstacle.NOT_ASKED, activity.id)
                    self.deviations.append(Deviation(event, copy, (stranger,)))
        return copies

    def _copies_named(self, event: Event, activity: Activity, label: Label) -> list[Copy]:
        if not activity.each:
            return [(activity.id, "")]
        if label.every:
            return self.marking.spawned(activity.id)
        subject = _subject(event, activity.each)
        if subject:
            return [(activity.id, subject)]
        nameless = Missing(Obstacle.NAMELESS, activity.id, activity.each)
        self.deviations.append(Deviation(event, (activity.id, ""), (nameless,)))
        return []

    def _check(self, copy: Copy, event: Event) -> None:
        missing = self.missing(copy, event.at) if copy[0] in self.graph.guarded else []
        by, activity = getattr(event, "by", None), self.graph.activities[copy[0]]
        if by is not None and not is_asked(activity, by, self.facts, event.data):
            missing.append(Missing(Obstacle.ROLE, copy[0]))
        if missing:
            self.deviations.append(Deviation(event, copy, tuple(missing)))

    def missing(self, copy: Copy, at: datetime) -> list[Missing]:
        """What keeps a copy from being enabled at `at`; nothing when it is enabled."""
        return missing(self.marking, copy, at, self.facts, self.calendar)

    def _demands(self, copy: Copy, response: Response, event: Event) -> list[tuple[Copy, Truth]]:
        """The copies a response is to be raised for, and whether that is certain."""
        holds = response.guard.holds(self.facts, event.data) if response.guard else True
        if holds is False:
            return []
        targets = self._targets(copy, response, event)
        if not response.renews:
            targets = [target for target in targets if target not in self.marking.pending]
        return [(target, holds) for target in targets]

    def _targets(self, copy: Copy, response: Response, event: Event) -> list[Copy]:
        target = self.graph.activities[response.target]
        if not target.each:
            return [(target.id, "")]
        if response.every:
            return self.marking.spawned(target.id)
        if target.each == self.graph.activities[copy[0]].each:
            return [(target.id, copy[1])]
        subject = _subject(event, target.each)
        return [(target.id, subject)] if subject else self.marking.spawned(target.id)

    def _raise(
        self, target: Copy, response: Response, event: Event, holds: Truth, cause: Raised | None
    ) -> None:
        deadline = response.deadline
        if deadline.as_before and deadline.amount is None and target in self.last_raised:
            self._raise_again(target, event)
            return
        before = self.marking.pending.get(target)
        # Two responses in one step: the paper's deadline is a function; the shorter one wins.
        together = before is not None and before.event is event
        if together and before is not None and not self._is_sooner(response, before, event):
            return
        since = self._since(target, response, event)
        raised = Raised(
            target, event, since, response, holds is True and self.applies is True, cause
        )
        if before is not None:
            before.renewed = True
            raised.cause = cause or before.cause
        self.raised.append(raised)
        self.last_raised[target] = raised
        self.marking.spawn(target)
        if since < event.at and not deadline.as_before:
            raised.done = self._done_since(target, since, event)
        if raised.done is None:
            self.marking.pending[target] = raised
        elif before is not None:
            del self.marking.pending[target]

    def _since(self, target: Copy, response: Response, event: Event) -> datetime:
        start = response.deadline.start
        if response.deadline.as_before and target in self.last_raised:
            return self.last_raised[target].since
        if start is None:
            return event.at
        return clock.as_instant(start(self.facts, event.data)) or event.at

    def _is_sooner(self, response: Response, before: Raised, event: Event) -> bool:
        trial = Raised(before.copy, event, self._since(before.copy, response, event), response)
        new, old = self.due(trial), self.due(before)
        return new is not None and (old is None or new < old)

    def _done_since(self, target: Copy, since: datetime, event: Event) -> Event | None:
        """A clock that started before the event that told of it: what was done meanwhile counts.

        The same as if the event had been there at `since`.
        """
        for earlier in self.marking.executed.get(target, ()):
            if earlier.at >= since and earlier is not event:
                return earlier
        return None

    def _raise_again(self, target: Copy, event: Event) -> None:
        raised = self.last_raised[target]
        raised.done = raised.cancelled = None
        raised.reopened_by.append(event.id)
        self.marking.pending[target] = raised

    def _raise_initial(self, event: Event) -> None:
        """Responses pending in the initial marking run from the first event of the case."""
        for activity in self.graph.initially_pending:
            raised = Raised((activity.id, ""), event, event.at, None, certain=self.applies is True)
            self.raised.append(raised)
            self.last_raised[raised.copy] = raised
            self.marking.pending[raised.copy] = raised

    def _cancel(self, copy: Copy, relation: NoResponse, event: Event) -> None:
        holds = relation.guard.holds(self.facts, event.data) if relation.guard else True
        if holds is not True:
            return
        for target in copies_bearing_on(self.marking, relation.target, copy):
            found = self.marking.pending.pop(target, None)
            if found is not None:
                found.cancelled = event

    def _switch(self, copy: Copy, relation: Include | Exclude, event: Event, value: bool) -> None:
        holds = relation.guard.holds(self.facts, event.data) if relation.guard else True
        if holds is True or (holds is None and value):
            self._include(copy, relation.target, value)

    def _include(self, copy: Copy, target: str, value: bool) -> None:
        each = self.graph.activities[target].each
        if each and each == self.graph.activities[copy[0]].each:
            self.marking.include((target, copy[1]), value)
        else:
            self.marking.include_every(target, value)

    def due(self, raised: Raised) -> datetime | None:
        """When a raised response is due, suspensions and extensions counted in."""
        return running.due(raised, self.facts, self.calendar)


def replay(
    graph: Graph,
    events: Iterable[Event],
    facts: Values,
    calendar: WorkCalendar,
    now: datetime | None = None,
) -> Run:
    """Execute a graph on everything that happened until `now` (None: on everything)."""
    return replay_all((graph,), events, facts, calendar, now)[0]


def replay_all(
    graphs: Sequence[Graph],
    events: Iterable[Event],
    facts: Values,
    calendar: WorkCalendar,
    now: datetime | None = None,
    *,
    watch: bool = True,
) -> list[Run]:
    """Execute several graphs side by side on the same events: their parallel composition, for
    graphs that share events but no activity."""
    runs = [Run(graph, facts, calendar, watch=watch) for graph in graphs]
    live = [(run, run.graph.labelled) for run in runs if run.applies is not False]
    for event in sorted(events, key=_order):
        if now is not None and event.at > now:
            break
        name = event.name
        for run, labelled in live:
            if name in labelled or not run.begun or name in running.CONTROLS:
                run.step(event)
    return runs


def _order(event: Event) -> tuple[datetime, Any]:
    return event.at, event.id


def _subject(event: Event, each: str) -> str:
    value = event.data.get(each)
    if value in UNKNOWN_ANSWERS:
        return ""
    return value if isinstance(value, str) else str(value)
