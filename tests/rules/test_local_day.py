"""Which day it is, is asked of the country: never of UTC, and in one place."""

import ast
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from oslonac.kit.clock import local_day

ROOT = Path(__file__).resolve().parents[2]
# Their zone is handed to them with a calendar or a person's quiet hours, or (libraries) there is
# no country yet.
HANDED_A_ZONE = (
    "src/oslonac/protocols",
    "src/oslonac/kit/calendars.py",
    "src/oslonac/kit/clock.py",
    "src/oslonac/notices/rules.py",
    "src/oslonac/config/commands/protocol_replay.py",
    "src/oslonac/matching/days.py",
    "src/oslonac/config/health/libraries.py",
    "tests/rules",
)


def own_days(source: str) -> Iterator[int]:
    """Lines that take the day of a moment by themselves."""
    if not any(word in source for word in (".date()", "localdate", "today()")):
        return
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        bare = not node.args and not node.keywords
        if (name == "date" and bare) or name == "localdate" or (name == "today" and bare):
            owner = ast.unparse(node.func.value) if isinstance(node.func, ast.Attribute) else ""
            if name != "today" or owner in ("date", "datetime"):
                yield node.lineno


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2028, 2, 29, 10, 0, tzinfo=UTC), date(2028, 2, 29)),
        (datetime(2027, 3, 28, 0, 30, tzinfo=UTC), date(2027, 3, 28)),
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 12, 31, 23, 20, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2026, 7, 1, 21, 59, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), date(2026, 7, 2)),
    ],
)
def test_the_day_is_that_of_the_country(moment: datetime, day: date) -> None:
    assert local_day(moment) == day


def test_no_other_place_takes_the_day_of_a_moment() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for folder in ("src/oslonac", "tests")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if not str(path.relative_to(ROOT)).startswith(HANDED_A_ZONE)
        for line in own_days(path.read_text("utf-8"))
    ]
    assert found == [], "oslonac.kit.clock.local_day says the day"


@pytest.mark.parametrize(
    "line", ["at.date()", "localtime(at).date()", "localdate(at)", "date.today()", "x().date()"]
)
def test_the_search_finds_each_way(line: str) -> None:
    assert list(own_days(line)) == [1]
