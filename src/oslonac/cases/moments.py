"""The words for times, for the pages of casework; they stand in `web.moments`."""

from oslonac.web.moments import (
    ago,
    day,
    due,
    end_of_today,
    end_of_week,
    full,
    iso,
    isolated,
    of_day,
    short,
    span,
)

__all__ = [
    "ago",
    "day",
    "due",
    "end_of_today",
    "end_of_week",
    "full",
    "iso",
    "isolated",
    "of_day",
    "short",
    "span",
]
