"""Every request that can be made: the pages by GET and POST, steps of casework, the API."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from oslonac.access.roles import Permission
from oslonac.accounts.guards import permissions_of
from oslonac.cases.steps import registry

_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
NAMED = re.compile(r"\{(\w+)\}")
API = "/api/v1/"
READS, WRITES = "GET", "POST"
# Doors of the demonstration: routes of an installation that holds nothing real.
_APART = ("/demo/",)
_STEP = "/cases/{case_id}/do/{slug}/"
_UNDO = "/cases/{case_id}/undo/{slug}/{subject_id}/{revision}/"


@dataclass(frozen=True)
class Request:
    """`path` has its parameters in braces. `permission`: what the route itself declares."""

    method: str
    path: str
    permission: str
    step: Any = None
    operation: Mapping[str, Any] | None = None

    @property
    def name(self) -> str:
        """The line of the table."""
        return f"{self.method} {self.path}"


def requests(description: Mapping[str, Any]) -> list[Request]:
    """All of them. `description`: the OpenAPI description of the API."""
    found = [*_operations(description), *_steps()]
    known = {each.path for each in found}
    found += [each for each in _pages() if each.path not in known]
    return sorted(found, key=lambda each: (each.path, each.method))


def routes(resolver: URLResolver | None = None, prefix: str = "/") -> Iterator[tuple[str, Any]]:
    """Every pattern of the URL configuration, with its view."""
    for entry in (resolver or get_resolver()).url_patterns:
        where = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield _PARAMETER.sub(r"{\1}", where), entry.callback
        else:
            yield from routes(entry, where)


def _pages() -> Iterator[Request]:
    """Steps are asked one by one, so the route they share is not asked for itself."""
    for path, view in dict(routes()).items():
        if path.startswith((_STEP, _UNDO, *_APART)):
            continue
        takes = "|".join(sorted(permissions_of(view)))
        for method in (READS, WRITES):
            yield Request(method, path, takes)


def _steps() -> Iterator[Request]:
    for step in registry.all_steps():
        path = _STEP.replace("{slug}", step.slug)
        path += "" if step.part is None else "{subject_id}/"
        for method in (READS, WRITES):
            yield Request(method, path, step.permission.value, step)
        if step.undo_data is not None:
            undo = _UNDO.replace("{slug}", step.slug)
            yield Request(WRITES, undo, step.permission.value, step)


def _operations(description: Mapping[str, Any]) -> Iterator[Request]:
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            permission = Permission(operation["x-permission"]).value
            yield Request(method.upper(), path, permission, operation=operation)
