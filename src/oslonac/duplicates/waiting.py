"""People waiting to be compared: added in the transaction that changes a person, removed after it.

A row says up to which revision somebody was compared and which revision was last told of. Whoever
was told of later than compared waits; only they are in the index `looked_waiting`, so that the
comparison by the minute reads as many rows as people changed. Being compared raises the one
number, a change the other: what changes while somebody is being compared goes on waiting, and what
a crash leaves undone was never said to be done.

Belongs here: who waits. Does not: comparing (`finding`).
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import connection
from django.db.models import F

from oslonac.duplicates.models import Looked
from oslonac.matching.index import scope
from oslonac.people.models import Person

# Whoever was written past the actions (a register loaded in bulk) told nobody.
_MISSED = """
INSERT INTO duplicates_looked (person_id, revision, told)
SELECT p.id, 0, p.revision FROM people_person p
  JOIN vault_datakey k ON k.id = p.key_id AND k.wrapped IS NOT NULL
  LEFT JOIN duplicates_looked l ON l.person_id = p.id
WHERE p.revision > 1 AND COALESCE(GREATEST(l.told, l.revision), 0) < p.revision
ON CONFLICT (person_id) DO UPDATE SET told = GREATEST(duplicates_looked.told, EXCLUDED.told)"""
BATCH = 5_000


def told_of(person: Person) -> None:
    """Something was said of a person; called by `people.changes` while the row is locked."""
    with scope.past_sight():
        _write([Looked(person=person, revision=0, told=person.revision)], "told")


def first(most: int) -> list[Person]:
    """Some of those who wait, whoever was written down last before all others."""
    rows = Looked.objects.filter(told__gt=F("revision"), person__key__wrapped__isnull=False)
    listed = list(rows.order_by("-person_id").values_list("person_id", flat=True)[:most])
    people = Person.objects.in_bulk(listed)
    return [people[pk] for pk in listed if pk in people]


def compared(revisions: Iterable[tuple[UUID, int]]) -> None:
    """These people were compared as they stood at that revision."""
    rows = [Looked(person_id=pk, revision=each, told=each) for pk, each in revisions]
    _write(rows, "revision")


def note_missed() -> int:
    """Let everybody wait who changed and of whom nobody told. Reads the whole register: by night.
    How many there were."""
    with scope.past_sight(), connection.cursor() as cursor:
        cursor.execute(_MISSED)
        return int(cursor.rowcount)


def _write(rows: Sequence[Looked], changed: str) -> None:
    Looked.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["person"],
        update_fields=[changed],
        batch_size=BATCH,
    )
