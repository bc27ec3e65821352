"""A new key-encryption key, without downtime: old and new unwrap side by side.

The key that a rotation retires stays in the file until the next rotation: a writer that read the
keyring a moment earlier may still wrap with it. The next one wraps such stragglers anew and then
forgets the keys under which nothing is left.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from django.db import transaction

from oslonac.kit.once import Once
from oslonac.vault import keyring, recovery, sources
from oslonac.vault.models import DataKey

BATCH = 2_000


@dataclass(frozen=True)
class Holder:
    """Other values wrapped by a key-encryption key itself: second factors, say. `used` names the
    keys in use; `rewrap` wraps anew what is not under `name`, and says how many that were."""

    used: Callable[[], set[str]]
    rewrap: Callable[[str], int]


HOLDERS: list[Holder] = Once()


def rotate(folder: Path, *, progress: Callable[[int], None] = lambda done: None) -> int:
    """Wrap every data key with a fresh key. How many were wrapped anew.

    Safe to interrupt and to run again: a half-done rotation is carried on by the next one. The
    recovery copy is written before anything is wrapped, so that no moment lacks a way back.
    The source of the root key makes a fresh one first, where it can.
    """
    sources.configured().renew()
    ring = keyring.current()
    used = set(DataKey.objects.filter(wrapped__isnull=False).values_list("kek_id", flat=True))
    for holder in HOLDERS:
        used |= holder.used()
    keyring.forget_wrapping_keys(folder, ring.wrapping.keys() - used)
    name = keyring.add_wrapping_key(folder)
    recovery.write_copy(folder)
    done = sum(holder.rewrap(name) for holder in HOLDERS)
    while rewrapped := _batch(name):
        done += rewrapped
        progress(done)
    return done


def _batch(name: str) -> int:
    with transaction.atomic():
        rows = list(
            DataKey.objects.select_for_update()
            .filter(wrapped__isnull=False)
            .exclude(kek_id=name)
            .order_by("pk")[:BATCH]
        )
        for row in rows:
            wrapped = cast(bytes | memoryview, row.wrapped)  # the filter leaves no empty ones
            plain = keyring.current().unwrap(row.kek_id, bytes(wrapped), str(row.pk))
            row.kek_id, row.wrapped = keyring.current().wrap(plain, str(row.pk))
        DataKey.objects.bulk_update(rows, ["kek_id", "wrapped"])
    return len(rows)
