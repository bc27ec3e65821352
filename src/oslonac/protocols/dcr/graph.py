"""Activities and the relations between them: the static half of a timed DCR graph.

A DCR graph is (E, M, R, L, l): events E, marking M, relations R, labels L and a labelling
l : E -> L (Hildebrandt, Mukkamala 2010). To keep the papers' *events* (boxes of the graph) apart
from the *events* of a case (things that happened), boxes are called activities here.

Departures, each small:

* A label may carry a guard over the event's data, and several activities may share a label; one
  event of a case executes all of them in one step (see `execution.step`).
* An activity may be replicated for each value of a data key (`each`): each concern, each
  placement, each promise has its own copy of it, spawned when something first names it. This is
  the replication of DCR* (Debois, Hildebrandt, Slaats 2015), restricted to one atomic activity a
  key, so that a marking stays a finite map.
* Nesting is flattened while loading, as in the nested DCR paper: a relation to or from a group
  is one to or from every activity in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import NamedTuple

from oslonac.kit.calendars import Amount
from oslonac.protocols.dcr.expressions import Evaluate, Guard
from oslonac.protocols.dcr.time import Deadline


@dataclass(frozen=True)
class Norm:
    """The ground of a rule. An unverified norm is guidance and never makes anybody late."""

    id: str = ""
    verified: bool = False
    # Local days, both inclusive, as ISO text; empty: no such limit is known.
    in_force_from: str = ""
    in_force_until: str = ""

    def counts_on(self, day: str) -> bool:
        """Whether missing it on a local day (ISO text) is a breach."""
        started = not self.in_force_from or self.in_force_from <= day
        return self.verified and started and (not self.in_force_until or day <= self.in_force_until)


class Asked(Enum):
    """Whose deed counts, where no roles are named."""

    ANYBODY = "anybody"
    ASKED = "asked"


@dataclass(frozen=True)
class Label:
    """What happens in the world when an activity is executed. `every`: in all its copies.

    `by`: whose deed it has to be (`authors`): anybody's, of those the activity is asked of, or of
    these roles. What others did is reported and executes nothing.
    """

    event: str
    guard: Guard | None = None
    every: bool = False
    by: Asked | frozenset[str] = Asked.ANYBODY


@dataclass(frozen=True)
class Responsible:
    """Who must do it: a role, and the person and office where something names them."""

    role: str
    person: Evaluate | None = None
    organisation: Evaluate | None = None


@dataclass(frozen=True)
class Activity:
    """A box of the graph. `observed` ones only mirror what others do: nobody is asked for them.

    `part_of` names the activity whose beginning this one is (see `protocols.compiling`).
    `while_pending`: executed only while one of these is pending: what does not run cannot lapse.
    `key_by_event`: an obligation is told apart by the event that raised it, not by its subject.
    """

    id: str
    who: tuple[Responsible, ...] = ()
    labels: tuple[Label, ...] = ()
    each: str = ""
    included: bool = True
    pending: bool = False
    observed: bool = False
    key_by_event: bool = False
    norm: Norm = field(default_factory=Norm)
    part_of: str = ""
    while_pending: tuple[str, ...] = ()


@dataclass(frozen=True)
class Relation:
    source: str
    target: str
    guard: Guard | None = None


@dataclass(frozen=True)
class Condition(Relation):
    """source ->* target: the target waits until the source was executed, `delay` ago."""

    delay: Amount | None = None


@dataclass(frozen=True)
class Milestone(Relation):
    """source -><> target: the target waits while a response of the source is pending."""


@dataclass(frozen=True)
class Response(Relation):
    """source *-> target: executing the source makes the target pending until a deadline.

    `renews`: a second response replaces the deadline of the first, as in the timed paper;
    otherwise the first deadline stands (a repeated step must not buy time).
    """

    deadline: Deadline = field(default_factory=Deadline)
    norm: Norm | None = None
    renews: bool = True
    every: bool = False


@dataclass(frozen=True)
class Include(Relation):
    """source ->+ target."""


@dataclass(frozen=True)
class Exclude(Relation):
    """source ->% target."""


@dataclass(frozen=True)
class NoResponse(Relation):
    """source cancels what is pending of the target: the no-response relation of later DCR tools.

    An exclusion only silences a pending response until the next inclusion; a closed case must
    not wake up with the duties of its former life.
    """


class Effects(NamedTuple):
    """The relations by which executing one activity changes the marking, in order of effect."""

    cancels: tuple[NoResponse, ...]
    responses: tuple[Response, ...]
    excludes: tuple[Exclude, ...]
    includes: tuple[Include, ...]


@dataclass(frozen=True)
class Graph:
    """A timed DCR graph with its initial marking. Compared and hashed by identity."""

    id: str
    version: str
    activities: Mapping[str, Activity]
    relations: tuple[Relation, ...]
    applies: Guard | None = None

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other

    @cached_property
    def conditions_on(self) -> Mapping[str, list[Condition]]:
        return _by_target(self.relations, Condition)

    @cached_property
    def milestones_on(self) -> Mapping[str, list[Milestone]]:
        return _by_target(self.relations, Milestone)

    @cached_property
    def effects(self) -> Mapping[str, "Effects"]:
        """What executing an activity changes; only activities that change anything."""
        found = {}
        for id_ in self.activities:
            mine = [r for r in self.relations if r.source == id_]
            effects = Effects(
                tuple(r for r in mine if isinstance(r, NoResponse)),
                tuple(r for r in mine if isinstance(r, Response)),
                tuple(r for r in mine if isinstance(r, Exclude)),
                tuple(r for r in mine if isinstance(r, Include)),
            )
            if any(effects):
                found[id_] = effects
        return found

    @cached_property
    def initially_pending(self) -> tuple[Activity, ...]:
        return tuple(a for a in self.activities.values() if a.pending and not a.each)

    @cached_property
    def obliged(self) -> frozenset[str]:
        """Activities that some response can make pending."""
        return frozenset(r.target for r in self.relations if isinstance(r, Response))

    @cached_property
    def guarded(self) -> frozenset[str]:
        """Activities that something can forbid: only for them enabledness is worth asking."""
        found = {r.target for r in self.relations if isinstance(r, Condition | Milestone | Exclude)}
        return frozenset(found | {a.id for a in self.activities.values() if not a.included})

    @cached_property
    def labelled(self) -> Mapping[str, list[tuple[Activity, Label]]]:
        """The inverse of l: activities by the event that executes them."""
        found: dict[str, list[tuple[Activity, Label]]] = {}
        for activity in self.activities.values():
            for label in activity.labels:
                found.setdefault(label.event, []).append((activity, label))
        return found


def _by_target(relations: tuple[Relation, ...], kind: type) -> dict[str, list]:
    found: dict[str, list] = {}
    for relation in relations:
        if isinstance(relation, kind):
            found.setdefault(relation.target, []).append(relation)
    return found
