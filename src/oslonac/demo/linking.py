"""Linking millions of finished events at once: the chain of `audit.chain`, written by COPY."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db import connection, transaction

from oslonac.audit import chain
from oslonac.audit.models import Link
from oslonac.demo.writing.copying import Batch

_AT_ONCE = 50_000
_FINISHED = (
    f"SELECT {chain.COLUMNS} FROM audit_event e "  # noqa: S608 - constants of ours
    "LEFT JOIN audit_link l ON l.event_id = e.id "
    "WHERE l.event_id IS NULL AND e.xid < audit_xid_horizon() ORDER BY e.xid, e.id"
)


def link_all() -> int:
    """Link every finished event, in the sealer's order and under its lock; how many."""
    count = 0
    with transaction.atomic():
        while not chain.lock():
            pass
        last = Link.objects.order_by("-sequence").first()
        links = chain.linked(_finished(), last)
        while part := list(islice(links, _AT_ONCE)):
            batch = Batch()
            for link in part:
                batch.add(link)
            count += batch.copy()
    return count


def _finished() -> Iterator[tuple[Any, ...]]:
    with connection.chunked_cursor() as rows:
        rows.execute(_FINISHED)
        while found := rows.fetchmany(_AT_ONCE):
            yield from found
