"""The worker's job for the ledger every second: link events, note outside the database how far
the chain has come and what waits to be linked, close days.

Belongs here: how often. Does not: linking (`chain`), roots, the files (`witness`).
"""

import time
from datetime import date

from django.db import transaction

from oslonac.access.actor import SYSTEM
from oslonac.audit import chain, roots, witness
from oslonac.audit.actions import record
from oslonac.audit.models import Link, Root
from oslonac.kit.clock import local_day, now

# So much of the end could be cut off without a note outside the database saying so.
NOTE_EVERY_SECONDS = 10.0


class Keeper:
    """One for a worker. `keep()` is cheap when nothing happened."""

    def __init__(self) -> None:
        self._noted = 0.0
        self._closed: date | None = None
        self._held_up = False

    def keep(self) -> int:
        """Link what is finished; how many events. Raises what the database or the disk raise:
        the worker tries again, and events wait unharmed."""
        count = chain.seal_pending()
        if time.monotonic() - self._noted >= NOTE_EVERY_SECONDS:
            note_head()
            note_waiting()
            self._tell_when_held_up()
            self._noted = time.monotonic()
        today = local_day(now())
        if self._closed != today and count == 0:  # the last of yesterday is linked by now
            close_days()
            self._closed = today
        return count

    def _tell_when_held_up(self) -> None:
        """Events wait for every transaction that began before them. One that is left open, or
        opened to hold up the ledger, is itself told there: once each time."""
        gap = chain.gap()
        held_up = gap.oldest_seconds >= chain.GAP_WORTH_A_LOOK_SECONDS
        if held_up and not self._held_up:
            told = {
                "waiting": gap.waiting,
                "seconds": gap.oldest_seconds,
                "transaction_seconds": gap.longest_transaction_seconds,
            }
            with transaction.atomic():
                record("ledger.held_up", actor=SYSTEM, at=now(), data=told)
        self._held_up = held_up


def note_waiting() -> int:
    """Note events that are written and not linked yet, so that none goes unnoticed meanwhile
    either; how many are noted."""
    last = Link.objects.order_by("-sequence").first()
    rows = chain.waiting(last.xid if last else 0).values_list("pk", "mac")
    place, at = witness.folder(), now().isoformat()
    found = [witness.Pending(str(pk), bytes(mac).hex(), at) for pk, mac in rows]
    earlier = [each.event_id for each in witness.pending(place)]
    linked = set(Link.objects.filter(event_id__in=earlier).values_list("event_id", flat=True))
    return witness.note_pending(place, found, {str(event_id) for event_id in linked})


def note_head() -> bool:
    """Note how far the chain has come, outside the database; whether it had moved."""
    last = Link.objects.order_by("-sequence").first()
    if last is None:
        return False
    head = witness.Head(last.sequence, bytes(last.hash).hex(), now().isoformat())
    return witness.note_head(witness.folder(), head)


def close_days() -> int:
    """Make the roots of days that are over and keep a copy of each; how many copies."""
    roots.make_due()
    known = witness.roots(witness.folder())
    after = date.fromisoformat(known[-1]["day"]) if known else date.min
    missing = list(Root.objects.filter(day__gt=after).order_by("day"))
    roots.note_all(missing)
    return len(missing)
