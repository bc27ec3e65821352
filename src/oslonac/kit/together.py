"""Rows of many tables in one statement, as the model instances they would be otherwise.

A page of a record reads a few rows of each of a dozen tables. Asked for one after another, most of
the time goes into building, sending and planning statements. Here the querysets are compiled once,
joined to one statement whose text never changes (so that PostgreSQL plans it once a connection),
and the rows come back as JSON. Row-level security sees the same tables as before.

Belongs here: the joining and the way back to instances. Does not: which rows a page needs.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models.query import get_related_populators

Convert = Callable[[Any], Any]


@dataclass(frozen=True)
class _Part:
    """How rows of one queryset become instances again."""

    name: str
    model: type[models.Model]
    names: Sequence[str]
    first: int
    converts: Sequence[Convert | None]
    populators: Sequence[Any]

    def instance(self, row: Mapping[str, Any]) -> models.Model:
        values = [
            value if convert is None or value is None else convert(value)
            for convert, value in zip(self.converts, row.values(), strict=True)
        ]
        end = self.first + len(self.names)
        made = self.model.from_db(DEFAULT_DB_ALIAS, self.names, values[self.first : end])
        for populator in self.populators:
            populator.populate(values, made)
        return made


class Together:
    """Querysets as one statement. What changes from one asking to the next stands in them as a
    stand-in (an id, a moment) that `read` replaces."""

    def __init__(self, querysets: Mapping[str, models.QuerySet[Any]]) -> None:
        self._parts: list[_Part] = []
        self._params: list[Any] = []
        texts = []
        for number, (name, rows) in enumerate(querysets.items()):
            compiler = rows.query.get_compiler(connection=connection)
            sql, params = compiler.as_sql()
            # Keys of a JSON object come back sorted by length, then by letters: all as long.
            columns = ", ".join(f"c{n:03}" for n in range(len(compiler.select)))
            texts.append(
                f"SELECT {number}, jsonb_agg(to_jsonb(part)) FROM ({sql}) AS part({columns})"  # noqa: S608 - text of the ORM
            )
            self._params += params
            self._parts.append(_part(name, compiler))
        self._sql = " UNION ALL ".join(texts)

    def read(self, values: Mapping[Any, Any]) -> dict[str, list[Any]]:
        """The rows by the names of the querysets; `values` by stand-in."""
        found: dict[str, list[Any]] = {part.name: [] for part in self._parts}
        if not self._parts:
            return found
        params = [values.get(param, param) for param in self._params]
        with connection.cursor() as cursor:
            cursor.execute(self._sql, params)
            answers = cursor.fetchall()
        for number, rows in answers:
            part = self._parts[number]
            found[part.name] = [part.instance(row) for row in _parsed(rows)]
        return found


def _parsed(rows: Any) -> list[dict[str, Any]]:
    """Django leaves JSON as text for its own field to read; here there is no field."""
    if isinstance(rows, str):
        import json

        rows = json.loads(rows)
    return rows or []


def _part(name: str, compiler: Any) -> _Part:
    described = compiler.klass_info
    own = described["select_fields"]
    return _Part(
        name=name,
        model=described["model"],
        names=[each[0].target.attname for each in compiler.select[own[0] : own[-1] + 1]],
        first=own[0],
        converts=[_convert(each[0].target) for each in compiler.select],
        # The stubs are of a later Django, where this takes one argument more.
        populators=get_related_populators(described, compiler.select, DEFAULT_DB_ALIAS),  # type: ignore[call-arg]
    )


def _convert(field: Any) -> Convert | None:
    """From what `to_jsonb` writes to what the driver gives; None: the same."""
    while field.is_relation:
        field = field.target_field
    if base := getattr(field, "base_field", None):
        each = _convert(base)
        return None if each is None else partial(_all, each)
    return _CONVERTS.get(field.get_internal_type())


def _all(convert: Convert, values: Sequence[Any]) -> list[Any]:
    return [None if value is None else convert(value) for value in values]


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text[2:])


_CONVERTS: dict[str, Convert] = {
    "UUIDField": UUID,
    "DateTimeField": _moment,
    "DateField": date.fromisoformat,
    "BinaryField": _bytes,
    "DecimalField": lambda value: Decimal(str(value)),
}
