"""Extension points: packages above this one add panels, facts and checks to a case at start-up.

`facts` and `event_data` feed the procedures, `panels` the case page, `steps` what may be done,
`timeline` the sentences and lanes of events, `summary` the printed case.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from oslonac.access.roles import Permission
from oslonac.access.rules import Reach
from oslonac.cases import tabs
from oslonac.cases.models import Case
from oslonac.cases.tabs import Tab
from oslonac.kit.once import Once


def _no_rows() -> Mapping[str, list[Any]]:
    return {}


def _no_names() -> Mapping[UUID, str]:
    return {}


@dataclass(frozen=True)
class Given:
    """What the page read for a panel: the rows it asked for (`Panel.reads`), and the names of all
    staff on the page. Empty where nobody read ahead."""

    rows: Mapping[str, list[Any]] = field(default_factory=_no_rows)
    names: Mapping[UUID, str] = field(default_factory=_no_names)


@dataclass(frozen=True)
class Panel:
    """A block of the case page: its name (the id of the block), its template, what that is given
    (None: leave it out), and on which tab it stands.

    The rest speaks of the same context elsewhere on the page: facts of the first view, lanes of
    the drawn timeline, counts of the continuity panel, a section of the printed summary, and texts
    by record id for the list of what happened.
    """

    name: str
    template: str
    context: Callable[[Case, Reach, Given], Mapping[str, Any] | None]
    tab: Tab
    order: int = 50
    # Querysets for the stand-ins of a case and a person (`page.reading`): the page reads them
    # with its own rows in one statement, and the staff they name with its own names.
    reads: Callable[[UUID, UUID], Mapping[str, QuerySet[Any]]] | None = None
    strip: Callable[[Mapping[str, Any]], Sequence[Any]] | None = None
    lanes: Callable[[Mapping[str, Any]], Sequence[Any]] | None = None
    counts: Callable[[Mapping[str, Any]], Sequence[Any]] | None = None
    paper: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = None
    texts: Callable[[Mapping[str, Any]], Mapping[UUID, str]] | None = None
    # Left out for whoever does not hold it: a panel whose links lead them nowhere.
    permission: Permission | None = None

    def __post_init__(self) -> None:
        tabs.register(self.tab, [self.name])

    def speaks_on(self, tab: Tab) -> bool:
        """Whether a tab needs what the panel is given: its own, and those that quote it."""
        return (
            tab == self.tab
            or (tab == Tab.NOW and self.strip is not None)
            or (tab == Tab.STORY and bool(self.lanes or self.counts or self.texts))
        )


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
    # Sections of the case page and its paper, by their anchor; lines of the first view.
    sections: dict[str, Callable[[Any], Any]] = field(default_factory=dict)
    brief: list[Callable[[Any], Sequence[Any]]] = field(default_factory=Once)

    def section(self, name: str, file: Any) -> Any:
        """A `page.shapes.Section` for a `page.rows.CaseFile`, or None."""
        return self.sections[name](file)


EXTENSIONS = Extensions()
