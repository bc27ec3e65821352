"""Verifying the whole ledger: events, links and roots.

Ranges of the chain are checked by several processes (`walk`); what concerns the ledger as a whole
is checked here: events outside the chain, the roots of the days, what was noted outside the
database, roots that somebody kept elsewhere. Reads everything, changes nothing.

Belongs here: the verdict. Does not: how bytes are hashed (`statements`, `merkle`).
"""

import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from multiprocessing import get_context
from typing import Any
from uuid import UUID

from django.db import connection

from oslonac.access import reader, session_proof
from oslonac.audit import merkle, roots, rows, statements, walk, witness
from oslonac.audit.actions import mac_of
from oslonac.audit.findings import Break, found
from oslonac.audit.models import Event, Link, Root
from oslonac.vault import keyring

# Fewer events than this are read faster by one process than others are started.
WORTH_SHARING = 60_000
MOST_PROCESSES = 4
# A ledger sealed with another key breaks at every number; a report needs no million lines.
MOST_BREAKS = 200


@dataclass(frozen=True)
class Verdict:
    """`roots`: how many days' roots were checked; `witnessed`: the number up to which notes
    outside the database vouch for the chain (0 when there are none)."""

    events: int
    linked: int
    unlinked: int
    head: str
    breaks: tuple[Break, ...]
    roots: int = 0
    witnessed: int = 0
    found: int = 0

    @property
    def intact(self) -> bool:
        return not self.breaks

    def as_json(self) -> dict[str, object]:
        breaks = [each.as_json() for each in self.breaks]
        return asdict(self) | {"breaks": breaks, "intact": self.intact}


def verify(
    *,
    kept_elsewhere: Iterable[Mapping[str, Any]] = (),
    heads: Iterable[witness.Head] = (),
    pending: Iterable[witness.Pending] = (),
    processes: int = 1,
) -> Verdict:
    """Check everything. `kept_elsewhere`: roots published earlier; `heads` and `pending`: ends of
    the chain, and events not linked yet, noted outside."""
    noted = list(heads)
    last = Link.objects.order_by("-sequence").first()
    end = last.sequence if last else 0
    breaks = _chain(end, processes)
    breaks += _inserted()
    breaks += _noted_and_gone(pending)
    own = list(Root.objects.order_by("day"))
    breaks += _roots(own, end)
    breaks += _elsewhere(own, list(kept_elsewhere), end)
    breaks += _heads(noted, end)
    events, linked, unlinked = _counts()
    return Verdict(
        events=events,
        linked=linked,
        unlinked=unlinked,
        head=(bytes(last.hash) if last else statements.GENESIS).hex(),
        breaks=tuple(breaks[:MOST_BREAKS]),
        roots=len(own),
        witnessed=max((head.sequence for head in noted), default=0),
        found=len(breaks),
    )


def verify_here(
    kept_elsewhere: Iterable[Mapping[str, Any]] = (), processes: int | None = None
) -> Verdict:
    """The same with this installation's own witness, on as many cores as there are, and with the
    rows that decide who may do what (`rows`)."""
    place = witness.folder()
    ledger = verify(
        kept_elsewhere=[*witness.roots(place), *kept_elsewhere],
        heads=witness.heads(place),
        pending=witness.pending(place),
        processes=processes or min(MOST_PROCESSES, os.cpu_count() or 1),
    )
    more = rows.check()
    return replace(
        ledger,
        breaks=(*ledger.breaks, *more)[:MOST_BREAKS],
        found=ledger.found + len(more),
    )


def _chain(end: int, processes: int) -> list[Break]:
    key = keyring.current().hashing["ledger"]
    if processes < 2 or end < WORTH_SHARING:
        return walk.check_here(key, end)
    size = -(-end // (processes * 2))  # twice as many parts as processes: none waits long
    parts = [(start, min(start + size, end)) for start in range(0, end, size)]
    # Fresh processes: a forked one would share this one's connection to the database.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        given, told = walk.parameters(), reader.current().settings()
        proof = session_proof.secret()
        waiting = [
            pool.submit(walk.check, given, told, proof, key, first, last) for first, last in parts
        ]
        return [each for done in waiting for each in done.result()]


def _counts() -> tuple[int, int, int]:
    """Events, links, events without a link: of one moment, while others go on writing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM audit_event), (SELECT count(*) FROM audit_link), "
            "(SELECT count(*) FROM audit_event e "
            "WHERE NOT EXISTS (SELECT 1 FROM audit_link l WHERE l.event_id = e.id))"
        )
        events, linked, unlinked = cursor.fetchone()
    return int(events), int(linked), int(unlinked)


def _inserted() -> list[Break]:
    """Events not linked that were put in afterwards: forged ones, and those behind the last sealed
    transaction. A link may also have been pointed elsewhere; then its event stands here."""
    last = Link.objects.order_by("-sequence").first()
    rows = Event.objects.raw(
        "SELECT e.* FROM audit_event e LEFT JOIN audit_link l ON l.event_id = e.id "
        "WHERE l.event_id IS NULL ORDER BY e.xid, e.id"
    )
    return [
        found("inserted", None, str(event.id), name=event.name)
        for event in rows
        if bytes(event.mac) != mac_of(event) or (last is not None and event.xid < last.xid)
    ]


def _noted_and_gone(noted: Iterable[witness.Pending]) -> list[Break]:
    """Events that waited to be linked when they were noted, and are not there any more, or are no
    longer what they were."""
    macs = {UUID(each.event_id): each.mac for each in noted}
    kept = dict(Event.objects.filter(pk__in=macs).values_list("pk", "mac"))
    return [
        found("removed_unlinked", None, str(pk))
        for pk, mac in macs.items()
        if pk not in kept or bytes(kept[pk]).hex() != mac
    ]


def _roots(own: list[Root], end: int) -> list[Break]:
    """Each root: signed by us, after the one before, over these very leaves."""
    breaks: list[Break] = []
    before: Root | None = None
    for root in own:
        day = root.day.isoformat()
        problem = roots.signed_rightly(roots.published(root))
        if problem:
            breaks.append(found(f"root_{problem}", None, "", day=day))
        if before is not None:
            missing = (root.day - before.day).days - 1
            if missing:
                breaks.append(found("root_removed", None, "", day=day, count=missing))
            elif bytes(root.previous).hex() != roots.digest_of(roots.said_of(before)):
                breaks.append(found("root_changed", None, "", day=before.day.isoformat()))
        elif root.first != 1:
            breaks.append(found("root_removed", None, "", day=day, count=0))
        if before is not None and root.first != before.last + 1:
            breaks.append(found("root_changed", None, "", day=day))
        if not problem:
            breaks += _tree(root, end, day)
        before = root
    return breaks


def _tree(root: Root, end: int, day: str) -> list[Break]:
    if root.last > end:
        return [found("cut", end, "", day=day, last=root.last)]
    if merkle.root(roots.leaves(root.first, root.last)) != bytes(root.root):
        return [found("day_changed", root.first, "", day=day, last=root.last)]
    head = Link.objects.filter(sequence=root.last).values_list("hash", flat=True).first()
    if root.last >= root.first and (head is None or bytes(head) != bytes(root.head)):
        return [found("day_changed", root.first, "", day=day, last=root.last)]
    return []


def _elsewhere(own: list[Root], kept: list[Mapping[str, Any]], end: int) -> list[Break]:
    """Roots that were given out: the ledger must still have the very same ones."""
    ours = {root.day.isoformat(): roots.published(root) for root in own}
    breaks = []
    for entry in kept:
        day = str(entry.get("day", ""))
        if problem := roots.signed_rightly(entry):
            breaks.append(found(f"kept_{problem}", None, "", day=day))
        elif day not in ours:
            breaks.append(found("root_removed", None, "", day=day, count=1))
        elif dict(entry) != ours[day]:
            breaks.append(found("root_replaced", None, "", day=day))
        elif entry["last"] > end:
            breaks.append(found("cut", end, "", day=day, last=entry["last"]))
    return list(dict.fromkeys(breaks))


def _heads(noted: list[witness.Head], end: int) -> list[Break]:
    """Heads that were noted: the chain must still pass through them. The first that it does not
    pass through says where it was made anew."""
    agreed = 0
    for head in noted:
        if head.sequence > end:
            return [found("cut", end, "", day=head.noted_at, last=noted[-1].sequence)]
        hash_ = Link.objects.filter(sequence=head.sequence).values_list("hash", flat=True).first()
        if hash_ is None or bytes(hash_).hex() != head.hash:
            return [found("relinked", agreed + 1, "", day=head.noted_at, last=head.sequence)]
        agreed = head.sequence
    return []
