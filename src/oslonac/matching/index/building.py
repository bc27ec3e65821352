"""Going over the whole register: building a generation, catching up, rotation, checks.

Each batch is a transaction that locks its persons, so a change made meanwhile is never lost;
interrupted, the work goes on where it stopped.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery

from oslonac.kit.clock import now
from oslonac.matching.index import generations, recipe, writing
from oslonac.matching.index.models import Entry, Generation, State
from oslonac.people.models import Person

BATCH = 200
SAMPLE = 200
SMALL = 20_000
Progress = Callable[[int, int], None]


def _silent(done: int, of: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class Checked:
    """What a look over the index found. `wrong`: of `looked_at` entries, how many differ from
    what this code makes of the person today."""

    persons: int
    missing: int
    looked_at: int
    wrong: int
    recipe_current: bool
    generations: int

    @property
    def good(self) -> bool:
        return self.recipe_current and not (self.missing or self.wrong) and self.generations == 1


def keep(*, rotate: bool = False, anew: bool = False, progress: Progress = _silent) -> int:
    """Do whatever the index needs: build, catch up, tidy. How many entries were written.

    `rotate`: under a new hashing key; `anew`: another generation under the same key. While a new
    generation is being built the one in use goes on answering.
    """
    done = 0
    current = _target(rotate=rotate, anew=anew)
    for generation in generations.live():
        if generation.number == current or generation.ready:
            done += catch_up(generation, progress=progress)
    _finish(current)
    return done


def keep_if_small(most: int = SMALL) -> int:
    """As `keep`, unless so many entries are missing that whoever starts the system would wait:
    then the worker does it while people work, and answers say that somebody may be missing."""
    current = _target(rotate=False, anew=False)
    return keep() if stale(current)[: most + 1].count() <= most else 0


def _target(*, rotate: bool, anew: bool) -> int:
    """The generation that shall be in use in the end; begun when there is none such."""
    held = generations.live()
    unfinished = next((each for each in held if not each.ready and each.current), None)
    if unfinished is not None:
        return unfinished.number
    good = next((each for each in held if each.ready and each.current), None)
    if good is not None and not (rotate or anew):
        return good.number
    return generations.begin(fresh_key=rotate).number


def catch_up(generation: generations.Live, *, progress: Progress = _silent) -> int:
    """Write the entries that are missing or older than their person."""
    total, done = stale(generation.number).count(), 0
    for ids in _batches(stale(generation.number)):
        with transaction.atomic():
            listed = Person.objects.filter(pk__in=ids).select_for_update().order_by("pk")
            writing.write(list(listed), generation)
        done += len(ids)
        progress(done, max(total, done))
    return done


def stale(number: int) -> QuerySet[Person]:
    """Persons of whom something was said, who are not erased, and whose entry is missing or out
    of date."""
    own = Entry.objects.filter(generation=number, person=OuterRef("pk")).values("revision")
    told = Person.objects.filter(revision__gt=1, key__wrapped__isnull=False)
    told = told.annotate(indexed=Subquery(own))
    return told.exclude(indexed__isnull=False, indexed=F("revision")).order_by("pk")


def _batches(persons: QuerySet[Person]) -> Iterator[list[UUID]]:
    after = None
    while True:
        rows = persons.filter(pk__gt=after) if after else persons
        ids: list[UUID] = list(rows.values_list("pk", flat=True)[:BATCH])
        if not ids:
            return
        yield ids
        after = ids[-1]


def _finish(number: int) -> None:
    """The generation goes into use; older ones and keys nobody uses are removed."""
    Generation.objects.filter(pk=number, state=State.BUILDING).update(
        state=State.READY, ready_at=now()
    )
    older = Generation.objects.exclude(pk=number)
    if not older.exists():
        return
    while ids := list(Entry.objects.exclude(generation=number).values_list("pk", flat=True)[:5000]):
        Entry.objects.filter(pk__in=ids).delete()
    older.delete()
    generations.forget_keys(Path(settings.OSLONAC_KEYS))


def check(sample: int = SAMPLE) -> Checked:
    """Compare counts, and a sample of entries with what the persons' names give today."""
    held = generations.live()
    used = generations.searched()
    told = Person.objects.filter(revision__gt=1, key__wrapped__isnull=False)
    if used is None:
        return Checked(told.count(), told.count(), 0, 0, not told.exists(), len(held))
    ids = list(Entry.objects.filter(generation=used.number).values_list("pk", flat=True)[:100_000])
    chosen = random.sample(ids, min(sample, len(ids)))
    rows = list(Entry.objects.filter(pk__in=chosen).select_related("person"))
    wrong = 0
    facts = {person.pk: each for person, each in writing.opened([row.person for row in rows])}
    for row in rows:
        keys, fine = recipe.stored(facts[row.person_id])
        sealed = (
            used.sealer.of_person(row.person_id, keys),
            used.sealer.of_person(row.person_id, fine),
        )
        wrong += sealed != (sorted(row.keys), sorted(row.fine))
    return Checked(
        told.count(), stale(used.number).count(), len(rows), wrong, used.current, len(held)
    )
