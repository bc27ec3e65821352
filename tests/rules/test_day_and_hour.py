"""A day before an hour: no code puts a comma after the full stop of a Serbian date."""

import re
from pathlib import Path

from oslonac.kit.text import day_and_hour

SRC = Path(__file__).resolve().parents[2] / "src" / "oslonac"
GLUED = re.compile(r"\}, \{[^}]*%H:%M")


def test_the_full_stop_of_a_date_gives_way_to_the_comma() -> None:
    assert day_and_hour("6. 3. 2026.", "16:05") == "6. 3. 2026, 16:05"
    assert day_and_hour("6 Mar 2026", "16:05") == "6 Mar 2026, 16:05"


def test_day_and_hour_are_joined_in_one_place() -> None:
    glued = [
        f"{path.relative_to(SRC)}:{number}"
        for path in sorted(SRC.rglob("*.py"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if GLUED.search(line)
    ]
    assert glued == []
    assert GLUED.search('f"{date_format(day)}, {line.when:%H:%M:%S}"')
