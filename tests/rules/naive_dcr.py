"""A second interpreter of timed DCR graphs, deliberately naive: written from the definitions of
the papers alone, with sets, for graphs without copies and guards. It shares nothing with the
engine but the graph's data classes.

M = (Ex, Re, In). Executing e: Ex + e; Re - e, minus cancelled, plus responses with their new
deadlines; (In - excluded) + included. Re keeps for each pending activity when it was raised and
when it is due.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from oslonac.protocols.dcr.graph import (
    Condition,
    Exclude,
    Graph,
    Include,
    Milestone,
    NoResponse,
    Response,
)


@dataclass
class Naive:
    graph: Graph
    last: dict[str, datetime] = field(default_factory=dict)
    pending: dict[str, tuple[datetime, datetime | None]] = field(default_factory=dict)
    included: set[str] = field(default_factory=set)
    done: list[tuple[str, datetime, datetime]] = field(default_factory=list)
    wrong: int = 0

    def __post_init__(self) -> None:
        self.included = {a.id for a in self.graph.activities.values() if a.included}

    def enabled(self, name: str, now: datetime) -> bool:
        if name not in self.included:
            return False
        for r in self.graph.relations:
            if r.target != name or r.source not in self.included:
                continue
            if isinstance(r, Condition):
                if r.source not in self.last:
                    return False
                hours = r.delay.count if r.delay else 0
                if self.last[r.source] + timedelta(hours=hours) > now:
                    return False
            if isinstance(r, Milestone) and r.source in self.pending:
                return False
        return True

    def execute(self, name: str, at: datetime) -> None:
        if not self.enabled(name, at):
            self.wrong += 1
        self.last[name] = at
        if name in self.pending:
            self.done.append((name, self.pending.pop(name)[0], at))
        mine = [r for r in self.graph.relations if r.source == name]
        for r in mine:
            if isinstance(r, NoResponse):
                self.pending.pop(r.target, None)
        raised: dict[str, tuple[datetime, datetime | None]] = {}
        for r in mine:
            if isinstance(r, Response) and (r.renews or r.target not in self.pending):
                amount = r.deadline.amount
                due = at + timedelta(hours=amount.count) if amount else None
                before = raised.get(r.target)
                if before is None or (due and (before[1] is None or due < before[1])):
                    raised[r.target] = (at, due)
        self.pending |= raised
        self.included -= {r.target for r in mine if isinstance(r, Exclude)}
        self.included |= {r.target for r in mine if isinstance(r, Include)}


def run(graph: Graph, trace: list[tuple[datetime, str, Any]]) -> Naive:
    """Execute a trace of (at, id, activity), in the order of time."""
    naive = Naive(graph)
    for at, _, name in sorted(trace):
        if name in graph.activities:
            naive.execute(name, at.astimezone(UTC))
    return naive
