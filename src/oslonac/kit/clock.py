"""The only place that reads the wall clock; everything below the web edge is handed `at`. And the
only one that says which day a moment falls on."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings


def now() -> datetime:
    """Current time, aware, in UTC, to the microsecond."""
    return datetime.now(UTC)


def local_day(at: datetime) -> date:
    """The day that `at` falls on in the country. Moments are kept in UTC, whose day is another
    one for an hour or two after local midnight."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
