"""Times in words: "3 h late", "today 16:05", "12 days ago", with the full date.

Belongs here: words for times that pages share. Does not: computing when anything is due.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from django.utils import formats
from django.utils.timezone import localtime
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from oslonac.kit.clock import local_day
from oslonac.kit.text import day_and_hour

HOURS_SHOWN = 48  # beyond, days are easier to grasp


def isolated(text: str) -> str:
    """A text whose direction does not disturb the sentence around it (Unicode isolates)."""
    return f"\u2068{text}\u2069" if text else ""


def full(moment: datetime) -> str:
    """Weekday, day and hour in the pack's zone: "Friday 6 March 2026, 16:05"."""
    local = localtime(moment)
    return day_and_hour(formats.date_format(local, _day_with_weekday()), f"{local:%H:%M}")


def day(moment: datetime) -> str:
    """The day alone, short: "6 Mar 2026"."""
    return of_day(local_day(moment))


def of_day(date_: date) -> str:
    """A calendar day, as `day` says it: "6 Mar 2026"."""
    return _worded(date_, get_language() or "")


@lru_cache(maxsize=4096)
def _worded(date_: date, _language: str) -> str:
    return formats.date_format(date_, pgettext("date format", "j M Y"))


def short(moment: datetime) -> str:
    """Day and hour for a table: "6 Mar 2026, 16:05"."""
    return day_and_hour(day(moment), f"{localtime(moment):%H:%M}")


def _day_with_weekday() -> str:
    return pgettext("date format", "l j F Y")


def span(length: timedelta) -> str:
    """A length in its largest sensible unit: "40 min", "3 h", "12 days"."""
    minutes = int(abs(length).total_seconds() // 60)
    if minutes < 60:
        return _("%(n)d min") % {"n": max(1, minutes)}
    if minutes < HOURS_SHOWN * 60:
        return _("%(n)d h") % {"n": minutes // 60}
    days = minutes // (24 * 60)
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


def due(moment: datetime | None, at: datetime, *, by_law: bool = True) -> str:
    """When something is due, seen from now. What rests on guidance is "past", never "late"."""
    if moment is None:
        return _("no date")
    if moment < at:
        words = _("%(span)s late") if by_law else _("%(span)s after the recommended date")
        return words % {"span": span(at - moment)}
    days = (local_day(moment) - local_day(at)).days
    clock = f"{localtime(moment):%H:%M}"
    if days == 0:
        return _("today %(clock)s") % {"clock": clock}
    if days == 1:
        return _("tomorrow %(clock)s") % {"clock": clock}
    if days < 7:
        name = formats.date_format(localtime(moment), "l")
        return _("%(weekday)s %(clock)s") % {"weekday": name, "clock": clock}
    return _("in %(span)s") % {"span": span(moment - at)}


def ago(moment: datetime | None, at: datetime, never: str = "") -> str:
    """How long ago something was, by local days: "today", "yesterday", "12 days ago"."""
    if moment is None:
        return never
    days = (local_day(at) - local_day(moment)).days
    if days <= 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    return ngettext("%(n)d day ago", "%(n)d days ago", days) % {"n": days}


def iso(moment: datetime | None) -> str:
    """For the machine: UTC with Z."""
    return (
        moment.astimezone(UTC).isoformat(timespec="minutes").replace("+00:00", "Z")
        if moment
        else ""
    )


def end_of_today(at: datetime) -> datetime:
    """Midnight that ends the local day of `at`."""
    local = localtime(at)
    return (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def end_of_week(at: datetime) -> datetime:
    """Midnight that ends the seventh day from today, so that a Friday still shows Monday."""
    return end_of_today(at) + timedelta(days=6)
