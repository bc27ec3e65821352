"""Days as people write them in tables: first and last day of what was written.

Belongs here: orders and marks of dates, the Solar Hijri calendar. Does not belong here: what a
birth says of a person (`births`), columns (`files`).
"""

import re
from datetime import UTC, date, datetime

from oslonac.kit.calendars import Calendar, day_interval

_SOLAR_HIJRI = range(1280, 1481)
_COMMON = range(1900, 2101)
Interval = tuple[date, date]


def read(text: str) -> tuple[Interval | None, bool]:
    """The days that are meant, nothing when it is no date; whether it was Solar Hijri.

    2008-12-31, 2008/12/31, 31.12.2008., 31/12/2008, 2008-12, 12.2008, 2008, with digits of any
    script. Where the year comes last the day comes first, as in all countries that write so. A
    Solar Hijri year that has not begun is none: 1431 will be of the lunar calendar.
    """
    day = text.strip().replace("T", " ")
    day = re.sub(r"([./-])\s+", r"\1", day).split(" ")[0].rstrip(".")
    parts = re.split(r"[./-]", day)
    if not 1 <= len(parts) <= 3 or not all(part.isdecimal() for part in parts):
        return None, False
    numbers = [int(part) for part in parts]
    if len(parts[0]) != 4:
        numbers.reverse()
    solar = numbers[0] in _SOLAR_HIJRI
    if not solar and numbers[0] not in _COMMON:
        return None, False
    try:
        found = day_interval(Calendar.SOLAR_HIJRI if solar else Calendar.GREGORIAN, *numbers)
    except ValueError:
        return None, False
    if solar and found[0] > datetime.now(UTC).date():
        return None, False
    return found, solar
