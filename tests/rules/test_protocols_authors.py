"""A duty is met by whom it is asked of and by what it asks, and by nothing else."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from oslonac.kit.calendars import WorkCalendar
from oslonac.protocols import authors
from oslonac.protocols.checking import check_paths
from oslonac.protocols.dcr.execution import Run, replay
from oslonac.protocols.dcr.state import Standing, obligations
from oslonac.protocols.pack import load, load_folder
from oslonac.protocols.protocol import Protocol
from oslonac.protocols.replaying import Happened

SERBIA = WorkCalendar("Europe/Belgrade", "RS")
FOLDER = Path(__file__).parents[2] / "packs" / "serbia"
PACK = {protocol.id: protocol for protocol in load_folder(FOLDER)}
START = datetime(2026, 3, 3, 10, 0, tzinfo=ZoneInfo("Europe/Belgrade"))
HERE, THERE = "0192-here", "0192-there"
SMALL = """protocol: small
version: 1
title: {en: Small}
sources: {law: {verified: true}}
activities:
  - {id: opened, title: {en: Opened}, observed: true, done_by: [case.opened]}
  - id: visit
    title: {en: Visit}
    who: %s
    source: law
    done_by: [%s]
    due: [{after: opened, within: {hours: 24}}]
"""


def event(name: str, hours: float, by: str = "", office: str = HERE, **data: Any) -> Happened:
    told = authors.telling(data, by, office if by else "")
    at = START + timedelta(hours=hours)
    return Happened(f"{name}@{hours:06.1f}", name, at, told, authors.author(by, "", office, HERE))


def run(protocol: Protocol, *events: Happened, **facts: Any) -> Run:
    return replay(protocol.graph, events, {"pathway": "full"} | facts, SERBIA)


def standing(ran: Run) -> dict[str, Standing]:
    """How the last obligation of each activity stands."""
    return {one.activity: one.standing for one in obligations(ran)}


def small(tmp_path: Path, who: str = "case_manager", label: str = "contact.made") -> Protocol:
    (tmp_path / "small.yaml").write_text(SMALL % (who, label), "utf-8")
    found = load(tmp_path / "small.yaml")
    assert found.protocol is not None, found.problems
    return found.protocol


OPENED = event("case.opened", 0)


@pytest.mark.parametrize(
    ("by", "office", "met"),
    [
        ("case_manager", HERE, True),
        ("supervisor", HERE, True),  # may stand in
        ("head", HERE, True),
        ("service_head", HERE, True),  # a role of the country that leads case managers
        ("", HERE, True),  # the system, or a file that names nobody
        ("ngo_worker", HERE, False),
        ("guardian", HERE, False),
        ("reception", HERE, False),
        ("lawyer", HERE, False),
        ("field_worker", HERE, False),
        ("case_manager", THERE, False),  # another centre's
        ("supervisor", THERE, False),
    ],
)
def test_a_duty_is_met_by_those_it_is_asked_of(
    tmp_path: Path, by: str, office: str, met: bool
) -> None:
    protocol = small(tmp_path)
    found = run(protocol, OPENED, event("contact.made", 1, by, office))
    assert (standing(found)["visit"] is Standing.DONE) is met
    told = [m.obstacle.value for d in found.deviations for m in d.missing]
    assert ("not_asked" in told) is not met


def test_what_is_asked_of_another_body_is_met_by_that_body_alone_wherever_it_sits(
    tmp_path: Path,
) -> None:
    protocol = small(tmp_path, who="police")
    assert standing(run(protocol, OPENED, event("visit", 1, "police", THERE)))["visit"] == "done"
    assert standing(run(protocol, OPENED, event("visit", 1, "head", HERE)))["visit"] == "open"


def test_the_person_or_the_office_that_an_event_names_may_do_it(tmp_path: Path) -> None:
    who = "{role: case_manager, person: data.owner, organisation: data.seat}"
    protocol = small(tmp_path, who=who)
    opened = event("case.opened", 0, owner="u1", seat=THERE)
    by_hand = Happened("c", "contact.made", START + timedelta(hours=1), {}, None)
    for by, met in (
        (authors.author("ngo_worker", "u1", "elsewhere", HERE), True),
        (authors.author("ngo_worker", "u2", THERE, HERE), True),
        (authors.author("ngo_worker", "u2", "elsewhere", HERE), False),
    ):
        did = Happened(by_hand.id, by_hand.name, by_hand.at, {}, by)
        assert (standing(run(protocol, opened, did))["visit"] == "done") is met, by


@pytest.mark.parametrize(
    ("label", "by", "met"),
    [
        ("{event: contact.made, by: anybody}", "ngo_worker", True),
        ("{event: contact.made, by: [case_manager, ngo_worker]}", "ngo_worker", True),
        ("{event: contact.made, by: police}", "case_manager", False),
        ("{event: contact.made, by: asked}", "ngo_worker", False),
        ("{event: contact.made, when: data.by_role == 'ngo_worker', by: anybody}", "police", False),
        ("{event: contact.made, when: data.by_office == facts.organisation_id}", "head", True),
    ],
)
def test_a_file_says_whose_deed_counts(tmp_path: Path, label: str, by: str, met: bool) -> None:
    found = run(
        small(tmp_path, label=label), OPENED, event("contact.made", 1, by), organisation_id=HERE
    )
    assert (standing(found)["visit"] == "done") is met


@pytest.mark.parametrize("by", ["nobody_known", "[]", "[case_manager, wizard]", "{role: police}"])
def test_a_slip_in_whose_deed_counts_is_told(tmp_path: Path, by: str) -> None:
    text = SMALL % ("case_manager", f"{{event: contact.made, by: {by}}}")
    (tmp_path / "small.yaml").write_text(text, "utf-8")
    (found,) = check_paths([tmp_path])
    assert {problem.code for problem in found.errors} <= {"unknown_role", "shape"}
    assert found.errors


def test_a_copy_is_met_by_those_asked_too(tmp_path: Path) -> None:
    """Every visit that the Rulebook asks of the case manager, met by an organisation's worker."""
    protocol = PACK["csw-case-management"]
    placed = event("placement.made", 1, "case_manager", placement="p1", kind="foster")
    seen = {"kind": "visit", "in_person": True, "alone": "yes", "at_residence": True}
    asked = ("keep_contact", "visit_placed", "see_alone", "see_residence", "visit_foster")
    others = run(protocol, OPENED, placed, event("contact.made", 50, "ngo_worker", THERE, **seen))
    assert [standing(others)[a] for a in asked] == ["open"] * 5
    hers = run(protocol, OPENED, placed, event("contact.made", 50, "case_manager", **seen))
    done = {o.activity for o in obligations(hers) if o.standing is Standing.DONE}
    assert set(asked) <= done


def test_a_call_is_no_intervention_and_no_urgent_help(tmp_path: Path) -> None:
    facts = {"priority": "immediate", "pathway": "full"}
    call = event("contact.made", 2, "case_manager", kind="phone", in_person=False)
    visit = event("contact.made", 2, "field_worker", kind="visit", in_person=True)
    act = PACK["csw-case-management"]
    assert standing(run(act, OPENED, call, **facts))["intervene"] == "open"
    assert standing(run(act, OPENED, visit, **facts))["intervene"] == "done"
    transit = PACK["child-in-transit"]
    opened = event("case.opened", 0, pathway="transit")
    assert standing(run(transit, opened, call))["transit_urgent_needs"] == "open"
    assert standing(run(transit, opened, visit))["transit_urgent_needs"] == "done"


def test_information_is_given_when_it_was_given_not_when_a_language_was_spoken() -> None:
    transit, opened = PACK["child-in-transit"], event("case.opened", 0, pathway="transit")
    for given, met in (([], False), (["rights"], True)):
        spoke = event("contact.made", 2, "ngo_worker", language="ps", information_given=given)
        state = standing(run(transit, opened, spoke))["transit_information"]
        assert (state == "done") is met


@pytest.mark.parametrize(
    ("answer", "met"),
    [("accepted", True), ("declined", True), ("not_needed", False), ("unknown", False)],
)
def test_protection_was_offered_where_the_person_could_answer(answer: str, met: bool) -> None:
    raised = event("concern.raised", 0, concern="k", suspicion=True, trafficking=True)
    decided = event("concern.decided", 5, "case_manager", concern="k", safety_offered=answer)
    found = standing(run(PACK["suspected-trafficking"], raised, decided))
    assert (found["offer_protection"] == "done") is met


def test_left_without_a_decision_is_not_decided_and_asks_for_something_else() -> None:
    protocol = PACK["accommodation-limits"]
    placed = event("placement.made", 0, placement="p1", emergency=True, kind="shelter")
    left = event("placement.ended", 40, placement="p1")
    found = standing(run(protocol, placed, left))
    assert (found["decide_placement"], found["decide_after_leaving"]) == ("void", "open")
    # Moved to a place that was decided on: the one is done, the other never asked.
    moved = event("placement.ended", 40, placement="p1", moved=True)
    lasting = event("placement.made", 40, placement="p2", emergency=False)
    found = standing(run(protocol, placed, moved, lasting))
    assert found["decide_placement"] == "done"
    assert "decide_after_leaving" not in found
    # Decided before it ended: nothing is left open.
    found = standing(run(protocol, placed, lasting, event("placement.ended", 41, placement="p1")))
    assert found["decide_placement"] == "done"
    assert "decide_after_leaving" not in found


def test_searched_and_not_found_is_an_end_and_opens_what_waited_for_it() -> None:
    protocol = PACK["unaccompanied-child"]
    facts = {"age": "under_14", "accompaniment": "unaccompanied"}
    looked = event("uasc_foster_considered", 5, "case_manager", outcome="none_found")
    placed = event("placement.made", 6, "case_manager", placement="p", kind="institution")
    out_of_order = run(protocol, OPENED, placed, **facts).deviations
    assert "uasc_place_institution" in {d.copy[0] for d in out_of_order}
    found = run(protocol, OPENED, looked, placed, **facts)
    assert standing(found)["uasc_foster_considered"] == "done"
    assert "uasc_place_institution" not in {d.copy[0] for d in found.deviations}


def test_a_return_called_off_or_a_closed_case_leaves_no_duty_of_the_return() -> None:
    protocol = PACK["return-of-a-child"]
    proposed = event("return_proposed", 0, "case_manager")
    again = event("return_proposed", 80, "case_manager")
    called = event("return_called_off", 50, "head")
    # Called off, the child is told; that is all that is left.
    for ending, left in ((called, {"return_tell_child"}), (event("case.closed", 60), set[str]())):
        found = standing(run(protocol, proposed, ending))
        assert {name for name, now in found.items() if now is not Standing.VOID} == left
    assert "open" in standing(run(protocol, proposed, called, again)).values()


def test_a_step_ends_in_the_ways_its_file_names(tmp_path: Path) -> None:
    text = SMALL % ("case_manager", "contact.made") + (
        "    outcomes:\n"
        "      - {id: refused, title: {en: Refused}}\n"
        "      - {id: called_off, title: {en: Called off}, lapses: true}\n"
        "  - id: answer_refusal\n    title: {en: Answer}\n    who: head\n    source: law\n"
        "    due: [{after: visit.refused, within: {hours: 2}}]\n"
    )
    (tmp_path / "small.yaml").write_text(text, "utf-8")
    protocol = load(tmp_path / "small.yaml").protocol
    assert protocol is not None
    for outcome, states in {
        "": {"visit": "done"},
        "refused": {"visit": "done", "answer_refusal": "open"},
        "called_off": {"visit": "void"},
    }.items():
        data = {"outcome": outcome} if outcome else {}
        found = run(protocol, OPENED, event("visit", 1, "case_manager", **data))
        assert standing(found) == states, outcome
    # Whoever is not asked cannot end it in any way.
    found = run(protocol, OPENED, event("visit", 1, "ngo_worker", outcome="called_off"))
    assert standing(found) == {"visit": "open"}


def test_answered_tells_a_refusal_from_a_question_nobody_asked() -> None:
    from oslonac.protocols.dcr.expressions import compile_guard

    answered, known = compile_guard("answered(data.x)"), compile_guard("known(data.x)")
    for value, asked, said in (
        ("declined", True, False),
        ("yes", True, True),
        ("not_asked", False, False),
        ("unknown", False, False),
        ("", False, False),
        (None, False, False),
        ([], False, False),
        (["a"], True, True),
    ):
        assert (answered({}, {"x": value}), known({}, {"x": value})) == (asked, said), value
    several = compile_guard("data.x in ['a', 'b'] and data.x != 'c'")
    assert several({}, {"x": ["c", "a"]}) is False
    assert several({}, {"x": ["d", "a"]}) is True
    assert several({}, {"x": []}) is None
