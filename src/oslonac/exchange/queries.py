"""Reading the log of exports."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from oslonac.access import policy
from oslonac.access.actor import Actor
from oslonac.access.rules import Level, Reach
from oslonac.cases.models import Case
from oslonac.exchange.models import Export
from oslonac.vault.sealing import open_many

TEXTS = ("receiver", "note")


def own(actor: Actor) -> QuerySet[Export]:
    """What the actor took out, the latest first."""
    return Export.objects.filter(made_by_id=actor.user_id).order_by("-made_at", "-id")


def rows_of(case_id: UUID) -> QuerySet[Export]:
    """What was taken out of a case."""
    return Export.objects.filter(case=case_id)


def of_case(case: Case, read: Sequence[Export] | None = None) -> list[Export]:
    """What was taken out of a case, the latest first. The caller checked the level of names: who
    received a file may say who the child is. `read`: what the caller read already."""
    rows = rows_of(case.pk) if read is None else read
    return sorted(rows, key=lambda row: (row.made_at, row.pk), reverse=True)


def texts_of(
    actor: Actor, rows: Sequence[Export], *, at: datetime
) -> dict[UUID, Mapping[str, str | None]]:
    """Receiver and note of each; None of a case whose names the actor does not see, or not any
    more: a receiver may say who the child is."""
    ids = {row.case_id for row in rows if row.case_id is not None}
    reaches = policy.reaches(actor, list(ids), at=at)
    shown = [
        row
        for row in rows
        if row.case_id is None or reaches.get(row.case_id, Reach()).shows(Level.IDENTITY)
    ]
    nothing: dict[UUID, Mapping[str, str | None]] = {row.pk: dict.fromkeys(TEXTS) for row in rows}
    return nothing | {pk: dict(texts) for pk, texts in open_many(shown, *TEXTS).items()}
