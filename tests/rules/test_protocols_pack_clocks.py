"""Every clock of the Serbia pack: what starts it, how long it runs, what stops it, and its source.

The expected moments are worked out by hand. March 2026: the 3rd is a Tuesday; summer time begins
on the 29th; Orthodox Easter is on 12 April.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from oslonac.kit.calendars import WorkCalendar
from oslonac.protocols.dcr.execution import replay
from oslonac.protocols.dcr.graph import Response
from oslonac.protocols.dcr.state import Obligation, Standing, obligations
from oslonac.protocols.pack import load_folder
from oslonac.protocols.protocol import Protocol
from oslonac.protocols.replaying import Happened
from tests.rules.clocks_of_new_procedures import CLOCKS as NEW
from tests.rules.clocks_of_the_law import CLOCKS as LAW

SERBIA = WorkCalendar("Europe/Belgrade", "RS")
BELGRADE = ZoneInfo("Europe/Belgrade")
START = datetime(2026, 3, 3, 10, 0, tzinfo=BELGRADE)
PACK = {p.id: p for p in load_folder(Path(__file__).parents[2] / "packs" / "serbia")}
FACTS: dict[str, Any] = {
    "priority": "urgent",
    "pathway": "full",
    "accompaniment": "unaccompanied",
    "informed_at": START,
}


def happened(name: str, hours: float = 0, **data: Any) -> Happened:
    moment = START.astimezone(UTC) + timedelta(hours=hours)
    return Happened(f"{name}@{hours}", name, moment, data)


def duty(activity: str, *events: Happened, **facts: Any) -> Obligation:
    """The last obligation to an activity, in whichever protocol has it."""
    protocol = owner(activity)
    run = replay(protocol.graph, events, FACTS | facts, SERBIA)
    return [o for o in obligations(run) if o.activity == activity][-1]


def owner(activity: str) -> Protocol:
    (found,) = [p for p in PACK.values() if activity in p.steps]
    return found


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BELGRADE)  # type: ignore[arg-type]


OPENED = happened("case.opened", pathway="transit")
PLACED = happened("placement.made", placement="p", emergency=True, kind="foster")
RAISED = happened("concern.raised", concern="c", suspicion=True, trafficking=True, kind="neglect")

# activity, what happened, facts, due, source, binding
CLOCKS: list[tuple[str, list[Happened], dict[str, Any], datetime | None, str, bool]] = [
    # Rulebook 59/08, S002 L709: immediate means intervention within 24 hours.
    (
        "intervene",
        [OPENED],
        {"priority": "immediate"},
        local(2026, 3, 4, 10),
        "rulebook-59-08",
        True,
    ),
    # Rulebook, S002 L709: urgent, the assessment begins within 72 hours of the information.
    ("begin_initial", [OPENED], {}, local(2026, 3, 6, 10), "rulebook-59-08", True),
    # Rulebook, S002 L709: regular, within 5 working days.
    (
        "begin_initial",
        [OPENED],
        {"priority": "regular"},
        local(2026, 3, 10, 23, 59),
        "rulebook-59-08",
        True,
    ),
    # The Rulebook's words on an immediate case speak of intervention only: guidance.
    (
        "begin_initial",
        [OPENED],
        {"priority": "immediate"},
        local(2026, 3, 6, 10),
        "rulebook-reading",
        False,
    ),
    ("assign", [OPENED], {}, local(2026, 3, 4, 10), "practice", False),
    (
        "complete_initial",
        [happened("assessment.begun", kind="initial")],
        {},
        local(2026, 3, 10, 23, 59),
        "practice",
        False,
    ),
    (
        "make_plan",
        [happened("assessment.completed", kind="initial")],
        {},
        local(2026, 3, 17, 23, 59),
        "practice",
        False,
    ),
    # Rulebook, S002 L711: at least every two months "during the provision of services": from the
    # plan on; from the opening is this pack's reading.
    ("keep_contact", [OPENED], {}, local(2026, 5, 3, 23, 59), "rulebook-reading", False),
    (
        "keep_contact",
        [happened("plan.in_force", plan="p")],
        {},
        local(2026, 5, 3, 23, 59),
        "rulebook-59-08",
        True,
    ),
    # Rulebook, S002 L711: one direct contact in the first month of a placement.
    ("visit_placed", [PLACED], {}, local(2026, 4, 3, 23, 59), "rulebook-59-08", True),
    # Rulebook, S002 L711: twice a year in a foster family; the spacing is this pack's.
    ("visit_foster", [PLACED], {}, local(2026, 9, 3, 23, 59), "rulebook-reading", False),
    # Rulebook, S002 L711: three times a year for a child in an institution.
    (
        "visit_institution",
        [happened("placement.made", placement="p", kind="institution")],
        {},
        local(2026, 7, 3, 23, 59),
        "rulebook-reading",
        False,
    ),
    # Rulebook, S002 L711: part of it in private, without a number.
    ("see_alone", [PLACED], {}, None, "rulebook-reading", False),
    # Rulebook, S002 L711: the residence observed once a year, also at home.
    (
        "see_residence",
        [happened("plan.in_force", plan="p")],
        {},
        local(2027, 3, 3, 23, 59),
        "rulebook-59-08",
        True,
    ),
    ("see_residence", [PLACED], {}, local(2027, 3, 3, 23, 59), "rulebook-59-08", True),
    # Rulebook, S002 L711: re-examined every six months from the plan.
    (
        "review_plan",
        [happened("plan.in_force")],
        {},
        local(2026, 9, 3, 23, 59),
        "rulebook-59-08",
        True,
    ),
    # Rulebook, S002 L709: focused assessment mandatory for a child placed outside the family.
    ("focused_assessment", [PLACED], {}, None, "rulebook-59-08", True),
    (
        "do_activity",
        [happened("activity.planned", activity="x", due_on="2026-04-01")],
        {},
        local(2026, 4, 1, 23, 59),
        "practice",
        False,
    ),
    (
        "keep_promise",
        [happened("promise.made", promise="x", due_on="2026-04-01")],
        {},
        local(2026, 4, 1, 23, 59),
        "practice",
        False,
    ),
    (
        "approve_closing",
        [happened("closing.requested", decision="d")],
        {},
        local(2026, 3, 10, 23, 59),
        "practice",
        False,
    ),
    (
        "write_guardian",
        [happened("guardian.appointed", appointment="a", form="oral")],
        {},
        local(2026, 3, 4, 10),
        "practice",
        False,
    ),
    (
        "answer_transfer",
        [happened("transfer.proposed", transfer="t")],
        {},
        local(2026, 3, 6, 23, 59),
        "practice",
        False,
    ),
    # Instruction, points 3, 5, 6, S002 L1401: suspicion alone obliges; the hours are this pack's.
    ("notify_suspicion", [RAISED], {}, local(2026, 3, 4, 10), "instruction-2009", False),
    # S002 L1401: the centre protects on presumption.
    ("offer_protection", [RAISED], {}, None, "instruction-duty", True),
    ("decide_suspicion", [RAISED], {}, local(2026, 4, 3, 23, 59), "practice", False),
    (
        "review_suspicion",
        [happened("concern.decided", concern="c", review_on="2026-04-20")],
        {},
        local(2026, 4, 20, 23, 59),
        "practice",
        False,
    ),
    # Instruction, point 5, S002 L1405: the plan is made with the victim.
    (
        "plan_protection_together",
        [happened("concern.notified", concern="c")],
        {},
        None,
        "instruction-duty",
        True,
    ),
    ("choose_pathway", [OPENED], {}, local(2026, 3, 5, 10), "practice", False),
    ("transit_urgent_needs", [OPENED], {}, None, "practice", False),
    ("transit_information", [OPENED], {}, None, "practice", False),
    # Instruction of 12 April 2018, steps 1 to 4 (azil.rs).
    ("uasc_police_registration", [OPENED], {}, None, "sop-2016", False),
    ("uasc_tell_guardianship", [OPENED], {}, None, "instruction", True),
    ("uasc_first_interview", [happened("guardian.appointed")], {}, None, "instruction", True),
    ("uasc_health_check", [OPENED], {}, None, "instruction", True),
    ("uasc_best_interest", [happened("contact.made", kind="first")], {}, None, "asylum-10", True),
    # Instruction of 12 April 2018, step 6: foster family first under 14.
    ("uasc_foster_considered", [happened("uasc_under_14")], {}, None, "instruction", True),
    # Instruction of 12 April 2018, step 5: 7 days to 3 weeks; Easter does not stop calendar days.
    ("decide_placement", [PLACED], {}, local(2026, 3, 24, 23, 59), "instruction-2018-04-12", True),
    (
        "decide_after_leaving",
        [PLACED, happened("placement.ended", 40, placement="p")],
        {},
        None,
        "practice",
        False,
    ),
    # Niš decision of 12 December 2012, S002 L1923: 30 days; Safe House 6 months.
    (
        "end_stay",
        [happened("placement.made", placement="p", place="nis-shelter")],
        {},
        local(2026, 4, 2, 23, 59),
        "nis-decision-2012",
        True,
    ),
    (
        "end_stay",
        [happened("placement.made", placement="p", place="nis-safe-house")],
        {},
        local(2026, 9, 3, 23, 59),
        "nis-decision-2012",
        True,
    ),
    # S002 L1923: up to a year on the findings of the expert committee.
    (
        "end_stay",
        [
            happened("placement.made", placement="p", place="nis-safe-house"),
            happened("extend_safe_house", 800, placement="p"),
        ],
        {},
        local(2027, 3, 3, 23, 59),
        "nis-decision-2012",
        True,
    ),
    (
        "end_stay",
        [happened("placement.made", placement="p", last_day="2026-05-05")],
        {},
        local(2026, 5, 5, 23, 59),
        "place-rule",
        False,
    ),
    (
        "violence_follow_up",
        [happened("concern.notified", concern="c")],
        {},
        local(2026, 4, 3, 23, 59),
        "practice",
        False,
    ),
    (
        "tell_own",
        [happened("own_request.answered", request="r")],
        {},
        local(2026, 3, 6, 23, 59),
        "practice",
        False,
    ),
    (
        "review_emergency",
        [happened("emergency.opened", emergency="e")],
        {},
        local(2026, 3, 6, 23, 59),
        "practice",
        False,
    ),
    # S003, named failures of returns; monitoring after 1, 3, 6 and 12 months is a design inference.
    ("return_status_decided", [happened("return_proposed")], {}, None, "protect", False),
    ("return_best_interest", [happened("return_proposed")], {}, None, "protect", False),
    ("return_arrival", [happened("return_departed")], {}, local(2026, 3, 6, 10), "protect", False),
    (
        "return_month_1",
        [happened("return_departed")],
        {},
        local(2026, 4, 3, 23, 59),
        "protect",
        False,
    ),
    (
        "return_month_3",
        [happened("return_departed")],
        {},
        local(2026, 6, 3, 23, 59),
        "protect",
        False,
    ),
    (
        "return_month_6",
        [happened("return_departed")],
        {},
        local(2026, 9, 3, 23, 59),
        "protect",
        False,
    ),
    (
        "return_month_12",
        [happened("return_departed")],
        {},
        local(2027, 3, 3, 23, 59),
        "protect",
        False,
    ),
]


CLOCKS += NEW + LAW


@pytest.mark.parametrize(("activity", "events", "facts", "due", "source", "binding"), CLOCKS)
def test_a_clock_of_the_pack(
    activity: str,
    events: list[Happened],
    facts: dict[str, Any],
    due: datetime | None,
    source: str,
    binding: bool,
) -> None:
    found = duty(activity, *events, **facts)
    assert found.standing is Standing.OPEN
    assert found.due == (due.astimezone(UTC) if due else None)
    assert (found.norm.id, found.binding) == (source, binding)
    assert found.role


def test_no_clock_of_the_pack_is_left_out() -> None:
    tested = {clock[0] for clock in CLOCKS}
    due = {
        r.target.removesuffix(".started")
        for p in PACK.values()
        for r in p.graph.relations
        if isinstance(r, Response)
    }
    assert due - tested == set()


def test_every_source_of_the_pack_is_an_act_of_its_register() -> None:
    import yaml

    path = Path(__file__).parents[2] / "packs" / "serbia" / "law" / "sources.yaml"
    acts = {act["id"] for act in yaml.safe_load(path.read_text("utf-8"))["acts"]}
    for protocol in PACK.values():
        for source in protocol.sources.values():
            assert not source.act or source.act in acts, source
            assert source.read, source


def test_a_term_of_working_days_steps_over_easter_and_the_first_of_may() -> None:
    # Good Friday 10 April and Easter Monday 13 April 2026 are no working days.
    start = happened("closing.requested", 24 * 36, decision="d")  # Wednesday 8 April
    assert duty("approve_closing", start).due == local(2026, 4, 17, 23, 59).astimezone(UTC)


def test_hours_are_hours_when_the_clocks_change() -> None:
    # Saturday 28 March 10:00, 24 hours later it is 11:00 by the wall.
    begun = happened("case.opened", 24 * 25)
    found = duty("assign", begun)
    assert found.due == local(2026, 3, 29, 11).astimezone(UTC)


def test_a_month_from_a_long_one_ends_with_the_shorter() -> None:
    placed = Happened("p", "placement.made", local(2028, 1, 31, 12), {"placement": "p"})
    assert duty("visit_placed", placed).due == local(2028, 2, 29, 23, 59).astimezone(UTC)
