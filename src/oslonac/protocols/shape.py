"""Which keys each part of a procedure has and what kind of value each takes.

`schema.json` says the same to editors; a test holds the two together. Sentences are made here
because a JSON Schema validator says "is not valid under any of the given schemas".
"""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

NAME = re.compile(r"[a-z][a-z0-9_-]{0,33}[a-z0-9]")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
KINDS = {
    "name": "a name of small Latin letters, digits, “_” and “-”, at most 35 characters",
    "text": "a text",
    "flag": "true or false",
    "texts": "a text for each language, such as {en: …}",
    "cited": "a text or a number, or a text for each language",
    "map": "names and values",
    "list": "a list",
    "version": "a number or a text",
    "any": "a value",
}


def _fits(kind: str, value: Any) -> bool:
    if kind == "name":
        return isinstance(value, str) and NAME.fullmatch(value) is not None
    if kind == "texts":
        return (
            isinstance(value, dict)
            and bool(value)
            and all(LANGUAGE.fullmatch(language) for language in value)
            and all(isinstance(text, str) and text.strip() for text in value.values())
        )
    if kind == "cited":  # “Art. 4” reads the same everywhere; “OG RS 59/08” does not
        return _fits("texts", value) if isinstance(value, dict) else _fits("version", value)
    if kind == "version":
        return isinstance(value, str | int) and not isinstance(value, bool) and value != ""
    types: dict[str, Any] = {"text": str, "flag": bool, "map": dict, "list": list, "any": object}
    return isinstance(value, types[kind])


@dataclass(frozen=True)
class Shape:
    """Keys and kinds of one part; those in `required` must be there."""

    keys: Mapping[str, str]
    required: frozenset[str] = frozenset()

    def faults(self, raw: Any, what: str) -> Iterable[tuple[str, str, str]]:
        """(key, code, sentence) of everything that is wrong."""
        if not isinstance(raw, dict):
            yield "", "shape", f"Here {what} is expected, with names and values."
            return
        for key in sorted(self.required - set(raw)):
            yield "", "missing", f"“{key}” is missing; {what} always has it."
        for key, value in raw.items():
            if key not in self.keys:
                near = difflib.get_close_matches(key, self.keys, 1)
                hint = f" Did you mean “{near[0]}”?" if near else ""
                yield key, "unknown_key", f"“{key}” is no key of {what}.{hint}"
            elif not _fits(self.keys[key], value):
                yield key, "shape", f"“{key}” must be {KINDS[self.keys[key]]}."


PROTOCOL = Shape(
    {
        "protocol": "name",
        "version": "version",
        "title": "texts",
        "about": "texts",
        "applies": "text",
        "roles": "map",
        "sources": "map",
        "groups": "list",
        "activities": "list",
    },
    frozenset({"protocol", "version", "title", "activities"}),
)
SOURCE = Shape(
    {
        "act": "text",
        "article": "cited",
        "gazette": "cited",
        "title": "texts",
        "read": "text",
        "in_force_from": "any",
        "in_force_until": "any",
        "verified": "flag",
    },
    frozenset({"verified"}),
)
GROUP = Shape(
    {"id": "name", "title": "texts", "within": "name", "included": "flag"},
    frozenset({"id", "title"}),
)
ACTIVITY = Shape(
    {
        "id": "name",
        "title": "texts",
        "who": "any",
        "how": "texts",
        "form": "text",
        "evidence": "texts",
        "source": "text",
        "within": "name",
        "each": "name",
        "key": "name",
        "included": "flag",
        "pending": "flag",
        "observed": "flag",
        "starts_with": "any",
        "done_by": "any",
        "conditions": "list",
        "milestones": "list",
        "due": "list",
        "includes": "list",
        "excludes": "list",
        "cancels": "list",
    },
    frozenset({"id", "title"}),
)
ROLE = Shape({"person": "text", "otherwise": "name"})
WHO = Shape({"role": "name", "person": "text", "organisation": "text"}, frozenset({"role"}))
LABEL = Shape({"event": "text", "when": "text", "every": "flag"}, frozenset({"event"}))
LINK = Shape({"activity": "name", "when": "text", "delay": "map"}, frozenset({"activity"}))
DUE = Shape(
    {
        "after": "any",
        "within": "map",
        "on": "text",
        "as_before": "flag",
        "from": "text",
        "until": "name",
        "when": "text",
        "source": "text",
        "keep": "flag",
        "every": "flag",
    },
    frozenset({"after"}),
)
