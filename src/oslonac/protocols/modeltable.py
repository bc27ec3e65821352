"""A graph as sets of bits, one bit for each activity: what the model check walks and proves on.

Untimed: delays pass. A replicated activity stands for one copy; a guard holds where it blocks and
where it obliges; a guarded exclusion may happen or not; inclusions count as possible.
"""

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

# (executed, pending, included), as in the papers.
Marking = tuple[int, int, int]


@dataclass(frozen=True)
class Row:
    """An activity: what may block it, and what executing it changes."""

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
        return [(executed, pending, (included & ~out) | self.included) for out in self.excluded]

    def within(self, cone: int, executed: int, pending: int) -> "Row":
        """The same in a part of the graph. Executed and pending matter for some activities only:
        what nobody asks for is not kept, or a line of n steps had 2^n markings."""
        return Row(
            self.bit,
            self.possible,
            self.conditions & cone & executed,
            self.milestones & cone & pending,
            self.dropped & cone & pending,
            self.owed & cone & pending,
            tuple(dict.fromkeys(out & cone for out in self.excluded)),
            self.included & cone,
        )


class Table:
    """All activities of a graph. `without`: activities whose exclusions and cancellations are
    left out, because what they bring about is an end, not a way of meeting what is due."""

    def __init__(self, graph: Graph, without: frozenset[str] = frozenset()) -> None:
        self.names = list(graph.activities)
        self.place = {name: place for place, name in enumerate(self.names)}
        kinds: dict[type, dict[str, list[str]]] = {}
        by_target: dict[type, dict[str, list[str]]] = {}
        sure: dict[str, list[str]] = {}
        for r in graph.relations:
            if r.source in without and isinstance(r, Exclude | NoResponse):
                continue
            kinds.setdefault(type(r), {}).setdefault(r.source, []).append(r.target)
            by_target.setdefault(type(r), {}).setdefault(r.target, []).append(r.source)
            if isinstance(r, Exclude) and not r.guard:
                sure.setdefault(r.source, []).append(r.target)
        self.rows: list[Row] = []
        for name, activity in graph.activities.items():
            outs = (sure.get(name, ()), kinds.get(Exclude, {}).get(name, ()))
            self.rows.append(
                Row(
                    bit=1 << self.place[name],
                    possible=bool(activity.labels),
                    conditions=self.bits(by_target.get(Condition, {}).get(name, ())),
                    milestones=self.bits(by_target.get(Milestone, {}).get(name, ())),
                    dropped=self.bits(kinds.get(NoResponse, {}).get(name, ())),
                    owed=self.bits(kinds.get(Response, {}).get(name, ())),
                    excluded=tuple(dict.fromkeys(map(self.bits, outs))),
                    included=self.bits(kinds.get(Include, {}).get(name, ())),
                )
            )
        self.switched_by = [
            self.bits(
                [
                    *by_target.get(Include, {}).get(name, ()),
                    *by_target.get(Exclude, {}).get(name, ()),
                ]
            )
            for name in self.names
        ]
        self.pended_by = [
            self.bits(
                [
                    *by_target.get(Response, {}).get(name, ()),
                    *by_target.get(NoResponse, {}).get(name, ()),
                ]
            )
            for name in self.names
        ]
        activities = graph.activities.values()
        self.start: Marking = (
            0,
            self.bits(a.id for a in activities if a.pending),
            self.bits(a.id for a in activities if a.included),
        )
        self.milestone_sources = 0
        for row in self.rows:
            self.milestone_sources |= row.milestones

    def bits(self, names: Iterable[str]) -> int:
        found = 0
        for name in names:
            found |= 1 << self.place[name]
        return found

    def members(self, bits: int) -> list[int]:
        """Places of a set, in order."""
        found = []
        while bits:
            low = bits & -bits
            found.append(low.bit_length() - 1)
            bits ^= low
        return found

    def cone(self, target: int, *, owed: bool) -> int:
        """Activities that can change whether the target is enabled and included; with `owed`,
        also whether it is pending. The projection used for the safe distribution of DCR graphs
        (Hildebrandt, Mukkamala, Slaats 2011)."""
        found, waiting = 1 << target, [target]
        while waiting:
            here = waiting.pop()
            row = self.rows[here]
            more = row.conditions | row.milestones | self.switched_by[here]
            # Pending matters for the target, and for what a milestone waits for.
            if (owed and here == target) or self.milestone_sources >> here & 1:
                more |= self.pended_by[here]
            fresh = more & ~found
            found |= fresh
            waiting += self.members(fresh)
        return found
