"""Entries of the index, kept with every change of a person, in the same transaction.

Belongs here: from a person's opened names and statements to its entries. Does not: going over
the whole register (`building`).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from oslonac.matching.index import generations, recipe
from oslonac.matching.index.models import Distinct, Entry
from oslonac.people.models import Person, PersonName, Statement
from oslonac.people.rules import Attribute
from oslonac.vault.erasers import Erased
from oslonac.vault.sealing import ERASED, open_many

_COLUMNS = ("revision", "sex", "year_from", "year_to", "keys", "fine")


def index_person(person: Person) -> None:
    """Write a person's entries anew; called by `people.changes` while the row is locked."""
    for generation in generations.written(person):
        write([person], generation)


def erase(erased: Erased) -> None:
    """An erased person can be found by nothing any more. Safe to repeat."""
    gone = Person.objects.filter(key_id__in=erased.key_ids)
    Entry.objects.filter(person__in=gone).delete()
    Distinct.objects.filter(Q(one__in=gone) | Q(other__in=gone)).delete()


def write(persons: Sequence[Person], generation: generations.Live) -> None:
    """Entries of these persons in one generation, replaced where there are some."""
    rows = [_entry(person, facts, generation) for person, facts in opened(persons)]
    Entry.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["person", "generation"],
        update_fields=list(_COLUMNS),
    )


def opened(persons: Sequence[Person]) -> Iterable[tuple[Person, recipe.Facts]]:
    """Each person with what they are found by, in clear. Four queries, whatever their number."""
    ids = [person.pk for person in persons]
    names = list(PersonName.objects.filter(person__in=ids).select_related("key"))
    said = list(
        Statement.objects.filter(
            person__in=ids, attribute__in=(Attribute.PHONE, Attribute.DOCUMENT, Attribute.BIRTH)
        ).select_related("key")
    )
    full = _texts(names, "full")
    contacts = [row for row in said if row.attribute != Attribute.BIRTH]
    detail = _texts(contacts, "detail")
    # Sorted out once: looking through all of them for each person would take its square.
    names_of, contacts_of, said_of = _by_person(names), _by_person(contacts), _by_person(said)
    for person in persons:
        own = contacts_of[person.pk]
        births = _births(person, said_of[person.pk])
        yield (
            person,
            recipe.Facts(
                names=tuple(full[n.pk] for n in names_of[person.pk] if full[n.pk]),
                years=tuple(sorted({y for pair in births for y in recipe.years_of(*pair)})),
                births=tuple(births),
                phones=_details(own, detail, Attribute.PHONE),
                documents=_details(own, detail, Attribute.DOCUMENT),
                region=settings.OSLONAC_PHONE_REGION,
            ),
        )


def _by_person(rows: Iterable[Any]) -> defaultdict[UUID, list[Any]]:
    found: defaultdict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(row)
    return found


def _texts(rows: Sequence[Any], field: str) -> dict[UUID, str]:
    keys = {row.key_id: row.key for row in rows}
    found = {pk: texts[field] for pk, texts in open_many(rows, field, keys=keys).items()}
    return {pk: "" if text == ERASED else text for pk, text in found.items()}


def _details(rows: Iterable[Statement], detail: dict[UUID, str], attribute: str) -> tuple[str, ...]:
    found = [detail[row.pk] for row in rows if row.attribute == attribute]
    return tuple(text for text in found if text)


def _births(person: Person, said: Iterable[Statement]) -> list[tuple[int, int]]:
    """First and last year of every account of a birth: each of them finds the person."""
    rows = [row for row in said if row.attribute == Attribute.BIRTH]
    days = [(row.born_from, row.born_to) for row in rows] or [(person.born_from, person.born_to)]
    return [(first.year, last.year) for first, last in days if first and last]


def _entry(person: Person, facts: recipe.Facts, generation: generations.Live) -> Entry:
    keys, fine = recipe.stored(facts)
    births = facts.births
    return Entry(
        generation_id=generation.number,
        person=person,
        revision=person.revision,
        sex=person.sex,
        year_from=min((first for first, _ in births), default=None),
        year_to=max((last for _, last in births), default=None),
        keys=generation.sealer.of_person(person.pk, keys),
        fine=generation.sealer.of_person(person.pk, fine),
    )
