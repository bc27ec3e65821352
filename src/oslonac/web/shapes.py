"""Data for the components: small frozen records of finished, localised text.

Views build these; templates only lay them out. Every text is shown escaped. A dict with the
same keys works wherever a record does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["calm", "ok", "warn", "alert"]
DueState = Literal["late", "soon", "later", "done"]


@dataclass(frozen=True)
class Action:
    """A button. `method` 'post' makes a form with the CSRF token and `fields` hidden in it."""

    label: str
    url: str
    method: Literal["get", "post"] = "get"
    kind: Literal["main", "quiet", "plain", "alert"] = "quiet"
    icon: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    shortcut: str = ""


@dataclass(frozen=True)
class Flag:
    text: str
    kind: Kind = "calm"
    icon: str = ""


@dataclass(frozen=True)
class Due:
    """Something that must happen: when, what, why, who, and the norm it rests on.

    `when` is a finished phrase ("3 h late"), `when_iso` the machine's time. `source_verified`
    False adds the flag "norm not verified". `also`: what else the same step meets, a sentence
    each. `more`: what else can be done about it. `about`: whose it is, for whoever hears the button
    alone. `source_url` leads to what the procedure says of
    the step; `note` tells who hears of it when.
    """

    title: str
    when: str
    state: DueState = "later"
    when_iso: str = ""
    url: str = ""
    why: str = ""
    who: str = ""
    source: str = ""
    source_verified: bool = True
    source_url: str = ""
    note: str = ""
    action: Action | None = None
    anchor: str = ""
    also: Sequence[str] = ()
    more: Sequence[Action] = ()
    about: str = ""


@dataclass(frozen=True)
class Fact:
    """A labelled value. `empty` True shows the value as an answer that is missing."""

    label: str
    value: str
    note: str = ""
    url: str = ""
    empty: bool = False


@dataclass(frozen=True)
class Name:
    """A name in some script; `lang` is its BCP 47 tag when known."""

    text: str
    lang: str = ""
    note: str = ""
    url: str = ""


@dataclass(frozen=True)
class Identity:
    """The strip on top of a case or a person."""

    name: Name
    line: str = ""
    other_names: Sequence[Name] = ()
    facts: Sequence[Fact] = ()
    flags: Sequence[Flag] = ()
    actions: Sequence[Action] = ()


@dataclass(frozen=True)
class Event:
    """Something that happened. `kind` tints the dot; `late_entry` marks a later received one."""

    when: str
    who: str = ""
    title: str = ""
    text: str = ""
    when_iso: str = ""
    icon: str = ""
    kind: Kind = "ok"
    late_entry: str = ""
    url: str = ""
    anchor: str = ""
    flags: Sequence[Flag] = ()


@dataclass(frozen=True)
class Column:
    label: str
    numeric: bool = False


@dataclass(frozen=True)
class Cell:
    text: str
    url: str = ""
    note: str = ""
    flag: Flag | None = None


@dataclass(frozen=True)
class Table:
    """A table; `rows` are sequences of Cell or str. The first cell names the row."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell | str]] = ()
    empty: str = ""
    show_caption: bool = False


@dataclass(frozen=True)
class Link:
    """A tab, a crumb or an entry of a section's navigation."""

    label: str
    url: str = ""
    current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Viewer:
    """One line of "who may see this": who, why, how much, until when."""

    name: str
    reason: str
    level: str = ""
    until: str = ""
    emergency: bool = False
    end: Action | None = None
    by: str = ""


@dataclass(frozen=True)
class Difference:
    """One field changed by two people: shown texts, and the values a choice sends."""

    name: str
    label: str
    theirs: str
    yours: str
    theirs_value: str = ""
    yours_value: str = ""


@dataclass(frozen=True)
class Conflict:
    """A stale write. The form sends `fields` (revision and the like) and one choice a row."""

    what: str
    by: str
    when: str
    url: str
    differences: Sequence[Difference]
    fields: Mapping[str, str] = field(default_factory=dict)
    cancel_url: str = ""


def value_of(thing: Any, name: str, default: Any = "") -> Any:
    """A record's or a dict's value, for tags that compute."""
    if isinstance(thing, Mapping):
        return thing.get(name, default)
    return getattr(thing, name, default)
