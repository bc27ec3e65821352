"""Ages as intervals, statements side by side, who counts as separated."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from oslonac.kit.calendars import Calendar, day_interval
from oslonac.people import rules

YEAR_1387 = day_interval(Calendar.SOLAR_HIJRI, 1387)


def test_minority_is_presumed_while_the_interval_straddles_eighteen() -> None:
    age = rules.age_interval(*YEAR_1387, date(2026, 11, 22))
    assert (age.youngest, age.oldest) == (17, 18)
    assert age.straddles_majority
    assert age.presumed_minor
    assert str(age) == "17–18"


def test_a_certain_adult_is_not_presumed_a_minor() -> None:
    age = rules.age_interval(*YEAR_1387, date(2027, 3, 20))
    assert age.youngest == 18
    assert not age.presumed_minor


def test_an_unknown_birth_has_no_age() -> None:
    assert rules.age_interval(None, None, date(2026, 1, 1)) is None


@dataclass
class Said:
    basis: str
    said_by: str
    stated_at: datetime


NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_a_document_comes_before_a_claim_and_the_own_account_before_others() -> None:
    own = Said("claimed", "self", NOW)
    other = Said("claimed", "companion", NOW + timedelta(days=1))
    paper = Said("document", "document", NOW)
    assert rules.best([own, other]) is own
    assert rules.best([own, paper]) is paper
    assert rules.best([]) is None


@pytest.mark.parametrize(
    ("present", "category"),
    [
        (["nobody"], "unaccompanied"),
        (["unrelated_adult", "other_children"], "unaccompanied"),
        (["minor_relative"], "unaccompanied"),
        (["adult_relative"], "separated"),
        (["parent", "adult_relative"], "accompanied"),
        (["legal_guardian"], "accompanied"),
        ([], "unknown"),
        (["unknown"], "unknown"),
    ],
)
def test_separated_is_derived_from_who_is_present(present: list[str], category: str) -> None:
    assert rules.accompaniment(present) == category
