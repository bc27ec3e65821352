"""Candidates opened, compared and ranked.

Belongs here: names opened for comparison, probabilities, reasons. Does not: finding candidates
(`candidates`), recording that names were shown (whoever shows them).
"""

import json
import math
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from django.db import connection

from oslonac.matching import ranking
from oslonac.matching.evidence import Reason
from oslonac.matching.exact import in_order
from oslonac.matching.index import recipe, writing
from oslonac.matching.index.question import Found, Question
from oslonac.matching.index.scope import past_sight
from oslonac.matching.names import Comparer, Link
from oslonac.matching.parts import Name
from oslonac.matching.persons import PersonComparer, Record
from oslonac.matching.words import logistic
from oslonac.people.models import Person, PersonName
from oslonac.people.rules import Sex
from oslonac.vault.sealing import ERASED, open_many

MOST_NATS = 30.0
UNREADABLE = -20.0
BATCH = 1_000
CLOSE = 0.5  # nats between answers that are as good as equal


@cache
def comparer() -> PersonComparer:
    """One for the process: it remembers which words are one name."""
    return PersonComparer(Comparer(recipe.reader()))


@dataclass(frozen=True, slots=True)
class Scored:
    """One candidate against the question. `logit` of the name and `beside` it in nats; `total`:
    what `ranking` makes of them among many. `links`: which words answered which."""

    person_id: UUID
    name: str
    logit: float
    beside: float
    total: float
    evidence: tuple[Reason, ...]
    links: list[Link]


def scored(question: Question, ids: Collection[UUID]) -> list[Scored]:
    """Those people compared with the question, the likeliest first. Opens their names."""
    asked = recipe.reader().name(question.text)
    record = question.record()
    found = []
    for person_id, known in records_of(ids).items():
        if not known.names:
            continue
        logit, links, name = _best(asked, known.names)
        evidence = comparer().evidence(record, known)
        beside = sum(reason.weight for reason in evidence)
        total = ranking.score(asked, recipe.reader().name(name), links, logit, beside)
        found.append(Scored(person_id, name, logit, beside, total, evidence, links))
    return ordered(question, found)


def ordered(question: Question, found: Sequence[Scored]) -> list[Scored]:
    """The likeliest first; nobody before whoever is written exactly so for the name alone."""
    rest = [ranking.OF_CHOICE[ranking.BESIDE] * one.beside for one in found]
    by_name = [one.total - nats for one, nats in zip(found, rest, strict=True)]
    weights = in_order(question.text, [one.name for one in found], by_name)
    moved = [
        replace(one, total=weight + nats)
        for one, weight, nats in zip(found, weights, rest, strict=True)
    ]
    return sorted(moved, key=lambda each: (-each.total, each.person_id))


def _best(asked: Name, names: Sequence[str]) -> tuple[float, list[Link], str]:
    """The writing of somebody's name that answers best."""
    best: tuple[float, list[Link], str] = (UNREADABLE, [], names[0])
    for text in names:
        read = recipe.reader().name(text)
        if asked.parts and read.parts:
            links = comparer().names.links(asked, read)
            logit = comparer().names.logit(asked, read, links)
            if logit > best[0] or text == asked.text:
                best = (logit, links, text)
            if text == asked.text:
                break
    return best


@dataclass(slots=True)
class _Sealed:
    """A row as `open_many` needs it: models would cost more than their decryption."""

    pk: UUID
    key_id: UUID
    full: bytes
    _meta: ClassVar[Any] = PersonName._meta


@dataclass(slots=True)
class _Key:
    pk: UUID
    kek_id: str
    wrapped: bytes | None


# One text whatever the number of people, so that PostgreSQL plans it once a connection.
_NAMES = """
SELECT n.id, n.full, n.key_id, k.kek_id, k.wrapped, n.person_id, p.sex, p.born_from, p.born_to,
  p.citizenship, p.languages
FROM people_personname n JOIN people_person p ON p.id = n.person_id
  JOIN vault_datakey k ON k.id = n.key_id
WHERE n.person_id = ANY(%s)"""


def records_of(ids: Collection[UUID]) -> dict[UUID, Record]:
    """People of the register as records to compare, with all their names opened."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, [list(ids)])
        rows = [(*row[:-1], json.loads(row[-1])) for row in cursor.fetchall()]
    keys: Any = {row[2]: _Key(row[2], row[3], row[4]) for row in rows}
    opened = open_many([_Sealed(row[0], row[2], row[1]) for row in rows], "full", keys=keys)
    names: dict[UUID, list[str]] = defaultdict(list)
    facts: dict[UUID, tuple[Any, ...]] = {}
    for row in rows:
        facts[row[5]] = row[6:]
        text = opened[row[0]]["full"]
        if text and text != ERASED:
            names[row[5]].append(text)
    return {pk: _record(names[pk], *of) for pk, of in facts.items()}


def _record(
    names: Sequence[str],
    sex: str,
    born_from: date | None,
    born_to: date | None,
    country: str,
    languages: Sequence[str],
) -> Record:
    return Record(
        names=tuple(names),
        birth_from=born_from,
        birth_to=born_to,
        sex=sex if sex in (Sex.FEMALE, Sex.MALE) else "",
        country=country,
        languages=frozenset(languages),
    )


def answers(question: Question, ranked: Sequence[Scored], top: int) -> tuple[Found, ...]:
    """The best as answers with reasons; bearers of one name share the certainty, and nobody of
    the register is one of the possibilities."""
    asked = recipe.reader().name(question.text)
    weights = [math.exp(min(each.total - ranking.OF_NOBODY, MOST_NATS)) for each in ranked]
    rivals = 1.0 + sum(weights)
    found = []
    for each, weight in zip(ranked[:top], weights, strict=False):
        share = weight / rivals
        reasons = comparer().names.reasons(asked, recipe.reader().name(each.name), each.links)
        close = sum(1 for other in ranked if other.total > each.total - CLOSE)
        crowd = (Reason(ranking.SHARED, {"count": str(close)}),) if close > 1 else ()
        found.append(
            Found(
                each.person_id,
                each.name,
                min(share, logistic(each.logit + each.beside + ranking.LIFT)),
                logistic(each.logit),
                (*reasons, *each.evidence, *crowd),
            )
        )
    return tuple(found)


def all_records() -> list[tuple[str, Record]]:
    """Everybody of the register by id, for work over the whole of it (`oslonac match dedupe`).
    Phones and documents as keys of the recipe. Past everybody's sight: for the operator only."""
    found: list[tuple[str, Record]] = []
    with past_sight():
        listed = Person.objects.filter(revision__gt=1, key__wrapped__isnull=False)
        ids = list(listed.order_by("pk").values_list("pk", flat=True))
        for at in range(0, len(ids), BATCH):
            people = list(Person.objects.filter(pk__in=ids[at : at + BATCH]))
            found += [(str(pk), record) for pk, record in whole_records(people).items()]
    return found


def whole_records(people: Sequence[Person]) -> dict[UUID, Record]:
    """These people with all that is compared of a person by itself, phones and documents as keys
    of the recipe. Opens what the reader sees; whoever shows it records that."""
    return {person.pk: _whole(person, each) for person, each in writing.opened(people)}


def _whole(person: Person, facts: recipe.Facts) -> Record:
    known = _record(
        facts.names,
        person.sex,
        person.born_from,
        person.born_to,
        person.citizenship,
        person.languages,
    )
    phones = {key for text in facts.phones for key in recipe.phone_keys(text, facts.region)}
    documents = {key for text in facts.documents for key in recipe.document_asked(text)}
    return replace(known, phones=frozenset(phones), documents=frozenset(documents))
