"""Candidates opened, compared and ranked.

Belongs here: names opened for comparison, probabilities, reasons. Does not: finding candidates
(`candidates`), recording that names were shown (whoever shows them).
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from oslonac.matching.evidence import Reason
from oslonac.matching.index import recipe
from oslonac.matching.index.question import Found, Question
from oslonac.matching.names import Comparer
from oslonac.matching.parts import Name
from oslonac.matching.persons import PersonComparer, Record
from oslonac.matching.ranking import NOBODY, SHARED, STEEPNESS
from oslonac.matching.words import logistic
from oslonac.people.models import Person, PersonName
from oslonac.people.rules import Sex
from oslonac.vault.sealing import ERASED, open_many

MOST_NATS = 15.0
CLOSE = 0.5  # nats between answers that are as good as equal


@cache
def comparer() -> PersonComparer:
    """One for the process: it remembers which words are one name."""
    return PersonComparer(Comparer(recipe.reader()))


@dataclass(frozen=True, slots=True)
class Scored:
    """One candidate against the question, in nats. `total` counts all evidence."""

    person: Person
    name: str
    logit: float
    total: float
    evidence: tuple[Reason, ...]


def scored(question: Question, ids: Sequence[UUID]) -> list[Scored]:
    """Those people compared with the question, the likeliest first. Opens their names."""
    asked = recipe.reader().name(question.text)
    record = question.record()
    found = []
    for person, names in _opened(ids):
        if not names:
            continue
        logit, name = max((_logit(asked, name), name) for name in names)
        evidence = comparer().evidence(record, record_of(person, names))
        total = logit + sum(reason.weight for reason in evidence)
        found.append(Scored(person, name, logit, total, evidence))
    return sorted(found, key=lambda each: (-each.total, each.person.pk))


def _logit(asked: Name, text: str) -> float:
    read = recipe.reader().name(text)
    if not asked.parts or not read.parts:
        return -20.0
    return comparer().names.logit(asked, read)


def _opened(ids: Sequence[UUID]) -> list[tuple[Person, list[str]]]:
    rows = list(PersonName.objects.filter(person__in=ids).select_related("key", "person"))
    keys = {row.key_id: row.key for row in rows}
    full = open_many(rows, "full", keys=keys)
    people: dict[UUID, Person] = {}
    names: dict[UUID, list[str]] = defaultdict(list)
    for row in rows:
        text = full[row.pk]["full"]
        people[row.person_id] = row.person
        if text and text != ERASED:
            names[row.person_id].append(text)
    return [(person, names[pk]) for pk, person in people.items()]


def record_of(person: Person, names: Sequence[str]) -> Record:
    """A person of the register as a record to compare."""
    return Record(
        names=tuple(names),
        birth_from=person.born_from,
        birth_to=person.born_to,
        sex=person.sex if person.sex in (Sex.FEMALE, Sex.MALE) else "",
        country=person.citizenship,
        languages=frozenset(person.languages),
    )


def answers(question: Question, ranked: Sequence[Scored], top: int) -> tuple[Found, ...]:
    """The best as answers with reasons; bearers of one name share the certainty, and nobody of
    the register is one of the possibilities."""
    asked = recipe.reader().name(question.text)
    weights = [math.exp(STEEPNESS * min(each.total, MOST_NATS)) for each in ranked]
    rivals = sum(weights)
    found = []
    for each, weight in zip(ranked[:top], weights, strict=False):
        share = weight / (NOBODY + rivals)
        comparison = comparer().names.compare_read(asked, recipe.reader().name(each.name))
        close = sum(1 for other in ranked if other.total > each.total - CLOSE)
        crowd = (Reason(SHARED, {"count": str(close)}),) if close > 1 else ()
        found.append(
            Found(
                each.person.pk,
                each.name,
                min(share, logistic(each.total)),
                logistic(each.logit),
                (*comparison.reasons, *each.evidence, *crowd),
            )
        )
    return tuple(found)
