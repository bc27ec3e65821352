"""What can stand in the ledger: each event is declared in the `events.py` of the room that
records it.

A declaration feeds the titles of the ledger, the sentences of a case's timeline and the words
that procedures may name. `audit.actions` refuses to record a name, or a key of its data, that
nobody declared. Does not belong here: any event of another room.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oslonac.access.roles import Permission

Kind = Literal["calm", "ok", "warn", "alert"]
Data = Mapping[str, Any]


@dataclass(frozen=True)
class Event:
    """`told`: its sentence in the timeline of a case, a function of its data that makes one, or
    True for its title; only events told there can be named by procedures. `data`: the keys it may
    carry. `more`: what procedures are told of its record beside that. `each`: it may also carry
    the key by which a procedure tells its subjects apart."""

    name: str
    title: Any
    told: Any = None
    kind: Kind = "ok"
    flags: Callable[[Data], Sequence[Any]] | None = None
    data: str = ""
    more: str = ""
    each: bool = False

    @cached_property
    def keys(self) -> frozenset[str]:
        return frozenset(self.data.split())

    def sentence(self, data: Data) -> str:
        """How the timeline of a case tells it."""
        told = self.title if self.told in (None, True) else self.told
        return str(told(data) if callable(told) else told)


class Undeclared(RuntimeError):
    """An event, or a key of its data, that no room declared: a programming error."""


EVENTS: dict[str, Event] = {}
# Refusals are named after what was asked for: a permission or a kind of record.
_REFUSALS = (".hidden", ".denied")


def declare(*events: Event) -> None:
    """Called once by the `events.py` of each room. A name has one declaration."""
    for event in events:
        if event.name in EVENTS:
            raise Undeclared(f"{event.name} is declared twice")
        EVENTS[event.name] = event


@contextmanager
def declared(*events: Event) -> Iterator[None]:
    """For tests that invent events: declared inside, forgotten afterwards."""
    declare(*events)
    try:
        yield
    finally:
        for event in events:
            del EVENTS[event.name]


def check(name: str, data: Data) -> None:
    """Raise Undeclared for a name or a key of data that nobody declared."""
    if name.endswith(_REFUSALS) and not data:
        return
    event = EVENTS.get(name)
    if event is None:
        raise Undeclared(f"no events.py declares {name!r}")
    unknown = data.keys() - event.keys
    if unknown and event.each:
        unknown -= {key for each in EVENTS.values() for key in each.keys}
    if unknown:
        raise Undeclared(f"{name} is not declared to carry {', '.join(sorted(unknown))}")


def for_procedures() -> dict[str, tuple[str, ...]]:
    """What procedures may name, with the data each carries: the events of a case's timeline."""
    return {
        name: tuple(f"{event.data} {event.more}".split())
        for name, event in EVENTS.items()
        if event.told is not None
    }


# Kinds of records, as refusals and events name them.
KINDS: dict[str, Any] = {
    "case": gettext_lazy("case"),
    "encounter": gettext_lazy("encounter"),
    "person": gettext_lazy("person"),
    "user": gettext_lazy("user"),
    "membership": gettext_lazy("post"),
    "grant": gettext_lazy("grant"),
    "token": gettext_lazy("token"),
    "organisation": gettext_lazy("organisation"),
    "ledger": gettext_lazy("ledger"),
    "event": gettext_lazy("event"),
    "session": gettext_lazy("session"),
    "pair": gettext_lazy("pair of records"),
    "signal": gettext_lazy("question across files"),
}


def title_of(name: str) -> str:
    """A title for a stored name, of past versions too: unknown ones are shown as they are."""
    if name in EVENTS:
        return str(EVENTS[name].title)
    if name.endswith(".hidden"):
        kind = name.removesuffix(".hidden")
        return _("Asked for something hidden or unknown: %(what)s") % {"what": kind_title(kind)}
    if name.endswith(".denied"):
        return _("Not permitted: %(what)s") % {"what": _wanted(name.removesuffix(".denied"))}
    return name


def kind_title(kind: str) -> str:
    """A kind of record in words; a kind without any as it is."""
    return str(KINDS.get(kind, kind))


def _wanted(what: str) -> str:
    elsewhere = what.endswith(".elsewhere")
    code = what.removesuffix(".elsewhere")
    words = str(Permission(code).label) if code in Permission.values else code
    return _("%(what)s, at another centre") % {"what": words} if elsewhere else words


declare(
    Event(
        "sealed.read",
        gettext_lazy("Sealed fields read"),
        data="cases persons",
    ),
    Event("unusual.looked_into", gettext_lazy("Unusual reading looked into")),
    Event(
        "unusual.noticed",
        gettext_lazy("Unusual reading noticed"),
        data="pattern count",
    ),
)
