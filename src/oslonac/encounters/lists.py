"""Rows for lists of encounters, with names where the grant reaches that far, decrypted together."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import (
    Count,
    QuerySet,
)

from oslonac.access import policy
from oslonac.access.actor import Actor
from oslonac.access.rules import Level, Reach, Reason, RecordKind
from oslonac.cases import lists, queries
from oslonac.cases.models import Case, Encounter
from oslonac.cases.rules import EncounterOutcome, Safety
from oslonac.encounters.actions.encounters import OFFICE_ROLES
from oslonac.people.queries import shown_names


@dataclass
class MetRow:
    encounter: Encounter
    reach: Reach
    name: str = ""
    cases: list[Case] = field(default_factory=list)


@dataclass(frozen=True)
class Met:
    """What the reader narrowed the encounters to; empty means everything."""

    safety: str = ""
    place: str = ""
    source: str = ""


def encounters(
    actor: Actor, outcome: str, *, at: datetime, narrowed: Met | None = None
) -> QuerySet[Encounter]:
    """Encounters of a tab. Waiting ones: danger first, and the oldest first, for they wait; the
    others latest first."""
    found = queries.encounters(actor, at=at, outcome=outcome)
    narrowed = narrowed or Met()
    wanted = {
        "safety": narrowed.safety,
        "place": narrowed.place,
        "reported_by": narrowed.source,
    }
    found = found.filter(**{name: value for name, value in wanted.items() if value})
    if outcome != EncounterOutcome.PENDING:
        return found.order_by("-happened_at", "pk")
    return found.order_by(lists.first_of(safety=Safety.AT_RISK), "happened_at", "pk")


def encounter_counts(actor: Actor, *, at: datetime) -> dict[str, int]:
    """How many encounters each tab holds."""
    ids = queries.granted_ids(actor, at=at, kind=RecordKind.ENCOUNTER)
    rows = Encounter.objects.filter(pk__in=ids).order_by().values_list("outcome")
    return dict(rows.annotate(n=Count("pk")))


def met_where(actor: Actor, outcome: str, *, at: datetime) -> list[tuple[str, dict[str, str], str]]:
    """Places and sources that occur in a tab: (code of the place, its names, the source)."""
    found = queries.encounters(actor, at=at, outcome=outcome).order_by()
    rows = found.values_list("place_id", "place__names", "reported_by").distinct()
    return list(rows)


def met(actor: Actor, listed: Iterable[Encounter], *, at: datetime, where: str) -> list[MetRow]:
    """Rows for the encounters of one page, names opened where the grant reaches that far."""
    rows = list(listed)
    reaches = policy.reaches(actor, [row.pk for row in rows], at=at)
    shown = [
        row.person
        for row in rows
        if row.person and reaches.get(row.pk, Reach()).shows(Level.IDENTITY)
    ]
    names = shown_names(shown) if shown else {}
    if names:
        lists.note_read(actor, at, where, shown)
    followed: dict[UUID, list[Case]] = {}
    visible = queries.visible_to(actor, at=at).filter(encounter__in=rows)
    for case in visible.order_by("number"):
        followed.setdefault(case.encounter_id, []).append(case)  # type: ignore[arg-type]
    return [
        MetRow(
            row,
            reaches.get(row.pk, Reach()),
            names.get(row.person_id, "") if row.person_id else "",
            followed.get(row.pk, []),
        )
        for row in rows
    ]


def waiting_count(actor: Actor) -> int:
    """Encounters that wait for a decision in the actor's offices. One index probe an office."""
    offices = [post.organisation_id for post in actor.posts if post.role in OFFICE_ROLES]
    if not offices:
        return 0
    pending = Encounter.objects.filter(outcome=EncounterOutcome.PENDING)
    return pending.filter(responsible__in=offices).count()


def own_encounters(actor: Actor, *, at: datetime) -> QuerySet[Encounter]:
    """Encounters the actor recorded and may still see, the latest first."""
    ids = queries.granted_ids(
        actor, at=at, reasons=(Reason.FIRST_CONTACT,), kind=RecordKind.ENCOUNTER
    )
    return (
        Encounter.objects.filter(pk__in=ids, recorded_by=actor.user_id)
        .select_related("place", "responsible", "organisation", "person")
        .order_by("-happened_at", "pk")
    )
