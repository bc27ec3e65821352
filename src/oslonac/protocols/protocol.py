"""A protocol as it is kept in memory: its texts as people read them, and the graph that runs.

Belongs here: what other modules ask of a procedure. Does not: how it is read (`compiling`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from oslonac.protocols.dcr.graph import Graph, Norm
from oslonac.protocols.reading import Document

STARTED = ".started"
LAPSED = ".lapsed"
Texts = Mapping[str, str]


def text_in(texts: Texts, language: str) -> str:
    """A text in a language, else in English, else in any, else nothing."""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


@dataclass(frozen=True)
class Source:
    """Where a rule comes from, as people cite it."""

    norm: Norm
    act: str = ""
    article: Texts = field(default_factory=dict)
    gazette: Texts = field(default_factory=dict)
    title: Texts = field(default_factory=dict)
    read: str = ""

    def cited(self, language: str) -> str:
        """Title, then article and gazette where they are known and not already in the title."""
        title = text_in(self.title, language) or self.act
        where = (text_in(texts, language) for texts in (self.article, self.gazette))
        return ", ".join(filter(None, [title, *(part for part in where if part not in title)]))


@dataclass(frozen=True)
class Step:
    """What people read of an activity."""

    id: str
    title: Texts
    how: Texts
    who: str
    form: str
    evidence: Texts
    group: str
    source: str
    each: str
    observed: bool
    line: int
    outcomes: Mapping[str, Texts] = field(default_factory=dict)


@dataclass(frozen=True)
class Group:
    id: str
    title: Texts
    within: str
    included: bool


@dataclass(frozen=True)
class Protocol:
    """A procedure: one file of a pack."""

    id: str
    version: str
    title: Texts
    about: Texts
    file: str
    sources: Mapping[str, Source]
    groups: Mapping[str, Group]
    steps: Mapping[str, Step]
    graph: Graph
    document: Document

    def step_of(self, activity: str) -> Step:
        """The step of an activity of the graph, its beginning included."""
        return self.steps[step_id(activity)]


def step_id(activity: str) -> str:
    """The step that an activity of the graph is a part of."""
    return activity.partition(".")[0]
