"""Rows of many tables read in one statement are the rows that single statements read."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oslonac.access import reader
from oslonac.cases.page import reading
from oslonac.kit.clock import now
from oslonac.kit.together import Together
from tests import cast
from tests.app.test_case_page import rich

pytestmark = pytest.mark.django_db


def values(row: Any) -> dict[str, Any]:
    """Columns as Python values; of rows that came along, theirs too."""
    found = {}
    for name, value in vars(row).items():
        if name != "_state":
            found[name] = bytes(value) if isinstance(value, memoryview) else value
    for name, other in row._state.fields_cache.items():
        found[f"{name}->"] = values(other) if other is not None else None
    return found


def test_every_part_of_a_case_is_read_as_it_is() -> None:
    ana, at = cast.ana(), now()
    case = rich(ana)
    panels = reading.speaking(None, ana.actor().permissions)
    stands = {reading.CASE: case.pk, reading.PERSON: case.person_id, reading.AT: at}
    parts = {name: rows() for name, rows in reading.PARTS.items()}
    for panel in panels:
        for name, rows in (
            panel.reads(reading.CASE, reading.PERSON) if panel.reads else {}
        ).items():
            parts[f"{panel.name}.{name}"] = rows
    alone = Together(parts)
    with reader.acting(ana.actor(), at):
        with CaptureQueriesContext(connection) as asked:
            found = alone.read(stands)
        assert len(asked) == 1
        filled = 0
        for name, rows in parts.items():
            sql, params = rows.query.sql_with_params()
            own = list(rows.model._default_manager.raw(sql, [stands.get(p, p) for p in params]))
            assert len(own) == len(found[name]), name
            by_id = {row.pk: row for row in own}
            for row in found[name]:
                once = values(row)
                raw = values(by_id[row.pk])
                for column in (c for c in once if not c.endswith("->")):
                    assert once[column] == raw[column], (name, column)
            filled += bool(own)
    assert filled >= 12, "most kinds of rows were compared"


def test_what_comes_along_is_there_without_another_statement() -> None:
    ana, at = cast.ana(), now()
    case = rich(ana)
    with reader.acting(ana.actor(), at):
        rows = reading.read(
            case, reading.Needs(frozenset({"person.relations", "person.members"})), (), at=at
        )
        with CaptureQueriesContext(connection) as asked:
            for row in rows["person.relations"]:
                assert row.from_person.key.pk == row.from_person.key_id
            for row in rows["person.members"]:
                assert row.group.key.pk == row.group.key_id
        assert rows["person.relations"] and rows["person.members"]
        assert not asked
