"""Whom a search may find: those whose names a grant shows the actor, or, past it, everybody.

Belongs here: turning an actor into people. Does not: what somebody is told of people they may not
see (`cases.search`).
"""

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from oslonac.access import policy, sight
from oslonac.access.actor import Actor
from oslonac.access.rules import Level
from oslonac.people import queries
from oslonac.people.models import Appearance, Person
from oslonac.vault.sight import Beyond

FEW = 4_000  # so many records are listed; whoever sees more is asked about each candidate


@dataclass(frozen=True)
class Scope:
    """`ids`: everybody that may be found, when they are few; else `visible` answers."""

    ids: frozenset[UUID] | None = None
    visible: QuerySet[Person] | None = None

    def among(self, ids: Iterable[UUID]) -> set[UUID]:
        """Those of `ids` that may be found."""
        if self.ids is not None:
            return set(ids) & self.ids
        if self.visible is None:
            return set(ids)
        return set(self.visible.filter(pk__in=list(ids)).values_list("pk", flat=True))


EVERYBODY = Scope()


def of(actor: Actor, *, at: datetime, records: QuerySet | None = None) -> Scope:
    """People whose names the actor may read. `records`: only those who appear in these (a
    queryset of ids of cases and encounters)."""
    granted = policy.grants_of(actor, at=at).filter(level__gte=Level.IDENTITY)
    if records is not None:
        granted = granted.filter(record_id__in=records)
    some = list(granted.order_by().values_list("record_id", flat=True).distinct()[: FEW + 1])
    if len(some) <= FEW:
        seen = Appearance.objects.filter(record_id__in=some)
        closed = queries.closed_to(actor, at=at)
        return Scope(
            ids=frozenset(seen.exclude(person_id__in=closed).values_list("person_id", flat=True))
        )
    visible = queries.visible_to(actor, at=at, level=Level.IDENTITY)
    if records is not None:
        inside = Appearance.objects.filter(record_id__in=records).values("person_id")
        visible = visible.filter(pk__in=inside)
    return Scope(visible=visible)


@contextlib.contextmanager
def past_sight() -> Iterator[None]:
    """Everything inside reads past the sight of whoever asks.

    The only such places: building the index (`building`), comparing with people the asker may
    not see (`service.beyond`), what the policy lets be said of their records
    (`cases.search.elsewhere`). Row-level security is lifted here and nowhere else.
    """
    with sight.beyond(Beyond.MATCHING):
        yield
