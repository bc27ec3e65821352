"""A country as the code sees it: tables without behaviour."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from oslonac.kit.calendars import WorkCalendar
from oslonac.kit.collation import Collation


class Task(StrEnum):
    """What a kind of office does in the system, whatever the country calls it."""

    COMPETENT = "competent"  # answers for the children of its places: opens and holds cases
    SETTLES = "settles"  # may settle which of two competent centres answers
    TOLD_OF_TRAFFICKING = "told_of_trafficking"  # a suspicion is reported to it
    IDENTIFIES_VICTIMS = "identifies_victims"  # says who is a victim of trafficking
    HOUSES = "houses"  # children can be placed there
    POLICE = "police"  # its encounters count as the register of the police
    RECEPTION = "reception"  # its encounters count as the register of reception
    PHONE_LINE = "phone_line"  # a number that people call


class Shown(StrEnum):
    """The form that a kind of office has on the map."""

    CENTRE = "centre"
    SHELTER = "shelter"
    POLICE = "police"
    CIVIL = "civil"
    OTHER = "other"


@dataclass(frozen=True)
class Role:
    """A role of the country. `archetype` is the set of permissions it has (`access.roles`)."""

    code: str
    archetype: str
    title: Mapping[str, str]
    retired: bool = False


@dataclass(frozen=True)
class OfficeKind:
    """A kind of organisation."""

    code: str
    title: Mapping[str, str]
    does: frozenset[Task] = frozenset()
    shown: Shown = Shown.OTHER


@dataclass(frozen=True)
class PlacementKind:
    """A kind of place where a child can live.

    `family`: it is a family, which comes first for the young. `from_age`, `asylum_only`: the
    source says that only such a child may live there; `verified`: that source was read.
    """

    code: str
    title: Mapping[str, str]
    emergency: bool = False
    family: bool = False
    reception: bool = False
    from_age: int | None = None
    asylum_only: bool = False
    verified: bool = False
    retired: bool = False


@dataclass(frozen=True)
class FamilyFirst:
    """Below this age a place that is no family needs a reason."""

    below: int
    verified: bool = False


@dataclass(frozen=True)
class Placements:
    kinds: Mapping[str, PlacementKind] = field(default_factory=dict)
    family_first: FamilyFirst | None = None

    def with_mark(self, mark: str) -> tuple[str, ...]:
        """Codes of the kinds that carry a mark: emergency, family or reception."""
        return tuple(code for code, kind in self.kinds.items() if getattr(kind, mark))


@dataclass(frozen=True)
class Country:
    """Everything that differs between countries and that code asks for."""

    code: str
    calendar: WorkCalendar
    languages: tuple[str, ...] = ("en",)
    phone_region: str = ""
    transliteration: str = ""
    # Letters in order, by language: what lists are sorted by.
    alphabets: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=dict)
    offices: Mapping[str, OfficeKind] = field(default_factory=dict)
    placements: Placements = field(default_factory=Placements)

    @cached_property
    def collation(self) -> Collation:
        return Collation(self.alphabets.values())

    def roles_like(self, archetypes: Iterable[str]) -> list[str]:
        """Codes of the roles, retired ones too, that have one of these sets of permissions."""
        wanted = set(archetypes)
        return [code for code, role in self.roles.items() if role.archetype in wanted]

    def offices_that(self, *tasks: Task) -> tuple[str, ...]:
        """Codes of the kinds of office that have any of these tasks."""
        return tuple(code for code, kind in self.offices.items() if kind.does & set(tasks))
