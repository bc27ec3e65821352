"""Every event is declared once, beside the actions that record it; nothing else is recorded."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

from oslonac.access.actor import SYSTEM
from oslonac.audit.actions import record
from oslonac.audit.events import EVENTS, KINDS, Event, Undeclared, declare, declared, title_of
from oslonac.audit.models import Event as Recorded
from oslonac.demo import events as demo  # noqa: F401 - declares; tests do not install this room
from oslonac.kit.clock import now
from oslonac.protocols.pack import product_vocabulary

SOURCE = Path(__file__).resolve().parents[2] / "src" / "oslonac"
RECORDING = {"record", "record_event", "record_refusal", "compose", "refuse"}
RECORDING |= {"said", "event", "_say", "_note", "_tell", "_change"}  # helpers of the rooms
NAME = re.compile(r"[a-z_]+\.[a-z_]+")


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        if path.name != "events.py" and path.parent.name != "events":
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def recorded() -> Iterator[tuple[str, set[str], str]]:
    """Constants in calls that record: a name, the keys of a literal `data`, and the file."""
    for path, tree in sources():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else None
            called = node.func.id if isinstance(node.func, ast.Name) else called
            if called not in RECORDING:
                continue
            told = [each.value for each in node.keywords if each.arg == "what"]
            data = [each.value for each in node.keywords if each.arg == "data"]
            keys = {
                str(key.value)
                for each in data
                if isinstance(each, ast.Dict)
                for key in each.keys
                if isinstance(key, ast.Constant)
            }
            for value in [*node.args, *told]:
                name = value.value if isinstance(value, ast.Constant) else None
                if isinstance(name, str) and NAME.fullmatch(name):
                    yield name, keys, path.name


def test_what_the_code_records_is_declared_with_its_data() -> None:
    found = list(recorded())
    names = {name for name, _keys, _file in found}
    assert {"sealed.read", "session.opened", "session.refused", "user.made"} <= names
    wrong = [
        (file, name, keys)
        for name, keys, file in found
        if name in EVENTS and keys - EVENTS[name].keys - {"happened_at"}
    ]
    wrong += [(file, name, set()) for name, _keys, file in found if _unknown(name)]
    assert not wrong


def _unknown(name: str) -> bool:
    return name not in EVENTS and name.partition(".")[0] in {n.partition(".")[0] for n in EVENTS}


def test_what_is_declared_is_recorded_somewhere() -> None:
    said = {
        node.value
        for _path, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert not EVENTS.keys() - said


@pytest.mark.django_db
def test_every_event_has_words_of_its_own() -> None:
    for event in EVENTS.values():
        assert NAME.fullmatch(event.name)
        assert title_of(event.name) and title_of(event.name) != event.name
        assert event.sentence({}) or event.name == "contact.made"  # its kind is its sentence
        assert len(event.data.split()) == len(event.keys), event.name


def test_procedures_may_name_what_the_timeline_of_a_case_tells() -> None:
    words = product_vocabulary()
    assert words.events["placement.made"][0] == "placement"
    assert "place" in words.events["placement.made"]  # told of the record, never in the ledger
    assert "session.opened" not in words.events


@pytest.mark.django_db
def test_an_event_or_a_key_that_nobody_declared_is_not_recorded() -> None:
    with pytest.raises(Undeclared, match="invented"):
        record("invented.event", actor=SYSTEM, at=now())
    with declared(Event("invented.event", "Invented", data="count")):
        record("invented.event", actor=SYSTEM, at=now(), data={"count": 2})
        with pytest.raises(Undeclared, match="name"):
            record("invented.event", actor=SYSTEM, at=now(), data={"name": "Lejla"})
        with pytest.raises(Undeclared, match="twice"):
            declare(Event("invented.event", "Again"))
    assert "invented.event" not in EVENTS
    assert Recorded.objects.filter(name="invented.event").count() == 1


def test_refusals_are_told_in_words() -> None:
    assert title_of("case.hidden") == "Asked for something hidden or unknown: case"
    assert title_of("users.manage.denied") == "Not permitted: manage users and memberships"
    assert "at another centre" in title_of("case.decide.elsewhere.denied")
    assert title_of("of.a.version.long.gone") == "of.a.version.long.gone"


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
    assert sorted(unnamed) == [], "add a name to KINDS in oslonac/audit/events.py"
