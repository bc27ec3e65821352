"""Rows of many models, kept until they are copied into the database in one go."""

# ruff: noqa: S608 - names of our own tables and columns, nothing that anybody typed

import json
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection, models
from django.db.models import ForeignKey, JSONField
from psycopg.types.json import Jsonb

from oslonac.vault.binding import Bound


class Batch:
    """Unsaved instances by model, in the order in which tables may be filled."""

    def __init__(self) -> None:
        self._rows: dict[type[models.Model], list[models.Model]] = {}

    def add(self, row: Any) -> Any:
        self._rows.setdefault(type(row), []).append(row)
        return row

    def extend(self, rows: Iterable[models.Model]) -> None:
        for row in rows:
            self.add(row)

    def rows(self, model: type[models.Model]) -> list[models.Model]:
        return self._rows.get(model, [])

    def copy(self) -> int:
        """Copy everything into the running transaction; how many rows. Foreign keys are
        deferred, so the order of tables does not matter."""
        count = 0
        for model, rows in self._rows.items():
            _copy(model, rows)
            count += len(rows)
        self._rows = {}
        return count


def _copy(model: type[models.Model], rows: list[models.Model]) -> None:
    """PostgreSQL does not COPY into a table under row-level security: where it binds, rows are
    inserted, many in flight at once."""
    if issubclass(model, Bound):
        for row in rows:
            row.bind()  # type: ignore[attr-defined]
    fields = [field for field in model._meta.concrete_fields if _is_written(field)]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    table = f'"{model._meta.db_table}"'
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_security_active(%s::regclass)", [table])
        if cursor.fetchone()[0]:
            values = ", ".join(f"%s::{_type(field)}" for field in fields)
            insert = f"INSERT INTO {table} ({columns}) VALUES ({values})"
            reads = [_reader(field) for field in fields]
            cursor.executemany(insert, [[read(row) for read in reads] for row in rows])
            return
        _stream(cursor, f"COPY {table} ({columns}) FROM STDIN (FORMAT BINARY)", fields, rows)


def _stream(
    cursor: Any, statement: str, fields: list[models.Field], rows: list[models.Model]
) -> None:
    reads = [_reader(field) for field in fields]
    with cursor.copy(statement) as copy:
        copy.set_types([_type(field) for field in fields])
        for row in rows:
            copy.write_row([read(row) for read in reads])


def _is_written(field: models.Field) -> bool:
    """Columns the database fills by itself are left to it; so is an identity column."""
    return not field.has_db_default() and not isinstance(field, models.AutoField)


def _type(field: models.Field) -> str:
    kind = str(field.db_type(connection)).split("(")[0]
    if isinstance(field, ForeignKey):
        kind = str(field.target_field.db_type(connection)).split("(")[0]
    return {
        "varchar": "varchar",
        "timestamp with time zone": "timestamptz",
        "integer": "int4",
        "smallint": "int2",
        "bigint": "int8",
        "boolean": "bool",
    }.get(kind, kind) + ("[]" if str(field.db_type(connection)).endswith("[]") else "")


def _reader(field: models.Field) -> Callable[[Any], Any]:
    name = field.attname
    if isinstance(field, JSONField):
        return lambda row: Jsonb(getattr(row, name), dumps=_dumps)
    return lambda row: getattr(row, name)


def _dumps(value: Any) -> str:
    return json.dumps(value)
