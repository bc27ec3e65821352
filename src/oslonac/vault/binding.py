"""Rows that decide who may do what, bound to a key outside the database.

Whoever can write to the database, but does not hold the key file, could otherwise give themselves
a post, a grant, a token or a second factor with one INSERT. So each such row carries an
HMAC-SHA-256 over what it says (`mac`), made when it is written and checked where it opens
something: a row that does not fit counts as absent there, and `oslonac audit verify` names it.

What a MAC cannot show: a row that was taken away, or put back as it once was. Both are found by
comparing rows with the events of the ledger (`audit.rows`).

Belongs here: computing, writing and checking the MAC. Does not: what a forged row must not open
(each package's queries), the report (`audit.rows`).
"""

import hmac
import json
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from django.db import models, transaction

from oslonac.vault import keyring

M = TypeVar("M", bound=models.Model)
_log = logging.getLogger("oslonac.security")
# Named in the MAC's key, so that it never fits anything else that the ledger's key is used for.
_PURPOSE = b"oslonac rows 1"
_ENCODER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)


class Forged(RuntimeError):
    """A row that is about to be changed was not written by this installation."""


# Tables that `audit.rows` looks through, with what finds the rows of each that do not fit.
CHECKED: dict[str, Callable[[], Iterator[str]]] = {}


@lru_cache(maxsize=4)
def _derived(ledger: bytes) -> bytes:
    return hmac.digest(ledger, _PURPOSE, "sha256")


def mac_over(table: str, values: Iterable[Any]) -> bytes:
    """The MAC of what a row says: ids, codes, moments, numbers; in the order of its columns."""
    said = _ENCODER.encode([table, *map(_plain, values)])
    return hmac.digest(_derived(keyring.current().hashing["ledger"]), said.encode(), "sha256")


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | UUID):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    raise TypeError(f"not bound: {type(value).__name__}")


class BoundQuerySet(models.QuerySet[M]):
    """Writes the MAC with whatever else is written."""

    def bulk_create(self, objs: Iterable[M], *args: Any, **more: Any) -> list[M]:
        rows = list(objs)
        for row in rows:
            row.bind()  # type: ignore[attr-defined]
        return super().bulk_create(rows, *args, **more)

    def bulk_update(self, objs: Iterable[M], fields: Iterable[str], *args: Any, **more: Any) -> int:
        rows, names = list(objs), list(fields)
        if self.model.binds(names):  # type: ignore[attr-defined]
            require_genuine(self.model, [row.pk for row in rows])
            for row in rows:
                row.bind()  # type: ignore[attr-defined]
            names.append("mac")
        return super().bulk_update(rows, names, *args, **more)

    def update(self, **changes: Any) -> int:
        """A forged row stays forged: only those that fitted before fit afterwards."""
        if "mac" in changes or not self.model.binds(changes):  # type: ignore[attr-defined]
            return super().update(**changes)
        with transaction.atomic(using=self.db):
            rows = self.model._base_manager.using(self.db)
            before = rows.filter(pk__in=list(self.order_by().values_list("pk", flat=True)))
            fitting = [row.pk for row in before.select_for_update() if row.is_genuine()]  # type: ignore[attr-defined]
            count = super().update(**changes)
            for row in rows.filter(pk__in=fitting):
                row.bind()  # type: ignore[attr-defined]
                models.QuerySet(self.model, using=self.db).filter(pk=row.pk).update(mac=row.mac)  # type: ignore[attr-defined]
        return count


class Bound(models.Model):
    """A row with a MAC over the columns that BOUND names (attribute names, in this order)."""

    mac = models.BinaryField(editable=False)

    BOUND: ClassVar[Sequence[str]] = ()
    objects: ClassVar[Any] = models.Manager.from_queryset(BoundQuerySet)()

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **more: Any) -> None:
        names = None if update_fields is None else set(update_fields)
        if names is None or self.binds(names):
            if not self._state.adding:
                require_genuine(type(self), [self.pk])
            self.bind()
            names = None if names is None else names | {"mac"}
        super().save(*args, update_fields=names, **more)

    @classmethod
    def bound_columns(cls) -> tuple[str, ...]:
        """Attribute names in the order of the MAC."""
        return tuple(cls.BOUND)

    @classmethod
    def binds(cls, names: Iterable[str]) -> bool:
        """Whether one of these fields is covered by the MAC."""
        covered = set(cls.bound_columns())
        fields = (cls._meta.get_field(name) for name in names)
        return any(getattr(field, "attname", field.name) in covered for field in fields)

    def expected_mac(self) -> bytes:
        """What the MAC must be; values as the columns' types have them, whoever set them."""
        columns = {field.attname: field for field in self._meta.concrete_fields}
        values = (columns[name].to_python(getattr(self, name)) for name in self.bound_columns())
        return mac_over(self._meta.db_table, values)

    @classmethod
    def fits(cls, mac: Any, values: Sequence[Any]) -> bool:
        """Whether the MAC fits columns as the database gave them, in the order of BOUND."""
        fitting = bool(mac) and hmac.compare_digest(
            bytes(mac), mac_over(cls._meta.db_table, values)
        )
        if not fitting:
            told(cls._meta.db_table, values[0])
        return fitting

    def bind(self) -> None:
        """Make the MAC of the row as it stands, before it is written."""
        self.mac = self.expected_mac()

    def is_genuine(self) -> bool:
        """Whether this row, as it was read, was written by this installation."""
        return bool(self.mac) and hmac.compare_digest(bytes(self.mac), self.expected_mac())


def require_genuine(model: type[Any], ids: Iterable[Any]) -> None:
    """Raise Forged when a row that is about to be changed does not fit: a change must not make a
    forged row genuine."""
    for row in model._base_manager.filter(pk__in=list(ids)):
        if not row.is_genuine():
            raise Forged(model._meta.db_table)


def genuine(rows: Iterable[Any]) -> list[Any]:
    """Those rows that fit; of the others a line in the log, and nothing else."""
    kept = []
    for row in rows:
        if row.is_genuine():
            kept.append(row)
        else:
            told(row._meta.db_table, row.pk)
    return kept


def told(table: str, key: Any) -> None:
    """A forged row was met and counts as absent."""
    _log.error("row not written by this installation: %s %s", table, key)


def check(model: type[Any]) -> None:
    """Let `audit.rows` look through all rows of a bound model."""

    def forged() -> Iterator[str]:
        for row in model._base_manager.iterator(chunk_size=5_000):
            if not row.is_genuine():
                yield str(row.pk)

    CHECKED[model._meta.db_table] = forged


def bind_all(model: type[Any], table: str, columns: Sequence[str]) -> int:
    """For migrations: bind every row of a (historical) model as it stands; how many."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    batch: list[Any] = []
    count = 0
    for row in model._base_manager.iterator(chunk_size=2_000):
        values = (fields[name].to_python(getattr(row, name)) for name in columns)
        row.mac = mac_over(table, values)
        batch.append(row)
        if len(batch) == 2_000:
            count += model._base_manager.bulk_update(batch, ["mac"])
            batch = []
    return count + (model._base_manager.bulk_update(batch, ["mac"]) if batch else 0)
