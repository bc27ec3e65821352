"""What holds for every graph and every history: found by chance, not by example."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oslonac.kit.calendars import Amount, Unit, WorkCalendar
from oslonac.protocols.dcr.execution import replay
from oslonac.protocols.dcr.expressions import compile_guard, conjunction, disjunction, negation
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
from oslonac.protocols.dcr.state import Standing, State, obligations, state
from oslonac.protocols.dcr.time import Deadline
from oslonac.protocols.replaying import Happened
from tests.rules import naive_dcr

SERBIA = WorkCalendar("Europe/Belgrade", "RS")
START = datetime(2026, 3, 1, tzinfo=UTC)
NAMES = "abcdefg"
KINDS: list[Any] = [Condition, Response, Response, Milestone, Include, Exclude, NoResponse]


def random_graph(random_: random.Random) -> Graph:
    names = NAMES[: random_.randrange(1, len(NAMES) + 1)]
    boxes = {n: Activity(n, labels=(Label(n),), included=random_.random() < 0.8) for n in names}
    relations = []
    for _ in range(random_.randrange(15)):
        kind = random_.choice(KINDS)
        more: dict[str, Any] = {}
        hours = random_.choice([None, 1, 5, 48])
        amount = Amount(hours, Unit.HOURS) if hours else None
        if kind is Condition:
            more["delay"] = amount
        if kind is Response:
            more = {"deadline": Deadline(amount), "renews": random_.random() < 0.7}
        relations.append(kind(random_.choice(names), random_.choice(names), **more))
    return Graph("random", "1", boxes, tuple(relations))


def random_trace(random_: random.Random, length: int = 30) -> list[Happened]:
    return [
        Happened(f"e{n:03}", random_.choice(NAMES), START + timedelta(hours=random_.randrange(60)))
        for n in range(random_.randrange(length))
    ]


@pytest.mark.parametrize("part", range(8))
def test_a_naive_interpreter_agrees_on_random_graphs_and_traces(part: int) -> None:
    for seed in range(part * 500, part * 500 + 500):
        random_ = random.Random(seed)
        graph, trace = random_graph(random_), random_trace(random_)
        naive = naive_dcr.run(graph, [(e.at, e.id, e.name) for e in trace])
        run = replay(graph, trace, {}, SERBIA)
        marking = run.marking
        pending = {copy[0]: (r.since, run.due(r)) for copy, r in marking.pending.items()}
        assert pending == naive.pending, seed
        assert {c[0]: e[-1].at for c, e in marking.executed.items()} == naive.last, seed
        assert {n for n in graph.activities if marking.included((n, ""))} == naive.included, seed
        done = [o for o in obligations(run) if o.standing is Standing.DONE]
        found = sorted((o.activity, o.since, o.done_at) for o in done)
        assert found == sorted(naive.done), seed
        assert len(run.deviations) == naive.wrong, seed
        for hours in (10, 61, 200):
            now = START + timedelta(hours=hours)
            possible = {p.activity for p in state(run, now).possibilities}
            if hours > 60:
                assert possible == {n for n in graph.activities if naive.enabled(n, now)}, seed


def _state(graph: Graph, events: list[Happened], now: datetime) -> State:
    return state(replay(graph, events, {}, SERBIA, now), now)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**9), st.randoms(use_true_random=False))
def test_the_same_whatever_the_order_of_arrival(seed: int, shuffler: random.Random) -> None:
    random_ = random.Random(seed)
    graph, trace = random_graph(random_), random_trace(random_)
    now = START + timedelta(hours=random_.randrange(100))
    shuffled = trace[:]
    shuffler.shuffle(shuffled)
    assert _state(graph, shuffled, now) == _state(graph, trace, now) == _state(graph, trace, now)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**9), st.integers(0, 200), st.integers(0, 200))
def test_what_is_overdue_stays_overdue_while_nothing_happens(
    seed: int, hours: int, more: int
) -> None:
    random_ = random.Random(seed)
    run = replay(random_graph(random_), random_trace(random_), {}, SERBIA)
    early = START + timedelta(hours=60 + hours)
    late = early + timedelta(hours=more)
    for duty in obligations(run):
        before, after = duty.overdue_by(early), duty.overdue_by(late)
        if before is not None:
            assert after == before + timedelta(hours=more)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**9))
def test_replaying_in_two_parts_is_replaying_at_once(seed: int) -> None:
    random_ = random.Random(seed)
    graph, trace = random_graph(random_), random_trace(random_)
    whole = replay(graph, trace, {}, SERBIA)
    parts = replay(graph, [], {}, SERBIA)
    for event in sorted(trace, key=lambda e: (e.at, e.id)):
        parts.step(event)
    now = START + timedelta(hours=100)
    assert state(whole, now) == state(parts, now)


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, 10**9),
    st.sampled_from(list(Unit)),
    st.integers(1, 30),
    st.none() | st.integers(-30, 60),
)
def test_a_suspension_never_shortens_and_an_extension_never_takes_back(
    seed: int, unit: Unit, count: int, until: int | None
) -> None:
    random_ = random.Random(seed)
    response = Response("a", "b", deadline=Deadline(Amount(count, unit)))
    boxes = {n: Activity(n, labels=(Label(n),)) for n in "ab"}
    graph = Graph("g", "1", boxes, (response,))
    moments = sorted(START + timedelta(hours=random_.randrange(500)) for _ in range(3))
    names = ("clock.suspended", "clock.resumed", "clock.extended")
    data: dict[str, Any] = {"activity": "b", "amount": count, "unit": unit.value}
    if until is not None:  # a new last day, which may be one before the old
        day = (START + timedelta(days=until)).date()
        data = {"activity": "b", "until": day.isoformat()}
    pairs = enumerate(zip(names, moments, strict=True))
    changes = [Happened(f"c{n}", *pair, data) for n, pair in pairs]
    events = [Happened("a0", "a", START)]
    (plain,) = obligations(replay(graph, events, {}, SERBIA))
    (moved,) = obligations(replay(graph, [*events, *changes], {}, SERBIA))
    assert plain.due is not None
    assert moved.due is not None
    assert moved.due >= plain.due


truths = st.sampled_from([True, False, None])


@given(truths, truths)
def test_kleene(left: bool | None, right: bool | None) -> None:
    order = {False: 0, None: 1, True: 2}
    back = {0: False, 1: None, 2: True}
    assert conjunction([left, right]) is back[min(order[left], order[right])]
    assert disjunction([left, right]) is back[max(order[left], order[right])]
    assert negation(conjunction([left, right])) is disjunction([negation(left), negation(right)])


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="facts.d ta=!<>()'[],0123knowandorin", max_size=60))
def test_any_text_is_a_guard_or_is_refused(text: str) -> None:
    from oslonac.protocols.dcr.expressions import BadExpression

    try:
        guard = compile_guard(text)
    except BadExpression:
        return
    assert guard({}, {}) in (True, False, None)


def test_every_kind_of_relation_takes_part() -> None:
    assert set(Relation.__subclasses__()) == set(KINDS)
