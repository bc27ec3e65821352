"""Candidates opened, compared and ranked.

Belongs here: names opened for comparison, probabilities, reasons. Does not: finding candidates
(`candidates`), recording that names were shown (whoever shows them).
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from oslonac.matching.evidence import Reason
from oslonac.matching.index import recipe
from oslonac.matching.index.question import Found, Question
from oslonac.matching.names import Comparer
from oslonac.matching.parts import Name
from oslonac.matching.persons import PersonComparer, Record
from oslonac.matching.ranking import NOBODY, SHARED, STEEPNESS
from oslonac.matching.words import logistic
from oslonac.people.models import PersonName
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

    person_id: UUID
    name: str
    logit: float
    total: float
    evidence: tuple[Reason, ...]


def scored(question: Question, ids: Sequence[UUID]) -> list[Scored]:
    """Those people compared with the question, the likeliest first. Opens their names."""
    asked = recipe.reader().name(question.text)
    record = question.record()
    found = []
    for person_id, known in records_of(ids).items():
        if not known.names:
            continue
        logit, name = max((_logit(asked, name), name) for name in known.names)
        evidence = comparer().evidence(record, known)
        total = logit + sum(reason.weight for reason in evidence)
        found.append(Scored(person_id, name, logit, total, evidence))
    return sorted(found, key=lambda each: (-each.total, each.person_id))


def _logit(asked: Name, text: str) -> float:
    read = recipe.reader().name(text)
    if not asked.parts or not read.parts:
        return -20.0
    return comparer().names.logit(asked, read)


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


_COLUMNS = (
    "pk", "full", "key_id", "key__kek_id", "key__wrapped", "person_id", "person__sex",
    "person__born_from", "person__born_to", "person__citizenship", "person__languages",
)  # fmt: skip


def records_of(ids: Sequence[UUID]) -> dict[UUID, Record]:
    """People of the register as records to compare, with all their names opened."""
    rows = list(PersonName.objects.filter(person__in=ids).values_list(*_COLUMNS))
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
                each.person_id,
                each.name,
                min(share, logistic(each.total)),
                logistic(each.logit),
                (*comparison.reasons, *each.evidence, *crowd),
            )
        )
    return tuple(found)
