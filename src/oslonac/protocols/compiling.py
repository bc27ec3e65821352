"""From the values of a YAML file to a protocol: its texts, and the graph that runs.

Belongs here: the meaning of every key (`docs/reference/protocols.md` is its manual). Does not:
reading files (`reading`), checks that need the whole graph or pack (`checking`).

An activity with `starts_with` becomes two activities of the graph: its completion and its
beginning (`<id>.started`), because a deadline may be kept by either. Each of its `outcomes` is an
activity (`<id>.<outcome>`) as well, so that other things can follow from it, and so is what it
lapses with (`<id>.lapsed`): what has lapsed was not done.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from oslonac.protocols import shape
from oslonac.protocols.dcr.expressions import Guard, compile_guard
from oslonac.protocols.dcr.graph import (
    Activity,
    Asked,
    Graph,
    Label,
    Norm,
    Responsible,
)
from oslonac.protocols.protocol import (
    LAPSED,
    STARTED,
    Group,
    Protocol,
    Source,
    Step,
    Texts,
)
from oslonac.protocols.reading import Document, Where
from oslonac.protocols.relations import Relations
from oslonac.protocols.values import many, mapping


def compile_protocol(document: Document) -> Protocol | None:
    """The protocol of a document, or None when something keeps it from running."""
    if document.problems:
        return None
    return _Compiler(document).protocol()


class _Compiler(Relations):
    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self.values: dict[str, Any] = document.values

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
        outcomes = self.outcomes(raw, where)
        self.parts[id_] = tuple(f"{id_}.{each}" for each in outcomes)
        if raw.get("lapses_with"):
            self.parts[id_] += (id_ + LAPSED,)
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
            {name: each["title"] for name, each in outcomes.items()},
        )

    def outcomes(self, raw: Mapping[str, Any], where: Where) -> dict[str, Mapping[str, Any]]:
        found: dict[str, Mapping[str, Any]] = {}
        for place, item in enumerate(many(raw.get("outcomes"))):
            here = (*where, "outcomes", place)
            if not self.shaped(item, here, shape.Outcome, "an outcome"):
                continue
            if item["id"] in found or item["id"] in (STARTED[1:], LAPSED[1:]):
                self.complain((*here, "id"), "duplicate", f"“{item['id']}” has a meaning already.")
            found[item["id"]] = item
        return found

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
        asked = _usual(raw)
        own = Label(id_, _completed(raw), by=asked)
        yield from self.ends(raw, where, shared)
        if id_ in self.begun:
            begins = Label(id_, compile_guard("data.phase == 'started'"), by=asked)
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

    def ends(
        self, raw: Mapping[str, Any], where: Where, shared: Mapping[str, Any]
    ) -> Iterable[Activity]:
        """What a step ends with other than being done: nobody is asked for these."""
        id_, apart = raw["id"], {**shared, "observed": True, "part_of": raw["id"]}
        for name in self.steps[id_].outcomes:
            label = Label(id_, compile_guard(f"data.outcome == '{name}'"), by=_usual(raw))
            yield Activity(f"{id_}.{name}", labels=(label,), **apart)
        if raw.get("lapses_with"):
            # Whoever records that it is over, it is over.
            labels = (
                replace(label, by=Asked.ANYBODY) if "by" not in mapping(item) else label
                for item, label in zip(
                    many(raw["lapses_with"]), self.labels(raw, where, "lapses_with"), strict=False
                )
            )
            running = tuple(self.phases(id_))
            yield Activity(id_ + LAPSED, labels=tuple(labels), while_pending=running, **apart)

    def group_included(self, group: str) -> bool:
        while group in self.groups:
            if not self.groups[group].included:
                return False
            group = self.groups[group].within
        return True

    def labels(self, raw: Mapping[str, Any], where: Where, key: str) -> Iterable[Label]:
        for place, item in enumerate(many(raw.get(key))):
            here = (*where, key, place)
            if isinstance(item, str):
                yield Label(item, by=_usual(raw))
            elif self.shaped(item, here, shape.Label, "an event"):
                guard = self.guard(item.get("when"), (*here, "when"))
                by = self.by(item["by"], (*here, "by")) if "by" in item else _usual(raw)
                yield Label(item["event"], guard, item.get("every", False), by)

    def by(self, raw: Any, where: Where) -> Asked | frozenset[str]:
        """Whose deed counts: `anybody`, `asked` (those the activity is asked of), or roles."""
        named = many(raw)
        if not named or not all(isinstance(each, str) and each for each in named):
            self.complain(where, "shape", "“by” is anybody, asked, a role or a list of roles.")
            return Asked.ASKED
        if len(named) == 1 and named[0] in {each.value for each in Asked}:
            return Asked(named[0])
        return frozenset(named)

    def responsible(self, raw: Any, where: Where) -> list[Responsible]:
        """`who`: a role of the protocol's table, a map, or alternatives; the first known wins."""
        found: list[Responsible] = []
        for item in many(raw):
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


def _usual(raw: Mapping[str, Any]) -> Asked:
    """Whose deed counts unless a label says so: what can be due is met by those it is asked of,
    and what is not is only watched."""
    return Asked.ASKED if raw.get("due") or raw.get("pending") else Asked.ANYBODY


def _cited(raw: Any) -> Texts:
    """“Art. 4” reads the same in every language; a pack may also give a text for each."""
    if isinstance(raw, dict):
        return raw
    return {"": str(raw)} if raw else {}


def _completed(raw: Mapping[str, Any]) -> Guard | None:
    """When an event of the activity's own name completes it: not when it began or lapsed."""
    parts = []
    if raw.get("starts_with"):
        parts.append("not (known(data.phase) and data.phase == 'started')")
    lapsing = [item["id"] for item in many(raw.get("outcomes")) if mapping(item).get("lapses")]
    if lapsing:
        names = ", ".join(f"'{name}'" for name in lapsing)
        parts.append(f"not (known(data.outcome) and data.outcome in [{names}])")
    return compile_guard(" and ".join(parts)) if parts else None
