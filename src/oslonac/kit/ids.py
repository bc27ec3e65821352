"""Identifiers made anywhere, a phone included: UUID version 7 (RFC 9562 §5.7)."""

import os
import time
import uuid


def uuid7(milliseconds: int | None = None) -> uuid.UUID:
    """A time-ordered UUID. `milliseconds` since the Unix epoch; the current time when None."""
    ms = time.time_ns() // 1_000_000 if milliseconds is None else milliseconds
    random = int.from_bytes(os.urandom(10), "big")
    value = (ms & 0xFFFF_FFFF_FFFF) << 80 | random
    value = value & ~(0xF << 76) | 0x7 << 76  # version 7
    value = value & ~(0x3 << 62) | 0x2 << 62  # variant 10
    return uuid.UUID(int=value)
