"""Identifiers that repeat: UUIDv7 from a seed and the story's own time.

While `seeded()` runs, `kit.ids.uuid7` draws from a seeded generator instead of the operating
system, and from the moment of the step instead of the clock. Only what kit.ids sees is
replaced: keys and nonces of the vault stay truly random.
"""

import contextlib
import random
from collections.abc import Iterator
from datetime import datetime

from oslonac.kit import ids


class Source:
    """Stands in for the modules `os` and `time` inside kit.ids."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self._nanoseconds = 0
        self._count = 0

    def at(self, moment: datetime) -> None:
        """Ids made from now on belong to `moment`, in the order they are made."""
        self._nanoseconds = int(moment.timestamp() * 1000) * 1_000_000

    def time_ns(self) -> int:
        return self._nanoseconds

    def urandom(self, size: int) -> bytes:
        # The first twelve bits count, so that ids of one moment sort as they were made
        # (RFC 9562 §6.2, method 1).
        self._count = (self._count + 1) & 0xFFF
        return self._count.to_bytes(2, "big") + self._random.randbytes(size - 2)


@contextlib.contextmanager
def seeded(seed: str) -> Iterator[Source]:
    """Make `uuid7` repeatable inside the block."""
    source = Source(seed)
    kept = ids.os, ids.time
    ids.os = ids.time = source  # type: ignore[assignment]
    try:
        yield source
    finally:
        ids.os, ids.time = kept
