"""What a room of the house says of itself in its `apps.py`, and the list of those installed.

`config` reads it for routes, the API and the reference pages; `exchange` and `retention` for what
leaves and what is kept. Import the module, not the class: Django looks for one configuration
among the names of an `apps.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from django.apps import AppConfig, apps
from django.db.models import Model

from oslonac.kit.statuses import Tables


@dataclass(frozen=True)
class Adds:
    """`routes`: the module of routes, by its prefix. `api`: a router or a list of them, with its
    place in the description of the API. `statuses`: modules with a table `NEXT`.

    Of models whose rows hang on a case: `exported` leave in the file of a case, `not_exported`
    do not. `kept_as`: which mark for the period of keeping a case bears that has such rows, with
    a filter.
    """

    routes: Mapping[str, str] = field(default_factory=dict)
    api: Mapping[str, int] = field(default_factory=dict)
    statuses: tuple[str, ...] = ()
    exported: tuple[str, ...] = ()
    not_exported: tuple[str, ...] = ()
    kept_as: Mapping[str, tuple[str, Mapping[str, Any]]] = field(default_factory=dict)


class Room(AppConfig):
    """An application of ours."""

    adds: Adds | None = None

    def module_of(self, name: str) -> str:
        return f"{self.name}.{name}"

    def loaded(self, name: str) -> Any:
        """What stands in one of its modules: `api.router`, `rules.NEXT`."""
        module, _dot, attribute = name.rpartition(".")
        return getattr(import_module(self.module_of(module)), attribute)


def rooms() -> list[Room]:
    """Those installed, in their order."""
    return [config for config in apps.get_app_configs() if isinstance(config, Room)]


def said() -> list[tuple[Room, Adds]]:
    """Each room with what it adds."""
    return [(room, room.adds) for room in rooms() if room.adds is not None]


def routes() -> list[tuple[str, str]]:
    """Prefix and module of every room's routes."""
    return [
        (prefix, room.module_of(module))
        for room, adds in said()
        for prefix, module in adds.routes.items()
    ]


def routers() -> list[Any]:
    """Routers of the API, in the order of its description."""
    found = [
        (place, room.loaded(name)) for room, adds in said() for name, place in adds.api.items()
    ]
    ordered = [item for _place, item in sorted(found, key=lambda pair: pair[0])]
    return [each for item in ordered for each in (item if isinstance(item, list) else [item])]


def status_tables() -> dict[str, Tables]:
    """What may follow what, by the room."""
    found: dict[str, Tables] = {}
    for room, adds in said():
        for module in adds.statuses:
            found.setdefault(room.name.split(".")[1], {}).update(room.loaded(f"{module}.NEXT"))
    return found


def exported() -> list[type[Model]]:
    """Models whose rows leave in the file of a case."""
    return [room.get_model(name) for room, adds in said() for name in adds.exported]


def kept_as() -> list[tuple[str, type[Model], Mapping[str, Any]]]:
    """Marks for the period of keeping, with the rows of a case that bear each."""
    return [
        (mark, room.get_model(name), among)
        for room, adds in said()
        for mark, (name, among) in adds.kept_as.items()
    ]
