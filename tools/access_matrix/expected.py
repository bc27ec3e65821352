"""What the reviewed table says must happen. Reads `tables/access.yaml`, and nothing of the code
that enforces: were the two the same, the proof would agree with any mistake. Pure.

How the table is written stands in its head and in docs/reference/access-matrix.md.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from oslonac.access.roles import Role
from oslonac.access.rules import Level
from tools.access_matrix.relations import STANDINGS, Relation

TABLE = Path(__file__).with_name("tables") / "access.yaml"
PUBLIC = "public"
# How a record of each kind is reached: by grants on records of these kinds, the best counts.
THROUGH: Mapping[str, tuple[str, ...]] = {
    "case": ("case",),
    "encounter": ("encounter",),
    "request": ("tracing",),
    "person": ("case", "encounter", "tracing"),
    "number": (),  # named by its number: exists for all but those whom a block keeps away
}


class Answer(StrEnum):
    """How a request ended, as far as access is concerned."""

    LET_IN = "let in"
    FORBIDDEN = "forbidden"
    HIDDEN = "hidden"
    SIGN_IN = "sign in"
    NO_SUCH_METHOD = "no such method"
    FAILED = "failed"


class BadTable(ValueError):
    """A line of the table cannot be read; the message names it."""


@dataclass(frozen=True)
class Line:
    """One request that can be made, and what it takes to be let in.

    `opening`: a permission asked for before anything is looked up; `takes` (one of these) then
    counts once the record is found. `record`: the kind of record that must be seen, to `level`
    (and with its `whereabouts`); whoever sees less gets `short`, and below `shown_from` the part
    of it that the address names does not exist. `centre`: the post with the permission is at the
    responsible centre. `duty`: besides, whoever answers for the record in person, or leads there.
    `office`: as `centre`, of a record that belongs to an office and is hidden elsewhere. `only`:
    of those with the permission, these roles; others get `short`. `answers`: what those who pass
    all of it get. `quiet`: a refusal is no event, for there is nothing to refuse. `apart`: shows
    nothing of any record, so relations make no difference. `refused`: why nobody of those who are
    let in gets it done. `use`: which variant of a record the address names. `send`: what is sent
    besides plausible answers.
    """

    name: str
    takes: tuple[str, ...]
    about: str = ""
    opening: str = ""
    record: str = ""
    level: Level = Level.EXISTENCE
    whereabouts: bool = False
    centre: bool = False
    duty: bool = False
    office: bool = False
    short: Answer = Answer.FORBIDDEN
    shown_from: Level = Level.EXISTENCE
    quiet: bool = False
    apart: bool = False
    only: tuple[str, ...] = ()
    answers: Answer = Answer.LET_IN
    refused: str = ""
    label: str = ""
    use: Mapping[str, str] = field(default_factory=dict)
    send: Mapping[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return f"{self.name} ({self.label})" if self.label else self.name


@dataclass(frozen=True)
class Sees:
    """How far somebody sees into a record; `level` None: not even that it exists."""

    level: Level | None
    whereabouts: bool = False


@dataclass(frozen=True)
class Table:
    """`held`: roles by permission. `duties`: what a post at the responsible centre shows, by kind
    of record and role; `leads`: roles that lead a centre. `undone`: actions that no request of the
    table carries out, and why."""

    held: Mapping[str, frozenset[Role]]
    duties: Mapping[str, Mapping[Role, Sees]]
    leads: frozenset[Role]
    lines: Mapping[str, tuple[Line, ...]]
    undone: Mapping[str, str]

    def answer(self, line: Line, role: Role | None, relation: Relation) -> Answer:
        """What must happen when somebody of `role`, standing so to the record, asks. Nobody
        signed in has no role."""
        if line.takes == (PUBLIC,):
            return line.answers
        if role is None:
            return Answer.SIGN_IN
        first = (line.opening,) if line.opening else line.takes
        if not self._holds(role, first):
            return Answer.FORBIDDEN
        here = STANDINGS[relation].at_responsible_office
        if line.office and not (here or self.oversees(role)):
            return Answer.HIDDEN
        if line.record:
            seen = self.sees(line.record, role, relation)
            if seen.level is None or seen.level < line.shown_from:
                return Answer.HIDDEN
            if seen.level < line.level or (line.whereabouts and not seen.whereabouts):
                return line.short
        if not self._holds(role, line.takes) or (line.centre and not here):
            return Answer.FORBIDDEN
        if line.duty and not (here and role in self.leads) and relation is not Relation.OWN:
            return Answer.FORBIDDEN
        if line.only and role.value not in line.only:
            return line.short
        return line.answers

    def _holds(self, role: Role, permissions: tuple[str, ...]) -> bool:
        return any(role in self.held[each] for each in permissions)

    def sees(self, kind: str, role: Role, relation: Relation) -> Sees:
        """The best of the relation's own grant and of what the post at the centre shows; a block
        takes all of it."""
        standing = STANDINGS[relation]
        if standing.blocked:
            return Sees(None)
        if kind == "number":
            return Sees(Level.EXISTENCE)
        found = [Sees(standing.sees, standing.whereabouts)] if standing.sees else []
        if standing.at_responsible_office:
            shown = (self.duties[through].get(role) for through in THROUGH[kind])
            found += [each for each in shown if each is not None]
        if not found:
            return Sees(None)
        best = max(each.level or 0 for each in found)
        return Sees(Level(best), any(each.whereabouts for each in found))

    def widest(self, role: Role | None, relation: Relation) -> Level | None:
        """The furthest that anything of the child's may be shown; None: nothing at all."""
        if role is None or not self._holds(role, ("case.read", "encounter.record")):
            return None
        levels = [self.sees(kind, role, relation).level for kind in THROUGH]
        return max((each for each in levels if each is not None), default=None)

    def oversees(self, role: Role | None) -> bool:
        """Whether the post reads of all cases, by their numbers: auditors."""
        return role is not None and self._holds(role, ("ledger.read",))


@lru_cache(maxsize=1)
def load(path: Path = TABLE) -> Table:
    """Read the table. Raises BadTable for an unknown role, level, record or a line twice."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    try:
        held = {name: frozenset(map(Role, who)) for name, who in raw["permissions"].items()}
        duties = {
            kind: {Role(role): _sees(said) for role, said in rows.items()}
            for kind, rows in raw["duties"].items()
        }
        leads = frozenset(map(Role, raw["leads"]))
    except (KeyError, ValueError) as problem:
        raise BadTable(str(problem)) from None
    lines: dict[str, list[Line]] = {}
    titles: set[str] = set()
    for group in raw["groups"]:
        for line in _lines(group):
            if line.title in titles:
                raise BadTable(f"{line.title} stands twice")
            unknown = {*line.takes, line.opening} - {*held, PUBLIC, ""}
            if unknown:
                raise BadTable(f"{line.title}: unknown permission {unknown}")
            titles.add(line.title)
            lines.setdefault(line.name, []).append(line)
    together = {name: tuple(each) for name, each in lines.items()}
    return Table(held, duties, leads, together, raw.get("undone", {}))


def _sees(said: str) -> Sees:
    level, _, more = said.partition(" and ")
    return Sees(Level[level.upper()], more == "whereabouts")


def _lines(group: Mapping[str, Any]) -> Iterator[Line]:
    """`requests` of a group: a text, or a text with what this line says differently."""
    shared = {name: said for name, said in group.items() if name not in ("requests", "why")}
    for entry in group["requests"]:
        texts, own = (entry, {}) if isinstance(entry, str) else next(iter(entry.items()))
        *methods, path = texts.split()
        for method in methods:
            yield _line(f"{method} {path}", shared | own)


def _line(name: str, said: Mapping[str, Any]) -> Line:
    unknown = set(said) - {each.name for each in fields(Line)} - {"of"}
    if unknown:
        raise BadTable(f"{name}: unknown words {sorted(unknown)}")
    if said.get("record", "") not in {"", *THROUGH}:
        raise BadTable(f"{name}: unknown record {said['record']}")
    values = {each: value for each, value in said.items() if each != "of"}
    use = dict(said.get("use", {}))
    if "of" in said:
        use["subject_id"] = f"@{said['of']}"
        values.setdefault("shown_from", "case")
    values["use"] = use
    try:
        for name_ in ("level", "shown_from"):
            values[name_] = Level[values.get(name_, "existence").upper()]
        values["answers"] = Answer(said.get("answers", "let in"))
        values["short"] = Answer(said.get("short", "forbidden"))
    except (KeyError, ValueError) as problem:
        raise BadTable(f"{name}: {problem}") from None
    takes = said["takes"]
    values["takes"] = (takes,) if isinstance(takes, str) else tuple(takes)
    values["only"] = tuple(said.get("only", ()))
    return Line(name=name, **values)
