"""Rows for list pages: cases with names, next obligation and manager, decrypted together.

Belongs here: queries behind lists and counts. Does not: one case in full (`queries`), wording.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Case as Choice
from django.db.models import (
    Count,
    Exists,
    F,
    OuterRef,
    QuerySet,
    Value,
    When,
    prefetch_related_objects,
)

from oslonac.access import policy
from oslonac.access.actor import Actor
from oslonac.access.rules import Level, Reach, Reason
from oslonac.accounts.queries import names_of
from oslonac.audit.actions import record
from oslonac.audit.models import Outcome
from oslonac.cases import queries
from oslonac.cases.models import Case
from oslonac.cases.rules import CaseStatus, Priority
from oslonac.country import alphabetical
from oslonac.kit.clock import local_day
from oslonac.people.models import Person
from oslonac.people.queries import NAMELESS, shown_names
from oslonac.people.rules import AgeInterval, age_interval
from oslonac.protocols.models import Obligation, State

PAGE = 50
DEEPEST_PAGE = 200  # nobody reads further; an offset there would cost more than it tells
LISTS: dict[str, tuple[Reason, ...]] = {
    "mine": queries.MINE,
    "team": queries.TEAMS,
    "shared": tuple(r for r in Reason if r not in queries.MINE + queries.TEAMS),
}
ORDERS: dict[str, tuple[str, ...]] = {
    "due": ("next_due_at", "number"),
    "number": ("-number",),
    "opened": ("-opened_at", "number"),
}


@dataclass(frozen=True)
class Filters:
    """What the reader narrowed a list to; empty means everything."""

    priority: str = ""
    status: str = CaseStatus.OPEN
    late: bool = False
    manager: str = ""
    order: str = "due"


@dataclass
class Row:
    """A case as a list shows it. `name` is NAMELESS where the grant does not reach that far."""

    case: Case
    reach: Reach
    name: str = NAMELESS
    age: AgeInterval | None = None
    next: Obligation | None = None
    manager: str = ""


def cases(actor: Actor, which: str, filters: Filters, *, at: datetime) -> QuerySet[Case]:
    """The cases of a list, driven from the grants (D14)."""
    found = Case.objects.filter(pk__in=queries.granted_ids(actor, at=at, reasons=LISTS[which]))
    if which == "shared":
        own = queries.granted_ids(actor, at=at, reasons=queries.MINE + queries.TEAMS)
        found = found.exclude(pk__in=own)
    return _narrowed(found, filters, at)


def closed(actor: Actor, filters: Filters, *, at: datetime) -> QuerySet[Case]:
    """Closed cases of every list, the last closed first unless another order was chosen."""
    found = queries.visible_to(actor, at=at)
    narrowed = _narrowed(found.filter(status=CaseStatus.CLOSED), filters, at)
    return narrowed.order_by("-closed_at", "number") if filters.order == "due" else narrowed


def _narrowed(found: QuerySet[Case], filters: Filters, at: datetime) -> QuerySet[Case]:
    if filters.status:
        found = found.filter(status=filters.status)
    if filters.priority:
        found = found.filter(priority=filters.priority)
    if filters.late:
        # What the law asks for: guidance past its date is no breach.
        breach = Obligation.objects.filter(
            case_id=OuterRef("pk"), state=State.OPEN, verified=True, due_at__lt=at
        )
        found = found.filter(Exists(breach))
    if filters.manager == "none":
        found = found.filter(manager__isnull=True)
    elif filters.manager:
        found = found.filter(manager=UUID(filters.manager))
    order: list[Any] = [
        F(name).asc(nulls_last=True) if name == "next_due_at" else name
        for name in ORDERS[filters.order]
    ]
    if filters.order == "due":
        order.insert(0, first_of(priority=Priority.IMMEDIATE))
    return found.order_by(*order)


def first_of(**first: Any) -> Choice:
    """For an order: rows that match before all others."""
    return Choice(When(**first, then=Value(0)), default=Value(1))


def page_of(found: QuerySet, number: str | int | None, size: int = PAGE) -> Page:
    """One page of a list; a number that makes no sense is the first page."""
    page = Paginator(found, size).get_page(number)
    return page if page.number <= DEEPEST_PAGE else page.paginator.page(DEEPEST_PAGE)


def opened(
    actor: Actor, listed: Iterable[Case], *, at: datetime, where: str, named_only: bool = False
) -> list[Row]:
    """Rows for the cases of one page: as many queries whatever their number, one read event.
    `named_only`: without the next duty and the case manager."""
    rows = list(listed)
    # Not joined: a join would fetch the persons of the whole team before the page is cut.
    prefetch_related_objects(rows, "person", "organisation")
    ids = [row.pk for row in rows]
    reaches = policy.reaches(actor, ids, at=at)
    shown = [row for row in rows if reaches.get(row.pk, Reach()).shows(Level.IDENTITY)]
    names = shown_names([row.person for row in shown]) if shown else {}
    soonest = {} if named_only else next_obligations(ids, at=at)
    managers = {} if named_only else names_of(row.manager_id for row in rows)
    if names:
        note_read(actor, at, where, [row.person for row in shown])
    return [
        Row(
            case=row,
            reach=reaches.get(row.pk, Reach()),
            name=names.get(row.person_id) or NAMELESS,
            age=age_of(row.person, at) if _case_level(reaches, row.pk) else None,
            next=soonest.get(row.pk),
            manager=managers.get(row.manager_id, "") if row.manager_id else "",
        )
        for row in rows
    ]


def _case_level(reaches: dict[UUID, Reach], pk: UUID) -> bool:
    return reaches.get(pk, Reach()).shows(Level.CASE)


def age_of(person: Person, at: datetime) -> AgeInterval | None:
    """How old a person may be today."""
    return age_interval(person.born_from, person.born_to, local_day(at))


def note_read(actor: Actor, at: datetime, where: str, persons: Sequence[Person]) -> None:
    """One event for the names a page showed; the ids say whose."""
    record(
        "sealed.read",
        actor=actor,
        at=at,
        kind=where,
        fields=["shown_name"],
        data={"persons": sorted(str(person.pk) for person in persons)},
        outcome=Outcome.READ,
    )


def next_obligations(case_ids: Sequence[UUID], *, at: datetime) -> dict[UUID, Obligation]:
    """The open obligation of each case that presses most: late by law, then the soonest."""
    found = (
        Obligation.objects.filter(case_id__in=case_ids, state=State.OPEN, due_at__isnull=False)
        .order_by("case_id", first_of(verified=True, due_at__lt=at), "due_at", "key")
        .distinct("case_id")
    )
    return {row.case_id: row for row in found}


def team_managers(actor: Actor, *, at: datetime) -> list[tuple[UUID | None, str, int]]:
    """Open cases per case manager of the actor's teams, most first; None is "nobody yet"."""
    ids = queries.granted_ids(actor, at=at, reasons=(Reason.SUPERVISION,))
    counts = (
        Case.objects.filter(pk__in=ids, status=CaseStatus.OPEN)
        .values("manager")
        .annotate(n=Count("pk"))
    )
    found = {row["manager"]: row["n"] for row in counts}
    names = names_of(found)
    lines = [(pk, names.get(pk, "") if pk else "", n) for pk, n in found.items()]
    return sorted(lines, key=lambda line: (-line[2], alphabetical(line[1])))
