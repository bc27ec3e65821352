"""Pairs found: after every change of a person, and by comparing the whole register.

The index proposes, `matching.persons` compares both in full. What is kept of a pair is how
probable it is and which kinds of evidence speak, never a value. Everything here reads past
sight; whom a pair is shown is decided in `queries`.

Belongs here: when a pair comes, stays away, comes back or goes. Does not: deciding it.
"""

import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from oslonac.access.actor import SYSTEM
from oslonac.access.rules import RecordKind
from oslonac.audit.actions import record
from oslonac.directory import codes
from oslonac.duplicates import evidence, facts, rules, waiting
from oslonac.duplicates.models import Looked, Pair
from oslonac.duplicates.rules import FoundBy, PairStatus, Standing
from oslonac.matching import registered
from oslonac.matching.duplicates import Run
from oslonac.matching.index import scope, service
from oslonac.matching.index.answering import comparer
from oslonac.matching.index.models import Distinct
from oslonac.matching.persons import Record
from oslonac.people import merging
from oslonac.people.models import Appearance, Person
from oslonac.vault.erasers import Erased
from oslonac.vault.sealing import ERASED, open_many

AT_ONCE = 200  # people compared one by one in a run; more wait for the next
SECONDS = 10.0  # and no longer than this, so that a worker that is told to stop does so soon
CANDIDATES = 60  # as many as share a name, so that it is known how common it is
FEW = 10_000  # people that are counted exactly
LARGEST = 200_000  # people a nightly run compares in memory; larger registers use Spark


@dataclass(frozen=True)
class Judged:
    """Two people compared: how probable it is that they are one, and what says so."""

    probability: float
    evidence: tuple[str, ...]


def policy() -> rules.Policy:
    return rules.policy_of(codes.extras("duplicate_rules"))


def judge(person: UUID, others: Sequence[UUID], found: dict[UUID, Record]) -> dict[UUID, Judged]:
    """Compare one with others in full, among everybody of the register: a pair drawn from many is
    hardly ever one person, so a common name weighs little (`matching.duplicates`)."""
    listed = [pk for pk in others if pk in found]
    if person not in found or not listed:
        return {}
    pairs = [facts.compared(person, pk, found) for pk in listed]
    run = Run([found[person], *(right for _left, right in pairs)], population=_register_size())
    return {
        pk: Judged(run.probability(0, row), _evidence(left, right))
        for row, (pk, (left, right)) in enumerate(zip(listed, pairs, strict=True), start=1)
    }


def _register_size() -> int:
    """People of the register, roughly: counting a million exactly would cost more than it tells."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE relname = 'people_person'")
        row = cursor.fetchone()
    guessed = int(row[0]) if row else 0
    return guessed if guessed > FEW else Person.objects.count()


def _evidence(left: Record, right: Record) -> tuple[str, ...]:
    comparison = comparer().compare(left, right)
    name = comparer().best_name(left, right)
    return tuple(evidence.codes_of(comparison, name.probability if name else None))


def catch_up(*, at: datetime, most: int = AT_ONCE) -> int:
    """Compare those who changed with the register, the latest first. How many pairs are new or
    came back."""
    until, new = time.monotonic() + SECONDS, 0
    with scope.past_sight():
        for person in waiting.first(most):
            new += look_at(person, at=at)
            if time.monotonic() > until:
                break
    return new


def look_at(person: Person, *, at: datetime) -> int:
    """One person against the register; pairs kept, brought back or taken off the list."""
    with transaction.atomic(), scope.past_sight():
        revision = person.revision
        new = _compare_with(person, _alike(person), FoundBy.CHANGE, at)
        waiting.compared([(person.pk, revision)])
    return new


def _alike(person: Person) -> set[UUID]:
    """Those the index finds like this person, and those with whom a pair stands already."""
    known = Pair.objects.filter(one=person) | Pair.objects.filter(other=person)
    found = {pk for pair in known.values_list("one_id", "other_id") for pk in pair}
    own = facts.records_of([person.pk]).get(person.pk)
    if own is not None and _counts([person.pk]):
        said = service.known_already(
            own.names,
            within=scope.EVERYBODY,
            born=(own.birth_from, own.birth_to) if own.birth_from and own.birth_to else None,
            sex=own.sex,
            country=own.country,
            languages=own.languages,
            phones=_said(person, "phone"),
            documents=_said(person, "document"),
            leave_out=frozenset(merging.group(person.pk)),
            top=CANDIDATES,
        )
        found |= {each.person_id for each in said}
    return found - {person.pk}


def _said(person: Person, attribute: str) -> list[str]:
    rows = list(person.statements.filter(attribute=attribute).select_related("key"))
    opened = open_many(rows, "detail", keys={row.key_id: row.key for row in rows})
    return [each["detail"] for each in opened.values() if each["detail"] != ERASED]


def _counts(person_ids: Iterable[UUID]) -> set[UUID]:
    """Those who were met or appear in a case. Whoever is only described in a search for family
    (`tracing`) is not a second record of anybody."""
    kinds = (RecordKind.CASE, RecordKind.ENCOUNTER)
    rows = Appearance.objects.filter(person__in=list(person_ids), record_kind__in=kinds)
    return set(rows.values_list("person_id", flat=True))


def _compare_with(person: Person, others: Collection[UUID], found_by: FoundBy, at: datetime) -> int:
    own = set(merging.group(person.pk))
    wanted = sorted(_counts(others) - own)
    found = facts.records_of([person.pk, *wanted])
    judged = judge(person.pk, wanted, found)
    return sum(keep(person.pk, pk, each, found_by, at=at) for pk, each in judged.items())


def keep(
    one: UUID, other: UUID, judged: Judged, found_by: FoundBy, *, at: datetime, named: bool = False
) -> bool:
    """Bring the row of a pair in line with what was found. Whether it is new or came back.

    `named`: a person says so; then neither likeness nor an earlier "two people" stands in the way.
    """
    first, second = sorted((one, other))
    pair = Pair.objects.select_for_update().filter(one=first, other=second).first()
    if pair is not None:
        return _renew(pair, judged, at, named=named)
    apart = Distinct.objects.filter(one=first, other=second).first()
    if not named and (not _stands(judged) or facts.never_one(first, second)):
        return False
    people = Person.objects.in_bulk([first, second])
    pair = Pair(
        one=people[first],
        other=people[second],
        key_id=people[first].key_id,
        probability=judged.probability,
        evidence=list(judged.evidence),
        found_by=found_by,
        found_at=at,
        compared_at=at,
    )
    if apart is not None and not named:  # said at intake: stands as decided then
        pair.status = PairStatus.APART
        pair.decided_by_id, pair.decided_at = apart.said_by_id, apart.said_at
        remember(pair, people[first].revision, people[second].revision)
    pair.save(force_insert=True)
    if pair.status == PairStatus.OPEN:
        _tell("duplicate.found", pair, at)
    return pair.status == PairStatus.OPEN


def _stands(judged: Judged) -> bool:
    """Whether a pair is for the list: likely enough, and by more than a name."""
    return judged.probability >= policy().least and rules.worth_a_look(judged.evidence)


def remember(pair: Pair, one_revision: int, other_revision: int) -> None:
    """Note what is known as a pair is decided, to notice later that it changed."""
    pair.decided_probability = pair.probability
    pair.decided_evidence = pair.evidence
    pair.decided_one, pair.decided_other = one_revision, other_revision


def _renew(pair: Pair, judged: Judged, at: datetime, *, named: bool) -> bool:
    pair.probability, pair.evidence = judged.probability, list(judged.evidence)
    pair.compared_at = at
    back = False
    if pair.status == PairStatus.APART:
        back = named or rules.comes_back(_decided(pair), _now(pair, judged))
        if back:
            pair.status, pair.returned, pair.revision = PairStatus.OPEN, True, pair.revision + 1
    elif pair.status == PairStatus.OPEN and not named and not _stands(judged):
        _tell("duplicate.gone", pair, at)
        pair.delete()
        return False
    pair.save()
    if back:
        _tell("duplicate.returned", pair, at)
    return back


def _decided(pair: Pair) -> Standing:
    return Standing(
        pair.decided_probability if pair.decided_probability is not None else 1.0,
        tuple(pair.decided_evidence),
        pair.decided_one or 0,
        pair.decided_other or 0,
    )


def _now(pair: Pair, judged: Judged) -> Standing:
    people = Person.objects.in_bulk([pair.one_id, pair.other_id])
    return Standing(
        judged.probability,
        judged.evidence,
        people[pair.one_id].revision,
        people[pair.other_id].revision,
    )


def _tell(event: str, pair: Pair, at: datetime) -> None:
    record(
        event,
        actor=SYSTEM,
        at=at,
        subject=pair,
        data={
            "one": pair.one_id,
            "other": pair.other_id,
            "found_by": pair.found_by,
            "probability": round(pair.probability, 2),
            "evidence": pair.evidence,
        },
    )


def look_over(*, at: datetime) -> int | None:
    """Compare the whole register with itself (`oslonac match dedupe`), and keep what it finds.

    How many pairs are new or came back; None where the register is too large for one machine's
    memory: then the keyed table goes to Spark (docs/SCALE.md), and only whoever changed and was
    not told of (`waiting.note_missed`) is seen to.
    """
    with scope.past_sight():
        if Person.objects.count() > LARGEST:
            waiting.note_missed()
            return None
        # Read before the records: whoever changes meanwhile goes on waiting.
        standing = list(Person.objects.filter(revision__gt=1).values_list("pk", "revision"))
        persons = registered.all_records(at=at)
        counted = _counts([UUID(pk) for pk, _record in persons])
        listed = [(UUID(pk), each) for pk, each in persons if UUID(pk) in counted]
        new = 0
        for left, right, probability in _pairs(listed):
            with transaction.atomic():
                found = facts.records_of([left, right])
                said = _evidence(*facts.compared(left, right, found))
                judged = Judged(probability, said)
                new += keep(left, right, judged, FoundBy.REGISTER, at=at)
        waiting.compared(standing)
    return new


def _pairs(listed: Sequence[tuple[UUID, Record]]) -> Iterable[tuple[UUID, UUID, float]]:
    run = Run([each for _pk, each in listed])
    together = merging.groups(pk for pk, _each in listed)
    for _row, pairs in run.pairs():
        for pair in pairs:
            left, right = listed[pair.left][0], listed[pair.right][0]
            if together[left] != together[right]:
                yield left, right, pair.probability


def erase(erased: Erased) -> None:
    """Nothing may say of an erased person whom they were like. Safe to repeat."""
    with scope.past_sight():
        gone = Person.objects.filter(key_id__in=erased.key_ids)
        Pair.objects.filter(one__in=gone).delete()
        Pair.objects.filter(other__in=gone).delete()
        Looked.objects.filter(person__in=gone).delete()
