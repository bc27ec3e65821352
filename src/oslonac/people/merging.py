"""Joined records: which belong to one person, and how a reader sees them.

Nothing is moved when two records are joined: each part keeps its names, statements, cases, grants
and its own key. A reader is shown the parts that their grants show, as one person; the first of
them, with the survivor before all others, is the one whose id is told. Whoever sees one part alone
does not learn that there is another.

Belongs here: reading who belongs together, and where a write to a joined id lands. Does not:
deciding it (`oslonac.duplicates`).
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from oslonac.access import reader
from oslonac.access.actor import Actor
from oslonac.access.rules import Level, Reach
from oslonac.people import queries
from oslonac.people.models import Appearance, Merge, Person
from oslonac.vault.erasers import Erased
from oslonac.vault.row_policy import Bypass

Group = tuple[UUID, ...]


@reader.bypass(Bypass.JOINED)
def groups(person_ids: Iterable[UUID]) -> dict[UUID, Group]:
    """For each id, all ids of the same person, the survivor first, then in the order of joining.

    Somebody who was never joined stands alone. One query where nobody was.
    """
    asked = set(person_ids)
    into: dict[UUID, UUID] = {}
    order: dict[UUID, UUID] = {}
    frontier = set(asked)
    while frontier:
        found = Merge.objects.filter(
            Q(survivor__in=frontier) | Q(merged__in=frontier), undone_at__isnull=True
        ).exclude(merged__in=into)
        rows = list(found.values_list("pk", "survivor_id", "merged_id"))
        into |= {merged: survivor for _pk, survivor, merged in rows}
        order |= {merged: pk for pk, _survivor, merged in rows}
        frontier = {each for _pk, *pair in rows for each in pair}
    return {pk: _ordered(pk, into, order) for pk in asked}


def _ordered(pk: UUID, into: dict[UUID, UUID], order: dict[UUID, UUID]) -> Group:
    def root(each: UUID) -> UUID:
        while each in into:
            each = into[each]
        return each

    first = root(pk)
    rest = sorted((each for each in into if root(each) == first), key=order.__getitem__)
    return (first, *rest)


def group(person_id: UUID) -> Group:
    """All ids of one person, the survivor first."""
    return groups([person_id])[person_id]


def shown_as(
    person_ids: Collection[UUID], among: Callable[[Iterable[UUID]], Collection[UUID]]
) -> dict[UUID, Group]:
    """For each id, the parts of the same person that a reader sees, the one to show first.

    `among`: those of some ids that the reader sees; the ids asked for are all seen.
    """
    found = groups(person_ids)
    beside = {each for parts in found.values() for each in parts} - set(person_ids)
    seen = set(person_ids) | (set(among(beside)) if beside else set())
    return {pk: tuple(each for each in parts if each in seen) for pk, parts in found.items()}


@dataclass(frozen=True)
class Whole:
    """One person as a reader sees them: the parts open to them, the one told first."""

    parts: tuple[tuple[Person, Reach], ...]

    @property
    def first(self) -> Person:
        return self.parts[0][0]

    @property
    def ids(self) -> Group:
        return tuple(person.pk for person, _reach in self.parts)


def whole(actor: Actor, person: Person, *, at: datetime, level: Level = Level.CASE) -> Whole:
    """The person with every part that the actor reaches at `level`; alone where none else is."""
    ids = group(person.pk)
    if len(ids) == 1:
        return Whole(((person, queries.reach(actor, person.pk, at=at)),))
    others = {each.pk: each for each in Person.objects.filter(pk__in=set(ids) - {person.pk})}
    parts = []
    for pk in ids:
        part = person if pk == person.pk else others.get(pk)
        reach = queries.reach(actor, pk, at=at)
        if part is not None and (pk == person.pk or reach.shows(level)):
            parts.append((part, reach))
    return Whole(tuple(parts))


def landing(actor: Actor, person: Person, *, at: datetime, record_id: UUID | None = None) -> Person:
    """The record that a write to this id lands on: the survivor, as far as the actor sees it.

    What is written in a record in which the addressed part appears (`record_id`, a case) stays
    there: those who work on that case must go on seeing it. Whoever does not see the survivor
    writes where they see.
    """
    ids = group(person.pk)
    if len(ids) == 1:
        return person
    if record_id and Appearance.objects.filter(person=person, record_id=record_id).exists():
        return person
    return whole(actor, person, at=at).first


def joined_elsewhere(person_ids: Iterable[UUID]) -> set[UUID]:
    """Those who were joined to another record, whoever sees it."""
    return {pk for pk, ids in groups(person_ids).items() if ids[0] != pk}


@reader.bypass(Bypass.JOINED)
def forget(erased: Erased) -> None:
    """Somebody was erased: no row may point from them to the living. Those who were joined to
    them stay joined to each other. Safe to repeat."""
    for gone in Person.objects.filter(key_id__in=erased.key_ids).values_list("pk", flat=True):
        live = Merge.objects.filter(undone_at__isnull=True)
        above = live.filter(merged=gone).values_list("survivor_id", flat=True).first()
        below = list(live.filter(survivor=gone).order_by("pk"))
        if above is None and below:
            above = below.pop(0).merged_id
        live.filter(pk__in=[row.pk for row in below]).update(survivor_id=above)
        Merge.objects.filter(Q(survivor=gone) | Q(merged=gone)).delete()
