"""Days that somebody says of the past: of a birth, of a separation.

Belongs here: the days that such a date may be, and the sentence when it cannot be one. Does not:
the calendars themselves (`calendars`).
"""

from datetime import date

from oslonac.kit.calendars import (
    FIRST_YEAR,
    FIRST_YEAR_SOLAR_HIJRI,
    Calendar,
    day_interval,
    solar_hijri_year,
)
from oslonac.kit.choices import lazy as _

AHEAD = _("This day lies in the future. Enter a day that has passed.")
AFTER_MET = _("This day is after the day the person was met. Check both days.")
CONTRADICTS = _(
    "The age and the date of birth contradict each other. Enter one here; add the other later, "
    "as a further statement on the page of the person."
)
NO_SUCH_DATE = _(
    "This date does not exist in this calendar. Check the calendar, the year and the day."
)
LOOKS_SOLAR_HIJRI = _(
    "This looks like a year of the Solar Hijri calendar (1389 is 2010). Choose that calendar, or "
    "correct the year."
)
LOOKS_GREGORIAN = _(
    "This looks like a year of the Gregorian calendar. Choose that calendar, or correct the year."
)
TOO_EARLY = _("This year is too long ago for somebody who is alive. Check the year.")


class NotThatDay(ValueError):
    """A date that nobody can mean; `sentence` says why."""

    def __init__(self, sentence: object) -> None:
        super().__init__("not that day")
        self.sentence = sentence


def past_days(
    calendar: Calendar, year: int, month: int = 0, day: int = 0, *, by: date
) -> tuple[date, date]:
    """First and last day of a date known to the year, month or day, none of them after `by`.

    Raises NotThatDay.
    """
    if sentence := _year_of_another(calendar, year, by):
        raise NotThatDay(sentence)
    try:
        first, last = day_interval(calendar, year, month, day)
    except ValueError:
        raise NotThatDay(NO_SUCH_DATE) from None
    if first > by:
        raise NotThatDay(AHEAD)
    return first, min(last, by)


def _year_of_another(calendar: Calendar, year: int, by: date) -> object:
    """What to ask where the year cannot be one of this calendar; nothing where it can."""
    solar = FIRST_YEAR_SOLAR_HIJRI <= year <= solar_hijri_year(by)
    gregorian = FIRST_YEAR <= year <= by.year
    if calendar is Calendar.SOLAR_HIJRI:
        if not solar and gregorian:
            return LOOKS_GREGORIAN
        return TOO_EARLY if 0 < year < FIRST_YEAR_SOLAR_HIJRI else ""
    if not gregorian and solar:
        return LOOKS_SOLAR_HIJRI
    return TOO_EARLY if 0 < year < FIRST_YEAR else ""
