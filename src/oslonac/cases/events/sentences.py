"""How sentences of the timeline are made from the codes of an event."""

from collections.abc import Callable, Mapping
from typing import Any

from oslonac.directory import codes
from oslonac.protocols import catalogue


def label(kind: type, code: Any) -> str:
    try:
        return str(kind(code).label)
    except ValueError:
        return str(code or "")


def _with(sentence: Any, part: Callable[[Mapping[str, Any]], str]) -> Callable[..., str]:
    return lambda data: f"{sentence}: {part(data)}" if part(data) else str(sentence)


def coded(sentence: Any, kind: type, key: str) -> Callable[..., str]:
    return _with(sentence, lambda data: label(kind, data.get(key)))


def listed(sentence: Any, code_list: str, key: str) -> Callable[..., str]:
    return _with(sentence, lambda data: codes.title(code_list, data.get(key, "")))


def of_step(sentence: Any) -> Callable[..., str]:
    return _with(sentence, _step)


def _step(data: Mapping[str, Any]) -> str:
    """The step, and how it ended where it ended in another way than by being done."""
    activity, outcome = data.get("activity", ""), data.get("outcome", "")
    title = catalogue.title(activity)
    return f"{title} – {catalogue.outcome(activity, outcome)}" if outcome else title
