"""Exports on the case page: what, for whom, and the link to make one."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from oslonac.access.rules import Level, Reach
from oslonac.cases.extensions import Given
from oslonac.cases.models import Case
from oslonac.exchange import queries, tables
from oslonac.vault.sealing import open_many


def reads(case_id: UUID, person_id: UUID) -> Mapping[str, QuerySet[Any]]:
    return {"exports": queries.rows_of(case_id)}


def context(case: Case, found: Reach, given: Given) -> Mapping[str, Any] | None:
    """None below the level of names: who received a file may say who the child is."""
    if not found.shows(Level.IDENTITY):
        return None
    rows = queries.of_case(case, given.rows.get("exports"))
    texts = open_many(rows, *queries.TEXTS, keys={case.key_id: case.key})
    return {
        "table": tables.exports(rows, texts, given.names),
        "count": len(rows),
        "whereabouts": found.whereabouts,
    }
