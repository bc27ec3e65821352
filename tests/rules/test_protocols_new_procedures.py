"""Stories through the procedures for a missing child, disputed age, coming of age, tracing, asylum,
residence, court, the victims' centre and the case conference: who owes what, and what ends it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from oslonac.kit.calendars import WorkCalendar
from oslonac.protocols.dcr.execution import replay_all
from oslonac.protocols.dcr.state import Obligation, State, state
from oslonac.protocols.pack import load_folder
from oslonac.protocols.replaying import Happened
from tests.rules.clocks_of_new_procedures import (
    GONE,
    NOTIFIED,
    OPENED,
    SOLD,
    SOUGHT,
    START,
    happened,
    local,
)

SERBIA = WorkCalendar("Europe/Belgrade", "RS")
PACK = load_folder(Path(__file__).parents[2] / "packs" / "serbia")


def after(*events: Happened, hours: float = 24 * 400, **facts: Any) -> list[State]:
    known: dict[str, Any] = {"priority": "regular", "pathway": "full", "informed_at": START}
    now = START + timedelta(hours=hours)
    graphs = [each.graph for each in PACK]
    return [state(run, now) for run in replay_all(graphs, events, known | facts, SERBIA, now)]


def owed(*events: Happened, hours: float = 24 * 400, **facts: Any) -> dict[str, Obligation]:
    states = after(*events, hours=hours, **facts)
    return {o.activity: o for part in states for o in part.obligations if o.standing == "open"}


def blocked(*events: Happened, **facts: Any) -> set[str]:
    return {block.activity for part in after(*events, **facts) for block in part.blocks}


def test_a_missing_child_is_reported_at_once_and_talked_with_when_back() -> None:
    first = owed(OPENED, GONE)
    assert {"missing_report_police", "missing_tell_guardian", "missing_weigh_trafficking"} <= set(
        first
    )
    # Nobody waits a day before the report: nothing says "not before".
    assert "missing_report_police" not in blocked(OPENED, GONE)
    found = happened("missing_found", 50, concern="c")
    back = owed(OPENED, GONE, found)
    assert {a for a in back if a.startswith("missing")} == {"missing_return_talk"}
    together = happened("contact.made", 60, alone="no", in_person=True, kind="visit")
    assert "missing_return_talk" in owed(OPENED, GONE, found, together)
    alone = happened("contact.made", 61, alone="yes", in_person=True, kind="visit")
    assert not [a for a in owed(OPENED, GONE, found, alone) if a.startswith("missing")]


def test_whose_age_is_disputed_stays_a_child_until_it_is_decided() -> None:
    disputed = happened("concern.raised", concern="c", kind="age_disputed", suspicion=False)
    assert {"age_as_child", "age_papers"} <= set(owed(OPENED, disputed))
    assert "age_decided" not in owed(OPENED, disputed)
    papers = happened("age_papers", 1, concern="c")
    decided = happened("concern.decided", 2, concern="c", decision="resolved")
    assert "age_decided" in owed(OPENED, disputed, papers)
    assert "age_told" in owed(OPENED, disputed, papers, decided)


def test_at_18_guardianship_ends_and_somebody_asks_what_goes_on() -> None:
    still = owed(OPENED, age="adult", guardian_id="g")
    assert still["guardianship_over_18"].binding
    ended = happened("guardian.ended", 5, appointment="a", reason="turned_18")
    later = owed(OPENED, ended, age="adult")
    assert {"services_after_18", "rights_after_18"} <= set(later)
    assert "guardianship_over_18" not in later
    # An adult whose case opens is not asked what a child is asked.
    assert not {"services_after_18", "guardianship_over_18"} & set(owed(OPENED, age="adult"))
    other = happened("guardian.ended", 5, appointment="a", reason="overload")
    assert "services_after_18" not in owed(OPENED, other, age="from_16")


def test_a_family_is_not_reunited_before_the_best_interest_is_decided() -> None:
    begun = happened("tracing.opened", direction="sought")
    sure = happened("tracing.checked", 1, outcome="confirmed")
    assert "tracing_best_interest" in owed(OPENED, begun, sure)
    assert "tracing_reunite" in blocked(OPENED, begun, sure)
    decided = happened("best_interest.decided", 2)
    assert "tracing_reunite" not in blocked(OPENED, begun, sure, decided)
    united = happened("tracing.reunified", 3, first_follow_up="2026-03-20")
    visit = happened("tracing.followed_up", 400, outcome="unsure", next_on="2026-05-11")
    found = owed(OPENED, begun, sure, decided, united, visit)["tracing_visit_after"]
    assert found.due == local(2026, 5, 11, 23, 59)
    last = happened("tracing.followed_up", 1700, outcome="well", next_on=None)
    assert "tracing_visit_after" not in owed(OPENED, begun, sure, decided, united, visit, last)


def test_a_search_without_result_is_an_outcome_with_a_duty_of_its_own() -> None:
    begun = happened("tracing.opened", direction="sought")
    ended = happened("tracing.closed", 900, why="not_found")
    found = owed(OPENED, begun, ended)
    assert "tracing_tell_child" in found
    assert not {"tracing_wish", "tracing_best_interest"} & set(found)
    followed = happened("tracing.closed", 900, why="followed_up")
    assert "tracing_tell_child" not in owed(OPENED, begun, followed)


def test_asylum_is_applied_for_with_the_guardian_and_within_its_terms() -> None:
    alone = {"accompaniment": "unaccompanied"}
    assert not [a for a in owed(OPENED, **alone) if a.startswith("asylum_")]
    found = owed(OPENED, SOUGHT, **alone)
    assert found["asylum_report_centre"].due == START + timedelta(hours=72)
    assert "asylum_apply" in blocked(OPENED, SOUGHT, **alone)
    guardian = happened("guardian.appointed", 1, appointment="a", form="written")
    assert "asylum_apply" not in blocked(OPENED, SOUGHT, guardian, **alone)
    # With family there, this procedure says nothing.
    assert not [
        a for a in owed(OPENED, SOUGHT, accompaniment="accompanied") if a.startswith("asylum_")
    ]


def test_residence_renewed_runs_anew_and_is_not_offered_to_everybody() -> None:
    granted = happened("residence_presumed", 10)
    renewed = happened("residence_identified", 24 * 80)
    suspected = SOLD[0]
    found = owed(OPENED, suspected, granted, renewed)["residence_ends"]
    assert found.due == local(2027, 5, 22, 23, 59)
    possible = {
        move.activity
        for part in after(OPENED, accompaniment="accompanied")
        for move in part.possibilities
    }
    granting = {"residence_presumed", "residence_identified", "residence_humanitarian"}
    assert not granting & possible


def test_the_victims_centre_owes_only_where_trafficking_was_suspected_and_notified() -> None:
    assert "vc_assess" not in owed(OPENED, SOLD[0])
    found = owed(OPENED, *SOLD)
    assert (found["vc_assess"].role, found["vc_assess"].organisation) == (
        "victims_adviser",
        "cptv",
    )
    assert {"vc_access", "vc_opinion"} <= set(found)
    assert "vc_opinion" in blocked(OPENED, *SOLD)
    other = happened("concern.raised", concern="c", kind="neglect", suspicion=False)
    assert not [a for a in owed(OPENED, other, NOTIFIED) if a.startswith("vc_")]
    given = happened("grant.given", 5, to="u", level=2)
    assert "vc_access" not in owed(OPENED, *SOLD, given)


def test_a_conference_called_off_asks_for_nothing_more() -> None:
    called = happened("conference_called")
    assert "conference_held" in owed(OPENED, called)
    off = happened("conference_held", 2, outcome="called_off")
    assert not [a for a in owed(OPENED, called, off) if a.startswith("conference")]


def test_everything_of_these_procedures_ends_with_the_case() -> None:
    closed = happened("case.closed", 24 * 30)
    events = [OPENED, GONE, *SOLD, SOUGHT, happened("court_asks"), happened("conference_called")]
    prefixes = ("missing", "age_", "asylum_", "residence_", "give_finding", "vc_", "conference")
    assert [a for a in owed(*events, accompaniment="unaccompanied") if a.startswith(prefixes)]
    left = owed(*events, closed, accompaniment="unaccompanied")
    assert not [a for a in left if a.startswith(prefixes)]
