"""The relations of a procedure, from what stands with its activities.

Relations are written where a reader looks for them: what an activity waits for and when it is
due stand with the activity; what it switches on or off stands with the one that switches. A
relation with a group is one with each activity in it (nested DCR graphs).
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from oslonac.protocols import shape
from oslonac.protocols.dcr.graph import (
    Condition,
    Exclude,
    Include,
    Milestone,
    NoResponse,
    Relation,
    Response,
)
from oslonac.protocols.dcr.time import Deadline
from oslonac.protocols.protocol import LAPSED, STARTED, Group, Step, step_id
from oslonac.protocols.reading import Document, Where
from oslonac.protocols.values import Values, many, mapping

SWITCHES: tuple[tuple[str, Callable[..., Relation]], ...] = (
    ("includes", Include),
    ("excludes", Exclude),
    ("cancels", NoResponse),
)


class Relations(Values):
    """Reads the relations of one document, once its groups and activities are known."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self.groups: dict[str, Group] = {}
        self.steps: dict[str, Step] = {}
        self.members: dict[str, list[str]] = {}
        self.begun: set[str] = set()
        # The parts of a step that are activities of their own, by its id.
        self.parts: dict[str, tuple[str, ...]] = {}

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
        for place, item in enumerate(many(raw.get("due"))):
            here = (*where, "due", place)
            if self.shaped(item, here, shape.Due, "a deadline"):
                yield from self.responses(id_, item, here)
        for key, kind in SWITCHES:
            yield from self.switches(raw, where, key, kind)
        yield from self.lapses(raw)

    def lapses(self, raw: Mapping[str, Any]) -> Iterable[Relation]:
        """A duty that lapsed is taken away without being done; a copy of it that is over for good
        (the placement has ended) is not asked for again."""
        id_ = raw["id"]
        sources = [
            f"{id_}.{item['id']}"
            for item in many(raw.get("outcomes"))
            if mapping(item).get("lapses")
        ]
        if raw.get("lapses_with"):
            sources.append(id_ + LAPSED)
        for source in sources:
            for target in self.phases(id_):
                yield NoResponse(source, target)
                if raw.get("each"):
                    yield Exclude(source, target)

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
        for place, item in enumerate(many(raw.get(key))):
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
        for after in many(raw["after"]):
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
        base = step_id(name)
        if name.endswith(STARTED) and base in self.begun:
            return [name]
        if name in self.parts.get(base, ()):
            return [name]
        self.complain(where, "unknown_activity", f"There is no activity or group “{name}”.")
        return []
