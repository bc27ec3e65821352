"""Reading `pack.yaml`, `roles.yaml`, `offices.yaml` and `placements.yaml` of a pack.

What cannot be read stops the start with a sentence; `oslonac pack check` says it with its line,
and says the rest that is wrong.
"""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays
import yaml

from oslonac.country.values import (
    Country,
    FamilyFirst,
    OfficeKind,
    PlacementKind,
    Placements,
    Role,
    Shown,
    Task,
)
from oslonac.kit.calendars import WorkCalendar

PACK, ROLES, OFFICES, PLACEMENTS = "pack.yaml", "roles.yaml", "offices.yaml", "placements.yaml"
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")


class BadPack(ValueError):
    """A file of the pack cannot be used: which, and a sentence."""

    def __init__(self, file: str, where: tuple[str | int, ...], sentence: str) -> None:
        super().__init__(f"{file}: {sentence}")
        self.file, self.where, self.sentence = file, where, sentence


def read_country(folder: Path) -> Country:
    """The country of a pack. Raises BadPack."""
    found, problems = examine(folder)
    if problems or found is None:
        raise problems[0]
    return found


def examine(folder: Path) -> tuple[Country | None, list[BadPack]]:
    """The country of a pack, and everything in these files that cannot be used."""
    problems: list[BadPack] = []

    def part(make: Callable[[], T]) -> T | None:
        try:
            return make()
        except BadPack as bad:
            problems.append(bad)
            return None

    def listed(file: str, key: str, make: Callable[[str, Mapping[str, Any]], T]) -> dict[str, T]:
        return part(lambda: entries(folder, file, key, make, problems.append)) or {}

    said = part(lambda: values(folder, PACK))
    if said is None:
        return None, problems
    code = part(lambda: _code(said)) or ""
    calendar = part(lambda: _calendar(said, code))
    region = part(lambda: str(_part(said, "phone_region").get("value") or ""))
    letters = part(lambda: str(_part(said, "transliteration").get("value") or ""))
    alphabets = part(lambda: _alphabets(said))
    languages = part(lambda: _languages(said))
    roles = listed(ROLES, "roles", _role)
    offices = listed(OFFICES, "kinds", _office)
    kinds = listed(PLACEMENTS, "kinds", _placement)
    first = part(lambda: _first(folder))
    if calendar is None:
        return None, problems
    return Country(
        code=code,
        calendar=calendar,
        languages=languages or ("en",),
        phone_region=region or "",
        transliteration=letters or "",
        alphabets=alphabets or {},
        roles=roles,
        offices=offices,
        placements=Placements(kinds, first),
    ), problems


def _alphabets(said: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    for language, alphabet in _part(said, "alphabets").items():
        letters = str((alphabet or {}).get("letters") or "") if isinstance(alphabet, dict) else ""
        given = letters.casefold().split()
        if len(given) < 2 or len(given) != len(set(given)):
            sentence = f"alphabets: {language}: list its letters in order, each once: 'a b c'."
            raise BadPack(PACK, ("alphabets", str(language)), sentence)
        found[str(language)] = letters
    return found


def _code(said: Mapping[str, Any]) -> str:
    code = str(_part(said, "country").get("code") or "")
    if not code:
        raise BadPack(PACK, ("country",), "country: code is missing, as in code: FR.")
    return code


def values(folder: Path, file: str) -> dict[str, Any]:
    """The map that a file holds; empty when there is none. Raises BadPack."""
    path = folder / file
    if not path.is_file():
        return {}
    try:
        said = yaml.load(path.read_text("utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadPack(file, (), f"this is not YAML: {str(error).splitlines()[0]}.") from error
    if not isinstance(said, dict):
        raise BadPack(file, (), "the file is empty, or no map of names and values.")
    return said


def entries(
    folder: Path,
    file: str,
    key: str,
    make: Callable[[str, Mapping[str, Any]], T],
    complain: Callable[[BadPack], object],
) -> dict[str, T]:
    """The entries of a list by their codes; none when there is no such file. Raises BadPack when
    there is no list; complains of entries that cannot be used, and leaves them out."""
    found: dict[str, T] = {}
    rows = values(folder, file).get(key) or []
    if not isinstance(rows, list):
        raise BadPack(file, (key,), f"{key} must be a list.")
    for place, row in enumerate(rows):
        try:
            code = _code_of(row, found)
            found[code] = make(code, row)
        except BadPack as bad:
            complain(BadPack(file, (key, place, *bad.where), bad.sentence))
    return found


def _code_of(row: Any, found: Mapping[str, Any]) -> str:
    code = str(row.get("code") or "") if isinstance(row, dict) else ""
    if not code:
        raise BadPack("", (), "an entry has no code.")
    if code in found:
        raise BadPack("", ("code",), f"“{code}” stands here a second time.")
    title = row.get("title")
    texts = list(title.values()) if isinstance(title, dict) else []
    if not texts or not all(isinstance(text, str) and text for text in texts):
        raise BadPack("", ("title",), f"“{code}” has no title, as in title: {{en: Shelter}}.")
    return code


def _part(said: Mapping[str, Any], key: str) -> dict[str, Any]:
    part = said.get(key) or {}
    if not isinstance(part, dict):
        raise BadPack(PACK, (key,), f"{key} must be a map of names and values.")
    return part


def _calendar(said: Mapping[str, Any], country: str) -> WorkCalendar:
    zone = str(_part(said, "time_zone").get("value") or "")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        sentence = f"time_zone: “{zone}” is no zone; write value: Europe/Paris, for instance."
        raise BadPack(PACK, ("time_zone",), sentence) from None
    week = _part(said, "working_week").get("days", [1, 2, 3, 4, 5])
    if not isinstance(week, list) or not all(type(day) is int and 0 < day < 8 for day in week):
        sentence = "working_week: days are numbers from 1 (Monday) to 7 (Sunday)."
        raise BadPack(PACK, ("working_week",), sentence)
    if not week:
        raise BadPack(PACK, ("working_week",), "working_week: nobody works on any day.")
    free = _part(said, "holidays")
    return WorkCalendar(
        zone=zone,
        country=_library(free, country),
        working_week=frozenset(day - 1 for day in week),
        every_year=frozenset(_month_day(day) for day in free.get("every_year") or ()),
        days_off=frozenset(_day(day) for day in free.get("days_off") or ()),
        working_days=frozenset(_day(day) for day in free.get("working_days") or ()),
    )


def _library(free: Mapping[str, Any], country: str) -> str:
    """The country whose days off the calendar library knows; none when the pack lists its own."""
    code = str(free.get("country_code") or "")
    if not code and (free.get("every_year") or free.get("days_off")):
        return ""
    code = code or country
    if code not in holidays.list_supported_countries():
        sentence = (
            f"holidays: the calendar library does not know “{code}”; list every_year and days_off."
        )
        raise BadPack(PACK, ("holidays",), sentence)
    return code


def _month_day(text: Any) -> tuple[int, int]:
    try:
        day = date.fromisoformat(f"2024-{text}")
    except ValueError:
        sentence = f"holidays: “{text}” is no day of a year; write '07-14'."
        raise BadPack(PACK, ("holidays", "every_year"), sentence) from None
    return day.month, day.day


def _day(text: Any) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        sentence = f"holidays: “{text}” is no day; write 2026-07-14."
        raise BadPack(PACK, ("holidays",), sentence) from None


def _languages(said: Mapping[str, Any]) -> tuple[str, ...]:
    """Tags of the languages of staff, the country's first one first; English when none is named."""
    rows = said.get("staff_languages") or []
    if not isinstance(rows, list) or not all(
        isinstance(row, dict) and row.get("code") for row in rows
    ):
        raise BadPack(PACK, ("staff_languages",), "staff_languages: each entry needs a code.")
    rows = sorted(rows, key=lambda row: row.get("default") is not True)
    return tuple(str(row["code"]) for row in rows) or ("en",)


def _role(code: str, row: Mapping[str, Any]) -> Role:
    return Role(code, str(row.get("archetype") or ""), row["title"], "retired" in row)


def _office(code: str, row: Mapping[str, Any]) -> OfficeKind:
    does = frozenset(_one_of(Task, each, "does") for each in row.get("does") or ())
    return OfficeKind(
        code, row["title"], does, _one_of(Shown, row.get("shown") or "other", "shown")
    )


def _one_of(kind: type[E], value: Any, key: str) -> E:
    try:
        return kind(str(value))
    except ValueError:
        known = ", ".join(kind)
        raise BadPack("", (key,), f"{key}: “{value}” is not one of {known}.") from None


def _placement(code: str, row: Mapping[str, Any]) -> PlacementKind:
    return PlacementKind(
        code=code,
        title=row["title"],
        emergency=row.get("emergency") is True,
        family=row.get("family") is True,
        reception=row.get("reception") is True,
        from_age=_age(row.get("from_age"), "from_age"),
        asylum_only=row.get("asylum_only") is True,
        verified=row.get("verified") is True,
        retired="retired" in row,
    )


def _first(folder: Path) -> FamilyFirst | None:
    said = values(folder, PLACEMENTS).get("family_first")
    if said is None:
        return None
    if not isinstance(said, dict) or (below := _age(said.get("below"), "below")) is None:
        raise BadPack(PLACEMENTS, ("family_first",), "family_first: below is an age in years.")
    return FamilyFirst(below, said.get("verified") is True)


def _age(value: Any, key: str) -> int | None:
    if value is None or (type(value) is int and 0 < value < 100):
        return value
    raise BadPack(PLACEMENTS, (key,), f"{key}: “{value}” is no age in years.")
