"""Linking finished events into the hash chain.

Writers never wait for the chain. An event is linked once every transaction that began before
its own has ended (`xid` below the snapshot's xmin), in the order (xid, id); nothing can later
slip in before it. The gap between commit and link is the sealer's period plus the longest
running transaction; `gap` tells it.

Literature: Crosby & Wallach, "Efficient Data Structures for Tamper-Evident Logging" (2009);
the xmin rule is PostgreSQL's own (documentation, "Transaction ID and snapshot functions").
Does not belong here: walking the chain (`verification`), the day's roots (`roots`).
"""

import hmac
import json
import logging
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from oslonac.audit import statements
from oslonac.audit.models import Event, Link
from oslonac.kit.clock import now
from oslonac.vault import keyring

_log = logging.getLogger("oslonac.security")
_LOCK = 0x0510_AC01
NOWHERE = UUID(int=0)  # before every event of a transaction
_BATCH = 5_000
# What a link is made from, in this order.
COLUMNS = ", ".join(f"e.{name}" for name in (*statements.SAID, "recorded_at", "xid", "mac"))
_XID = len(statements.SAID) + 1
_JSON = (statements.SAID.index("fields"), statements.SAID.index("data"))
# Longer than this the gap is worth a look: something holds a transaction open, or no worker runs.
GAP_WORTH_A_LOOK_SECONDS = 60
GAP_WRONG_SECONDS = 3600


def seal_pending(limit: int = _BATCH) -> int:
    """Link up to `limit` finished events; 0 when there are none or another sealer works."""
    with transaction.atomic():
        if not lock():
            return 0
        last = Link.objects.order_by("-sequence").first()
        links = list(linked(_genuine(last.xid if last else 0, limit), last))
        Link.objects.bulk_create(links)
        return len(links)


def _genuine(after_xid: int, limit: int) -> list[tuple[Any, ...]]:
    """Finished events whose MAC fits. A forged one is never linked: it stays where it is, and the
    verification names it. However many there are, those behind them are reached."""
    key = keyring.current().hashing["ledger"]
    place = (after_xid, NOWHERE)
    while rows := _finished(*place, limit):
        kept = [row for row in rows if _fits(row, key)]
        if len(kept) < len(rows):
            _log.error("%s events that nobody wrote here are not linked", len(rows) - len(kept))
        if kept:
            return kept
        place = (rows[-1][_XID], rows[-1][0])
    return []


def _fits(row: tuple[Any, ...], key: bytes) -> bool:
    *said, _recorded_at, _xid, mac = _loaded(row)
    return hmac.compare_digest(bytes(mac), statements.mac(key, statements.words(said)))


def linked(rows: Iterable[tuple[Any, ...]], last: Link | None) -> Iterator[Link]:
    """Links, not yet saved, for rows of COLUMNS in their order, after the last link there is.

    The moment is never earlier than the last one's, so that days follow each other in the chain.
    """
    sealed_at = max(now(), last.sealed_at) if last else now()
    key = keyring.current().hashing["ledger"]
    sequence, previous = (last.sequence, bytes(last.hash)) if last else (0, statements.GENESIS)
    for row in rows:
        *said, recorded_at, xid, mac = _loaded(row)
        sequence += 1
        leaf = statements.leaf(sequence, statements.words(said), recorded_at, xid)
        previous = statements.link(key, previous, leaf, bytes(mac), sealed_at)
        yield Link(
            sequence=sequence,
            event_id=said[0],
            xid=xid,
            leaf=leaf,
            hash=previous,
            sealed_at=sealed_at,
        )


def lock() -> bool:
    """Take the sealer's lock for this transaction; whoever is second does nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


def _finished(after_xid: int, after_id: UUID, limit: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        # The names of columns are constants of ours.
        cursor.execute(
            f"SELECT {COLUMNS} FROM audit_event e "  # noqa: S608
            "WHERE (e.xid, e.id) > (%s, %s) AND e.xid < audit_xid_horizon() "
            "AND NOT EXISTS (SELECT 1 FROM audit_link l WHERE l.event_id = e.id) "
            "ORDER BY e.xid, e.id LIMIT %s",
            [after_xid, after_id, limit],
        )
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def _loaded(row: tuple[Any, ...]) -> list[Any]:
    """JSON columns come as text through Django's cursor."""
    values = list(row)
    for place in _JSON:
        if isinstance(values[place], str):
            values[place] = json.loads(values[place])
    return values


@dataclass(frozen=True)
class Gap:
    """What is written but not yet linked. Seconds are whole; 0 when nothing waits."""

    waiting: int
    oldest_seconds: int
    longest_transaction_seconds: int

    @property
    def level(self) -> str:
        """One of ok, warning, error."""
        if self.oldest_seconds >= GAP_WRONG_SECONDS:
            return "error"
        return "warning" if self.oldest_seconds >= GAP_WORTH_A_LOOK_SECONDS else "ok"

    def as_json(self) -> dict[str, object]:
        return asdict(self) | {"level": self.level}


def waiting(after_xid: int) -> QuerySet[Event]:
    """Events that are written and not linked, behind the last linked transaction."""
    linked_there = Link.objects.filter(xid__gte=after_xid).values("event_id")
    return Event.objects.filter(xid__gte=after_xid).exclude(pk__in=linked_there)


def gap(at: datetime | None = None) -> Gap:
    """How far the chain lies behind. Cheap: looks only at events after the last linked one."""
    last = Link.objects.order_by("-sequence").only("sequence", "xid").first()
    rows = waiting(last.xid if last else 0)
    oldest = rows.order_by("recorded_at").values_list("recorded_at", flat=True).first()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(extract(epoch FROM max(clock_timestamp() - xact_start)), 0)::int "
            "FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND datname = current_database()"
        )
        longest = cursor.fetchone()[0]
    waited = (at or now()) - oldest if oldest else None
    return Gap(rows.count(), max(0, int(waited.total_seconds())) if waited else 0, longest)
