"""The worker's job for the ledger every second: link events, save the head outside, close days.

Belongs here: how often. Does not: linking (`chain`), roots, the files (`witness`).
"""

import time
from datetime import date

from oslonac.audit import chain, roots, witness
from oslonac.audit.models import Link, Root
from oslonac.kit.clock import local_day, now

# So much of the end could be cut off without a note outside the database saying so.
NOTE_EVERY_SECONDS = 10.0


class Keeper:
    """One for a worker. `keep()` is cheap when nothing happened."""

    def __init__(self) -> None:
        self._noted = 0.0
        self._closed: date | None = None

    def keep(self) -> int:
        """Link what is finished; how many events. Raises what the database or the disk raise:
        the worker tries again, and events wait unharmed."""
        count = chain.seal_pending()
        if time.monotonic() - self._noted >= NOTE_EVERY_SECONDS:
            note_head()
            self._noted = time.monotonic()
        today = local_day(now())
        if self._closed != today and count == 0:  # the last of yesterday is linked by now
            close_days()
            self._closed = today
        return count


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
