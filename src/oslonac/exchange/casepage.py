"""Exports on the case page: what, for whom, and the link to make one."""

from collections.abc import Mapping
from typing import Any

from oslonac.access.rules import Level, Reach
from oslonac.cases.models import Case
from oslonac.exchange import queries, tables
from oslonac.vault.sealing import open_many


def context(case: Case, found: Reach) -> Mapping[str, Any] | None:
    """None below the level of names: who received a file may say who the child is."""
    if not found.shows(Level.IDENTITY):
        return None
    rows = list(queries.of_case(case))
    texts = open_many(rows, *queries.TEXTS, keys={case.key_id: case.key})
    return {
        "table": tables.exports(rows, texts),
        "count": len(rows),
        "whereabouts": found.whereabouts,
    }
