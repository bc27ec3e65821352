"""Every event that any package records has a title for whoever reads the ledger."""

import ast
from pathlib import Path

from oslonac.audit.actions import ACTIONS
from oslonac.audit.titles import TITLES, title_of
from oslonac.config import urls  # noqa: F401 - loads every package's actions

SOURCE = Path(__file__).resolve().parents[2] / "src" / "oslonac"
RECORDING = {"record", "record_event", "_tell", "compose", "record_refusal"}


def recorded() -> dict[str, str]:
    """Names that stand as constants in calls that record, with the file they stand in."""
    found: dict[str, str] = {}
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else None
            called = node.func.id if isinstance(node.func, ast.Name) else called
            if called not in RECORDING:
                continue
            values = [*node.args[:1], *(each.value for each in node.keywords if each.arg == "what")]
            for value in values:
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    found[value.value] = path.name
    return {name: file for name, file in found.items() if "." in name and " " not in name}


def test_the_walk_over_the_source_finds_events() -> None:
    assert {"sealed.read", "session.opened", "session.refused", "user.made"} <= recorded().keys()


def test_every_event_has_a_title() -> None:
    names = {*ACTIONS, *recorded()}
    assert sorted(names - set(TITLES)) == [], "add titles to oslonac/audit/titles.py"
    assert [name for name in names if str(TITLES[name]) in ("", name)] == []


def test_refusals_are_told_in_words() -> None:
    assert title_of("case.hidden") == "Asked for something hidden or unknown: case"
    assert title_of("users.manage.denied") == "Not permitted: manage users and memberships"
    assert "at another centre" in title_of("case.decide.elsewhere.denied")
    assert title_of("of.a.version.long.gone") == "of.a.version.long.gone"
