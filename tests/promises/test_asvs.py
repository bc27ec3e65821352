"""The ASVS checklist says what there is: ids, statuses, counts, and tests that exist.

Belongs here: the form of docs/reference/asvs.md. Does not: whether the named tests pass, which
is what running them says. Needs no database.
"""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "asvs.md"
TEXT = PAGE.read_text("utf-8")
STATUSES = ("met", "not met", "not applicable")
UNSHOWN = "Not shown: "
# Section of ASVS 5.0.0 and the levels of its requirements in their order: "1.5:123" says that
# V1.5.1 is of level 1, V1.5.2 of level 2 and V1.5.3 of level 3.
SECTIONS = """
1.1:22 1.2:1111122223 1.3:112222222223 1.4:222 1.5:123 2.1:122 2.2:112 2.3:12223 2.4:23
3.1:3 3.2:113 3.3:12223 3.4:11222233 3.5:11122333 3.6:3 3.7:22333 4.1:12233 4.2:23333 4.3:22
4.4:1222 5.1:2 5.2:112333 5.3:113 5.4:222 6.1:122 6.2:111111112222 6.3:11223333 6.4:112233
6.5:22222333 6.6:2223 6.7:33 6.8:2222 7.1:222 7.2:1111 7.3:22 7.4:11222 7.5:223 7.6:22
8.1:1233 8.2:1123 8.3:133 8.4:23 9.1:111 9.2:1222 10.1:22 10.2:223 10.3:22223
10.4:1111122222233333 10.5:22222 10.6:22 10.7:222 11.1:2233 11.2:22233 11.3:11233 11.4:1222
11.5:23 11.6:23 11.7:33 12.1:12233 12.2:11 12.3:22223 13.1:2333 13.2:222223 13.3:2233
13.4:1222233 14.1:22 14.2:12223333 14.3:122 15.1:12233 15.2:12233 15.3:1222222 15.4:3333
16.1:2 16.2:22222 16.3:2222 16.4:222 16.5:2223 17.1:23 17.2:22223333 17.3:22
"""
REQUIREMENTS = {
    f"V{section}.{place}": level
    for section, levels in (each.split(":") for each in SECTIONS.split())
    for place, level in enumerate(levels, 1)
}
LINE = re.compile(r"^\| (V[\d.]+) \| (\d) \| (.+?) \| ([^|]+?) \| (.+) \|$", re.MULTILINE)
LINES = LINE.findall(TEXT)
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
LINKED = re.compile(r"\]\(([^)#]+)\)")
COMMAND = re.compile(r"`((?:\.venv/bin/|make |grep )[^`]+)`")


@cache
def functions_of(path: str) -> frozenset[str]:
    """Names of the test functions of a file; none when there is no such file."""
    file = ROOT / path
    if not file.is_file():
        return frozenset()
    tree = ast.parse(file.read_text("utf-8"))
    return frozenset(
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


def test_the_list_is_that_of_the_release() -> None:
    """345 requirements in 17 chapters: 70, 183 and 92 of levels 1, 2 and 3."""
    assert Counter(REQUIREMENTS.values()) == {"1": 70, "2": 183, "3": 92}
    assert {name.split(".")[0] for name in REQUIREMENTS} == {f"V{n}" for n in range(1, 18)}


def test_every_requirement_stands_there_once_with_its_level() -> None:
    told = Counter(name for name, *_ in LINES)
    assert [name for name, times in told.items() if times > 1] == []
    assert {name for name, level in REQUIREMENTS.items() if level in "12"} - told.keys() == set()
    assert {name: level for name, level, *_ in LINES} == {
        name: REQUIREMENTS.get(name) for name in told
    }
    assert len(re.findall(r"^\| V\d", TEXT, re.MULTILINE)) == len(LINES)  # no line is misread


def test_a_status_is_one_of_three_and_what_is_met_is_shown() -> None:
    for name, _level, _what, status, why in LINES:
        assert status in STATUSES, name
        if status == "met":
            assert NAMED.search(why) or COMMAND.search(why) or LINKED.search(why), name
            assert not why.startswith(UNSHOWN), name
        if why.startswith(UNSHOWN):
            assert status == "not met", name


def test_every_test_that_is_named_exists() -> None:
    named = NAMED.findall(TEXT)
    assert len(named) > 100
    assert [f"{path}::{name}" for path, name in named if name not in functions_of(path)] == []
    # Nothing that looks like a test escapes the check by its form.
    assert len(named) == len(re.findall(r"`[^`]*::[^`]*`", TEXT))


def test_every_page_that_is_linked_exists() -> None:
    assert [link for link in LINKED.findall(TEXT) if not (PAGE.parent / link).is_file()] == []


def test_the_counts_at_the_top_are_those_of_the_table() -> None:
    for label, levels in (("1", "1"), ("2", "2"), ("3", "3"), ("All", "123")):
        chosen = [(status, why) for _n, level, _w, status, why in LINES if level in levels]
        by_status = Counter(status for status, _why in chosen)
        unshown = sum(why.startswith(UNSHOWN) for _status, why in chosen)
        cells = (by_status["met"], by_status["not met"], unshown, by_status["not applicable"])
        row = " | ".join(map(str, (label, *cells, len(chosen))))
        assert f"\n| {row} |\n" in TEXT, row
