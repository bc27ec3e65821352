"""Data shapes of the parts of the case page, besides those of the design system."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from oslonac.web.shapes import Action, Flag


@dataclass(frozen=True)
class Text:
    """Something people wrote, under what it answers."""

    label: str
    text: str


@dataclass(frozen=True)
class Entry:
    """One record of the case: what it is, how it stands, what was written, what can be done."""

    title: str
    line: str = ""
    flags: Sequence[Flag] = ()
    texts: Sequence[Text] = ()
    actions: Sequence[Action] = ()
    parts: Sequence["Entry"] = ()
    anchor: str = ""
    folded: bool = False
    kind: str = ""


@dataclass
class Section:
    """A card: entries, or a sentence when there are none, and what can be added."""

    anchor: str
    title: str
    entries: Sequence[Entry] = ()
    empty: str = ""
    older: Sequence[Entry] = ()
    actions: Sequence[Action] = field(default_factory=list)
    note: str = ""
    kind: str = ""

    @property
    def count(self) -> int | None:
        return len(self.entries) + len(self.older) or None


def texts(*pairs: tuple[object, str]) -> list[Text]:
    """Only what is written."""
    return [Text(str(label), text) for label, text in pairs if text]
