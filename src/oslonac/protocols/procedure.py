"""The protocols of a pack as a `Procedure`: what a case's projection of obligations is fed with.

Each protocol is a graph of its own and runs on the same events; together they are the parallel
composition of the graphs. No two claim the same activity (`checking`), so their duties cannot
collide. Pure, apart from reading the files once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from oslonac.access.roles import Role, archetype_of
from oslonac.kit.calendars import WorkCalendar
from oslonac.protocols.dcr.execution import replay_all
from oslonac.protocols.dcr.graph import Graph, Response
from oslonac.protocols.dcr.state import Obligation, Standing, obligations
from oslonac.protocols.pack import load_folder
from oslonac.protocols.protocol import Protocol, Source, Step
from oslonac.protocols.rules import CaseEvent, Duty, Facts

LONGEST_KEY = 80
# Roles, by what they may do, that every competent office has.
AT_THE_CENTRE = frozenset(
    {
        Role.ADMISSION,
        Role.CASE_MANAGER,
        Role.FIELD_WORKER,
        Role.HEAD,
        Role.LAWYER,
        Role.SUPERVISOR,
    }
)


class NoProtocols(ValueError):
    """A folder holds no protocol that can run."""


@dataclass(frozen=True)
class PackProcedure:
    """Fills `protocols.rules.Procedure`: events, facts, calendar to duties."""

    protocols: tuple[Protocol, ...]

    def __call__(
        self, events: Sequence[CaseEvent], facts: Facts, calendar: WorkCalendar
    ) -> list[Duty]:
        """Everything that must be, or was to be, done. What depends on a fact nobody knows yet
        is left out: nobody can be held to it."""
        duties: list[Duty] = []
        graphs = [protocol.graph for protocol in self.protocols]
        for run in replay_all(graphs, events, facts, calendar, watch=False):
            found = obligations(run, recurring(run.graph))
            duties += [duty(o, facts) for o in found if o.certain]
        return duties

    def step(self, activity: str) -> Step:
        """What people read of an activity: title, guidance, form. Raises KeyError."""
        return self.owner(activity).steps[activity]

    def owner(self, activity: str) -> Protocol:
        """The one protocol that an activity belongs to. Raises KeyError."""
        for protocol in self.protocols:
            if activity in protocol.steps:
                return protocol
        raise KeyError(activity)

    def source(self, activity: str, source: str) -> Source | None:
        """The ground of a duty, as people cite it: ids of sources are the protocol's own."""
        return self.owner(activity).sources.get(source)

    def only(self, *protocols: str) -> "PackProcedure":
        """The same with some protocols only, by id."""
        return PackProcedure(tuple(p for p in self.protocols if p.id in protocols))


@lru_cache(maxsize=4)
def load_procedure(folder: Path) -> PackProcedure:
    """The procedure of a pack's folder, read once a process. Raises NoProtocols."""
    found = load_folder(folder)
    if not found:
        raise NoProtocols(f"There is no protocol that can run in {folder}.")
    return PackProcedure(tuple(sorted(found, key=lambda p: p.id)))


def duty(obligation: Obligation, facts: Facts) -> Duty:
    """An obligation as the rest of the product knows it. Without another office named, roles of
    a centre answer at the one responsible for the case; of a police officer or a doctor nothing
    says where they are, so that their duties belong to no office of ours."""
    office = obligation.organisation
    person = obligation.person
    if office is None and (person is not None or archetype_of(obligation.role) in AT_THE_CENTRE):
        office = facts.get("organisation_id")
    return Duty(
        key=_kept(obligation.key),
        activity=obligation.activity,
        role=obligation.role,
        since=obligation.since,
        due_at=None if obligation.standing is Standing.SUSPENDED else obligation.due,
        source=obligation.norm.id,
        verified=obligation.binding,
        why=obligation.why,
        user_id=_uuid(person),
        organisation_id=_uuid(office),
        subject_id=_uuid(obligation.subject),
        done_at=obligation.done_at,
        void=obligation.standing is Standing.VOID,
        suspended=obligation.standing is Standing.SUSPENDED,
        centre_id=_uuid(facts.get("organisation_id")),
    )


@lru_cache(maxsize=256)
def recurring(graph: Graph) -> frozenset[str]:
    """Activities that come round again and again: contact after contact, visit after visit."""
    return frozenset(
        r.target
        for r in graph.relations
        if isinstance(r, Response)
        and (r.every or (r.source == r.target and not graph.activities[r.target].each))
    )


def _kept(key: str) -> str:
    """A key as long as a row keeps it; a longer one keeps its beginning and a digest."""
    if len(key) <= LONGEST_KEY:
        return key
    return f"{key[: LONGEST_KEY - 21]}~{sha256(key.encode()).hexdigest()[:20]}"


def _uuid(value: Any) -> UUID | None:
    if value is None or isinstance(value, UUID):
        return value
    try:
        return UUID(str(value))
    except ValueError:
        return None
