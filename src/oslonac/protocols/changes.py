"""What changed from one version of a procedure to the next, in the words of the booklet. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from oslonac.protocols.booklet import Row, Section


class Kind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Part(StrEnum):
    """The columns of the booklet."""

    WHAT = "what"
    WHO = "who"
    WHEN = "when"
    AFTER = "after"
    HOW = "how"
    FORM = "form"
    EVIDENCE = "evidence"
    SOURCES = "sources"
    VERIFIED = "verified"


@dataclass(frozen=True)
class Difference:
    """A column of a step, before and after."""

    part: Part
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """A step that came, went or says something else."""

    kind: Kind
    id: str
    title: str
    differences: tuple[Difference, ...] = ()


def changes(before: tuple[Section, ...], after: tuple[Section, ...]) -> list[Change]:
    """From one booklet to another, in the order of the later one; what went stands last."""
    old, new = _rows(before), _rows(after)
    found = list(_changed(old, new))
    return found + [
        Change(Kind.REMOVED, id_, row.what) for id_, row in old.items() if id_ not in new
    ]


def _rows(sections: tuple[Section, ...]) -> dict[str, Row]:
    return {row.id: row for section in sections for row in section.rows}


def _changed(old: dict[str, Row], new: dict[str, Row]) -> Iterator[Change]:
    for id_, row in new.items():
        if id_ not in old:
            yield Change(Kind.ADDED, id_, row.what)
        elif differences := tuple(_differences(old[id_], row)):
            yield Change(Kind.CHANGED, id_, row.what, differences)


def _differences(old: Row, new: Row) -> Iterator[Difference]:
    for part in Part:
        before, after = _text(old, part), _text(new, part)
        if before != after:
            yield Difference(part, before, after)


def _text(row: Row, part: Part) -> str:
    value = getattr(row, part.value)
    if isinstance(value, tuple):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)
