"""Every address of the product, for the tests that walk over all of them.

Belongs here: routes of pages, operations of the API, ids put into them; made when first asked
for, once in a process, so that collecting tests costs nothing of it. Does not belong here: asking.
"""

import json
import re
from functools import cache
from typing import Any
from uuid import uuid4

from django.urls import URLPattern, URLResolver, get_resolver

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


def _below(resolver: URLResolver, prefix: str = "") -> list[tuple[str, URLPattern]]:
    found: list[tuple[str, URLPattern]] = []
    for entry in resolver.url_patterns:
        where = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            found.append((where, entry))
        else:
            found += _below(entry, where)
    return found


@cache
def routes() -> list[tuple[str, URLPattern]]:
    """All of them, with what answers: the product's, whatever routes a test has put in place."""
    return _below(get_resolver("oslonac.config.urls"))


@cache
def description() -> dict[str, Any]:
    """The API's description of itself, in English; for reading only."""
    from oslonac.config.commands.api_schema import schema_text

    read: dict[str, Any] = json.loads(schema_text())
    return read


@cache
def walked() -> list[tuple[str, URLPattern]]:
    """Routes that answer to GET; signing out would end the walk."""
    paths = description()["paths"]
    read = {
        path.strip("/").replace("{", "<").replace("}", ">")
        for path in paths
        if "get" in paths[path]
    }
    return [
        (route, entry)
        for route, entry in routes()
        if not route.startswith("account/logout")
        and (not route.startswith("api/") or route in read)
    ]


def address(route: str, ids: dict[str, Any]) -> str:
    """The route with these ids in it, and made-up ones for parameters that have none."""
    return "/" + PARAMETER.sub(lambda found: str(ids.get(found[1], uuid4())), route)
