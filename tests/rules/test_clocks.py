"""The clocks a case page shows, as duties of the whole Serbia pack: when each starts, what stops
it, on what ground. The single clocks of the protocols: `test_protocols_pack_clocks`."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from oslonac.kit.calendars import WorkCalendar
from oslonac.protocols.procedure import load_procedure
from oslonac.protocols.rules import CaseEvent, Duty

SERBIA = WorkCalendar("Europe/Belgrade", "RS")
obligations = load_procedure(Path(__file__).parents[2] / "packs" / "serbia")
START = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
OFFICE, ANA = uuid4(), uuid4()


def event(name: str, hours: float = 0, **data: Any) -> CaseEvent:
    return CaseEvent(uuid4(), name, START + timedelta(hours=hours), data)


def facts(**more: Any) -> dict[str, Any]:
    return {
        "priority": "urgent",
        "pathway": "full",
        "accompaniment": "accompanied",
        "informed_at": START,
        "organisation_id": OFFICE,
        "manager_id": ANA,
        "closed": False,
    } | more


def due(events: list[CaseEvent], **more: Any) -> dict[str, Duty]:
    """Duties by activity; the last one where an activity recurs."""
    found = obligations(events, facts(**more), SERBIA)
    return {duty.activity: duty for duty in found}


OPENED = event("case.opened")


def test_immediate_means_intervention_within_24_hours() -> None:
    # CSW Rulebook 59/08, priority "immediate" (S002 L709).
    duty = due([OPENED], priority="immediate")["intervene"]
    assert duty.due_at == START + timedelta(hours=24)
    assert duty.verified


def test_urgent_means_the_assessment_begins_within_72_hours_of_the_information() -> None:
    # CSW Rulebook 59/08, priority "urgent" (S002 L709): from the information, not the opening.
    informed = START - timedelta(hours=10)
    duty = due([OPENED], informed_at=informed)["begin_initial"]
    assert duty.due_at == informed + timedelta(hours=72)
    assert duty.since == informed


def test_regular_means_the_assessment_begins_within_five_working_days() -> None:
    # CSW Rulebook 59/08, priority "regular" (S002 L709); Tuesday to the next Tuesday's end.
    duty = due([OPENED], priority="regular")["begin_initial"]
    assert duty.due_at == datetime(2026, 3, 10, 22, 59, tzinfo=UTC)


def test_for_an_immediate_case_the_assessment_term_is_guidance_only() -> None:
    assert not due([OPENED], priority="immediate")["begin_initial"].verified


def test_beginning_stops_the_clock_even_when_completion_takes_longer() -> None:
    begun = event("assessment.begun", 5, kind="initial")
    found = due([OPENED, begun])
    assert found["begin_initial"].done_at == begun.at
    assert found["complete_initial"].done_at is None


def test_contact_is_due_two_months_after_the_last_one() -> None:
    # CSW Rulebook (S002 L711).
    contact = event("contact.made", 24)
    found = due([OPENED, contact])["keep_contact"]
    assert found.since == contact.at
    assert found.due_at == datetime(2026, 5, 4, 21, 59, tzinfo=UTC)
    assert found.verified


def test_the_plan_is_reviewed_six_months_after_it_came_into_force() -> None:
    # CSW Rulebook (S002 L711).
    plan = event("plan.in_force", 48)
    found = due([OPENED, plan])["review_plan"]
    assert found.due_at == datetime(2026, 9, 5, 21, 59, tzinfo=UTC)


def test_a_placed_child_is_seen_in_the_first_month() -> None:
    # CSW Rulebook (S002 L711).
    placed = event("placement.made", 2, placement=str(uuid4()), emergency=False)
    assert due([OPENED, placed])["visit_placed"].due_at == datetime(2026, 4, 3, 21, 59, tzinfo=UTC)


def test_an_emergency_place_is_decided_on_within_three_weeks() -> None:
    # Ministry instruction of 12 April 2018: emergency centre, 7 days to 3 weeks.
    placed = event("placement.made", 2, placement=str(uuid4()), emergency=True)
    found = due([OPENED, placed])["decide_placement"]
    assert found.due_at == datetime(2026, 3, 24, 22, 59, tzinfo=UTC)
    lasting = event("placement.made", 50, placement=str(uuid4()), emergency=False)
    assert obligations([OPENED, placed, lasting], facts(), SERBIA)


def test_a_child_alone_needs_a_guardian_and_an_oral_appointment_a_decision() -> None:
    appointed = event("guardian.appointed", 1, appointment=str(uuid4()), form="oral")
    before = due([OPENED], accompaniment="unaccompanied")
    assert before["appoint_guardian"].done_at is None
    after = due([OPENED, appointed], accompaniment="unaccompanied")
    assert after["appoint_guardian"].done_at == appointed.at
    assert after["write_guardian"].due_at == appointed.at + timedelta(hours=24)
    assert not after["write_guardian"].verified


def test_a_new_guardian_makes_the_handover_an_obligation() -> None:
    first, second = str(uuid4()), str(uuid4())
    events = [
        OPENED,
        event("guardian.appointed", 1, appointment=first, form="written"),
        event("guardian.appointed", 60, appointment=second, form="written", previous=first),
    ]
    assert due(events)["hand_over_guardian"].subject_id == UUID(second)


def test_a_suspicion_is_notified_decided_and_looked_at_again() -> None:
    concern = str(uuid4())
    raised = event("concern.raised", 1, concern=concern, suspicion=True, trafficking=True)
    decided = event("concern.decided", 30, concern=concern, review_on="2026-04-01")
    before = due([OPENED, raised])
    assert before["notify_suspicion"].done_at is None
    assert before["decide_suspicion"].done_at is None
    after = due([OPENED, raised, decided])
    assert after["decide_suspicion"].done_at == decided.at
    assert after["review_suspicion"].due_at == datetime(2026, 4, 1, 21, 59, tzinfo=UTC)


def test_transit_asks_little_and_the_full_path_keeps_what_was_done() -> None:
    opened = event("case.opened", pathway="transit")
    contact = event("contact.made", 3, in_person=True)
    transit = due([opened, contact], pathway="transit")
    met = {"transit_urgent_needs", "transit_information"}
    assert set(transit) == {"assign", "begin_initial", "choose_pathway"} | met
    assert transit["transit_urgent_needs"].done_at == contact.at
    # Nobody wrote down what the child was told, or in which language.
    assert transit["transit_information"].done_at is None
    grown = event("pathway.changed", 50, pathway="full")
    full = due([opened, contact, grown], pathway="full")
    assert full["choose_pathway"].done_at == grown.at
    assert full["keep_contact"].since == contact.at


def test_promises_and_activities_bring_their_own_days_and_owners() -> None:
    owner, promise = uuid4(), str(uuid4())
    made = event("promise.made", 1, promise=promise, due_on="2026-03-05", owner=str(owner))
    kept = event("promise.ended", 9, promise=promise)
    again = event("promise.reopened", 10, promise=promise)
    assert due([OPENED, made])["keep_promise"].user_id == owner
    assert due([OPENED, made, kept])["keep_promise"].done_at == kept.at
    assert due([OPENED, made, kept, again])["keep_promise"].done_at is None


def test_a_transfer_is_answered_by_the_receiver() -> None:
    receiver, transfer = uuid4(), str(uuid4())
    asked = event("transfer.proposed", 1, transfer=transfer, receiver=str(receiver))
    duty = due([OPENED, asked])["answer_transfer"]
    assert (duty.organisation_id, duty.role) == (receiver, "head")


def test_nothing_stays_open_in_a_closed_case() -> None:
    found = obligations([OPENED, event("case.closed", 5)], facts(closed=True), SERBIA)
    assert all(duty.void or duty.done_at for duty in found)


def test_what_a_closing_left_behind_does_not_come_back_with_a_reopening() -> None:
    activity = str(uuid4())
    events = [
        OPENED,
        event("plan.in_force", 1),
        event("activity.planned", 2, activity=activity, due_on="2026-03-06"),
        event("case.closed", 100),
        event("case.reopened", 500),
    ]
    found = obligations(events, facts(), SERBIA)
    running = {duty.activity for duty in found if not duty.void and not duty.done_at}
    assert running == {"begin_initial", "keep_contact"}
    alone = obligations(
        [*events, event("guardian.appointed", 3, appointment=str(uuid4()), form="written")],
        facts(accompaniment="unaccompanied"),
        SERBIA,
    )
    again = [duty for duty in alone if duty.activity == "appoint_guardian"]
    assert [duty.done_at is None for duty in again] == [False, True]
    assert again[1].since == events[-1].at
    without_manager = obligations(events, facts(manager_id=None), SERBIA)
    assert "assign" in {duty.activity for duty in without_manager if not duty.void}


def test_the_order_of_arrival_changes_nothing() -> None:
    concern, placement = str(uuid4()), str(uuid4())
    events = [
        OPENED,
        event("concern.raised", 1, concern=concern, suspicion=True, trafficking=True),
        event("placement.made", 2, placement=placement, emergency=True),
        event("assessment.begun", 3, kind="initial"),
        event("contact.made", 4, in_person=True),
        event("assessment.completed", 5, kind="initial"),
        event("plan.in_force", 6),
        event("contact.made", 700, in_person=True),
        event("plan.reviewed", 900),
    ]
    expected = obligations(events, facts(), SERBIA)
    for seed in range(20):
        shuffled = random.Random(seed).sample(events, len(events))
        assert obligations(shuffled, facts(), SERBIA) == expected


def test_keys_are_unique_in_a_case() -> None:
    events = [OPENED, *(event("contact.made", hour) for hour in range(1, 30))]
    keys = [duty.key for duty in obligations(events, facts(), SERBIA)]
    assert len(keys) == len(set(keys))
