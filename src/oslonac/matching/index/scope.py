"""Whom a search may find: those whose names a grant shows the actor, or, past it, everybody.

Belongs here: turning an actor into people. Does not: what somebody is told of people they may not
see (`search`).
"""

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from oslonac.access import policy, reader, row_level
from oslonac.access.actor import Actor, actor_of
from oslonac.access.models import Grant
from oslonac.access.rules import Level
from oslonac.people import queries
from oslonac.people.models import Appearance, Person
from oslonac.vault.row_policy import Bypass

FEW = 1_000  # so many records are listed; whoever sees more is asked about each candidate
_MOMENT = datetime(1, 1, 1, tzinfo=UTC)  # stands for any while a query is written once for all
_ASK = "SELECT v.id FROM ({visible}) v WHERE v.id = ANY(%s::uuid[])"


_REACHED = (
    f"(SELECT true FROM {row_level.reached(Person)} v "  # noqa: S608 - names of our own
    f"WHERE v.id = {{column}} AND v.level >= {Level.IDENTITY:d} LIMIT 1)"
)


@dataclass(frozen=True)
class Scope:
    """`ids`: everybody that may be found, when they are few; else `query` selects them.
    `principals`: whose grants alone say so, when nothing else narrows the scope."""

    ids: frozenset[UUID] | None = None
    query: tuple[str, tuple[Any, ...]] | None = None
    principals: tuple[UUID, ...] = ()

    def condition(self, column: str) -> tuple[str, list[Any]]:
        """SQL that says of one person's id after the other whether it may be found. A value, no
        join: so it is asked of those rows alone that are read, in their order. Of the reader's own
        grants the database has a view, which is planned in a tenth of the time."""
        if self.query is None:
            return "true", []
        if self.principals and self.principals == reader.current().principals:
            return _REACHED.format(column=column), []
        visible, values = self.query
        asked = f"(SELECT true FROM ({visible}) v WHERE v.id = {column} LIMIT 1)"  # noqa: S608
        return asked, list(values)

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
    if records is not None or not actor.principals:
        return _written_anew(actor, at, records)
    anybody = _anybody(len(actor.principals))
    counting, visible, values = _written(anybody)
    real: dict[Any, Any] = dict(zip(anybody.principals, actor.principals, strict=True))
    real[_MOMENT] = at
    with connection.cursor() as cursor:
        cursor.execute(counting[0], [real.get(value, value) for value in counting[1]] + [FEW + 1])
        (count,) = cursor.fetchone()
    if count <= FEW:
        return _listed(policy.grants_of(actor, at=at).filter(_OF_NAMES).order_by(), actor, at)
    query = visible, tuple(real.get(value, value) for value in values)
    return Scope(query=query, principals=actor.principals)


_OF_NAMES = Q(level__gte=Level.IDENTITY)


def _written_anew(actor: Actor, at: datetime, records: Q | None) -> Scope:
    granted = policy.grants_of(actor, at=at).filter(_OF_NAMES).order_by()
    visible = queries.visible_to(actor, at=at, level=Level.IDENTITY)
    if records is not None:
        granted = granted.filter(records)
        inside = Appearance.objects.filter(records).values("person_id")
        visible = visible.filter(pk__in=inside)
    if granted[: FEW + 1].count() <= FEW:
        return _listed(granted, actor, at)
    return Scope(query=visible.values("id").query.sql_with_params())


def _listed(granted: QuerySet[Grant], actor: Actor, at: datetime) -> Scope:
    seen = Appearance.objects.filter(record_id__in=granted.values("record_id"))
    closed = queries.closed_to(actor, at=at)
    people = seen.exclude(person_id__in=closed).values_list("person_id", flat=True)
    return Scope(ids=frozenset(people))


@lru_cache(maxsize=64)
def _anybody(principals: int) -> Actor:
    """An actor with so many principals, who is nobody."""
    return actor_of(UUID(int=0), (), sides=[UUID(int=number) for number in range(1, principals)])


@lru_cache(maxsize=64)
def _written(anybody: Actor) -> tuple[tuple[str, tuple[Any, ...]], str, tuple[Any, ...]]:
    """What is asked of grants and people for an actor of so many principals: writing it takes
    longer than PostgreSQL takes to answer, and only the values differ."""
    granted = policy.grants_of(anybody, at=_MOMENT).filter(_OF_NAMES).order_by()
    sql, values = granted.values("record_id").query.sql_with_params()
    visible = queries.visible_to(anybody, at=_MOMENT, level=Level.IDENTITY).values("id")
    counting = f"SELECT count(*) FROM ({sql} LIMIT %s) g"  # noqa: S608 - Django's own text
    return (counting, values), *visible.query.sql_with_params()


@contextlib.contextmanager
def past_sight() -> Iterator[None]:
    """Everything inside reads past the sight of whoever asks.

    The only such places: building the index (`building`), finding ids by keys before the reader's
    grants are asked about them (`candidates`), comparing with people the asker may not see
    (`service.beyond`), what the policy lets be said of their records
    (`search.elsewhere`). Row-level security is lifted here and nowhere else.
    """
    with reader.bypass(Bypass.MATCHING):
        yield
