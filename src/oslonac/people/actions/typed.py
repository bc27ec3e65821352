"""What people typed, cleaned and checked before anything is done with it.

Belongs here: lines, narratives and births as values. Does not: writing them down (`identity`).
"""

from datetime import date

from django.utils.translation import gettext as _

from oslonac.kit import text as plain
from oslonac.kit.births import NotThatDay, past_days
from oslonac.kit.calendars import Calendar
from oslonac.kit.clock import local_day, now
from oslonac.kit.errors import Invalid
from oslonac.kit.text import LONGEST_LINE, LONGEST_NARRATIVE


def clean_text(value: str, field: str, *, required: bool = False) -> str:
    """Cleaned long text. Raises Invalid when it is too long, or empty though required."""
    text = plain.clean(value)
    if len(text) > LONGEST_NARRATIVE:
        raise Invalid({field: _("This is longer than 100,000 characters. Please shorten it.")})
    if required and not text:
        raise Invalid({field: _("Please write something here.")})
    return text


def clean_reason(value: str, field: str, *, required: bool = True) -> str:
    """Cleaned text of a reason that somebody relies on later. Where one is demanded it must say
    something: Invalid for "ok", "." and the like."""
    text = clean_text(value, field, required=required)
    if required and not plain.says_something(text):
        raise Invalid({field: _("This says nothing to whoever reads it later. Say what and why.")})
    return text


def clean_line(value: str, field: str, *, required: bool = False) -> str:
    """Cleaned single line of at most 500 characters."""
    text = plain.clean_line(value)
    if len(text) > LONGEST_LINE:
        raise Invalid({field: _("This is longer than 500 characters. Please shorten it.")})
    if required and not text:
        raise Invalid({field: _("Please write something here.")})
    return text


def birth_interval(
    calendar: str, year: int | None, month: int | None, day: int | None
) -> tuple[date, date] | None:
    """Interval of a birth typed in parts; None when nothing was typed.

    Raises Invalid with a sentence for a date that the calendar does not have.
    """
    if not year:
        if month or day:
            raise Invalid({"year": _("Enter the year as well.")})
        return None
    try:
        return past_days(
            Calendar(calendar or "gregorian"), year, month or 0, day or 0, by=local_day(now())
        )
    except NotThatDay as wrong:
        raise Invalid({"year": wrong.sentence}) from None
