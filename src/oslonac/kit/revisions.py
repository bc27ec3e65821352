"""Compare and swap: a write fails if somebody else has changed the row."""

from typing import Any, TypeVar

from django.db import models

from oslonac.kit.errors import Stale

M = TypeVar("M", bound=models.Model)


def unchanged(record: models.Model, revision: int) -> None:
    """For what is judged by the record before it is written: raises Stale, with the record, when
    it no longer stands as it was read. The write itself still takes `swap`."""
    if record.revision != revision:  # type: ignore[attr-defined]
        raise Stale(record)


def swap(record: M, revision: int, **changes: Any) -> M:
    """Write `changes` if the record still stands at `revision`, and say so in the record itself.

    Raises Stale, with the record as it stands now, when somebody changed it first.
    """
    manager = type(record)._default_manager
    changed = manager.filter(pk=record.pk, revision=revision).update(
        revision=revision + 1, **changes
    )
    if not changed:
        raise Stale(manager.get(pk=record.pk))
    for name, value in changes.items():
        setattr(record, name, value)
    record.revision = revision + 1  # type: ignore[attr-defined]
    return record
