"""All persons of the installation as records to compare, for `oslonac match dedupe --database`.

Belongs here: opening every name once, in portions, and saying so in the ledger. Does not belong
here: the search for duplicates (`duplicates`), single persons (`index.answering`).
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db import transaction

from oslonac.access.actor import SYSTEM
from oslonac.audit.actions import record
from oslonac.matching.index.answering import records_of
from oslonac.matching.persons import Record
from oslonac.people.models import Person

PORTION = 2000


def all_records(*, at: datetime) -> list[tuple[str, Record]]:
    """(id, record) of everybody who has a name, in the order of ids. One event tells of it."""
    ids = Person.objects.order_by("pk").values_list("pk", flat=True).iterator(PORTION)
    found = [
        (str(person), record_)
        for portion in _portions(ids)
        for person, record_ in sorted(records_of(portion).items())
        if record_.names
    ]
    with transaction.atomic():
        record("register.compared", actor=SYSTEM, at=at, kind="person", fields=("full",),
               data={"persons": len(found)})  # fmt: skip
    return found


def _portions(ids: Iterator[UUID]) -> Iterator[list[UUID]]:
    while portion := list(islice(ids, PORTION)):
        yield portion
