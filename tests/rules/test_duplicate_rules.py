"""Which pairs are for people at all, when a decided one comes back, what a pack may loosen."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oslonac.duplicates import rules
from oslonac.duplicates.rules import PairStatus, Standing

CODES = [
    "name_same",
    "name_other",
    "sex_same",
    "country_same",
    "birth_year",
    "birth_far",
    "birth_apart",
    "document_same",
    "phone_same",
    "two_places",
    "father_same",
]


def test_two_people_are_never_joined_and_every_joining_can_be_undone() -> None:
    following = rules.NEXT[PairStatus]
    assert PairStatus.MERGED not in following[PairStatus.APART]
    assert following[PairStatus.MERGED]


@pytest.mark.parametrize(
    ("codes", "wanted"),
    [
        ("name_same", False),
        ("name_same sex_same country_same", False),
        ("name_same birth_year", True),
        ("name_same birth_far father_same", False),
        ("name_same birth_far phone_same", True),
        ("name_other phone_same birth_year", False),
        ("name_other document_same", True),
        ("name_same birth_day two_places", False),
        ("name_same birth_day sex_other", False),
    ],
)
def test_what_is_worth_a_look(codes: str, wanted: bool) -> None:
    assert rules.worth_a_look(codes.split()) is wanted


@given(st.lists(st.sampled_from(CODES)))
def test_a_name_alone_is_never_enough_and_nobody_is_in_two_towns(codes: list[str]) -> None:
    if rules.worth_a_look(codes):
        assert set(codes) & rules.SUPPORTS
        assert "two_places" not in codes


STANDINGS = st.builds(
    Standing,
    probability=st.floats(0, 1),
    evidence=st.lists(st.sampled_from(CODES), unique=True).map(lambda e: tuple(sorted(e))),
    one_revision=st.integers(1, 5),
    other_revision=st.integers(1, 5),
)


@given(STANDINGS)
def test_what_did_not_change_never_comes_back(decided: Standing) -> None:
    assert not rules.comes_back(decided, decided)


@given(STANDINGS, STANDINGS)
def test_what_comes_back_was_written_on_and_is_no_less_alike(
    decided: Standing, now: Standing
) -> None:
    if rules.comes_back(decided, now):
        assert (decided.one_revision, decided.other_revision) != (
            now.one_revision,
            now.other_revision,
        )
        assert now.probability >= decided.probability - 0.005


@pytest.mark.parametrize(
    "row", [{}, {"joining": {}}, {"joining": {"four_eyes": "no"}}, {"joining": {"four_eyes": 0}}]
)
def test_only_a_plain_no_lets_one_person_join(row: dict[str, Any]) -> None:
    assert rules.policy_of(row).four_eyes


@pytest.mark.parametrize("least", [0, 1, 7, "much", None])
def test_a_threshold_that_cannot_be_is_the_usual_one(least: Any) -> None:
    assert rules.policy_of({"proposing": {"least": least}}).least == 0.5
    assert not rules.policy_of({"joining": {"four_eyes": False}}).four_eyes
