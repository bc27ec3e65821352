"""What people type for a day, a birth or a name: understood, asked or refused, never guessed."""

import ast
from datetime import date
from pathlib import Path

import pytest
from django import forms
from django.utils.timezone import localdate, localtime

from oslonac.encounters.actions import Birth, birth_by_age, contradict
from oslonac.kit import births, text
from oslonac.kit.births import NotThatDay, past_days
from oslonac.kit.calendars import Calendar
from oslonac.kit.dates import as_iso
from oslonac.kit.errors import Invalid
from oslonac.people.actions import birth_interval
from oslonac.steps.fields import Day, Moment
from oslonac.web.fields import CalendarDateField, DayField, MomentField

SRC = Path(__file__).resolve().parents[2] / "src" / "oslonac"
GREGORIAN, SOLAR = Calendar.GREGORIAN, Calendar.SOLAR_HIJRI
TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    "typed",
    ["2026-11-30", "30.11.2026.", "30.11.2026", "30. 11. 2026.", " 30. 11. 2026 ", "٣٠.١١.٢٠٢٦"],
)
@pytest.mark.parametrize("field", [DayField, Day])
def test_a_day_is_read_as_people_write_it(field: type[forms.DateField], typed: str) -> None:
    assert field().clean(typed) == date(2026, 11, 30)


@pytest.mark.parametrize(
    "typed",
    [
        "2026-11-30T02:10",
        "2026-11-30 02:10",
        "30.11.2026 02:10",
        "30.11.2026. 02:10",
        "30. 11. 2026, 2:10",
        "30. 11. 2026. u 02.10 h",
        "30. 11. 2026. у 2.10",
    ],
)
@pytest.mark.parametrize("field", [MomentField, Moment])
def test_a_moment_is_read_as_people_write_it(field: type[forms.DateTimeField], typed: str) -> None:
    assert localtime(field().clean(typed)).strftime("%Y-%m-%d %H:%M") == "2026-11-30 02:10"


@pytest.mark.parametrize("typed", ["03/04/2026", "31.2.2026.", "30.11.26.", "11.30.2026.", "juče"])
def test_what_can_mean_two_days_or_none_is_refused(typed: str) -> None:
    with pytest.raises(forms.ValidationError):
        DayField().clean(typed)
    with pytest.raises(forms.ValidationError):
        MomentField().clean(typed)


def test_every_day_of_a_form_is_read_this_way() -> None:
    """No form takes a day by Django's own field, which knows one way of writing only."""
    bare = [
        f"{path.relative_to(SRC)}:{node.lineno}"
        for path in sorted(SRC.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("DateField", "DateTimeField")
        and getattr(node.func.value, "id", "") == "forms"
    ]
    assert bare == []
    assert as_iso("yesterday") == "yesterday"


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ((GREGORIAN, 2027, 5, 1), births.AHEAD),
        ((GREGORIAN, 2026, 12, 1), births.AHEAD),
        ((GREGORIAN, 2027, 0, 0), births.AHEAD),
        ((GREGORIAN, 1389, 0, 0), births.LOOKS_SOLAR_HIJRI),
        ((SOLAR, 2010, 0, 0), births.LOOKS_GREGORIAN),
        ((GREGORIAN, 1850, 0, 0), births.TOO_EARLY),
        ((GREGORIAN, 2012, 2, 31), births.NO_SUCH_DATE),
        ((SOLAR, 1400, 12, 30), births.NO_SUCH_DATE),
        ((SOLAR, 1405, 12, 1), births.AHEAD),
    ],
)
def test_a_birth_that_cannot_be_is_refused_with_its_reason(
    said: tuple[Calendar, int, int, int], sentence: object
) -> None:
    with pytest.raises(NotThatDay) as refused:
        past_days(*said, by=TODAY)
    assert refused.value.sentence == sentence


def test_a_birth_known_in_part_ends_with_the_day_it_was_said() -> None:
    assert past_days(GREGORIAN, 2026, by=TODAY) == (date(2026, 1, 1), TODAY)
    assert past_days(GREGORIAN, 2026, 11, by=TODAY) == (date(2026, 11, 1), TODAY)
    assert birth_by_age(0, TODAY).last == TODAY
    assert birth_by_age(1, TODAY).last == date(2025, 12, 31)


def test_pages_and_api_refuse_the_same_births() -> None:
    ahead = localdate().year + 1
    with pytest.raises(forms.ValidationError, match="future"):
        CalendarDateField().clean(["gregorian", str(ahead), "", ""])
    with pytest.raises(Invalid) as refused:
        birth_interval("gregorian", ahead, None, None)
    assert refused.value.fields == {"year": births.AHEAD}
    with pytest.raises(forms.ValidationError, match="Solar Hijri"):
        CalendarDateField().clean(["gregorian", "1389", "", ""])


def test_an_age_and_a_year_that_cannot_both_be_contradict() -> None:
    year = Birth(date(2001, 1, 1), date(2001, 12, 31))
    assert contradict([year, birth_by_age(14, TODAY)])
    assert not contradict([year, birth_by_age(25, TODAY)])
    assert not contradict([year]) and not contradict([])


@pytest.mark.parametrize(
    "typed", ["\u200b", " \u200b\u2060 ", "\ufeff", "\u3164", "\u2800", "\u00ad"]
)
def test_what_nobody_can_see_is_empty(typed: str) -> None:
    assert text.clean(typed) == text.clean_line(typed) == ""
    assert text.clean_line(f"A{typed}li".replace(" ", "")) != ""
