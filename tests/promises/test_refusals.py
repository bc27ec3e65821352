"""Every refusal of the product is raised by a test that asks for its code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOES = {"Refused", "Invalid", "Denied", "Hidden"}
CODE = re.compile(r"[a-z_]+\.[a-z_]+")
HELPERS = {"refused", "answered_with", "is_problem"}


def called(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def texts(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value


def codes_of(source: str) -> set[str]:
    """Codes that a module of the product refuses with. A step between statuses names its code
    fourth (`kit.statuses.step`)."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        place = {"Refused": 0, "step": 3}.get(called(node))
        if place is not None and isinstance(node, ast.Call) and len(node.args) > place:
            code = node.args[place]
            if isinstance(code, ast.Constant) and CODE.fullmatch(str(code.value)):
                found.add(str(code.value))
    return found


def asserted(source: str) -> set[str]:
    """Codes that a test module waits for: handed to a helper, compared in an `assert`, or given
    as a parameter of a test that hands it on."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if called(node) in HELPERS or isinstance(node, ast.Assert):
            found |= set(texts(node))
        elif isinstance(node, ast.FunctionDef) and any(
            called(each) in HELPERS for each in ast.walk(node)
        ):
            found |= {text for mark in node.decorator_list for text in texts(mark)}
            found |= {  # and what it walks through
                text
                for each in ast.walk(node)
                if isinstance(each, ast.For)
                for text in texts(each.iter)
            }
    return found


def bare(source: str) -> list[int]:
    """Lines that wait for any refusal whatever."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and called(node) == "raises"
        and any(getattr(each, "id", "") in NOES for arg in node.args for each in ast.walk(arg))
    ]


def sources(folder: str) -> dict[str, str]:
    return {
        str(path.relative_to(ROOT)): path.read_text("utf-8")
        for path in sorted((ROOT / folder).rglob("*.py"))
    }


def test_every_code_is_raised_by_a_test() -> None:
    ours = {
        code: name
        for name, source in sources("src/oslonac").items()
        if "Refused(" in source or "step(" in source
        for code in codes_of(source)
    }
    assert len(ours) > 100
    told = {
        text
        for source in sources("tests").values()
        if "refused(" in source or '"code"' in source or "answered_with(" in source
        for text in asserted(source)
    }
    missing = sorted(f"{code} ({name})" for code, name in ours.items() if code not in told)
    assert missing == [], "no test raises these refusals (tests/refusals.py)"


def test_no_test_waits_for_any_refusal_whatever() -> None:
    found = [
        f"{name}:{line}"
        for name, source in sources("tests").items()
        if name != "tests/refusals.py" and "raises(" in source
        for line in bare(source)
    ]
    assert found == [], "tests.refusals says which one"


@pytest.mark.parametrize(
    "line",
    ["pytest.raises(Refused)", "pytest.raises((Denied, Hidden))", "raises(Invalid, match='x')"],
)
def test_the_search_finds_each_way(line: str) -> None:
    assert bare(line) == [1]


def test_the_search_reads_codes_and_asserts() -> None:
    assert codes_of("raise Refused('a.b', _('No.'))\nstep(NEXT, now, then, 'c.d', 'No.')") == {
        "a.b",
        "c.d",
    }
    told = "def test():\n  x = 'not.told'\n  with refused('a.b'):\n    pass\n  assert y == 'c.d'"
    assert asserted(told) == {"a.b", "c.d"}
