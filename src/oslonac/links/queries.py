"""Reading questions: those of which the reader sees every file, and nothing of any other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from oslonac.access import policy
from oslonac.access.actor import Actor
from oslonac.access.rules import Level
from oslonac.kit.errors import Hidden
from oslonac.links.models import Part, Signal
from oslonac.links.rules import SignalKind
from oslonac.matching.index import scope
from oslonac.people import queries as people
from oslonac.people.models import Appearance, Person
from oslonac.vault.sealing import open_many

MOST = 2_000  # questions read for one list: nobody reads further


@dataclass(frozen=True)
class Asked:
    """A question with the people it is about, all of whom the reader sees by name."""

    signal: Signal
    people: tuple[UUID, ...]


def visible_to(
    actor: Actor, *, at: datetime, statuses: Sequence[str] = (), about: UUID | None = None
) -> list[Asked]:
    """Questions whose every part the reader sees by name, the latest first. `about`: somebody."""
    rows = Signal.objects.select_related("key").order_by("-found_at", "pk")
    if statuses:
        rows = rows.filter(status__in=statuses)
    if about is not None:
        rows = rows.filter(people__person=about)
    within = scope.of(actor, at=at)
    if within.ids is not None:  # few enough to ask for their questions alone
        rows = rows.filter(pk__in=Part.objects.filter(person__in=within.ids).values("signal"))
    listed = list(rows[:MOST])
    parts = _parts(listed)
    wanted = {pk for ids in parts.values() for pk in ids}
    seen = within.among(wanted) if wanted else set()
    found = [
        Asked(row, tuple(parts[row.pk]))
        for row in listed
        if len(parts[row.pk]) == row.parts and set(parts[row.pk]) <= seen
    ]
    return _whole_files(actor, found, at=at)


def _parts(rows: Sequence[Signal]) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = {row.pk: [] for row in rows}
    pairs = Part.objects.filter(signal__in=list(found)).order_by("person")
    for signal_id, person_id in pairs.values_list("signal_id", "person_id"):
        found[signal_id].append(person_id)
    return found


def _whole_files(actor: Actor, asked: list[Asked], *, at: datetime) -> list[Asked]:
    """That a register lacks a child is told only to whoever sees every record of that child."""
    whole = [each for each in asked if each.signal.kind == SignalKind.REGISTERS]
    if not whole or actor.channel == "system":
        return asked
    persons = {pk for each in whole for pk in each.people}
    rows = list(_appearances(persons))
    seen = policy.reaches(actor, [record for _person, record in rows], at=at)
    partial = {
        person
        for person, record in rows
        if record not in seen or not seen[record].shows(Level.CASE)
    }
    return [each for each in asked if each not in whole or not partial & set(each.people)]


def _appearances(persons: set[UUID]) -> list[tuple[UUID, UUID]]:
    """All of their records, also those the reader does not see: that there are such is enough."""
    with scope.past_sight():
        rows = Appearance.objects.filter(person__in=persons, is_subject=True)
        return list(rows.values_list("person_id", "record_id"))


def signal(actor: Actor, signal_id: Any, *, at: datetime) -> Asked:
    """One question of which the reader sees every part. Raises Hidden."""
    try:
        key = signal_id if isinstance(signal_id, UUID) else UUID(str(signal_id))
    except ValueError:
        raise Hidden("signal", signal_id) from None
    row = Signal.objects.select_related("key").filter(pk=key).first()
    if row is None:
        raise Hidden("signal", key)
    parts = _parts([row])[row.pk]
    reached = [people.reach(actor, pk, at=at).shows(Level.IDENTITY) for pk in parts]
    if len(parts) != row.parts or not all(reached):
        raise Hidden("signal", key)
    found = _whole_files(actor, [Asked(row, tuple(parts))], at=at)
    if not found:
        raise Hidden("signal", key)
    return found[0]


def why_of(asked: Asked) -> str:
    """Why it was answered so. The caller records the read."""
    return open_many([asked.signal], "why")[asked.signal.pk]["why"]


def people_of(asked: Sequence[Asked]) -> dict[UUID, Person]:
    """Everybody these questions are about."""
    ids = {pk for each in asked for pk in each.people}
    return Person.objects.select_related("key").in_bulk(list(ids))
