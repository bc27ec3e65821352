"""Which rows each tab of the case page reads, all of a tab in one statement.

Belongs here: the querysets, and which tab shows or knows of which. Does not: what is opened of
them (`rows`), the joining of statements (`kit.together`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from oslonac.access import policy
from oslonac.access.models import Block, Grant
from oslonac.audit.models import Event, Outcome
from oslonac.cases.extensions import EXTENSIONS, Panel
from oslonac.cases.models import (
    Activity,
    Assessment,
    Case,
    Concern,
    Consent,
    Contact,
    Decision,
    Emergency,
    Goal,
    OwnRequest,
    Plan,
    Promise,
    Review,
    Transfer,
)
from oslonac.cases.tabs import Tab
from oslonac.kit.together import Together
from oslonac.people.queries import dossier_rows
from oslonac.protocols.models import Obligation
from oslonac.protocols.reminders.queries import rows_of_case
from oslonac.vault.models import SealedField

# What a queryset names in place of the case, the person and the moment of an asking.
CASE = UUID("00000000-0000-7000-8000-0000000ca5e0")
PERSON = UUID("00000000-0000-7000-8000-00000be45040")
AT = datetime(1, 2, 3, 4, 5, 6, tzinfo=UTC)

# Of an organisation a page says the name; its mandate and notes are most of its row.
_UNSAID = ("mandate", "aliases", "notes", "covers", "offers")


def _named(rows: QuerySet[Any], *offices: str) -> QuerySet[Any]:
    """With the organisations that the rows name, and of those no more than the name needs."""
    unsaid = (f"{office}__{column}" for office in offices for column in _UNSAID)
    return rows.select_related(*offices).defer(*unsaid)


PARTS: dict[str, Callable[[], QuerySet[Any]]] = {
    "events": lambda: Event.objects.filter(case_id=CASE, outcome=Outcome.DONE).defer(
        "mac", "xid", "recorded_at", "fields"
    ),
    "duties": lambda: Obligation.objects.filter(case_id=CASE),
    "concerns": lambda: _named(Concern.objects.filter(case_id=CASE), "notified_body"),
    "decisions": lambda: Decision.objects.filter(case_id=CASE),
    "transfers": lambda: _named(
        Transfer.objects.filter(case_id=CASE), "sender", "receiver", "arbiter"
    ),
    "assessments": lambda: Assessment.objects.filter(case_id=CASE),
    "plans": lambda: Plan.objects.filter(case_id=CASE),
    "goals": lambda: Goal.objects.filter(plan__case_id=CASE),
    "activities": lambda: _named(
        Activity.objects.filter(goal__plan__case_id=CASE), "owner_organisation"
    ),
    "promises": lambda: Promise.objects.filter(case_id=CASE),
    "contacts": lambda: Contact.objects.filter(case_id=CASE),
    "reviews": lambda: Review.objects.filter(case_id=CASE),
    "consents": lambda: _named(Consent.objects.filter(case_id=CASE), "receiver"),
    "emergencies": lambda: _named(Emergency.objects.filter(case_id=CASE), "organisation"),
    "own_requests": lambda: OwnRequest.objects.filter(case_id=CASE),
    "blocks": lambda: _named(
        Block.objects.filter(policy.in_force(AT), record_id=CASE), "organisation"
    ).select_related("key", "organisation"),
    "grants": lambda: _named(
        Grant.objects.filter(policy.in_force(AT), record_id=CASE), "organisation"
    ),
}
PARTS |= {f"person.{name}": rows for name, rows in dossier_rows(PERSON).items()}
PARTS |= {f"reminders.{name}": rows for name, rows in rows_of_case(CASE, AT).items()}


@dataclass(frozen=True)
class Needs:
    """What a tab reads: parts whose texts it shows, and parts it only knows the state of."""

    shown: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()

    def __or__(self, other: "Needs") -> "Needs":
        shown = self.shown | other.shown
        return Needs(shown, (self.known | other.known) - shown)


def _needs(shown: str, known: str = "") -> Needs:
    return Needs(frozenset(shown.split()), frozenset(known.split()))


# What every tab says on top: the name, the age, the flags, the next duty and what it is about.
_HEAD = _needs("duties person.names person.statements activities promises", "concerns")
# What decides which steps are offered.
_STEPS = _needs("", "assessments plans transfers decisions")
NEEDS: dict[Tab, Needs] = {
    Tab.NOW: _HEAD
    | _STEPS
    | _needs("events reminders.mutes reminders.heard", "emergencies own_requests"),
    Tab.STORY: _HEAD
    | _needs("events concerns decisions transfers assessments plans goals contacts reviews"),
    Tab.PLAN: _HEAD | _needs("events concerns decisions transfers assessments plans goals reviews"),
    Tab.PEOPLE: _HEAD | _needs("person.relations person.members"),
    Tab.PAPERS: _HEAD | _needs("own_requests"),
    Tab.ACCESS: _HEAD | _STEPS | _needs("consents emergencies blocks grants"),
}
EVERYTHING = Needs(frozenset(PARTS))


@lru_cache(maxsize=256)
def _statement(needs: Needs, panels: tuple[Panel, ...]) -> Together:
    """Compiled once for a tab and the panels that speak on it: the text never changes."""
    found: dict[str, QuerySet[Any]] = {}
    for name in sorted(needs.shown | needs.known):
        rows = PARTS[name]()
        found[name] = rows.defer(*_texts(rows)) if name in needs.known else rows
    for panel in panels:
        if panel.reads is not None:
            for name, rows in panel.reads(CASE, PERSON).items():
                found[f"{panel.name}.{name}"] = rows
    return Together(found)


def _texts(rows: QuerySet[Any]) -> list[str]:
    return [f.name for f in rows.model._meta.concrete_fields if isinstance(f, SealedField)]


def read(
    case: Case, needs: Needs, panels: tuple[Panel, ...], *, at: datetime
) -> dict[str, list[Any]]:
    """Rows by part; those of panels under "panel.part"."""
    return _statement(needs, panels).read({CASE: case.pk, PERSON: case.person_id, AT: at})


def speaking(tab: Tab | None, permissions: Any) -> tuple[Panel, ...]:
    """The panels that speak on a tab (None: the paper, which holds all), in their order."""
    found = (
        panel
        for panel in sorted(EXTENSIONS.panels, key=lambda panel: panel.order)
        if panel.permission is None or panel.permission in permissions
    )
    return tuple(panel for panel in found if tab is None or panel.speaks_on(tab))


def given(rows: Mapping[str, list[Any]], panel: Panel) -> dict[str, list[Any]]:
    """A panel's own rows, under the names it gave them."""
    start = f"{panel.name}."
    return {name[len(start) :]: rows[name] for name in rows if name.startswith(start)}
