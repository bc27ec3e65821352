"""From the values of a YAML file to a protocol: its texts, and the graph that runs.

Belongs here: the meaning of every key (`docs/reference/protocols.md` is its manual). Does not:
reading files (`reading`), checks that need the whole graph or pack (`checking`).

Relations are written where a reader looks for them: what an activity waits for and when it is
due stand with the activity; what it switches on or off stands with the one that switches. An
activity with `starts_with` becomes two activities of the graph: its completion and its
beginning (`<id>.started`), because a deadline may be kept by either.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from oslonac.protocols import shape
from oslonac.protocols.dcr.expressions import compile_guard
from oslonac.protocols.dcr.graph import (
    Activity,
    Condition,
    Exclude,
    Graph,
    Include,
    Label,
    Milestone,
    NoResponse,
    Norm,
    Relation,
    Response,
    Responsible,
)
from oslonac.protocols.dcr.time import Deadline
from oslonac.protocols.reading import Document, Where
from oslonac.protocols.values import Values

STARTED = ".started"
SWITCHES: tuple[tuple[str, Callable[..., Relation]], ...] = (
    ("includes", Include),
    ("excludes", Exclude),
    ("cancels", NoResponse),
)
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
        return self.steps[activity.removesuffix(STARTED)]


def compile_protocol(document: Document) -> Protocol | None:
    """The protocol of a document, or None when something keeps it from running."""
    if document.problems:
        return None
    return _Compiler(document).protocol()


class _Compiler(Values):
    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self.values: dict[str, Any] = document.values
        self.groups: dict[str, Group] = {}
        self.steps: dict[str, Step] = {}
        self.members: dict[str, list[str]] = {}
        self.begun: set[str] = set()

    def protocol(self) -> Protocol | None:
        if not self.shaped(self.values, (), shape.Protocol, "a procedure"):
            return None
        sources = self.sources()
        for role, raw in self.values.get("roles", {}).items():
            self.shaped(raw, ("roles", role), shape.Role, "a role")
        self.read_groups()
        listed = [
            (("activities", place), raw)
            for place, raw in enumerate(self.values["activities"])
            if self.shaped(raw, ("activities", place), shape.Activity, "an activity")
        ]
        for where, raw in listed:
            self.name(raw, where)
        if self.document.problems:
            return None
        activities = [a for where, raw in listed for a in self.activities(raw, where)]
        relations = [r for where, raw in listed for r in self.relations(raw, where)]
        applies = self.guard(self.values.get("applies"), ("applies",))
        if self.document.problems:
            return None
        graph = Graph(
            self.values["protocol"],
            str(self.values["version"]),
            {a.id: a for a in activities},
            tuple(relations),
            applies,
        )
        return Protocol(
            id=graph.id,
            version=graph.version,
            title=self.values["title"],
            about=self.values.get("about", {}),
            file=self.document.file,
            sources=sources,
            groups=self.groups,
            steps=self.steps,
            graph=graph,
            document=self.document,
        )

    def sources(self) -> dict[str, Source]:
        found = {}
        for id_, raw in self.values.get("sources", {}).items():
            self.named(id_, ("sources", id_), "a source")
            if not self.shaped(raw, ("sources", id_), shape.Source, "a source"):
                continue
            norm = Norm(
                id_,
                raw["verified"],
                str(raw.get("in_force_from", "")),
                str(raw.get("in_force_until", "")),
            )
            self.norms[id_] = norm
            found[id_] = Source(
                norm,
                raw.get("act", ""),
                _cited(raw.get("article")),
                _cited(raw.get("gazette")),
                raw.get("title", {}),
                raw.get("read", ""),
            )
        return found

    def read_groups(self) -> None:
        for place, raw in enumerate(self.values.get("groups", [])):
            where = ("groups", place)
            if self.shaped(raw, where, shape.Group, "a group"):
                self.groups[raw["id"]] = Group(
                    raw["id"], raw["title"], raw.get("within", ""), raw.get("included", True)
                )
        for place, raw in enumerate(self.values.get("groups", [])):
            if isinstance(raw, dict) and str(raw.get("id")) in self.groups:
                self.check_nesting(raw, ("groups", place))

    def check_nesting(self, raw: Mapping[str, Any], where: Where) -> None:
        seen, here = [raw.get("id", "")], raw.get("within", "")
        while here:
            if here not in self.groups:
                self.complain((*where, "within"), "unknown_group", f"There is no group “{here}”.")
                return
            if here in seen:
                names = " → ".join([*seen, here])
                message = f"Groups contain each other in a circle: {names}."
                self.complain((*where, "within"), "cycle", message)
                # Flat from here on, so that nothing walks the circle.
                self.groups = {id_: replace(g, within="") for id_, g in self.groups.items()}
                return
            seen.append(here)
            here = self.groups[here].within

    def name(self, raw: Mapping[str, Any], where: Where) -> None:
        id_ = raw["id"]
        if id_ in self.steps or id_ in self.groups:
            self.complain((*where, "id"), "duplicate", f"“{id_}” stands here a second time.")
        group = raw.get("within", "")
        if group and group not in self.groups:
            self.complain((*where, "within"), "unknown_group", f"There is no group “{group}”.")
        while group in self.groups:
            self.members.setdefault(group, []).append(id_)
            group = self.groups[group].within
        if raw.get("starts_with"):
            self.begun.add(id_)
        role = self.responsible(raw.get("who"), (*where, "who"))
        self.steps[id_] = Step(
            id_,
            raw["title"],
            raw.get("how", {}),
            role[0].role if role else "",
            raw.get("form", ""),
            raw.get("evidence", {}),
            raw.get("within", ""),
            raw.get("source", ""),
            raw.get("each", ""),
            raw.get("observed", False),
            self.document.line((*where, "id")),
        )

    # ---- activities

    def activities(self, raw: Mapping[str, Any], where: Where) -> Iterable[Activity]:
        id_ = raw["id"]
        included = raw.get("included", True) and self.group_included(raw.get("within", ""))
        shared: dict[str, Any] = {
            "who": tuple(self.responsible(raw.get("who"), (*where, "who"))),
            "each": raw.get("each", ""),
            "included": included,
            "observed": raw.get("observed", False),
            "key_by_event": raw.get("key") == "event",
            "norm": self.norm(raw.get("source"), (*where, "source")) or Norm(),
        }
        own = Label(id_)
        if id_ in self.begun:
            own = Label(id_, compile_guard("not (known(data.phase) and data.phase == 'started')"))
            begins = Label(id_, compile_guard("data.phase == 'started'"))
            yield Activity(
                id_ + STARTED,
                labels=(*self.labels(raw, where, "starts_with"), begins),
                part_of=id_,
                **shared,
            )
        yield Activity(
            id_,
            labels=(*self.labels(raw, where, "done_by"), own),
            pending=raw.get("pending", False),
            **shared,
        )

    def group_included(self, group: str) -> bool:
        while group in self.groups:
            if not self.groups[group].included:
                return False
            group = self.groups[group].within
        return True

    def labels(self, raw: Mapping[str, Any], where: Where, key: str) -> Iterable[Label]:
        for place, item in enumerate(_many(raw.get(key))):
            here = (*where, key, place)
            if isinstance(item, str):
                yield Label(item)
            elif self.shaped(item, here, shape.Label, "an event"):
                guard = self.guard(item.get("when"), (*here, "when"))
                yield Label(item["event"], guard, item.get("every", False))

    def responsible(self, raw: Any, where: Where) -> list[Responsible]:
        """`who`: a role of the protocol's table, a map, or alternatives; the first known wins."""
        found: list[Responsible] = []
        for item in _many(raw):
            if isinstance(item, str):
                found += self.by_table(item)
            elif self.shaped(item, where, shape.Who, "who is responsible"):
                found.append(
                    Responsible(
                        item["role"],
                        self.path(item.get("person"), where),
                        self.path(item.get("organisation"), where),
                    )
                )
        return found

    def by_table(self, role: str) -> list[Responsible]:
        raw = self.values.get("roles", {}).get(role)
        if not isinstance(raw, dict):
            return [Responsible(role)]
        found = [Responsible(role, self.path(raw.get("person"), ("roles", role)))]
        return [*found, Responsible(raw["otherwise"])] if raw.get("otherwise") else found

    # ---- relations

    def relations(self, raw: Mapping[str, Any], where: Where) -> Iterable[Relation]:
        id_ = raw["id"]
        for here, item in self.links(raw, where, "conditions"):
            delay = self.amount(item.get("delay"), (*here, "delay"))
            guard = self.guard(item.get("when"), (*here, "when"))
            for source in self.flat(item["activity"], here):
                for target in self.phases(id_):
                    yield Condition(source, target, guard, delay)
        for here, item in self.links(raw, where, "milestones"):
            guard = self.guard(item.get("when"), (*here, "when"))
            for source in self.flat(item["activity"], here):
                for target in self.phases(id_):
                    yield Milestone(source, target, guard)
        for place, item in enumerate(_many(raw.get("due"))):
            here = (*where, "due", place)
            if self.shaped(item, here, shape.Due, "a deadline"):
                yield from self.responses(id_, item, here)
        for key, kind in SWITCHES:
            yield from self.switches(raw, where, key, kind)

    def phases(self, id_: str) -> list[str]:
        """What a group's or an activity's members are in the graph, beginnings included."""
        return [id_ + STARTED, id_] if id_ in self.begun else [id_]

    def switches(
        self, raw: Mapping[str, Any], where: Where, key: str, kind: Callable[..., Relation]
    ) -> Iterable[Relation]:
        for here, item in self.links(raw, where, key):
            guard = self.guard(item.get("when"), (*here, "when"))
            for member in self.flat(item["activity"], here):
                for target in self.phases(member):
                    yield kind(raw["id"], target, guard)

    def links(
        self, raw: Mapping[str, Any], where: Where, key: str
    ) -> Iterable[tuple[Where, dict[str, Any]]]:
        for place, item in enumerate(_many(raw.get(key))):
            here = (*where, key, place)
            if isinstance(item, str):
                yield here, {"activity": item}
            elif self.shaped(item, here, shape.Link, "a relation"):
                yield here, item

    def responses(self, id_: str, raw: Mapping[str, Any], where: Where) -> Iterable[Response]:
        deadline = Deadline(
            self.amount(raw.get("within"), (*where, "within")),
            self.path(raw.get("from"), (*where, "from")),
            self.path(raw.get("on"), (*where, "on")),
            raw.get("as_before", False),
            raw.get("from", ""),
            raw.get("on", ""),
        )
        if deadline.day and (deadline.amount or deadline.as_before):
            self.complain(where, "deadline", "A date (on) leaves nothing for within or as_before.")
        until = raw.get("until", "completed")
        if until == "started" and id_ not in self.begun:
            message = "“until: started” needs “starts_with”: nothing says when this begins."
            self.complain((*where, "until"), "deadline", message)
        target = id_ + STARTED if until == "started" and id_ in self.begun else id_
        guard = self.guard(raw.get("when"), (*where, "when"))
        norm = self.norm(raw.get("source"), (*where, "source"))
        for after in _many(raw["after"]):
            for source in self.flat(after, (*where, "after")):
                yield Response(
                    source,
                    target,
                    guard,
                    deadline,
                    norm,
                    not raw.get("keep", False),
                    raw.get("every", False),
                )

    def flat(self, name: Any, where: Where) -> list[str]:
        """A relation with a group is one with each activity in it (nested DCR graphs)."""
        if not isinstance(name, str):
            self.complain(where, "unknown_activity", f"“{name}” is no id of an activity or group.")
            return []
        if name in self.groups:
            return self.members.get(name, [])
        if name in self.steps:
            return [name]
        base = name.removesuffix(STARTED)
        if name.endswith(STARTED) and base in self.begun:
            return [name]
        self.complain(where, "unknown_activity", f"There is no activity or group “{name}”.")
        return []


def _cited(raw: Any) -> Texts:
    """“Art. 4” reads the same in every language; a pack may also give a text for each."""
    if isinstance(raw, dict):
        return raw
    return {"": str(raw)} if raw else {}


def _many(raw: Any) -> list[Any]:
    if raw is None:
        return []
    return raw if isinstance(raw, list) else [raw]
