"""Where the packages above say how the records are named in which a person appears.

People does not know what a case is; `register` is called from AppConfig.ready of who does.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class RecordLine:
    """A record a person appears in: its title, where it opens, and since when it exists."""

    title: str
    url: str
    at: datetime
    note: str = ""


Namer = Callable[[Sequence[UUID]], dict[UUID, RecordLine]]
_namers: dict[str, Namer] = {}


def register(kind: str, namer: Namer) -> None:
    """`namer` gets ids of records of this kind that the reader may see."""
    _namers[kind] = namer


def lines(records: Iterable[tuple[str, UUID]]) -> dict[UUID, RecordLine]:
    """Lines by record id, for (kind, id) pairs; a kind nobody registered is left out."""
    by_kind: dict[str, list[UUID]] = {}
    for kind, record_id in records:
        by_kind.setdefault(kind, []).append(record_id)
    found: dict[UUID, RecordLine] = {}
    for kind, ids in by_kind.items():
        if kind in _namers:
            found |= _namers[kind](ids)
    return found
