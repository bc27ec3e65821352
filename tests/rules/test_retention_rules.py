"""When a period is over: the longest counts, what is not known is not over, and the file of the
pack is refused with a sentence when it is wrong."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oslonac.retention import periods, rules
from oslonac.retention.rules import Category, standing, years_after

PACK = Path(__file__).resolve().parents[2] / "packs" / "serbia" / "retention.yaml"


def category(code: str, years: int | None, *marks: str, **more: object) -> Category:
    values = {"start": "closing", "verified": years is not None, "source": "s"} | more
    return Category(code, {"en": code}, frozenset(marks), years, **values)  # type: ignore[arg-type]


FILE, WARD = category("file", 5), category("ward", 10, "guardianship")


def test_the_longest_period_counts() -> None:
    belongs = rules.categories_of({"guardianship"}, [FILE, WARD])
    found = standing(belongs, {}, closed_on=date(2020, 2, 29), majority_on=None)
    assert (found.on, found.verified) == (date(2030, 3, 1), True)
    alone = standing(
        rules.categories_of((), [FILE, WARD]), {}, closed_on=date(2020, 1, 1), majority_on=None
    )
    assert alone.on == date(2025, 1, 1)
    assert alone.is_over(date(2025, 1, 1))
    assert not alone.is_over(date(2024, 12, 31))


def test_what_is_not_known_is_never_over() -> None:
    found = standing([FILE, category("x", None)], {}, closed_on=date(1990, 1, 1), majority_on=None)
    assert (found.on, found.unknown, found.verified) == (None, ("x",), False)
    assert not found.is_over(date(2999, 1, 1))
    nothing = standing([], {}, closed_on=date(1990, 1, 1), majority_on=None)
    assert not nothing.is_over(date(2999, 1, 1))


def test_a_centres_own_list_counts_but_not_below_the_law() -> None:
    own = {"file": 3, "x": 7}
    found = standing([FILE, category("x", None)], own, closed_on=date(2020, 1, 1), majority_on=None)
    assert (found.on, found.verified) == (date(2027, 1, 1), True)
    assert standing([FILE], own, closed_on=date(2020, 1, 1), majority_on=None).on == date(
        2025, 1, 1
    )


def test_an_unverified_number_of_the_pack_never_verifies() -> None:
    found = standing(
        [category("x", 5, verified=False)], {}, closed_on=date(2000, 1, 1), majority_on=None
    )
    assert found.on == date(2005, 1, 1)
    assert not found.verified


def test_years_may_count_from_majority() -> None:
    late = category("x", 2, start="majority")
    found = standing([late], {}, closed_on=date(2020, 1, 1), majority_on=date(2030, 6, 1))
    assert found.on == date(2032, 6, 1)


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.integers(1, 150))
def test_years_later_is_never_early(start: date, years: int) -> None:
    then = years_after(start, years)
    assert then.year == start.year + years
    assert timedelta(0) <= then - start.replace(day=1, year=start.year + years) <= timedelta(31)


def test_the_pack_of_serbia_invents_no_number() -> None:
    found = periods.read(PACK.read_text(encoding="utf-8"))
    assert len(found) >= 5
    for each in found:
        assert each.years is None or each.verified
        assert set(each.title) == {"en", "sr-Cyrl", "sr-Latn"}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x: 1", "must hold a list"),
        ("categories: [{}]", "has no code"),
        ("categories: [{code: a, years: -1, source: s, title: {en: a}}]", "whole number"),
        ("categories: [{code: a, years: true, source: s, title: {en: a}}]", "whole number"),
        ("categories: [{code: a, marks: [zz], source: s, title: {en: a}}]", "unknown marks zz"),
        ("categories: [{code: a, from: birth, source: s, title: {en: a}}]", "from must be"),
        ("categories: [{code: a, title: {en: a}}]", "say the source"),
        ("categories: [{code: a, source: s, verified: true, title: {en: a}}]", "cannot be"),
        ("categories: [{code: a, source: s}]", "title needs en"),
        (
            "categories: [{code: a, source: s, title: {en: a}},"
            " {code: a, source: s, title: {en: a}}]",
            "twice",
        ),
    ],
)
def test_a_wrong_file_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(periods.BadPeriods, match=sentence):
        periods.read(text)
