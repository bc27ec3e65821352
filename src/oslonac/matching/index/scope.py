"""Whom a search may find: those whose names a grant shows the actor, or, past it, everybody.

Belongs here: turning an actor into people. Does not: what somebody is told of people they may not
see (`cases.search`).
"""

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from oslonac.access import policy, sight
from oslonac.access.actor import Actor
from oslonac.access.rules import Level
from oslonac.people import queries
from oslonac.people.models import Appearance
from oslonac.vault.sight import Beyond

FEW = 2_000  # so many records are listed; whoever sees more is asked about each candidate
_ASK = "SELECT v.id FROM ({visible}) v WHERE v.id = ANY(%s::uuid[])"


@dataclass(frozen=True)
class Scope:
    """`ids`: everybody that may be found, when they are few; else `query` selects them."""

    ids: frozenset[UUID] | None = None
    query: tuple[str, tuple[Any, ...]] | None = None

    def among(self, ids: Iterable[UUID]) -> set[UUID]:
        """Those of `ids` that may be found."""
        if self.ids is not None:
            return set(ids) & self.ids
        if self.query is None:
            return set(ids)
        visible, values = self.query
        with connection.cursor() as cursor:
            cursor.execute(_ASK.format(visible=visible), [*values, list(ids)])
            return {row[0] for row in cursor.fetchall()}


EVERYBODY = Scope()


def of(actor: Actor, *, at: datetime, records: Q | None = None) -> Scope:
    """People whose names the actor may read. `records`: only those who appear in such records (a
    condition on `record_id`)."""
    granted = policy.grants_of(actor, at=at).filter(level__gte=Level.IDENTITY).order_by()
    if records is not None:
        granted = granted.filter(records)
    if granted[: FEW + 1].count() <= FEW:
        seen = Appearance.objects.filter(record_id__in=granted.values("record_id"))
        closed = queries.closed_to(actor, at=at)
        people = seen.exclude(person_id__in=closed).values_list("person_id", flat=True)
        return Scope(ids=frozenset(people))
    visible = queries.visible_to(actor, at=at, level=Level.IDENTITY)
    if records is not None:
        inside = Appearance.objects.filter(records).values("person_id")
        visible = visible.filter(pk__in=inside)
    return Scope(query=visible.values("id").query.sql_with_params())


@contextlib.contextmanager
def past_sight() -> Iterator[None]:
    """Everything inside reads past the sight of whoever asks.

    The only such places: building the index (`building`), comparing with people the asker may
    not see (`service.beyond`), what the policy lets be said of their records
    (`cases.search.elsewhere`). Row-level security is lifted here and nowhere else.
    """
    with sight.beyond(Beyond.MATCHING):
        yield
