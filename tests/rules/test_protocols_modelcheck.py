"""The model check: as exact as a walk of everything on small graphs, quick on long ones."""

import itertools
import random
import time
from collections.abc import Iterator

import pytest

from oslonac.protocols.dcr.graph import (
    Activity,
    Condition,
    Exclude,
    Graph,
    Include,
    Label,
    Milestone,
    NoResponse,
    Relation,
    Response,
)
from oslonac.protocols.modelcheck import check

KINDS = [Condition, Response, Response, Milestone, Include, Exclude, NoResponse]
State = tuple[frozenset[str], frozenset[str], frozenset[str]]


def graph(names: list[str], *relations: Relation, excluded: str = "", pending: str = "") -> Graph:
    boxes = {
        n: Activity(n, labels=(Label(n),), included=n not in excluded, pending=n in pending)
        for n in names
    }
    return Graph("g", "1", boxes, relations)


def by_chance(seed: int, size: int, relations: int) -> Graph:
    random_ = random.Random(seed)
    names = [f"a{n}" for n in range(size)]
    boxes = {
        n: Activity(
            n,
            labels=(Label(n),),
            included=random_.random() < 0.8,
            pending=random_.random() < 0.1,
        )
        for n in names
    }
    drawn = (
        random_.choice(KINDS)(random_.choice(names), random_.choice(names))
        for _ in range(relations)
    )
    return Graph("g", "1", boxes, tuple(drawn))


class Exact:
    """Every marking of a graph, with sets, from the definitions of the papers."""

    def __init__(self, whole: Graph) -> None:
        self.graph = whole
        boxes = whole.activities.values()
        start: State = (
            frozenset(),
            frozenset(a.id for a in boxes if a.pending),
            frozenset(a.id for a in boxes if a.included),
        )
        self.next: dict[State, list[State]] = {start: []}
        waiting = [start]
        while waiting:
            here = waiting.pop()
            for name in whole.activities:
                if self.enabled(here, name):
                    there = self.execute(here, name)
                    self.next[here].append(there)
                    if there not in self.next:
                        self.next[there] = []
                        waiting.append(there)

    def enabled(self, state: State, name: str) -> bool:
        executed, pending, included = state
        return name in included and not any(
            r.target == name
            and r.source in included
            and (
                (isinstance(r, Condition) and r.source not in executed)
                or (isinstance(r, Milestone) and r.source in pending)
            )
            for r in self.graph.relations
        )

    def execute(self, state: State, name: str) -> State:
        executed, pending, included = state

        def of(kind: type[Relation]) -> set[str]:
            mine = (r for r in self.graph.relations if r.source == name)
            return {r.target for r in mine if isinstance(r, kind)}

        return (
            executed | {name},
            (pending - {name} - of(NoResponse)) | of(Response),
            (included - of(Exclude)) | of(Include),
        )

    def verdicts(self) -> Iterator[tuple[str, str]]:
        for name in self.graph.activities:
            if not any(self.enabled(state, name) for state in self.next):
                yield "unreachable", name
                continue
            fine = {s for s in self.next if name not in s[1] & s[2] or self.enabled(s, name)}
            while more := {
                s for s, after in self.next.items() if s not in fine and fine & set(after)
            }:
                fine |= more
            if len(fine) < len(self.next):
                yield "deadlock", name


@pytest.mark.parametrize("part", range(5))
def test_the_verdict_is_that_of_a_walk_of_everything(part: int) -> None:
    seen: set[str] = set()
    for seed in range(part * 100, part * 100 + 100):
        random_ = random.Random(seed)
        size = random_.randrange(2, 7)
        found = by_chance(seed, size, random_.randrange(3 * size + 3))
        verdict = check(found)
        told = {(f.kind, f.activity) for f in verdict.findings if f.kind != "ending_only"}
        exact = set(Exact(found).verdicts())
        assert told == exact, seed
        assert not verdict.unproven, seed
        seen |= {kind for kind, _ in exact}
    assert seen == {"unreachable", "deadlock"}


def line(length: int) -> Graph:
    names = [f"s{n}" for n in range(length)]
    relations: list[Relation] = []
    for before, after in itertools.pairwise(names):
        relations += [Condition(before, after), Response(before, after)]
    return graph(names, *relations)


@pytest.mark.parametrize("length", [12, 25, 100, 300])
def test_a_straight_line_is_proven(length: int) -> None:
    began = time.process_time()
    verdict = check(line(length))
    assert (verdict.findings, verdict.unproven) == ((), ())
    assert time.process_time() - began < 10


def test_a_line_told_backwards_and_what_waits_for_many_are_proven_too() -> None:
    backwards = line(100)
    turned = dict(reversed(list(backwards.activities.items())))
    assert not check(Graph("g", "1", turned, backwards.relations)).unproven
    # Forty steps in whatever order before one: 2^40 markings.
    names = [f"s{n}" for n in range(40)]
    joined = [Condition(name, "end") for name in names]
    assert check(graph([*names, "end"], *joined, Response(names[0], "end"))).unproven == ()


@pytest.mark.parametrize("relations", [300, 450, 600, 3000])
def test_three_hundred_activities_take_no_longer_than_ten_seconds(relations: int) -> None:
    began = time.process_time()
    verdict = check(by_chance(7, 300, relations))
    assert time.process_time() - began < 10
    # What was not proven is said, never passed over.
    named = {f.activity for f in verdict.findings} | set(verdict.unproven)
    assert named
    if relations == 300:
        assert verdict.unproven == ()


def test_a_fault_at_the_end_of_a_long_line_is_found() -> None:
    long = line(120)
    broken = (*long.relations, Condition("s119", "s118"))
    found = check(Graph("g", "1", long.activities, broken)).findings
    assert {(f.kind, f.activity) for f in found} == {
        ("unreachable", "s118"),
        ("unreachable", "s119"),
    }


def test_what_only_the_end_of_the_case_meets_is_a_warning_and_no_error() -> None:
    """A circle of two that wait for each other, which closing lets go of."""
    names = ["opened", "one", "two", "closed"]
    circle = [Condition("one", "two"), Condition("two", "one")]
    due = [Response("opened", "one")]
    ends = [Exclude("closed", name) for name in ("opened", "one", "two")]
    found = check(graph(names, *circle, *due, *ends))
    assert {(f.kind, f.activity) for f in found.findings} == {
        ("unreachable", "one"),
        ("unreachable", "two"),
    }
    milestone = [Milestone("one", "one"), Response("opened", "one")]
    found = check(graph(names, *milestone, *ends))
    assert {(f.kind, f.activity) for f in found.findings} == {("ending_only", "one")}
