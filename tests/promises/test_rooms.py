"""Each room says what it adds; nothing of it is left out of a list kept elsewhere."""

import re
from importlib import import_module
from pathlib import Path

from django.apps import apps

from oslonac.config.rooms import DEMO, ROOMS
from oslonac.kit import rooms, statuses
from oslonac.kit.choices import TextChoices

SOURCE = Path(__file__).resolve().parents[2] / "src"


def files(pattern: str, text: str) -> list[str]:
    """Modules of the rooms whose file matches and holds a line that begins with the text."""
    return [
        ".".join(path.relative_to(SOURCE).with_suffix("").parts)
        for path in sorted(SOURCE.glob(f"oslonac/**/{pattern}"))
        if re.search(f"^{text}", path.read_text("utf-8"), re.M)
    ]


def test_every_package_with_an_application_is_a_room_and_says_what_it_adds() -> None:
    written = {name.removesuffix(".apps") for name in files("apps.py", "class ")}
    assert written == {*ROOMS, DEMO}
    assert [room.name for room in rooms.rooms()] == list(ROOMS)
    assert [room.name for room in rooms.rooms() if room.adds is None] == []


def test_every_page_and_every_router_of_a_room_is_served() -> None:
    served = {module for _prefix, module in rooms.routes()} | {f"{DEMO}.urls"}
    written = {name for name in files("urls.py", "urlpatterns") if ".config." not in name}
    assert written <= served
    found = {id(import_module(name).router) for name in files("api*/*.py", "router = ")}
    found |= {id(import_module(name).router) for name in files("api*.py", "router = ")}
    assert found == {id(router) for router in rooms.routers()}


def test_every_status_of_every_room_has_a_row_and_leads_to_known_statuses() -> None:
    tables = {kind: rows for room in rooms.status_tables().values() for kind, rows in room.items()}
    assert len(tables) > 20
    for kind, table in tables.items():
        assert set(table) == set(kind), kind
        assert all(then in kind for row in table.values() for then in row), kind
        for now in kind:
            assert all(statuses.may_follow(tables, now.value, then) for then in table[now])
    kinds = {
        kind
        for name in files("*rules.py", "class ")
        for kind in vars(import_module(name)).values()
        if isinstance(kind, type) and issubclass(kind, TextChoices)
    }
    assert {kind for kind in kinds if kind.__name__.endswith("Status")} <= tables.keys()


def test_every_record_of_a_case_is_said_to_leave_in_its_file_or_not() -> None:
    for room in rooms.rooms():
        assert room.adds is not None
        hang = {
            model._meta.model_name
            for model in room.get_models()
            if _hangs_on_a_case(model) and model._meta.model_name not in ("case", "encounter")
        }
        assert hang == {*room.adds.exported, *room.adds.not_exported}, room.name
        assert not {*room.adds.exported} & {*room.adds.not_exported}, room.name


def _hangs_on_a_case(model: type, seen: frozenset[type] = frozenset()) -> bool:
    fields = model._meta.concrete_fields  # type: ignore[attr-defined]
    if any(field.name in ("case", "case_id") for field in fields):
        return True
    room = apps.get_app_config(model._meta.app_label)  # type: ignore[attr-defined]
    return any(
        _hangs_on_a_case(field.related_model, seen | {model})
        for field in fields
        if isinstance(field.related_model, type)
        and field.related_model not in seen | {model}
        and field.related_model._meta.app_label == room.label
    )
