"""The only place that reads the wall clock; everything below the web edge is handed `at`."""

from datetime import UTC, datetime


def now() -> datetime:
    """Current time, aware, in UTC, to the microsecond."""
    return datetime.now(UTC)
