"""Thresholds of unusual reading, and cells that no spreadsheet takes for a formula."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oslonac.audit.rules import LIMITS, Pattern, is_night, is_unusual, usual
from oslonac.kit.spreadsheets import cell, csv_text


def test_every_pattern_has_a_limit() -> None:
    assert set(LIMITS) == set(Pattern)
    assert all(limit.least >= 1 and limit.window.total_seconds() > 0 for limit in LIMITS.values())


@pytest.mark.parametrize(
    ("count", "own", "role", "said"),
    [
        (19, None, None, False),  # below the least
        (20, None, None, True),  # nobody to compare with
        (60, 20, 5, False),  # three times the own usual is not more than that
        (61, 20, 5, True),
        (61, 20, 31, False),  # the whole role reads like this
        (25, None, 12, True),
        (24, None, 12, False),
    ],
)
def test_many_files(count: int, own: int | None, role: int | None, said: bool) -> None:
    assert is_unusual(Pattern.MANY_FILES, count, own=own, role=role) is said


def test_patterns_without_comparison_look_at_the_count_alone() -> None:
    assert is_unusual(Pattern.ONE_NAME, 5, own=100, role=100)
    assert not is_unusual(Pattern.ONE_NAME, 4, own=None, role=None)


def test_usual_needs_some_history() -> None:
    assert usual([3, 3, 3, 3]) is None
    assert usual([1, 2, 3, 4, 50]) == 50
    assert usual([1] * 95 + [9] * 5) == 1


def test_night() -> None:
    assert [hour for hour in range(24) if is_night(hour)] == [0, 1, 2, 3, 4, 23]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "'=1", '"=1', "＝1+1"]
)
def test_formulas_stay_text(text: str) -> None:
    assert cell(text).startswith("'")
    (row,) = list(csv.reader(io.StringIO(csv_text([text], []).lstrip("\ufeff"))))
    assert row[0][0] == "'"


@given(st.text())
def test_no_text_begins_like_a_formula(text: str) -> None:
    assert not cell(text).startswith(("=", "+", "-", "@", "\t", "\r"))
