"""Statuses and what may follow; what stands in the way of an end."""

from pathlib import Path

import pytest

from oslonac.cases import rules
from oslonac.country.reading import read_country
from oslonac.guardianship import rules as guardianship
from oslonac.kit.errors import Refused
from oslonac.kit.text import says_something
from oslonac.people import rules as people
from oslonac.placements import rules as placements

SERBIA = Path(__file__).parents[2] / "packs" / "serbia"


@pytest.mark.parametrize("kind", rules.NEXT, ids=lambda kind: kind.__name__)
def test_a_step_outside_the_table_is_refused(kind: type) -> None:
    for now in kind:
        for then in kind:
            if then in rules.NEXT[kind][now]:
                rules.check_step(now, then, kind)
            else:
                with pytest.raises(Refused):
                    rules.check_step(now, then, kind)


def test_every_decision_on_a_concern_leads_somewhere() -> None:
    assert set(rules.STATUS_AFTER) == set(rules.ConcernDecision)


def test_an_undecided_suspicion_stands_in_the_way_of_closing() -> None:
    with pytest.raises(Refused) as refused:
        rules.check_closing(
            open_suspicions=["trafficking_labour"], running_transfer=False, open_promises=0
        )
    assert refused.value.code == "closing.suspicion_open"


def test_not_endangered_needs_reasons_and_a_decision_on_every_suspicion() -> None:
    given = {"suspicions": [], "suspicion_decision": "", "safety": "safe"}
    with pytest.raises(Refused, match="no_reasons"):
        rules.check_not_endangered(reasons=[], **given)
    rules.check_not_endangered(reasons=["parent_present"], **given)
    with pytest.raises(Refused, match="suspicion_open"):
        rules.check_not_endangered(
            reasons=["parent_present"], **(given | {"suspicions": ["trafficking_begging"]})
        )
    with pytest.raises(Refused, match="at_risk"):
        rules.check_not_endangered(reasons=["parent_present"], **(given | {"safety": "at_risk"}))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"safety": "at_risk"}, rules.Priority.IMMEDIATE),
        ({"needs": ["medical_care"]}, rules.Priority.IMMEDIATE),
        ({"accompaniment": "unaccompanied"}, rules.Priority.URGENT),
        ({"suspicions": ["early_marriage"]}, rules.Priority.URGENT),
        ({}, rules.Priority.REGULAR),
    ],
)
def test_a_priority_is_proposed_from_what_is_known(facts: dict, expected: str) -> None:
    known = {"safety": "safe", "needs": [], "suspicions": [], "accompaniment": "accompanied"}
    assert rules.priority_proposed(**(known | facts)) == expected


def test_a_field_worker_is_refused_as_guardian_with_the_reason() -> None:
    with pytest.raises(Refused) as refused:
        guardianship.check_may_guard({"field_worker"}, is_manager=False)
    assert "cannot be the guardian" in str(refused.value.message)


def test_a_guardian_from_the_same_institution_needs_words() -> None:
    with pytest.raises(Refused, match="conflict"):
        guardianship.check_conflict(same_institution=True, acknowledged=" ")
    guardianship.check_conflict(same_institution=True, acknowledged="Nema drugog.")


@pytest.mark.parametrize(
    ("youngest", "oldest", "asylum", "asks"),
    [(16, 17, True, False), (15, 16, True, True), (16, 17, False, True), (13, 13, True, True)],
)
def test_an_asylum_centre_below_sixteen_or_without_asylum_asks_for_a_reason(
    youngest: int, oldest: int, asylum: bool, asks: bool
) -> None:
    """The law knows no line of age (Law on Asylum, Art. 52): the instruction is guidance, so it
    asks for a reason and refuses nothing."""
    age = people.AgeInterval(youngest, oldest)
    table = read_country(SERBIA).placements
    kind = table.kinds["asylum_centre"]
    if asks:
        with pytest.raises(Refused, match=r"placement\.(age|asylum)"):
            placements.check_kind(table, kind, age=age, asylum_sought=asylum, reason="")
    because = "Nema slobodne porodice; brat je tamo."
    placements.check_kind(table, kind, age=age, asylum_sought=asylum, reason=because)


def test_under_fourteen_a_foster_family_comes_first() -> None:
    age = people.AgeInterval(12, 14)
    table = read_country(SERBIA).placements
    with pytest.raises(Refused, match="family_first"):
        placements.check_kind(
            table, table.kinds["institution"], age=age, asylum_sought=False, reason=""
        )
    placements.check_kind(table, table.kinds["foster"], age=age, asylum_sought=False, reason="")


@pytest.mark.parametrize("nothing", ["", "ok", ".", "-", "ne", "OK!", "da da", "...", "xxx"])
def test_a_mark_or_one_short_word_is_no_reason(nothing: str) -> None:
    assert not says_something(nothing)


@pytest.mark.parametrize("reason", ["He left.", "Ostaje.", "551-4/26", "مريض جدا", "Не зна се"])
def test_a_sentence_is_a_reason(reason: str) -> None:
    assert says_something(reason)
