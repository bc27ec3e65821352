"""Working days, deadlines and the Solar Hijri calendar.

Deadlines are computed in the pack's zone, because "five working days" ends with the office's
day and daylight saving moves it; they are returned in UTC.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from persiantools.jdatetime import JalaliDate


class Unit(StrEnum):
    HOURS = "hours"
    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"


@dataclass(frozen=True)
class Amount:
    """How long: `count` of `unit`. Hours run through the night; the others end with a day."""

    count: int
    unit: Unit


@dataclass(frozen=True)
class WorkCalendar:
    """A country's zone, working week and days off.

    `country`: whose public holidays of the calendar library count (ISO 3166-1 alpha-2), none when
    empty. To them come days off of every year (month, day) and of one year; on `working_days`
    people work although it is a day off or outside the week.
    """

    zone: str
    country: str
    working_week: frozenset[int] = frozenset({0, 1, 2, 3, 4})
    every_year: frozenset[tuple[int, int]] = frozenset()
    days_off: frozenset[date] = frozenset()
    working_days: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        if day in self.working_days:
            return True
        if day.weekday() not in self.working_week or day in self.days_off:
            return False
        if (day.month, day.day) in self.every_year:
            return False
        return not self.country or day not in _holidays(self.country, day.year)

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`; the day itself is not counted."""
        while count > 0:
            day += timedelta(days=1)
            if self.is_working_day(day):
                count -= 1
        return day

    def deadline(self, start: datetime, amount: Amount) -> datetime:
        """When something started at `start` (aware) is due, in UTC.

        Hours are elapsed time. Days and months end at the last minute (23:59) of the local
        day, the day of the event not counted.
        """
        if amount.unit is Unit.HOURS:
            # In UTC: adding to a local time would count the wall clock, not the hours.
            return start.astimezone(UTC) + timedelta(hours=amount.count)
        zone = ZoneInfo(self.zone)
        day = start.astimezone(zone).date()
        if amount.unit is Unit.CALENDAR_DAYS:
            day += timedelta(days=amount.count)
        elif amount.unit is Unit.MONTHS:
            day = add_months(day, amount.count)
        else:
            day = self.add_working_days(day, amount.count)
        return datetime.combine(day, time(23, 59), zone).astimezone(UTC)


@lru_cache(maxsize=512)
def _holidays(country: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, years=year))


def add_months(day: date, months: int) -> date:
    """Same day `months` later, or the last day of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    month += 1
    following = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, min(day.day, (following - timedelta(days=1)).day))


FIRST_YEAR = 1900
FIRST_YEAR_SOLAR_HIJRI, LAST_YEAR_SOLAR_HIJRI = 1280, 1580


class Calendar(StrEnum):
    GREGORIAN = "gregorian"
    SOLAR_HIJRI = "solar_hijri"


def day_interval(calendar: Calendar, year: int, month: int = 0, day: int = 0) -> tuple[date, date]:
    """First and last Gregorian day of a date known to the year, month or day (0 = unknown).

    Raises ValueError when the calendar has no such date: 1400-12-30 in Solar Hijri, for
    instance, because 1400 is not a leap year.
    """
    if month == 0 and day != 0:
        raise ValueError("a day without a month")
    if calendar is Calendar.SOLAR_HIJRI:
        return _jalali_interval(year, month, day)
    if not FIRST_YEAR <= year <= 2200:
        raise ValueError("year out of range")
    if month == 0:
        return date(year, 1, 1), date(year, 12, 31)
    if day == 0:
        return date(year, month, 1), add_months(date(year, month, 1), 1) - timedelta(days=1)
    return date(year, month, day), date(year, month, day)


def _jalali_interval(year: int, month: int, day: int) -> tuple[date, date]:
    if not FIRST_YEAR_SOLAR_HIJRI <= year <= LAST_YEAR_SOLAR_HIJRI:
        raise ValueError("year out of range")
    if month == 0:
        return _gregorian(year, 1, 1), _gregorian(year + 1, 1, 1) - timedelta(days=1)
    if day == 0:
        following = (year + 1, 1) if month == 12 else (year, month + 1)
        return _gregorian(year, month, 1), _gregorian(*following, 1) - timedelta(days=1)
    exact = _gregorian(year, month, day)
    return exact, exact


def _gregorian(year: int, month: int, day: int) -> date:
    converted: date = JalaliDate(year, month, day).to_gregorian()
    return converted


def solar_hijri_year(day: date) -> int:
    """Solar Hijri year in which a Gregorian day falls."""
    year: int = JalaliDate(day).year
    return year


def age_on(born: date, day: date) -> int:
    """Completed years; a 29 February birthday is reached on 1 March in other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
