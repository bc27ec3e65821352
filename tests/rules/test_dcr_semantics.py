"""The engine against the definitions of the papers, one rule a test."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from oslonac.kit.calendars import Amount, Unit, WorkCalendar
from oslonac.protocols.dcr.enabling import Obstacle
from oslonac.protocols.dcr.execution import Run, replay
from oslonac.protocols.dcr.expressions import BadExpression, compile_guard, compile_path
from oslonac.protocols.dcr.graph import (
    Activity,
    Condition,
    Exclude,
    Graph,
    Include,
    Label,
    Milestone,
    NoResponse,
    Norm,
    Relation,
    Response,
)
from oslonac.protocols.dcr.state import Obligation, Standing, obligations, state
from oslonac.protocols.dcr.time import Deadline
from oslonac.protocols.replaying import Happened

SERBIA = WorkCalendar("Europe/Belgrade", "RS")
START = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
DAY = Amount(24, Unit.HOURS)


def box(id_: str, **more: Any) -> Activity:
    return Activity(id_, labels=(Label(id_),), **more)


def graph(*parts: Activity | Relation) -> Graph:
    boxes = {p.id: p for p in parts if isinstance(p, Activity)}
    return Graph("test", "1", boxes, tuple(p for p in parts if isinstance(p, Relation)))


def happened(*names: str, hours: float = 1, **data: Any) -> list[Happened]:
    return [
        Happened(f"e{n}", name, START + timedelta(hours=hours * n), data)
        for n, name in enumerate(names)
    ]


def enabled(run: Run, now: datetime = START + timedelta(days=10)) -> set[str]:
    return {p.activity for p in state(run, now).possibilities}


def ran(of: Graph, *names: str, facts: dict[str, Any] | None = None, **data: Any) -> Run:
    return replay(of, happened(*names, **data), facts or {}, SERBIA)


def only(run: Run) -> Obligation:
    (found,) = obligations(run)
    return found


def test_a_condition_waits_until_its_source_was_executed() -> None:
    g = graph(box("a"), box("b"), Condition("a", "b"))
    assert enabled(ran(g)) == {"a"}
    assert enabled(ran(g, "a")) == {"a", "b"}


def test_an_excluded_source_of_a_condition_does_not_count() -> None:
    g = graph(box("a"), box("b"), box("c"), Condition("a", "b"), Exclude("c", "a"))
    assert "b" in enabled(ran(g, "c"))


def test_a_delayed_condition_holds_when_the_delay_has_passed() -> None:
    g = graph(box("a"), box("b"), Condition("a", "b", delay=DAY))
    run = ran(g, "a")
    assert "b" not in enabled(run, START + timedelta(hours=23))
    (block,) = state(run, START + timedelta(hours=23)).blocks
    assert block.missing[0].obstacle is Obstacle.DELAY
    assert block.missing[0].until == START + timedelta(hours=24)
    assert "b" in enabled(run, START + timedelta(hours=24))


def test_a_response_is_pending_until_executed_and_has_a_deadline() -> None:
    g = graph(box("a"), box("b"), Response("a", "b", deadline=Deadline(DAY)))
    duty = only(ran(g, "a"))
    assert duty.standing is Standing.OPEN
    assert duty.due == START + timedelta(hours=24)
    assert duty.overdue_by(START + timedelta(hours=30)) == timedelta(hours=6)
    assert only(ran(g, "a", "b")).standing is Standing.DONE


def test_a_pending_response_that_is_excluded_is_not_required() -> None:
    g = graph(
        box("a"), box("b"), box("c"), Response("a", "b"), Exclude("c", "b"), Include("a", "b")
    )
    assert only(ran(g, "a", "c")).standing is Standing.VOID


def test_an_included_activity_takes_its_pending_response_back() -> None:
    parts = (box("a"), box("b"), box("c"), box("d"))
    g = graph(*parts, Response("a", "b"), Exclude("c", "b"), Include("d", "b"))
    assert only(ran(g, "a", "c", "d")).standing is Standing.OPEN


def test_a_cancelled_response_does_not_come_back() -> None:
    parts = (box("a"), box("b"), box("c"), box("d"))
    g = graph(
        *parts, Response("a", "b"), Exclude("c", "b"), NoResponse("c", "b"), Include("d", "b")
    )
    assert only(ran(g, "a", "c", "d")).standing is Standing.VOID


def test_a_milestone_waits_while_a_response_is_pending() -> None:
    g = graph(box("a"), box("b"), box("c"), Response("a", "b"), Milestone("b", "c"))
    assert "c" in enabled(ran(g))
    assert "c" not in enabled(ran(g, "a"))
    assert "c" in enabled(ran(g, "a", "b"))


def test_inclusion_wins_over_exclusion_in_one_step() -> None:
    g = graph(box("a"), box("b"), Exclude("a", "b"), Include("a", "b"))
    assert "b" in enabled(ran(g, "a"))


def test_a_response_to_oneself_is_pending_again_after_the_execution() -> None:
    g = graph(box("a"), Response("a", "a", deadline=Deadline(DAY)))
    first, second, third = obligations(ran(g, "a", "a", "a"))
    assert [first.standing, second.standing] == [Standing.DONE, Standing.DONE]
    assert third.standing is Standing.OPEN
    assert third.since == START + timedelta(hours=2)


def test_a_second_response_replaces_the_deadline_as_in_the_timed_paper() -> None:
    g = graph(box("a"), box("b"), Response("a", "b", deadline=Deadline(DAY)))
    assert only(ran(g, "a", "a")).since == START + timedelta(hours=1)


def test_unless_the_first_deadline_stands() -> None:
    response = Response("a", "b", deadline=Deadline(DAY), renews=False)
    assert only(ran(graph(box("a"), box("b"), response), "a", "a")).since == START


def test_of_two_responses_in_one_step_the_shorter_wins() -> None:
    long, short = Deadline(Amount(5, Unit.WORKING_DAYS)), Deadline(DAY)
    for order in ((long, short), (short, long)):
        responses = [Response("a", "b", deadline=deadline) for deadline in order]
        duty = only(ran(graph(box("a"), box("b"), *responses), "a"))
        assert duty.due == START + timedelta(hours=24)


def test_what_was_not_enabled_is_executed_and_reported() -> None:
    g = graph(box("a"), box("b"), Condition("a", "b"))
    run = ran(g, "b")
    assert run.marking.last(("b", "")) is not None
    assert run.deviations[0].missing[0].obstacle is Obstacle.CONDITION


def test_each_subject_has_a_copy_of_its_own() -> None:
    g = graph(box("a", each="c"), box("b", each="c"), Response("a", "b"), Condition("a", "b"))
    events = [
        Happened("1", "a", START, {"c": "x"}),
        Happened("2", "a", START, {"c": "y"}),
        Happened("3", "b", START + timedelta(hours=1), {"c": "x"}),
    ]
    found = {o.subject: o.standing for o in obligations(replay(g, events, {}, SERBIA))}
    assert found == {"x": Standing.DONE, "y": Standing.OPEN}


def test_one_that_waits_for_copies_waits_for_all_that_exist() -> None:
    g = graph(box("a"), box("b", each="c"), box("z"), Response("a", "b"), Milestone("b", "z"))
    events = [Happened("1", "a", START, {"c": "x"}), Happened("2", "a", START, {"c": "y"})]
    done = Happened("3", "b", START + timedelta(hours=1), {"c": "x"})
    assert "z" in enabled(replay(g, [], {}, SERBIA))
    assert "z" not in enabled(replay(g, [*events, done], {}, SERBIA))


def test_a_record_that_names_no_subject_is_reported() -> None:
    run = ran(graph(box("a", each="concern")), "a")
    assert run.deviations[0].missing[0].obstacle is Obstacle.NAMELESS


def test_a_clock_that_started_before_it_was_told_counts_what_was_done_meanwhile() -> None:
    deadline = Deadline(DAY, start=compile_path("facts.informed_at"))
    g = graph(box("a"), box("b"), Response("a", "b", deadline=deadline))
    events = happened("b", "a")
    told = START - timedelta(hours=5)
    duty = only(replay(g, events, {"informed_at": told}, SERBIA))
    assert duty.since == told
    assert duty.done_at == START
    later = only(replay(g, events, {"informed_at": START + timedelta(minutes=30)}, SERBIA))
    assert later.done_at is None


def test_unknown_obliges_without_certainty_and_never_excludes() -> None:
    guard = compile_guard("facts.alone == 'yes'")
    b = box("b", norm=Norm("law", verified=True))
    g = graph(box("a"), b, Response("a", "b", guard), Exclude("a", "b", guard))
    duty = only(ran(g, "a"))
    assert not duty.certain
    assert not duty.binding
    assert duty.standing is Standing.OPEN
    sure = only(ran(graph(box("a"), b, Response("a", "b", guard)), "a", facts={"alone": "yes"}))
    assert sure.certain and sure.binding
    assert only(ran(g, "a", facts={"alone": "yes"})).certain
    assert obligations(ran(g, "a", facts={"alone": "no"})) == []


def test_an_unknown_condition_holds_and_says_what_is_not_known() -> None:
    g = graph(box("a"), box("b"), Condition("a", "b", compile_guard("facts.alone == 'yes'")))
    (block,) = state(ran(g), START).blocks
    assert block.missing[0].unknown == ("facts.alone",)
    assert "b" in enabled(ran(g, facts={"alone": "no"}))


def test_a_suspended_clock_stands_still_and_an_extension_moves_it() -> None:
    g = graph(box("a"), box("b"), Response("a", "b", deadline=Deadline(DAY)))
    stop = Happened("s", "clock.suspended", START + timedelta(hours=4), {"activity": "b"})
    on = Happened("t", "clock.resumed", START + timedelta(hours=10), {"activity": "*"})
    more = Happened(
        "u",
        "clock.extended",
        START + timedelta(hours=11),
        {"activity": "b", "amount": 12, "unit": "hours"},
    )
    events = happened("a")
    assert only(replay(g, [*events, stop], {}, SERBIA)).standing is Standing.SUSPENDED
    assert only(replay(g, [*events, stop, on], {}, SERBIA)).due == START + timedelta(hours=30)
    moved = only(replay(g, [more, on, stop, *events], {}, SERBIA))
    assert moved.due == START + timedelta(hours=42)
    assert moved.why == ("e0", "s", "u")


def test_a_suspended_clock_of_working_days_moves_by_working_days() -> None:
    deadline = Deadline(Amount(5, Unit.WORKING_DAYS))
    g = graph(box("a"), box("b"), Response("a", "b", deadline=deadline))
    # Tuesday to the next Tuesday; stopped from Thursday to the Monday after: two working days.
    stop = Happened("s", "clock.suspended", START + timedelta(days=2), {"activity": "b"})
    on = Happened("t", "clock.resumed", START + timedelta(days=6), {"activity": "b"})
    due = only(replay(g, [*happened("a"), stop, on], {}, SERBIA)).due
    assert due == datetime(2026, 3, 12, 22, 59, tzinfo=UTC)


def test_events_after_now_have_not_happened() -> None:
    g = graph(box("a"), box("b"), Response("a", "b"))
    assert obligations(replay(g, happened("a"), {}, SERBIA, START - timedelta(seconds=1))) == []


def test_a_norm_counts_only_while_in_force() -> None:
    norm = Norm("law", True, in_force_from="2026-03-04")
    g = graph(box("a"), box("b", norm=norm), Response("a", "b"))
    assert not only(ran(g, "a")).binding
    later = replay(g, [Happened("1", "a", START + timedelta(days=1))], {}, SERBIA)
    assert only(later).binding


def test_a_circle_of_inclusions_ends() -> None:
    g = graph(
        box("a", included=False), box("b", included=False), Include("a", "b"), Include("b", "a")
    )
    assert enabled(ran(g)) == set()


@pytest.mark.parametrize(
    ("text", "facts", "expected"),
    [
        ("facts.a == 1", {"a": 1}, True),
        ("facts.a == 1", {}, None),
        ("not facts.a == 1", {}, None),
        ("facts.a == 1 and facts.b == 1", {"b": 2}, False),
        ("facts.a == 1 or facts.b == 1", {"b": 1}, True),
        ("facts.a == 1 or facts.b == 1", {"b": 2}, None),
        ("facts.a in ['x', 'y']", {"a": "y"}, True),
        ("facts.a in ['x', 'y']", {"a": "unknown"}, None),
        ("facts.a == 'unknown'", {"a": "unknown"}, True),
        ("known(facts.a)", {"a": "declined"}, False),
        ("not (known(facts.a) or facts.b)", {"b": False}, True),
        ("facts.age < 14", {"age": 13}, True),
        ("facts.age < 14", {"age": "old"}, None),
        ("facts.a == 'none'", {"a": "none"}, True),
    ],
)
def test_guards_are_three_valued(text: str, facts: dict[str, Any], expected: bool | None) -> None:
    assert compile_guard(text)(facts, {}) is expected


@pytest.mark.parametrize(
    "text",
    ["", "facts.a ==", "facts.a == 'x", "__import__('os')", "a == 1", "facts.a == 1)", "(" * 50],
)
def test_what_is_no_guard_is_refused(text: str) -> None:
    with pytest.raises(BadExpression):
        compile_guard(text)
