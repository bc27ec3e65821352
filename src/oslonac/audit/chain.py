"""Linking finished events into the hash chain, and walking it.

Writers never wait for the chain. An event is linked once every transaction that began before
its own has ended (`xid` below the snapshot's xmin), in the order (xid, id); nothing can later
slip in before it. The gap between commit and link is the sealer's period plus the longest
running transaction, and is reported.

Literature: Crosby & Wallach, "Efficient Data Structures for Tamper-Evident Logging" (2009);
the xmin rule is PostgreSQL's own (documentation, "Transaction ID and snapshot functions").
"""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from django.db import connection, transaction
from django.utils.translation import gettext as _

from oslonac.audit.actions import mac_of
from oslonac.audit.models import Event, Link

GENESIS = hashlib.sha256(b"oslonac ledger").digest()
_LOCK = 0x0510_AC01
_BATCH = 5_000


def link_hash(previous: bytes, sequence: int, mac: bytes) -> bytes:
    return hashlib.sha256(previous + sequence.to_bytes(8, "big") + mac).digest()


def seal_pending(limit: int = _BATCH) -> int:
    """Link up to `limit` finished events; 0 when there are none or another sealer works."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        last = Link.objects.order_by("-sequence").first()
        cursor.execute(
            "SELECT id, mac, xid FROM audit_event "
            "WHERE xid >= %s AND xid < audit_xid_horizon() "
            "AND NOT EXISTS (SELECT 1 FROM audit_link l WHERE l.event_id = audit_event.id) "
            "ORDER BY xid, id LIMIT %s",
            [last.xid if last else 0, limit],
        )
        rows = cursor.fetchall()
        sequence, previous = (last.sequence, bytes(last.hash)) if last else (0, GENESIS)
        links = []
        for event_id, mac, xid in rows:
            sequence += 1
            previous = link_hash(previous, sequence, bytes(mac))
            links.append(Link(sequence=sequence, event_id=event_id, xid=xid, hash=previous))
        Link.objects.bulk_create(links)
        return len(links)


@dataclass(frozen=True)
class Break:
    """Where the ledger no longer agrees with itself."""

    kind: str  # changed | removed | inserted | broken_link
    sequence: int | None
    event_id: str
    message: str


@dataclass(frozen=True)
class Verdict:
    events: int
    linked: int
    unlinked: int
    head: str
    breaks: tuple[Break, ...]

    @property
    def intact(self) -> bool:
        return not self.breaks

    def as_json(self) -> dict[str, object]:
        return asdict(self) | {"intact": self.intact}


def verify() -> Verdict:
    """Walk the whole chain. Reads everything, changes nothing."""
    breaks: list[Break] = []
    previous, expected, linked = GENESIS, 0, 0
    for link, event in _walk():
        linked += 1
        expected += 1
        if link.sequence != expected:
            breaks.append(_missing_links(expected, link))
            expected = link.sequence
        if event is None:
            breaks.append(_removed(link))
        else:
            if bytes(event.mac) != mac_of(event):
                breaks.append(_changed(link, event))
            elif link_hash(previous, link.sequence, bytes(event.mac)) != bytes(link.hash):
                breaks.append(_broken(link))
        previous = bytes(link.hash)
    unlinked, inserted = _unlinked()
    total = Event.objects.count()
    return Verdict(total, linked, unlinked, previous.hex(), tuple(breaks + inserted))


def _walk() -> Iterator[tuple[Link, Event | None]]:
    after = 0
    while True:
        links = list(Link.objects.filter(sequence__gt=after).order_by("sequence")[:_BATCH])
        if not links:
            return
        events = Event.objects.in_bulk([link.event_id for link in links])
        for link in links:
            yield link, events.get(link.event_id)
        after = links[-1].sequence


def _unlinked() -> tuple[int, list[Break]]:
    """Events not linked: those behind the last sealed transaction were put in afterwards."""
    last = Link.objects.order_by("-sequence").first()
    breaks: list[Break] = []
    pending = 0
    rows = Event.objects.raw(
        "SELECT e.* FROM audit_event e LEFT JOIN audit_link l ON l.event_id = e.id "
        "WHERE l.event_id IS NULL ORDER BY e.xid, e.id"
    )
    for event in rows:
        forged = bytes(event.mac) != mac_of(event)
        if forged or (last is not None and event.xid < last.xid):
            text = _("Event %(id)s (%(name)s) was put in outside the ledger.") % {
                "id": event.id,
                "name": event.name,
            }
            breaks.append(Break("inserted", None, str(event.id), text))
        else:
            pending += 1
    return pending, breaks


def _removed(link: Link) -> Break:
    text = _("Event %(id)s, number %(number)s, was removed.") % {
        "id": link.event_id,
        "number": link.sequence,
    }
    return Break("removed", link.sequence, str(link.event_id), text)


def _changed(link: Link, event: Event) -> Break:
    text = _("Event %(id)s, number %(number)s (%(name)s), was changed.") % {
        "id": event.id,
        "number": link.sequence,
        "name": event.name,
    }
    return Break("changed", link.sequence, str(event.id), text)


def _broken(link: Link) -> Break:
    text = _(
        "Number %(number)s does not follow the one before it: links were moved or changed."
    ) % {"number": link.sequence}
    return Break("broken_link", link.sequence, str(link.event_id), text)


def _missing_links(expected: int, link: Link) -> Break:
    text = _("Numbers %(first)s to %(last)s are missing.") % {
        "first": expected,
        "last": link.sequence - 1,
    }
    return Break("removed", expected, "", text)
