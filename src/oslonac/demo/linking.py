"""Linking millions of finished events at once: the chain of `audit.chain`, written by COPY."""

from django.db import connection, transaction

from oslonac.audit import chain
from oslonac.audit.models import Link
from oslonac.demo.writing.copying import Batch

_AT_ONCE = 50_000
_FINISHED = (
    "SELECT e.id, e.mac, e.xid FROM audit_event e LEFT JOIN audit_link l ON l.event_id = e.id "
    "WHERE l.event_id IS NULL AND e.xid < txid_snapshot_xmin(txid_current_snapshot()) "
    "ORDER BY e.xid, e.id"
)


def link_all() -> int:
    """Link every finished event, in the sealer's order and under its lock; how many."""
    count = 0
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [chain._LOCK])
        last = Link.objects.order_by("-sequence").first()
        sequence, previous = (last.sequence, bytes(last.hash)) if last else (0, chain.GENESIS)
        with connection.chunked_cursor() as rows:
            rows.execute(_FINISHED)
            while found := rows.fetchmany(_AT_ONCE):
                batch = Batch()
                for event_id, mac, xid in found:
                    sequence += 1
                    previous = chain.link_hash(previous, sequence, bytes(mac))
                    batch.add(Link(sequence=sequence, event_id=event_id, xid=xid, hash=previous))
                count += batch.copy()
    return count
