"""Where packages above this one add what they know to a case, at start-up (AppConfig.ready).

`facts` feed the procedure, `panels` the case page, `steps` what may be done, `timeline` the
sentences and lanes of events, `summary` the printed case.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from oslonac.access.rules import Reach
from oslonac.cases.models import Case


@dataclass(frozen=True)
class Panel:
    """A block of the case page: a template and what it is given (None: leave it out)."""

    name: str
    template: str
    context: Callable[[Case, Reach], Mapping[str, Any] | None]
    order: int = 50


@dataclass
class Extensions:
    facts: list[Callable[[Case], Mapping[str, Any]]] = field(default_factory=list)
    panels: list[Panel] = field(default_factory=list)
    # Called before a case is closed; raises Refused when something still stands in the way.
    closing_checks: list[Callable[[Case], None]] = field(default_factory=list)
    # Called when a case has been closed or transferred, inside the same transaction.
    on_closed: list[Callable[..., None]] = field(default_factory=list)
    summary: list[Callable[[Case, Reach], Mapping[str, Any]]] = field(default_factory=list)


EXTENSIONS = Extensions()
