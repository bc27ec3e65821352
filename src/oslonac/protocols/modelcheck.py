"""Bounded model check of a protocol: can every activity be reached, can every obligation be met?

The markings of an untimed DCR graph are finitely many, so both questions are answered by walking
them (Hildebrandt, Mukkamala 2010; time cannot make more reachable, since delays pass). Each
question is asked on the cone of influence of one activity only - the activities whose execution
can change whether it is enabled, included or pending - which is the projection used for the safe
distribution of DCR graphs (Hildebrandt, Mukkamala, Slaats 2011) and keeps the walk small.

Abstractions: a replicated activity stands for one copy; a guard holds where it blocks and where
it obliges; a guarded exclusion may happen or not; inclusions count as possible. Steps that end the
case by excluding most of it do not count as a way to meet an obligation.

Everybody plays by the rules here: only enabled activities are executed.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from oslonac.protocols.dcr.graph import (
    Condition,
    Exclude,
    Graph,
    Include,
    Milestone,
    NoResponse,
    Response,
)

MOST_MARKINGS = 4_000
# (executed, pending, included), as in the papers; each a set of activities, one bit for each.
Marking = tuple[int, int, int]


@dataclass(frozen=True)
class Finding:
    """`kind`: unreachable or deadlock. `trace`: activities executed before, oldest first."""

    kind: str
    activity: str
    trace: tuple[str, ...]
    waits_for: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    findings: tuple[Finding, ...]
    # Activities whose cone has more markings than were walked: nothing was found, not proven.
    unproven: tuple[str, ...]


@dataclass(frozen=True)
class _Step:
    """An activity of the cone as sets of bits: what may block it and what executing it changes."""

    bit: int
    possible: bool
    conditions: int
    milestones: int
    dropped: int
    owed: int
    # One set where every guarded exclusion happens, one where none does; once if they are equal.
    excluded: tuple[int, ...]
    included: int

    def enabled(self, marking: Marking) -> bool:
        executed, pending, included = marking
        return not (
            self.bit & ~included
            or self.conditions & included & ~executed
            or self.milestones & included & pending
        )

    def execute(self, marking: Marking) -> list[Marking]:
        executed, pending, included = marking
        executed |= self.bit
        pending = (pending & ~(self.bit | self.dropped)) | self.owed
        return [(executed, pending, included & ~out | self.included) for out in self.excluded]


class _Walk:
    """The markings reachable in the cone of one activity."""

    def __init__(self, graph: Graph, target: str) -> None:
        self.graph = graph
        self.target = target
        self.cone = _cone(graph, target)
        self.names = sorted(self.cone)
        self.bits = {name: 1 << place for place, name in enumerate(self.names)}
        self.relations = [
            r for r in graph.relations if r.target in self.cone and r.source in self.cone
        ]
        self.steps = {name: self.step(name) for name in self.names}
        self.came: dict[Marking, tuple[Marking, str] | None] = {}
        self.next: dict[Marking, list[Marking]] = {}
        self.complete = True
        self.walk()

    def step(self, name: str) -> _Step:
        mine = [r for r in self.relations if r.source == name]
        of_me = [r for r in self.relations if r.target == name]
        excludes = [r for r in mine if isinstance(r, Exclude)]
        outs = (
            self.bits_of(r.target for r in excludes if not r.guard),
            self.bits_of(r.target for r in excludes),
        )
        return _Step(
            bit=self.bits[name],
            possible=bool(self.graph.activities[name].labels),
            conditions=self.bits_of(r.source for r in of_me if isinstance(r, Condition)),
            milestones=self.bits_of(r.source for r in of_me if isinstance(r, Milestone)),
            dropped=self.bits_of(r.target for r in mine if isinstance(r, NoResponse)),
            owed=self.bits_of(r.target for r in mine if isinstance(r, Response)),
            excluded=tuple(dict.fromkeys(outs)),
            included=self.bits_of(r.target for r in mine if isinstance(r, Include)),
        )

    def bits_of(self, names: Iterable[str]) -> int:
        found = 0
        for name in names:
            found |= self.bits[name]
        return found

    def walk(self) -> None:
        activities = [self.graph.activities[name] for name in self.names]
        start: Marking = (
            0,
            self.bits_of(a.id for a in activities if a.pending),
            self.bits_of(a.id for a in activities if a.included),
        )
        self.came[start] = None
        waiting = deque([start])
        steps = [(name, step) for name, step in self.steps.items() if step.possible]
        while waiting:
            here = waiting.popleft()
            following = self.next[here] = []
            for name, step in steps:
                if not step.enabled(here):
                    continue
                for there in step.execute(here):
                    following.append(there)
                    if there in self.came:
                        continue
                    if len(self.came) >= MOST_MARKINGS:
                        self.complete = False
                        continue
                    self.came[there] = (here, name)
                    waiting.append(there)

    def blockers(self, name: str, marking: Marking) -> list[str]:
        """What keeps an activity from being enabled; itself when it is excluded."""
        executed, pending, included = marking
        step = self.steps[name]
        if step.bit & ~included:
            return [name]
        blocking = included & ((step.conditions & ~executed) | (step.milestones & pending))
        return [each for each in self.names if self.bits[each] & blocking]

    def trace(self, marking: Marking) -> tuple[str, ...]:
        found = []
        step = self.came[marking]
        while step is not None:
            marking, name = step
            found.append(name)
            step = self.came[marking]
        return tuple(reversed(found))

    def reachable(self) -> bool:
        return any(map(self.steps[self.target].enabled, self.next))

    def stuck(self) -> Marking | None:
        """The first marking from which the pending target can never be executed or let go."""
        target = self.steps[self.target]
        fine = {m for m in self.came if not m[1] & m[2] & target.bit}
        fine |= {m for m in self.next if target.enabled(m)}
        # What was not walked is given the benefit of the doubt.
        fine |= {m for m in self.came if m not in self.next}
        before: dict[Marking, list[Marking]] = {}
        for marking, following in self.next.items():
            for there in following:
                before.setdefault(there, []).append(marking)
                if there not in self.came:
                    fine.add(marking)
        waiting = deque(fine)
        while waiting:
            for marking in before.get(waiting.popleft(), ()):
                if marking not in fine:
                    fine.add(marking)
                    waiting.append(marking)
        return next((m for m in self.came if m not in fine), None)


def check(graph: Graph) -> Verdict:
    """Walk the cone of every activity."""
    simple = _without_endings(graph)
    findings, unproven = [], []
    pending = {r.target for r in graph.relations if isinstance(r, Response)}
    pending |= {a.id for a in graph.activities.values() if a.pending}
    blockable = graph.guarded
    for name in graph.activities:
        if name not in blockable:
            continue
        walk = _Walk(simple, name)
        if not walk.reachable():
            if walk.complete:
                findings.append(_unreachable(walk))
            else:
                unproven.append(name)
            continue
        stuck = walk.stuck() if name in pending else None
        if stuck is not None:
            waits = tuple(walk.blockers(name, stuck))
            findings.append(Finding("deadlock", name, walk.trace(stuck), waits))
        elif not walk.complete and name in pending:
            unproven.append(name)
    return Verdict(tuple(findings), tuple(unproven))


def _unreachable(walk: _Walk) -> Finding:
    """Told with the marking in which the fewest things are in the way."""
    best = min(walk.next, key=lambda m: (len(walk.blockers(walk.target, m)), len(walk.trace(m))))
    return Finding(
        "unreachable", walk.target, walk.trace(best), tuple(walk.blockers(walk.target, best))
    )


def _cone(graph: Graph, target: str) -> frozenset[str]:
    """Activities that can change whether the target is enabled, included or pending."""
    found, waiting = {target}, [target]
    while waiting:
        here = waiting.pop()
        for r in graph.relations:
            # A response matters where pending matters: for the target, and for milestones.
            matters = isinstance(r, Condition | Milestone | Include | Exclude) or (
                isinstance(r, Response | NoResponse)
                and (here == target or _is_milestone(graph, here))
            )
            if r.target == here and matters and r.source not in found:
                found.add(r.source)
                waiting.append(r.source)
    return frozenset(found)


def _is_milestone(graph: Graph, name: str) -> bool:
    return any(isinstance(r, Milestone) and r.source == name for r in graph.relations)


def _without_endings(graph: Graph) -> Graph:
    """The graph without activities that end it (excluding half of it or more)."""
    size = len(graph.activities)
    endings = {
        name
        for name, effects in graph.effects.items()
        if size > 2 and len({r.target for r in effects.excludes}) * 2 >= size
    }
    relations = tuple(
        r
        for r in graph.relations
        if not (r.source in endings and isinstance(r, Exclude | NoResponse))
    )
    return Graph(graph.id, graph.version, graph.activities, relations, graph.applies)
