"""Working days, deadlines and the Solar Hijri calendar, across the awkward days."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oslonac.kit.calendars import (
    Amount,
    Calendar,
    Unit,
    WorkCalendar,
    add_months,
    age_on,
    day_interval,
)

SERBIA = WorkCalendar("Europe/Belgrade", "RS")
BELGRADE = ZoneInfo("Europe/Belgrade")


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BELGRADE)


def test_orthodox_easter_is_not_a_working_day() -> None:
    # Orthodox Easter 2026 is 12 April; Good Friday to Easter Monday are days off.
    due = SERBIA.deadline(local(2026, 4, 8, 10), Amount(5, Unit.WORKING_DAYS))
    assert due.astimezone(BELGRADE) == local(2026, 4, 17, 23, 59)


def test_new_year_and_orthodox_christmas_are_skipped() -> None:
    # 1 and 2 January and 7 January are days off; 3 and 4 January 2026 are a weekend.
    due = SERBIA.deadline(local(2025, 12, 31, 9), Amount(3, Unit.WORKING_DAYS))
    assert due.astimezone(BELGRADE).date() == date(2026, 1, 8)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        # Clocks go forward on 29 March 2026: 72 elapsed hours end an hour later on the wall.
        (local(2026, 3, 27, 10), local(2026, 3, 30, 11)),
        # Clocks go back on 25 October 2026: they end an hour earlier.
        (local(2026, 10, 23, 10), local(2026, 10, 26, 9)),
    ],
)
def test_hours_are_elapsed_time_when_clocks_change(start: datetime, due: datetime) -> None:
    expected = due.replace(tzinfo=None)
    found = SERBIA.deadline(start, Amount(72, Unit.HOURS)).astimezone(BELGRADE)
    assert found.replace(tzinfo=None) == expected


def test_days_end_with_the_local_day_when_clocks_change() -> None:
    due = SERBIA.deadline(local(2026, 3, 28, 10), Amount(1, Unit.CALENDAR_DAYS))
    assert due == datetime(2026, 3, 29, 21, 59, tzinfo=UTC)


def test_two_months_after_the_last_of_december_end_in_february() -> None:
    assert add_months(date(2025, 12, 31), 2) == date(2026, 2, 28)
    assert add_months(date(2023, 12, 31), 2) == date(2024, 2, 29)


def test_a_solar_hijri_year_spans_two_gregorian_years() -> None:
    assert day_interval(Calendar.SOLAR_HIJRI, 1387) == (date(2008, 3, 20), date(2009, 3, 20))


def test_the_last_day_of_a_leap_year_exists_and_of_another_does_not() -> None:
    assert day_interval(Calendar.SOLAR_HIJRI, 1387, 12, 30)[0] == date(2009, 3, 20)
    with pytest.raises(ValueError, match="day"):
        day_interval(Calendar.SOLAR_HIJRI, 1400, 12, 30)


@pytest.mark.parametrize("parts", [(0,), (99999,), (2010, 13), (2010, 2, 30), (2010, 0, 5), (-5,)])
def test_dates_that_no_calendar_has_are_refused(parts: tuple[int, ...]) -> None:
    for calendar in Calendar:
        with pytest.raises(ValueError):
            day_interval(calendar, *parts)


def test_a_birthday_on_29_february_is_reached_on_1_march() -> None:
    assert age_on(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert age_on(date(2008, 2, 29), date(2026, 3, 1)) == 18


@given(
    # Hypothesis takes its bounds without a time zone and adds one.
    st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.integers(0, 60),
    st.sampled_from(list(Unit)),
)
def test_a_longer_term_never_ends_earlier(start: datetime, count: int, unit: Unit) -> None:
    shorter = SERBIA.deadline(start, Amount(count, unit))
    longer = SERBIA.deadline(start, Amount(count + 1, unit))
    assert shorter <= longer
    assert start.date() <= longer.astimezone(BELGRADE).date()
