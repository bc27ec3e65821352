"""How old an entry is, and comparing names across scripts: tables and pure functions."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

import cyrtranslit

from oslonac.country import country

# Years after which an address or number is more likely wrong than right.
OLD_YEARS = 3
_AS_OF = re.compile(r"^(\d{4})(?:-(\d{2})-(\d{2}))?$")


def as_of_day(as_of: str) -> date | None:
    """The first day that "2013" or "2013-05-01" may mean; None when it says nothing."""
    found = _AS_OF.match(as_of)
    if found is None:
        return None
    year, month, day = found.groups()
    try:
        return date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None


def age_in_years(as_of: str, today: date) -> int | None:
    """Whole calendar years between an entry's date and today; None when it has no date."""
    day = as_of_day(as_of)
    return None if day is None else max(0, today.year - day.year)


def is_old(as_of: str, today: date) -> bool:
    """Whether an entry must be checked before anybody relies on it; undated ones must."""
    years = age_in_years(as_of, today)
    return years is None or years >= OLD_YEARS


def fold(text: str) -> str:
    """A name as it is compared: Latin, without marks, lower case; Врање, VRANJE → vranje."""
    return _fold(text, country().transliteration)


@lru_cache(maxsize=20_000)
def _fold(text: str, letters: str) -> str:
    latin = cyrtranslit.to_latin(text, letters) if letters else text
    latin = latin.replace("đ", "dj").replace("Đ", "dj")
    bare = unicodedata.normalize("NFKD", latin)
    kept = "".join(char if char.isalnum() else " " for char in bare if not _is_mark(char))
    return " ".join(kept.casefold().split())


def _is_mark(char: str) -> bool:
    return unicodedata.category(char) == "Mn"


def matches(wanted: str, names: Iterable[str]) -> bool:
    """Whether every word of a folded query begins a word of the names, taken together."""
    words = [word for name in names for word in fold(name).split()]
    return all(any(word.startswith(part) for word in words) for part in wanted.split())
