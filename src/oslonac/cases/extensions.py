"""Extension points: packages above this one add panels, facts and checks to a case at start-up.

`facts` and `event_data` feed the procedures, `panels` the case page, `steps` what may be done,
`timeline` the sentences and lanes of events, `summary` the printed case.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from oslonac.access.roles import Permission
from oslonac.access.rules import Reach
from oslonac.cases.models import Case
from oslonac.kit.once import Once


@dataclass(frozen=True)
class Panel:
    """A block of the case page: a template and what it is given (None: leave it out).

    The rest speaks of the same context elsewhere on the page: facts of the identity strip, lanes
    of the drawn timeline, counts of the continuity panel, a section of the printed summary, and
    texts by record id for the list of what happened.
    """

    name: str
    template: str
    context: Callable[[Case, Reach], Mapping[str, Any] | None]
    order: int = 50
    strip: Callable[[Mapping[str, Any]], Sequence[Any]] | None = None
    lanes: Callable[[Mapping[str, Any]], Sequence[Any]] | None = None
    counts: Callable[[Mapping[str, Any]], Sequence[Any]] | None = None
    paper: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = None
    texts: Callable[[Mapping[str, Any]], Mapping[UUID, str]] | None = None
    # Left out for whoever does not hold it: a panel whose links lead them nowhere.
    permission: Permission | None = None


@dataclass
class Extensions:
    # Asked of many cases at once, so that re-evaluating a country costs few queries: facts by the
    # case's id, and what a procedure is told of a record beside its event's data, by the
    # record's id.
    facts: list[Callable[[Sequence[Case]], Mapping[UUID, Mapping[str, Any]]]] = field(
        default_factory=Once
    )
    event_data: list[Callable[[Sequence[UUID]], Mapping[UUID, Mapping[str, Any]]]] = field(
        default_factory=Once
    )
    panels: list[Panel] = field(default_factory=Once)
    # Called before a case is closed; raises Refused when something still stands in the way.
    closing_checks: list[Callable[[Case], None]] = field(default_factory=Once)
    # Called when a case has been closed or transferred, inside the same transaction.
    on_closed: list[Callable[..., None]] = field(default_factory=Once)
    summary: list[Callable[[Case, Reach], Mapping[str, Any]]] = field(default_factory=Once)


EXTENSIONS = Extensions()
