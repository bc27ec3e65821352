"""People as records to compare: with family, travel group, and where and when they were met.

Belongs here: reading what `matching.persons` compares, as far as the reader's sight goes. Does not:
comparing, and saying that names were read (whoever shows them).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from oslonac.access import policy
from oslonac.access.actor import Actor
from oslonac.access.rules import Level, RecordKind
from oslonac.cases.models import Encounter
from oslonac.matching.index import answering
from oslonac.matching.persons import Record, Seen
from oslonac.people.models import Appearance, GroupMember, Person, Relation
from oslonac.people.rules import RelationKind, Verification

_PARENTS = {RelationKind.FATHER: "father", RelationKind.MOTHER: "mother"}


@dataclass(frozen=True)
class Met:
    """An encounter somebody appears in."""

    encounter_id: UUID
    town: str
    place_id: str | None
    at: datetime


def records_of(
    person_ids: Iterable[UUID], reader: tuple[Actor, datetime] | None = None
) -> dict[UUID, Record]:
    """Each person with everything that is compared. A constant number of queries.

    `reader`: for whom it is shown; then only encounters that are open to them count.
    """
    ids = sorted(set(person_ids))
    people = list(Person.objects.filter(pk__in=ids))
    found = answering.whole_records(people)
    for pk, parents in _parents(ids).items():
        known = found[pk]
        father = parents.get("father", known.father)
        found[pk] = replace(known, father=father, mother=parents.get("mother", known.mother))
    for pk, meetings in met(ids, reader).items():
        if pk in found:
            seen = tuple(Seen(each.town, each.at) for each in meetings if each.town)
            found[pk] = replace(found[pk], seen=seen)
    return found


def compared(one: UUID, other: UUID, found: dict[UUID, Record]) -> tuple[Record, Record]:
    """Two records as they are compared: a travel group speaks only where they share it, for
    whoever came with one group may have come back with another."""
    left, right = found[one], found[other]
    shared = _groups(one) & _groups(other)
    if shared:
        group = str(min(shared))
        return replace(left, group=group), replace(right, group=group)
    return left, right


def _groups(person_id: UUID) -> set[UUID]:
    return set(GroupMember.objects.filter(person=person_id).values_list("group_id", flat=True))


def _parents(ids: Sequence[UUID]) -> dict[UUID, dict[str, str]]:
    """The names of fathers and mothers by child."""
    rows = list(
        Relation.objects.filter(from_person__in=ids, kind__in=_PARENTS)
        .exclude(status=Verification.REFUTED)
        .values_list("from_person_id", "kind", "to_person_id")
    )
    names = answering.records_of([to for _child, _kind, to in rows])
    found: dict[UUID, dict[str, str]] = defaultdict(dict)
    for child, kind, to in rows:
        if to in names and names[to].names:
            found[child][_PARENTS[RelationKind(kind)]] = names[to].names[0]
    return found


def met(ids: Iterable[UUID], reader: tuple[Actor, datetime] | None = None) -> dict[UUID, list[Met]]:
    """Encounters by person, the latest first; those the reader may open, where there is one."""
    rows = Appearance.objects.filter(person__in=list(ids), record_kind=RecordKind.ENCOUNTER)
    pairs = list(rows.values_list("person_id", "record_id"))
    if reader is not None:
        actor, at = reader
        open_ = policy.reaches(actor, [record for _person, record in pairs], at=at)
        seen = {pk for pk, reach in open_.items() if reach.shows(Level.CASE)}
        pairs = [pair for pair in pairs if pair[1] in seen]
    encounters = Encounter.objects.in_bulk([record for _person, record in pairs])
    found: dict[UUID, list[Met]] = defaultdict(list)
    for person_id, record_id in pairs:
        each = encounters.get(record_id)
        if each is not None:
            town = str(each.place_id or "")
            found[person_id].append(Met(each.pk, town, each.place_id, each.happened_at))
    for meetings in found.values():
        meetings.sort(key=lambda each: each.at, reverse=True)
    return found


def never_one(one: UUID, other: UUID) -> bool:
    """Whether two records stand beside each other as two people: relatives of each other, or met
    together in one encounter."""
    related = Relation.objects.filter(from_person__in=(one, other), to_person__in=(one, other))
    if related.exclude(status=Verification.REFUTED).exists():
        return True
    together = Appearance.objects.filter(person=one, record_kind=RecordKind.ENCOUNTER)
    there = Appearance.objects.filter(person=other, record_id__in=together.values("record_id"))
    return there.exists()
