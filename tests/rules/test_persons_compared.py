"""Records of persons: what speaks for one person, what against, and what says nothing."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from oslonac.matching.models import weights_of_levels
from oslonac.matching.persons import SENTENCES, PersonComparer, Record, Seen, born_between

COMPARER = PersonComparer()
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
BOY = Record(
    names=("Nabi Zarghun",),
    birth_from=date(2009, 4, 3),
    birth_to=date(2009, 4, 3),
    sex="m",
    country="AF",
    languages=frozenset(("ps",)),
    father="Karim",
    mother="Shirin",
    group="g1",
)
SAME_BOY = Record(
    names=("نبی زرغون",), birth_from=date(2009, 1, 1), birth_to=date(2009, 1, 1), sex="m"
)


def probability(left: Record, right: Record) -> float:
    return COMPARER.compare(left, right).probability


def test_one_child_written_in_two_scripts() -> None:
    assert probability(BOY, SAME_BOY) > 0.9


def test_what_is_missing_is_no_disagreement() -> None:
    bare = Record(names=BOY.names)
    assert COMPARER.evidence(bare, BOY) == ()
    assert probability(bare, BOY) > probability(replace(bare, sex="f"), BOY)


@pytest.mark.parametrize("day", [date(2009, 1, 1), date(2009, 3, 21)])
def test_new_years_day_stands_for_its_year(day: date) -> None:
    first, last = born_between(Record(birth_from=day, birth_to=day)) or (day, day)
    assert (last - first).days == 365


def test_an_ordinary_day_is_a_day() -> None:
    assert born_between(BOY) == (date(2009, 4, 3), date(2009, 4, 3))


def test_brothers_and_twins_are_not_one_child() -> None:
    twin = replace(BOY, names=("Farid Zarghun",))
    found = COMPARER.compare(BOY, twin)
    assert found.probability < 0.3
    assert any("brothers or sisters" in str(reason) for reason in found.reasons)


def test_nobody_is_in_two_towns_in_the_same_hour() -> None:
    here = replace(BOY, seen=(Seen("Šid", NOON),))
    there = replace(SAME_BOY, seen=(Seen("Preševo", NOON + timedelta(minutes=20)),))
    later = replace(SAME_BOY, seen=(Seen("Preševo", NOON + timedelta(days=2)),))
    assert probability(here, there) < 0.1 < probability(here, later)


def test_a_document_speaks_louder_than_a_country() -> None:
    papers = frozenset(("D1",))
    assert probability(replace(BOY, documents=papers), replace(SAME_BOY, documents=papers)) > 0.95


def test_other_sex_and_far_births_speak_against() -> None:
    girl = replace(SAME_BOY, sex="f")
    old = replace(SAME_BOY, birth_from=date(1999, 1, 1), birth_to=date(1999, 12, 31))
    assert probability(BOY, girl) < probability(BOY, SAME_BOY)
    assert probability(BOY, old) < 0.5


def test_comparison_is_the_same_in_both_directions() -> None:
    assert probability(BOY, SAME_BOY) == pytest.approx(probability(SAME_BOY, BOY), abs=0.05)


def test_religion_and_ethnicity_cannot_be_given() -> None:
    names = {field.name for field in fields(Record)}
    assert not names & {"religion", "ethnicity", "faith", "tribe", "race", "nationality"}


def test_every_level_has_a_weight_and_a_sentence() -> None:
    assert set(SENTENCES) == set(weights_of_levels())


def test_records_without_anything_are_answered() -> None:
    assert 0 <= probability(Record(), Record()) < 0.5
