"""All persons of the installation as records to compare, for `oslonac match dedupe --database`.

Belongs here: saying in the ledger that every name was opened. Does not belong here: opening them
(`index.answering`), the search for duplicates (`duplicates`).
"""

from datetime import datetime

from django.db import transaction

from oslonac.access.actor import SYSTEM
from oslonac.audit.actions import record
from oslonac.matching.index import answering
from oslonac.matching.persons import Record


def all_records(*, at: datetime) -> list[tuple[str, Record]]:
    """(id, record) of everybody, in the order of ids. One event tells of it."""
    found = answering.all_records()
    with transaction.atomic():
        record(
            "register.compared",
            actor=SYSTEM,
            at=at,
            kind="person",
            fields=("full",),
            data={"persons": len(found)},
        )
    return found
