"""Walking the markings of a part of a graph.

Of an activity that only ever helps, the walk takes the execution at once and tries nothing else
beside it (a persistent set of one: Godefroid 1996; Valmari 1991). It helps when executing it sets
nothing off that anybody tracks, and when nothing can take away that it is enabled: so whatever is
possible without it is possible after it, and it is possible later too. Both questions of the check
have the same answer on the walk that is left; a line of steps has as many markings as steps.
"""

from collections import deque

from oslonac.protocols.modeltable import Marking, Row, Table


class Walk:
    """The markings reachable in the cone of one activity, up to `most`.

    `owed`: whether the target is pending is tracked. `eager` False: every order of steps, for the
    shortest story of a finding.
    """

    def __init__(
        self, table: Table, target: int, *, owed: bool, most: int, eager: bool = True
    ) -> None:
        self.table = table
        self.target = target
        self.cone = table.cone(target, owed=owed)
        members = table.members(self.cone)
        executed, pending = 0, (1 << target) if owed else 0
        for place in members:
            executed |= table.rows[place].conditions
            pending |= table.rows[place].milestones
        self.rows = {p: table.rows[p].within(self.cone, executed, pending) for p in members}
        self.kept = (executed & self.cone, pending & self.cone, self.cone)
        self.helping = self._helping(owed) if eager else []
        self.others = [p for p in members if self.rows[p].possible and p not in self.helping]
        self.came: dict[Marking, tuple[Marking, int] | None] = {}
        self.next: dict[Marking, list[Marking]] = {}
        self.complete = True
        self.steps = 0
        self._walk(most)

    def _helping(self, owed: bool) -> list[int]:
        """Activities that only ever help (see above)."""
        included = excluded = 0
        for row in self.rows.values():
            included |= row.included
            for out in row.excluded:
                excluded |= out
        found = []
        mine = 1 << self.target
        for place, row in self.rows.items():
            harmless = not (row.included or row.owed or any(row.excluded))
            lets_go = owed and row.dropped & mine
            lasting = not (row.milestones or row.bit & excluded or row.conditions & included)
            if place != self.target and row.possible and harmless and lasting and not lets_go:
                found.append(place)
        return found

    def _walk(self, most: int) -> None:
        executed, pending, included = self.table.start
        start = (executed & self.kept[0], pending & self.kept[1], included & self.kept[2])
        self.came[start] = None
        waiting = deque([start])
        while waiting:
            here = waiting.popleft()
            following = self.next[here] = []
            for place, there in self._after(here):
                following.append(there)
                if there in self.came:
                    continue
                if len(self.came) >= most:
                    self.complete = False
                    continue
                self.came[there] = (here, place)
                waiting.append(there)

    def _after(self, here: Marking) -> list[tuple[int, Marking]]:
        kept, _pending, _included = self.kept
        for place in self.helping:
            row = self.rows[place]
            self.steps += 1
            if row.enabled(here):
                executed, pending, included = here
                there = (executed | (row.bit & kept), pending & ~(row.bit | row.dropped), included)
                if there != here:
                    return [(place, there)]
        found = []
        self.steps += len(self.others)
        for place in self.others:
            row = self.rows[place]
            if row.enabled(here):
                for executed, pending, included in row.execute(here):
                    there = (executed & kept, pending, included)
                    if there != here:
                        found.append((place, there))
        self.steps += 4 * len(found)  # what a new marking costs, in questions whether one may
        return found

    def reachable(self) -> bool:
        return any(map(self.rows[self.target].enabled, self.came))

    def stuck(self) -> Marking | None:
        """The first marking from which the pending target can never be executed or let go."""
        target = self.rows[self.target]
        fine = {m for m in self.came if not m[1] & m[2] & target.bit}
        fine |= {m for m in self.came if target.enabled(m)}
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

    def blockers(self, marking: Marking) -> list[int]:
        """What keeps the target from being enabled; itself when it is excluded."""
        executed, pending, included = marking
        row = self.rows[self.target]
        if row.bit & ~included:
            return [self.target]
        blocking = included & ((row.conditions & ~executed) | (row.milestones & pending))
        return self.table.members(blocking)

    def trace(self, marking: Marking) -> tuple[str, ...]:
        """The activities that lead to a marking, oldest first."""
        found = []
        step = self.came[marking]
        while step is not None:
            marking, place = step
            found.append(self.table.names[place])
            step = self.came[marking]
        return tuple(reversed(found))


def enabled_ever(table: Table, most: int) -> int:
    """Activities met enabled on a walk of the whole graph, as a set: those are reachable, of the
    rest nothing is known. Steps that nobody waits for are not walked twice; depth first, so that a
    long procedure is walked to its end before its variants."""
    seen: set[Marking] = set()
    found, waiting = 0, [table.start]
    everything = [(row, 1 << place) for place, row in enumerate(table.rows) if row.possible]
    while waiting and len(seen) < most:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        fresh: list[Marking] = []
        again: list[Marking] = []
        for row, bit in everything:
            if not row.enabled(here):
                continue
            (again if found & bit else fresh).extend(row.execute(here))
            found |= bit
        waiting += again[:2]
        waiting += fresh
    return found


def can_happen(rows: list[Row], start: Marking, target: Row) -> bool:
    """Whether the target can ever be enabled when nothing that helped is ever lost: what is
    impossible even so is impossible (delete relaxation; Bonet, Geffner 2001)."""
    executed, pending, included = start
    calm = ~pending  # not pending at some time
    gone = ~included  # excluded at some time
    changed = True
    while changed:
        changed = False
        for row in rows:
            if not row.possible or row.bit & ~included:
                continue
            if row.conditions & ~(executed | gone) or row.milestones & ~(calm | gone):
                continue
            out = 0
            for each in row.excluded:
                out |= each
            after = (
                executed | row.bit,
                calm | row.bit | row.dropped,
                included | row.included,
                gone | out,
            )
            if after != (executed, calm, included, gone):
                executed, calm, included, gone = after
                changed = True
    return not (
        target.bit & ~included
        or target.conditions & ~(executed | gone)
        or target.milestones & ~(calm | gone)
    )


def always_a_way(table: Table, target: int) -> bool:
    """Whether the target, once pending, can always be executed or let go, by an argument on the
    relations alone. Everything it waits for, directly or not, is put in an order in which nothing
    waits for a later one, and executing one sets off (includes, makes pending) later ones only.
    Then one pass in this order executes all that stands in the way, from any marking whatever.
    """
    awaited, waiting = 0, [target]
    while waiting:
        row = table.rows[waiting.pop()]
        fresh = (row.conditions | row.milestones) & ~awaited
        awaited |= fresh
        waiting += table.members(fresh)
    if awaited >> target & 1:
        return False
    sources = table.members(awaited)
    if not all(table.rows[p].possible for p in (*sources, target)):
        return False
    later: dict[int, int] = dict.fromkeys(sources, 0)
    for place in sources:
        row = table.rows[place]
        for sooner in table.members((row.conditions | row.milestones) & awaited):
            later[sooner] |= row.bit
        later[place] |= (row.included | (row.owed & table.milestone_sources)) & awaited
    return _in_order(table, later)


def _in_order(table: Table, later: dict[int, int]) -> bool:
    """Whether no activity comes, by way of others, before itself (Kahn 1962)."""
    before = dict.fromkeys(later, 0)
    for after in later.values():
        for place in table.members(after):
            before[place] += 1
    ready = [place for place, count in before.items() if not count]
    ordered = 0
    while ready:
        ordered += 1
        for place in table.members(later[ready.pop()]):
            before[place] -= 1
            if not before[place]:
                ready.append(place)
    return ordered == len(later)
