"""When whom to remind: the table of the pack, and what may never happen whatever the table."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oslonac.kit.calendars import WorkCalendar
from oslonac.protocols.reminders.plan import (
    AWAY,
    CHAIN,
    Level,
    People,
    Plan,
    Stage,
    Term,
    Watched,
    moments,
    next_look,
    tell,
)
from oslonac.protocols.reminders.table import BadPlan, load_plan, plan_of

PACK = Path(__file__).resolve().parents[2] / "packs" / "serbia"
PLAN = load_plan(PACK)
CALENDAR = WorkCalendar("Europe/Belgrade", "RS")
START = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)  # a Tuesday, 10:00 in Belgrade
ANA, DRAGAN, MILENA = (UUID(int=n) for n in (1, 2, 3))
USUAL = {Level.RESPONSIBLE: [ANA], Level.SUPERVISOR: [DRAGAN], Level.HEAD: [MILENA]}
ALL = frozenset({ANA, DRAGAN, MILENA})


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def stages(term: timedelta, *, binding: bool = True) -> list[tuple[str, Level, timedelta]]:
    """(stage, level, distance from the deadline) of the pack's plan for a term."""
    due = START + term
    found = moments(PLAN, Watched(START, due, binding), CALENDAR)
    return [(m.stage, m.level, m.at - due) for m in found]


# --- the table of the pack ---------------------------------------------------


def test_a_clock_of_a_day_runs_through_the_night_and_up_the_chain_within_hours() -> None:
    assert stages(hours(24)) == [
        ("soon", Level.RESPONSIBLE, hours(-2)),
        ("due", Level.RESPONSIBLE, hours(0)),
        ("team", Level.SUPERVISOR, hours(1)),
        ("centre", Level.HEAD, hours(4)),
    ]
    assert all(m.urgent for m in moments(PLAN, Watched(START, START + hours(24), True), CALENDAR))


def test_of_72_hours_the_supervisor_hears_two_hours_before() -> None:
    """DESIGN 1.2: due Thursday 14:05, "her supervisor will be told at 12:05"."""
    found = stages(hours(72))
    assert ("team", Level.SUPERVISOR, hours(-2)) in found
    assert found[0] == ("soon", Level.RESPONSIBLE, hours(-12))


def test_days_are_counted_to_the_morning_of_a_working_day() -> None:
    """Due on Monday 9 March at 23:59: Friday, Monday, Tuesday for Ana; Tuesday, Thursday above."""
    due = datetime(2026, 3, 9, 22, 59, tzinfo=UTC)
    found = moments(PLAN, Watched(START, due, True), CALENDAR)
    morning = [(m.stage, m.at.astimezone(UTC)) for m in found]
    assert morning == [
        ("soon", datetime(2026, 3, 6, 7, tzinfo=UTC)),
        ("due", datetime(2026, 3, 9, 7, tzinfo=UTC)),
        ("again", datetime(2026, 3, 10, 7, tzinfo=UTC)),
        ("team", datetime(2026, 3, 10, 7, tzinfo=UTC)),
        ("centre", datetime(2026, 3, 12, 7, tzinfo=UTC)),
    ]


def test_mornings_are_local_on_both_sides_of_the_change_of_clocks() -> None:
    """Sunday 29 March 2026 has 23 hours in Belgrade; Monday's 08:00 is 06:00 UTC."""
    due = datetime(2026, 3, 30, 21, 59, tzinfo=UTC)
    at = {m.stage: m.at for m in moments(PLAN, Watched(START, due, True), CALENDAR)}
    assert at["soon"] == datetime(2026, 3, 27, 7, tzinfo=UTC)
    assert at["due"] == datetime(2026, 3, 30, 6, tzinfo=UTC)


def test_guidance_never_goes_up_the_chain() -> None:
    for term in (hours(5), hours(72), timedelta(days=10), timedelta(days=90)):
        assert {level for _, level, _ in stages(term, binding=False)} == {Level.RESPONSIBLE}


def test_done_suspended_and_undated_duties_are_silent() -> None:
    assert moments(PLAN, Watched(START, START + hours(5), True, open=False), CALENDAR) == []
    assert moments(PLAN, Watched(START, None, True), CALENDAR) == []


def test_the_length_of_the_term_not_the_day_chooses_the_row() -> None:
    assert stages(timedelta(days=30))[0][0] == "ahead"
    assert stages(timedelta(days=4))[0][0] == "soon"


# --- who is there ------------------------------------------------------------


def test_whoever_is_away_is_stood_in_for_at_once() -> None:
    people = People(USUAL, ALL - {ANA})
    watched = Watched(START, START + timedelta(days=5), True)
    planned = moments(PLAN, watched, CALENDAR, deserted=people.deserted)
    told = tell(planned, people, set(), START + timedelta(minutes=1))
    assert [(t.user, t.moment.stage, t.instead) for t in told] == [(DRAGAN, AWAY, True)]


def test_far_off_duties_of_whoever_is_away_wait_for_the_week_before() -> None:
    people = People(USUAL, ALL - {ANA})
    watched = Watched(START, START + timedelta(days=60), True)
    planned = moments(PLAN, watched, CALENDAR, deserted=True)
    assert tell(planned, people, set(), START + timedelta(days=52)) == []
    assert [t.user for t in tell(planned, people, set(), START + timedelta(days=53))] == [DRAGAN]


def test_without_a_supervisor_the_head_is_asked() -> None:
    people = People(USUAL, {MILENA})
    planned = moments(PLAN, Watched(START, START + hours(5), True), CALENDAR, deserted=True)
    assert {t.user for t in tell(planned, people, set(), START + hours(5))} == {MILENA}


def test_a_supervisor_who_is_responsible_is_not_above_themself() -> None:
    people = People(USUAL | {Level.RESPONSIBLE: [DRAGAN]}, ALL)
    assert people.asked(Level.SUPERVISOR) == [MILENA]


def test_a_mute_silences_only_whoever_muted() -> None:
    people = People(USUAL, ALL, muted={ANA})
    planned = moments(PLAN, Watched(START, START + hours(5), True), CALENDAR)
    told = tell(planned, people, set(), START + hours(12))
    assert {t.user for t in told} == {DRAGAN, MILENA}
    end = START + timedelta(days=2)
    assert next_look(planned, START + hours(12), end) == end
    assert ANA in {t.user for t in tell(planned, People(USUAL, ALL), set(), end)}


def test_a_run_that_comes_late_tells_the_last_stage_only() -> None:
    people = People(USUAL, ALL)
    planned = moments(PLAN, Watched(START, START + timedelta(days=60), True), CALENDAR)
    told = tell(planned, people, set(), START + timedelta(days=200))
    assert Counter(t.user for t in told) == {ANA: 1, DRAGAN: 1, MILENA: 1}


def test_one_person_in_two_places_is_told_once() -> None:
    people = People(USUAL, ALL - {ANA})
    planned = moments(PLAN, Watched(START, START + hours(5), True), CALENDAR, deserted=True)
    told = tell(planned, people, set(), START + hours(20))
    assert [t.user for t in told if t.loud] == [DRAGAN, MILENA]
    said = {(t.moment.stage, t.user) for t in told}
    assert tell(planned, people, said, START + hours(21)) == []


# --- whatever the table and the run ------------------------------------------

ids = st.sampled_from("abcdefgh")
levels = st.sampled_from(CHAIN)
stage = st.one_of(
    st.builds(Stage, ids, levels, hours=st.integers(-100, 100)),
    st.builds(Stage, ids, levels, days=st.integers(-20, 20), working=st.booleans()),
)
some_stages = st.lists(stage, max_size=6, unique_by=lambda s: s.id).map(tuple)
plans = st.builds(
    Plan,
    st.builds(Term, st.none(), some_stages, some_stages, st.booleans()).map(lambda t: (t,)),
    st.builds(time, st.integers(0, 23)),
    st.integers(0, 20).map(lambda n: timedelta(days=n)),
)
terms = st.integers(-10, 2000).map(hours)
crowds = st.fixed_dictionaries(
    {level: st.lists(st.integers(1, 6).map(lambda n: UUID(int=n)), max_size=3) for level in CHAIN}
)
present = st.sets(st.integers(1, 6).map(lambda n: UUID(int=n)))
visits = st.lists(
    st.tuples(st.integers(-100, 4000), present, present, st.booleans()), min_size=1, max_size=8
)


@settings(max_examples=150, deadline=None)
@given(plans, terms, crowds, visits, st.booleans())
def test_nobody_twice_nothing_after_done_always_up(plan, term, crowd, visited, binding) -> None:
    """Runs at any times, with anybody there or not, muted or not, done or not."""
    said: list[tuple[str, UUID]] = []
    for offset, there, muted, is_open in sorted(visited, key=lambda v: v[0]):
        people = People(crowd, there, muted)
        watched = Watched(START, START + term, binding, is_open)
        planned = moments(plan, watched, CALENDAR, deserted=people.deserted)
        now = START + hours(offset)
        told = tell(planned, people, set(said), now)
        said += [(t.moment.stage, t.user) for t in told]
        assert is_open or not told
        assert all(t.user in there and t.moment.at <= now for t in told)
        assert max(Counter(t.user for t in told if t.loud).values(), default=0) <= 1
        assert {t.user for t in told} == {t.user for t in told if t.loud}
        asked = [m for m in planned if m.stage != AWAY]
        first = {level: [m.at for m in asked if m.level is level] for level in CHAIN}
        reached = [min(first[level]) for level in CHAIN if first[level]]
        assert reached == sorted(reached)
        look = next_look(planned, now)
        assert look is None or look > now
    assert max(Counter(said).values(), default=0) <= 1


@settings(max_examples=80, deadline=None)
@given(plans, terms, crowds, present, st.integers(-100, 4000), st.booleans())
def test_between_two_looks_nothing_would_have_been_told(
    plan, term, crowd, there, offset, binding
) -> None:
    """What `next_look` says may be slept through."""
    people = People(crowd, there)
    planned = moments(
        plan, Watched(START, START + term, binding), CALENDAR, deserted=people.deserted
    )
    now = START + hours(offset)
    said = {(t.moment.stage, t.user) for t in tell(planned, people, set(), now)}
    look = next_look(planned, now)
    almost = (look or now + timedelta(days=900)) - timedelta(seconds=1)
    assert tell(planned, people, said, almost) == []


# --- the file ----------------------------------------------------------------


@pytest.mark.parametrize(
    "terms",
    [
        "nonsense",
        [{"norm": [{"id": "x", "to": "nobody", "hours": 1}]}],
        [{"norm": [{"id": "x", "to": "head"}]}],
        [{"norm": [{"id": "x", "to": "head", "hours": 1, "days": 1}]}],
        [{"norm": [{"id": "x", "to": "head", "hours": 10**9}]}],
        [{"norm": [{"id": "x", "to": "head", "hours": True}]}],
        [{"norm": [{"id": "x", "to": "head", "hours": n} for n in (1, 2)]}],
        [{"norm": [{"id": AWAY, "to": "head", "hours": 1}]}],
        [{"norm": []}, {"up_to_hours": 5}],
        [{"up_to_hours": -1}],
    ],
)
def test_a_table_that_makes_no_sense_is_refused_with_a_sentence(terms: object) -> None:
    with pytest.raises(BadPlan, match=r"must|id|one of"):
        plan_of({"terms": terms})


def test_a_pack_without_the_file_reminds_nobody(tmp_path: Path) -> None:
    assert moments(load_plan(tmp_path), Watched(START, START + hours(5), True), CALENDAR) == []
