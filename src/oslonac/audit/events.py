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
    "absence": gettext_lazy("absence of a colleague"),
    "activity": gettext_lazy("activity"),
    "apitoken": gettext_lazy("token"),
    "appointment": gettext_lazy("appointment of a guardian"),
    "assessment": gettext_lazy("assessment"),
    "block": gettext_lazy("block"),
    "booklet": gettext_lazy("booklet"),
    "candidate": gettext_lazy("possibility found by a search"),
    "case": gettext_lazy("case"),
    "certificate": gettext_lazy("certificate"),
    "check": gettext_lazy("check of one side of a search"),
    "concern": gettext_lazy("concern"),
    "consent": gettext_lazy("consent"),
    "contact": gettext_lazy("contact"),
    "contactpoint": gettext_lazy("number or address"),
    "decision": gettext_lazy("decision"),
    "disposal": gettext_lazy("proposal to destroy a file"),
    "draftkey": gettext_lazy("key of unsaved text"),
    "document": gettext_lazy("document of a case"),
    "emergency": gettext_lazy("emergency opening"),
    "encounter": gettext_lazy("encounter"),
    "event": gettext_lazy("event"),
    "export": gettext_lazy("export"),
    "follow_up": gettext_lazy("visit after reunification"),
    "followup": gettext_lazy("visit after reunification"),
    "goal": gettext_lazy("goal"),
    "grant": gettext_lazy("access"),
    "groupmember": gettext_lazy("member of a travel group"),
    "hold": gettext_lazy("legal hold"),
    "ledger": gettext_lazy("activity log"),
    "membership": gettext_lazy("post"),
    "merge": gettext_lazy("joined records"),
    "mute": gettext_lazy("muted reminders"),
    "notice": gettext_lazy("notice"),
    "obligation": gettext_lazy("obligation"),
    "organisation": gettext_lazy("organisation"),
    "own_answer": gettext_lazy("request about the own file"),
    "ownrequest": gettext_lazy("request about the own file"),
    "pack": gettext_lazy("country pack"),
    "pair": gettext_lazy("pair of records"),
    "period": gettext_lazy("period of keeping"),
    "person": gettext_lazy("person"),
    "personname": gettext_lazy("name"),
    "place": gettext_lazy("place"),
    "placement": gettext_lazy("placement"),
    "plan": gettext_lazy("plan"),
    "promise": gettext_lazy("promise"),
    "protocol": gettext_lazy("procedure"),
    "relation": gettext_lazy("relation"),
    "report": gettext_lazy("report"),
    "record": gettext_lazy("record"),
    "reunion": gettext_lazy("reunification"),
    "review": gettext_lazy("review of the plan"),
    "session": gettext_lazy("session"),
    "signal": gettext_lazy("link between cases"),
    "signin": gettext_lazy("linked sign-in"),
    "statement": gettext_lazy("statement"),
    "step": gettext_lazy("step"),
    "subscription": gettext_lazy("browser that takes messages"),
    "tie": gettext_lazy("tie to a person"),
    "token": gettext_lazy("token"),
    "trace": gettext_lazy("search for a person"),
    "tracingrequest": gettext_lazy("tracing request"),
    "transfer": gettext_lazy("transfer"),
    "travelgroup": gettext_lazy("travel group"),
    "unusual": gettext_lazy("unusual reading"),
    "user": gettext_lazy("user"),
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
        "ledger.held_up",
        gettext_lazy("Events could not be linked for more than a minute"),
        data="waiting seconds transaction_seconds",
    ),
    Event(
        "sealed.read",
        gettext_lazy("Protected fields read"),
        data="cases persons",
    ),
    Event("unusual.looked_into", gettext_lazy("Unusual access checked")),
    Event(
        "unusual.noticed",
        gettext_lazy("Unusual access noticed"),
        data="pattern count",
    ),
)
