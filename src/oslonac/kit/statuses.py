"""Which status may follow which: one form of table, one check."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from oslonac.kit.errors import Refused

# The `NEXT` of a package's rules: by kind of status, what may follow each.
Tables = dict[type[Enum], Mapping[Any, frozenset[Any]]]


def may_follow(tables: Tables, now: Any, then: Enum) -> bool:
    """Whether `then` may follow `now`, a status of the same kind or its value."""
    kind = type(then)
    return then in tables[kind][kind(now)]


def step(tables: Tables, now: Any, then: Enum, code: str, sentence: Any, field: str = "") -> None:
    """Raise Refused unless `then` may follow `now`. `%(now)s` and `%(then)s` in the sentence
    become the names of both."""
    if not may_follow(tables, now, then):
        before: Any = type(then)(now)
        labels = {"now": _label(before), "then": _label(then)}
        raise Refused(code, sentence % labels, field=field)


def _label(status: Any) -> str:
    return str(getattr(status, "label", status.value))
