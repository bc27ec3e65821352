"""Every event that any package records has a title for whoever reads the ledger."""

import ast
from pathlib import Path

from django.apps import apps

from oslonac.audit.actions import ACTIONS
from oslonac.audit.titles import KINDS, TITLES, title_of
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


def hidden() -> dict[str, str]:
    """Kinds of records that a page refuses as `Hidden("kind")`, with the file."""
    return {
        node.args[0].value: path.name
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Hidden"
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
        and " " not in node.args[0].value
    }


NEVER_A_SUBJECT = {  # rows that actions write beside their subject; no event is about them
    *("answered", "appearance", "channels", "codelist", "datakey", "delivery", "distinct"),
    *("edition", "entry", "erasure", "generation", "link", "looked", "part", "phonemark"),
    *("procedureset", "remark", "reminder", "root", "service"),
}


def test_every_kind_of_record_has_a_name() -> None:
    """A reader of the ledger meets words, never the name of a table."""
    models = {
        str(model._meta.model_name)
        for model in apps.get_models()
        if model.__module__.startswith("oslonac.")
    }
    assert models >= NEVER_A_SUBJECT, "gone from the code: take them off the list"
    unnamed = (models - NEVER_A_SUBJECT | hidden().keys()) - KINDS.keys() - {"id"}
    assert sorted(unnamed) == [], "add a name to KINDS in oslonac/audit/titles.py"


def test_refusals_are_told_in_words() -> None:
    assert title_of("case.hidden") == "Asked for something hidden or unknown: case"
    assert title_of("users.manage.denied") == "Not permitted: manage users and memberships"
    assert "at another centre" in title_of("case.decide.elsewhere.denied")
    assert title_of("of.a.version.long.gone") == "of.a.version.long.gone"
