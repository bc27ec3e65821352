"""The state of a case in its procedures: possible steps, steps not possible yet, what is missing.

Obligations are rows (`protocols.queries`); possibilities and blocks are worked out when somebody
asks. Belongs here: running a case's procedures for one question. Does not: words (`cases.page`),
what was done in response (`cases.actions.procedures`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from oslonac.audit.models import Event
from oslonac.cases import queries
from oslonac.cases.models import Case
from oslonac.country import country
from oslonac.protocols import editions
from oslonac.protocols.dcr.enabling import Missing, Obstacle
from oslonac.protocols.dcr.execution import Run, replay_all
from oslonac.protocols.dcr.state import Block, Possibility, moves
from oslonac.protocols.pack import product_vocabulary
from oslonac.protocols.protocol import STARTED, Protocol, Step


@dataclass(frozen=True)
class Standing:
    """A possibility or a block, with the activity it is about."""

    protocol: Protocol
    step: Step
    subject: str
    missing: tuple[Missing, ...] = ()
    pending: bool = False


@dataclass
class Situation:
    """All procedures of a case, run on everything that happened until `at`."""

    runs: list[Run]
    protocols: dict[str, Protocol]
    at: datetime

    @cached_property
    def _moves(self) -> list[tuple[Run, Protocol, Possibility | Block]]:
        found: list[tuple[Run, Protocol, Possibility | Block]] = []
        for run in self.runs:
            possible, blocked = moves(run, self.at)
            protocol = self.protocols[run.graph.id]
            found += [(run, protocol, move) for move in possible]
            found += [(run, protocol, move) for move in blocked]
        return found

    def possible(self) -> list[Standing]:
        """What may be done now and was not done yet. Of a procedure in which nothing was done and
        nothing is due, only its beginnings: what makes other things due."""
        found: list[Standing] = []
        for run, protocol, move in self._moves:
            copy = (move.activity, move.subject)
            if isinstance(move, Block) or move.activity.endswith(STARTED):
                continue
            effects = run.graph.effects.get(move.activity)
            begins = bool(effects and effects.responses)
            if copy in run.marking.executed or not (_begun(run) or begins):
                continue
            found += self._named(run, protocol, move)
        return found

    def _named(self, run: Run, protocol: Protocol, move: Possibility) -> Iterator[Standing]:
        """A possibility that names no subject, for each subject it is possible for; as it stands
        when nothing names any yet (a further promise)."""
        named = [] if move.subject else list(_subjects(run, move.activity))
        if not named:
            yield self._standing(run, protocol, move)
        for subject in named:
            copy = (move.activity, subject)
            if copy not in run.marking.executed and not run.missing(copy, self.at):
                yield self._standing(run, protocol, Possibility(*copy))

    def blocked(self) -> list[Standing]:
        """What may not be done yet, in procedures that have begun or that say so by a name. Left
        out: what is no part of the procedure now, and what was done already."""
        found = []
        for run, protocol, move in self._moves:
            if not isinstance(move, Block) or move.activity.endswith(STARTED) or not _begun(run):
                continue
            hidden = any(each.obstacle is Obstacle.EXCLUDED for each in move.missing)
            if not hidden and (move.activity, move.subject) not in run.marking.executed:
                found.append(self._standing(run, protocol, move))
        return found

    def missing(self, activity: str, subject: str) -> list[Missing]:
        """What keeps an activity from being done now; nothing when it may be done."""
        for run in self.runs:
            if activity in run.graph.activities:
                return run.missing((activity, subject), self.at)
        return []

    def subjects(self, activity: str) -> Iterator[str]:
        """What an activity can be about: the placements, the concerns of the case."""
        for run in self.runs:
            if activity in run.graph.activities:
                yield from _subjects(run, activity)

    def _standing(self, run: Run, protocol: Protocol, move: Possibility | Block) -> Standing:
        return Standing(
            protocol,
            protocol.step_of(move.activity),
            move.subject,
            move.missing if isinstance(move, Block) else (),
            (move.activity, move.subject) in run.marking.pending,
        )


def situation(
    case: Case,
    at: datetime,
    *,
    events: Sequence[Event] | None = None,
    procedures_id: UUID | None = None,
) -> Situation:
    """The procedures of a case, run until `at`: on its ledger events where the caller has read
    them, under other versions where `procedures_id` names a set."""
    procedure = editions.procedure_of(procedures_id or case.procedures_id)
    graphs = [protocol.graph for protocol in procedure.protocols]
    if events is None:
        told = queries.told_of(case)
    else:
        told = queries.case_events(events, queries.more_of([case.pk]))
    runs = replay_all(graphs, told, queries.facts_of(case), country().calendar, at, watch=False)
    return Situation(runs, {p.id: p for p in procedure.protocols}, at)


def _begun(run: Run) -> bool:
    """Whether a procedure ever asked for anything: what it only watches does not count."""
    return bool(run.raised)


def _subjects(run: Run, activity: str) -> Iterator[str]:
    """Every value of the key of an activity that the run has met, whichever activity named it."""
    each = run.graph.activities[activity].each
    if not each:
        return
    same = (id_ for id_, other in run.graph.activities.items() if other.each == each)
    copies = (subject for id_ in same for _, subject in run.marking.spawned(id_))
    yield from dict.fromkeys(copies)


def has_own_form(step: Step) -> bool:
    """Whether the product brings a form for it; everything else is recorded as done, with the
    evidence, by `cases.actions.record_step`."""
    return step.form in product_vocabulary().forms
