"""Model check of a protocol: can every activity be reached, can every obligation be met?

The markings of an untimed DCR graph are finitely many, so both questions are answered by walking
them (Hildebrandt, Mukkamala 2010; time cannot make more reachable, since delays pass), each on the
cone of influence of one activity (`modeltable`), after quicker arguments were tried (`modelwalk`).
The answers are exact for what the table keeps of a graph; where the walk grows too long the
activity is named as unproven instead.

A step that ends the case (excludes half of it or more), or what makes a duty lapse, lets go of
what is due. That is a way out, and no way of meeting it: what can be met by no other way is told
as a warning (`ending_only`).

Everybody plays by the rules here: only enabled activities are executed.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from oslonac.protocols.dcr.graph import Graph, Response
from oslonac.protocols.modeltable import Table
from oslonac.protocols.modelwalk import Walk, always_a_way, can_happen, enabled_ever

MOST_MARKINGS = 4_000
# Of the first look at the whole graph.
MOST_AT_FIRST = 1_500
# Enabled or not is asked so often in all, which takes a few seconds; then the rest is unproven.
MOST_STEPS = 500_000
# Stories are looked for again in every order of steps, to be short; so many steps for all of them.
MOST_FOR_STORIES = 120_000


@dataclass(frozen=True)
class Finding:
    """`kind`: unreachable, deadlock or ending_only. `trace`: activities executed before, oldest
    first."""

    kind: str
    activity: str
    trace: tuple[str, ...]
    waits_for: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    findings: tuple[Finding, ...]
    # Activities whose cone has more markings than were walked: nothing was found, not proven.
    unproven: tuple[str, ...]


class _Check:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.findings: list[Finding] = []
        self.unproven: dict[str, None] = {}
        self.left = MOST_STEPS
        self.left_for_stories = MOST_FOR_STORIES

    def walk(self, table: Table, target: int, *, owed: bool) -> Walk:
        """As far as what is left of the budget allows."""
        size = max(1, table.cone(target, owed=owed).bit_count())
        walk = Walk(table, target, owed=owed, most=max(1, min(MOST_MARKINGS, self.left // size)))
        self.left -= walk.steps
        return walk

    def plainly(self, table: Table, place: int, *, owed: bool) -> Walk:
        """A walk in every order of steps, short of what would take long."""
        size = table.cone(place, owed=owed).bit_count()
        most = 1 + max(0, self.left_for_stories // 2) // size
        walk = Walk(table, place, owed=owed, most=most, eager=False)
        self.left_for_stories -= walk.steps
        return walk

    def reach(self, table: Table) -> Iterator[str]:
        """Yields the activities that can be reached, or may be."""
        met = enabled_ever(table, min(MOST_AT_FIRST, 150_000 // max(1, len(table.names))))
        for place, name in enumerate(table.names):
            if met >> place & 1 or name not in self.graph.guarded:
                yield name
            elif not can_happen(table.rows, table.start, table.rows[place]):
                self.findings.append(self.unreachable(table, place))
            else:
                walk = self.walk(table, place, owed=False)
                if walk.reachable():
                    yield name
                elif walk.complete:
                    self.findings.append(self.unreachable(table, place))
                else:
                    self.unproven[name] = None
                    yield name

    def meet(self, table: Table, kind: str, names: Iterator[str] | list[str]) -> list[str]:
        """Names of those that can be stuck."""
        found = []
        for name in names:
            place = table.place[name]
            if always_a_way(table, place):
                continue
            walk = self.walk(table, place, owed=True)
            if walk.stuck() is not None:
                found.append(name)
                self.findings.append(self.deadlock(table, place, kind, walk))
            elif not walk.complete:
                self.unproven[name] = None
        return found

    def unreachable(self, table: Table, place: int) -> Finding:
        """Told with the marking in which the fewest things are in the way."""
        walk = self.plainly(table, place, owed=False)
        best = min(walk.came, key=lambda m: (len(walk.blockers(m)), len(walk.trace(m))))
        waits = tuple(table.names[each] for each in walk.blockers(best))
        return Finding("unreachable", table.names[place], walk.trace(best), waits)

    def deadlock(self, table: Table, place: int, kind: str, walk: Walk) -> Finding:
        shorter = self.plainly(table, place, owed=True)
        if shorter.complete:
            walk = shorter
        stuck = walk.stuck()
        assert stuck is not None  # noqa: S101  (the same question on the same graph)
        waits = tuple(table.names[each] for each in walk.blockers(stuck))
        return Finding(kind, table.names[place], walk.trace(stuck), waits)


def check(graph: Graph) -> Verdict:
    """Ask both questions of every activity."""
    checked = _Check(graph)
    table = Table(graph)
    pending = {r.target for r in graph.relations if isinstance(r, Response)}
    pending |= {a.id for a in graph.activities.values() if a.pending}
    reached = [name for name in checked.reach(table) if name in pending & graph.guarded]
    stuck = checked.meet(table, "deadlock", reached)
    if ends := endings(graph):
        rest = [name for name in reached if name not in stuck]
        checked.meet(Table(graph, ends), "ending_only", rest)
    return Verdict(tuple(checked.findings), tuple(checked.unproven))


def endings(graph: Graph) -> frozenset[str]:
    """Activities that end the case (they exclude half of it or more), and lapses of duties."""
    size = len(graph.activities)
    found = {
        name
        for name, effects in graph.effects.items()
        if size > 2 and len({r.target for r in effects.excludes}) * 2 >= size
    }
    lapses = {
        name
        for name, effects in graph.effects.items()
        if graph.activities[name].part_of and effects.cancels
    }
    return frozenset(found | lapses)
