"""Where a rule begins and ends: each threshold, on both of its sides."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest import mock

import pytest

from oslonac.access.rules import Level, Reach, in_force
from oslonac.cases import rules as cases
from oslonac.cases.trust import rules as trust
from oslonac.cases.trust.rules import Band, Part
from oslonac.guardianship import rules as guardians
from oslonac.kit.calendars import Amount, Unit, WorkCalendar, add_months, age_on
from oslonac.placements import rules as placements
from oslonac.protocols.dcr.execution import replay
from oslonac.protocols.dcr.expressions import compile_guard
from oslonac.protocols.dcr.graph import Activity, Graph, Label, Norm, Response
from oslonac.protocols.dcr.state import obligations
from oslonac.protocols.dcr.time import Extension, Pause, after_pause, extended
from oslonac.protocols.replaying import Happened
from oslonac.retention import rules as keeping
from oslonac.retention.rules import Category
from tests.refusals import invalid, refused

SERBIA = WorkCalendar("Europe/Belgrade", "RS")
DUE = datetime(2026, 3, 10, 22, 59, tzinfo=UTC)  # the last minute of a Tuesday in Belgrade
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


# Clocks


@pytest.mark.parametrize(
    ("day", "amount", "later"),
    [
        (date(2026, 3, 9), None, timedelta()),
        (date(2026, 3, 10), None, timedelta()),
        (date(2026, 3, 11), None, DAY),
        (None, Amount(6, Unit.HOURS), 6 * HOUR),
        (None, Amount(2, Unit.CALENDAR_DAYS), 2 * DAY),
        (None, None, timedelta()),
    ],
)
def test_an_extension_never_shortens_a_term(day: Any, amount: Any, later: timedelta) -> None:
    assert extended(DUE, Extension(amount, day), SERBIA) == DUE + later


@pytest.mark.parametrize(
    ("start", "end", "amount", "later"),
    [
        (-5 * HOUR, -2 * HOUR, Amount(24, Unit.HOURS), 3 * HOUR),
        (-5 * HOUR, None, Amount(24, Unit.HOURS), timedelta()),
        (-5 * HOUR, -5 * HOUR, Amount(24, Unit.HOURS), timedelta()),
        (-2 * HOUR, -5 * HOUR, Amount(24, Unit.HOURS), timedelta()),
        (timedelta(), 2 * HOUR, Amount(24, Unit.HOURS), timedelta()),
        (-3 * DAY, -1 * DAY, Amount(8, Unit.CALENDAR_DAYS), 2 * DAY),
        # Saturday to Monday: one working day passed while it stood, and one is given back.
        (-3 * DAY, -1 * DAY, Amount(8, Unit.WORKING_DAYS), DAY),
        (-3 * DAY, -1 * DAY, None, 2 * DAY),
    ],
)
def test_a_clock_gets_back_what_it_stood(start: Any, end: Any, amount: Any, later: Any) -> None:
    pause = Pause(DUE + start, None if end is None else DUE + end)
    assert after_pause(DUE, amount, pause, SERBIA) == DUE + later


@pytest.mark.parametrize("verified", [True, False])
@pytest.mark.parametrize("certain", [True, False])
@pytest.mark.parametrize(("since", "until"), [("", ""), ("2027-01-01", ""), ("", "2025-12-31")])
def test_only_a_certain_duty_of_a_verified_norm_in_force_binds(
    verified: bool, certain: bool, since: str, until: str
) -> None:
    norm = Norm("law", verified=verified, in_force_from=since, in_force_until=until)
    boxes = {
        "a": Activity("a", labels=(Label("a"),)),
        "b": Activity("b", labels=(Label("b"),), norm=norm),
    }
    graph = Graph("g", "1", boxes, (Response("a", "b", compile_guard("facts.alone == 'yes'")),))
    facts = {"alone": "yes"} if certain else {}
    (duty,) = obligations(replay(graph, [Happened("e", "a", DUE, {})], facts, SERBIA))
    assert duty.certain is certain
    assert duty.binding is (verified and certain and not since and not until)


def test_months_years_and_working_days() -> None:
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 12, 1), 1) == date(2027, 1, 1)
    assert age_on(date(2008, 3, 3), date(2026, 3, 2)) == 17
    assert age_on(date(2008, 3, 3), date(2026, 3, 3)) == 18
    assert SERBIA.add_working_days(date(2026, 3, 6), 1) == date(2026, 3, 9)
    assert SERBIA.add_working_days(date(2026, 3, 5), 1) == date(2026, 3, 6)


# Sight


def test_a_grant_holds_from_its_start_to_just_before_its_end() -> None:
    for at, holds in ((DUE - HOUR, False), (DUE, True), (DUE + HOUR, False)):
        assert in_force(starts_at=DUE, ends_at=DUE + HOUR, at=at) is holds
    assert in_force(starts_at=DUE, ends_at=None, at=DUE + 999 * DAY)


def test_reach_is_the_best_of_grants_less_what_blocks_close() -> None:
    both = Reach(Level.CASE) | Reach(Level.CONTACT, whereabouts=True)
    assert both == Reach(Level.CASE, whereabouts=True)
    kept = both | Reach(0, kept_off=True)
    assert kept == Reach(Level.CASE, whereabouts=False, kept_off=True)
    assert Reach(0, kept_off=True) | both == kept
    assert Reach(Level.CASE).shows(Level.CASE) and not Reach(Level.CASE).shows(Level.NARRATIVE)
    assert both.tells_where(True) and Reach(Level.CASE).tells_where(False)
    assert not Reach(Level.CASE).tells_where(True) and not kept.tells_where(False)


# Casework


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({}, ""),
        ({"open_suspicions": ["trafficking_labour"]}, "closing.suspicion_open"),
        ({"untold": ["trafficking_labour"]}, "suspicion.not_notified"),
        ({"running_transfer": True}, "closing.transfer_running"),
        ({"open_promises": 1}, "closing.promise_open"),
        ({"open_promises": 2}, "closing.promise_open"),
    ],
)
def test_each_thing_that_stands_in_the_way_of_closing(more: Any, refusal: str) -> None:
    given = {"open_suspicions": [], "running_transfer": False, "open_promises": 0} | more
    if not refusal:
        cases.check_closing(**given)
        return
    with refused(refusal):
        cases.check_closing(**given)


@pytest.mark.parametrize("reason", sorted(cases.CLOSING_WITH_APPROVAL))
def test_closing_that_leaves_a_child_in_doubt_is_approved(reason: str) -> None:
    assert cases.closing_needs_approval(reason=reason, priority="regular", suspicions=False)


def test_what_else_is_approved_before_closing() -> None:
    assert {"left_country", "not_contactable", "turned_18", "death"} <= cases.CLOSING_WITH_APPROVAL
    calm = {"reason": "no_further_need", "priority": "urgent", "suspicions": False}
    assert not cases.closing_needs_approval(**calm)  # type: ignore[arg-type]
    assert cases.closing_needs_approval(**(calm | {"priority": "immediate"}))  # type: ignore[arg-type]
    assert cases.closing_needs_approval(**(calm | {"suspicions": True}))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("more", "priority"),
    [
        ({}, "regular"),
        ({"safety": "at_risk"}, "immediate"),
        ({"needs": ["medical_care"]}, "immediate"),
        ({"needs": ["protection_now"]}, "immediate"),
        ({"needs": ["food"]}, "regular"),
        ({"suspicions": ["trafficking_labour"]}, "urgent"),
        ({"accompaniment": "unaccompanied"}, "urgent"),
        ({"accompaniment": "separated"}, "urgent"),
    ],
)
def test_a_priority_is_proposed(more: Any, priority: str) -> None:
    given = {"safety": "safe", "needs": [], "suspicions": [], "accompaniment": "accompanied"}
    assert cases.priority_proposed(**(given | more)) == priority


def test_of_trafficking_the_body_that_identifies_is_notified() -> None:
    cases.check_notified_body(trafficking=False, identifies_victims=False)
    cases.check_notified_body(trafficking=True, identifies_victims=True)
    with refused("suspicion.other_body", field="body"):
        cases.check_notified_body(trafficking=True, identifies_victims=False)
    cases.check_decision(decision="monitor", untold=["trafficking_labour"])
    for decision in ("confirmed", "not_confirmed", "resolved"):
        with refused("suspicion.not_notified"):
            cases.check_decision(decision=decision, untold=["trafficking_labour"])


def test_a_triage_stops_only_when_nothing_is_open() -> None:
    given: dict[str, Any] = {
        "reasons": ["parent_present"],
        "suspicions": [],
        "suspicion_decision": "",
        "safety": "safe",
    }
    cases.check_not_endangered(**given)
    with refused("triage.no_reasons", field="reasons"):
        cases.check_not_endangered(**(given | {"reasons": []}))
    with refused("triage.at_risk", field="outcome"):
        cases.check_not_endangered(**(given | {"safety": "at_risk"}))
    with refused("triage.trafficking", field="outcome"):
        cases.check_not_endangered(**given, untold=["trafficking_labour"])
    told = given | {"suspicions": ["neglect"]}
    with refused("triage.suspicion_open", field="suspicion_decision"):
        cases.check_not_endangered(**(told | {"suspicion_decision": " "}))
    cases.check_not_endangered(**(told | {"suspicion_decision": "Proverila Ana."}))


@pytest.mark.parametrize(
    ("roles", "more", "refusal"),
    [
        ({"guardian"}, {}, ""),
        ({"guardian", "field_worker"}, {}, "guardian.field_worker"),
        ({"interpreter"}, {}, "guardian.no_post"),
        (set(), {}, "guardian.no_post"),
        ({"guardian"}, {"is_self": True}, "guardian.self"),
        ({"guardian"}, {"is_manager": True}, "guardian.manager"),
    ],
)
def test_who_may_guard(roles: set[str], more: Any, refusal: str) -> None:
    given = {"is_manager": False} | more
    if not refusal:
        guardians.check_may_guard(roles, **given)
        return
    with refused(refusal, field="guardian"):
        guardians.check_may_guard(roles, **given)


@pytest.mark.parametrize("said", ["", " "])
def test_a_conflict_of_a_guardian_is_explained(said: str) -> None:
    with refused("guardian.conflict", field="conflict_reason"):
        guardians.check_conflict(same_institution=True, acknowledged=said)
    with refused("guardian.conflict", field="conflict_reason"):
        guardians.check_conflict_unseen(cares_somewhere=True, acknowledged=said)
    guardians.check_conflict(same_institution=False, acknowledged=said)
    guardians.check_conflict_unseen(cares_somewhere=False, acknowledged=said)
    guardians.check_conflict(same_institution=True, acknowledged="Nema drugog.")
    guardians.check_conflict_unseen(cares_somewhere=True, acknowledged="Nema drugog.")
    with refused("guardian.status"):
        guardians.check_step("ended", guardians.AppointmentStatus.WRITTEN)


def test_a_kind_that_is_retired_or_unknown_is_not_chosen() -> None:
    table: Any = mock.Mock(kinds={"old": mock.Mock(retired=True), "new": mock.Mock(retired=False)})
    assert placements.known_kind(table, "new") is table.kinds["new"]
    for code in ("old", "none", ""):
        with invalid("kind"):
            placements.known_kind(table, code)


# Consent, emergencies, keeping


BANDS = [
    Band("small", 0, 9, Part.NONE, adult=True),
    Band("middle", 10, 14, Part.ASSENT, adult=True),
    Band("grown", 15, 17, Part.CONSENT, adult=True),
    Band("adult", 18, None, Part.CONSENT, adult=False),
]


@pytest.mark.parametrize(
    ("age", "code"),
    [
        (0, "small"),
        (9, "small"),
        (10, "middle"),
        (14, "middle"),
        (15, "grown"),
        (17, "grown"),
        (18, "adult"),
        (40, "adult"),
        (None, "middle"),
    ],
)
def test_the_age_rule_of_consent(age: int | None, code: str) -> None:
    assert trust.band_for(list(reversed(BANDS)), age).code == code


def test_no_ages_of_consent_is_an_error() -> None:
    with pytest.raises(LookupError):
        trust.band_for([], 12)


@pytest.mark.parametrize(
    ("band", "child", "adult", "exception", "field"),
    [
        (0, "not_asked", "guardian", "", ""),
        (0, "not_asked", "", "", "adult"),
        (1, "not_asked", "guardian", "", "child_answer"),
        (1, "yes", "guardian", "", ""),
        (2, "yes", "", " ", "adult"),
        (2, "yes", "", "Ne mogu se naći.", ""),
        (3, "yes", "", "", ""),
        (3, "not_asked", "guardian", "", "child_answer"),
    ],
)
def test_who_must_agree_at_an_age(
    band: int, child: str, adult: str, exception: str, field: str
) -> None:
    given = {"child": child, "adult": adult, "exception": exception}
    if not field:
        trust.check_given(BANDS[band], **given)
        return
    with invalid(field):
        trust.check_given(BANDS[band], **given)


@pytest.mark.parametrize("band", range(4))
def test_a_childs_no_stops_a_consent_at_every_age(band: int) -> None:
    with refused("consent.child_refuses", field="child_answer"):
        trust.check_given(BANDS[band], child="no", adult="guardian", exception="Hitno.")


def test_an_emergency_lasts_minutes() -> None:
    assert trust.emergency_length(1, most=60) == timedelta(minutes=1)
    assert trust.emergency_length(60, most=60) == HOUR
    for wrong in (0, -1, 61):
        with invalid("minutes"):
            trust.emergency_length(wrong, most=60)


def category(code: str, years: int | None, *, start: str = "closing", verified: bool = True) -> Any:
    return Category(code, {}, frozenset(), years, start, verified, "")


def test_the_longest_period_of_a_file_counts_and_an_unknown_one_keeps_it() -> None:
    closed, grown = date(2026, 5, 1), date(2030, 1, 1)
    when: dict[str, Any] = {"closed_on": closed, "majority_on": grown}
    short, late = category("short", 5), category("late", 3, start="majority")
    found = keeping.standing([short, late], {}, **when)
    assert (found.on, found.verified, found.unknown) == (date(2033, 1, 1), True, ())
    assert keeping.standing([short], {}, **when).on == date(2031, 5, 1)
    assert keeping.standing([late], {}, closed_on=grown + DAY, majority_on=grown).on == date(
        2033, 1, 2
    )
    open_ = keeping.standing([short, category("open", None)], {}, **when)
    assert (open_.on, open_.unknown, open_.verified) == (None, ("open",), False)
    assert not open_.is_over(date(2200, 1, 1))
    assert keeping.standing([], {}, **when).on is None
    # A centre's own list counts, but never below what a law was read to ask.
    assert keeping.standing([short], {"short": 2}, **when).on == date(2031, 5, 1)
    assert keeping.standing([short], {"short": 9}, **when).on == date(2035, 5, 1)
    loose = category("loose", 5, verified=False)
    assert keeping.standing([loose], {"loose": 2}, **when).on == date(2028, 5, 1)
    assert not keeping.standing([loose], {}, **when).verified
    assert keeping.standing([loose], {"loose": 2}, **when).verified


def test_a_period_is_over_on_its_day() -> None:
    end = keeping.Standing(date(2031, 5, 1), ("a",), (), True)
    assert not end.is_over(date(2031, 4, 30))
    assert end.is_over(date(2031, 5, 1))
    assert keeping.years_after(date(2028, 2, 29), 1) == date(2029, 3, 1)
