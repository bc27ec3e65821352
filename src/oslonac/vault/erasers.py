"""Destroying a subject's keys, and everything that packages above derived from them.

`destroy` empties the data keys, then asks every eraser of `ERASERS` to delete what it holds of
that subject: rows of an index, files, readable columns that could still point at somebody. A
package registers its eraser in AppConfig.ready. Erasers must do no harm when they run twice:
after a restored backup they run again for everybody on the erasure list.

Does not belong here: who may erase whom, and why (`retention`); the list (`erasures`).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.dateparse import parse_datetime

from oslonac.vault import erasures, signing
from oslonac.vault.models import DataKey, Erasure
from oslonac.vault.signing import Signature

ENTRY_VERSION = 1


@dataclass(frozen=True)
class Erased:
    """Whose traces must go. `subject_id`: the person; `key_ids`: the keys that were destroyed."""

    subject_id: UUID
    key_ids: tuple[UUID, ...]
    at: datetime


ERASERS: dict[str, Callable[[Erased], None]] = {}


def register(name: str, eraser: Callable[[Erased], None]) -> None:
    """Let a package delete what it derived. The name stands in the protocol."""
    ERASERS[name] = eraser


def entry_of(
    *,
    subject_id: UUID,
    key_ids: Iterable[UUID],
    ground: str,
    reference: str,
    organisation_id: UUID | None,
    proposed_by: UUID | None,
    approved_by: UUID | None,
    at: datetime,
) -> dict[str, Any]:
    """What is signed: ids, codes and the moment, never a name. All parts are strings."""
    return {
        "version": ENTRY_VERSION,
        "subject": str(subject_id),
        "keys": sorted(map(str, key_ids)),
        "ground": ground,
        "reference": reference,
        "organisation": str(organisation_id or ""),
        "proposed_by": str(proposed_by or ""),
        "approved_by": str(approved_by or ""),
        "at": at.isoformat(),
        "also": sorted(ERASERS),
    }


def destroy(entry: Mapping[str, Any]) -> Erasure:
    """Destroy the keys that an entry names, sign it, and put it on the erasure list.

    Called inside an action's transaction; the list is written when that has been committed. A
    crash in between is mended at the next start (`reconcile`).
    """
    signature = signing.sign(erasures.PURPOSE, entry)
    made = _row(entry, signature)
    made.save(force_insert=True)
    _destroy_keys(made)
    folder = signing.keys_folder()
    transaction.on_commit(lambda: erasures.append(folder, entry, signature))
    return made


def reconcile() -> int:
    """Bring database and list together: destroy again what a restored backup brought back, put
    on the list what a crash kept from it. How many were destroyed again.

    Raises ListBroken: then nobody may go on, or the erased come back.
    """
    folder = signing.keys_folder()
    lines = erasures.read(folder)
    with_row = set(Erasure.objects.values_list("signature_value", flat=True))
    again = 0
    for line in lines:
        if not signing.is_ours(line.signature):
            raise erasures.ListBroken(
                f"The erasure list has a line signed by a key that is not ours "
                f"({signing.fingerprint(line.signature.public)}). Nothing was destroyed by it."
            )
        with transaction.atomic():
            row = _row(line.entry, line.signature)
            if line.signature.value not in with_row:
                row.save(force_insert=True)
            if DataKey.objects.filter(pk__in=row.keys, wrapped__isnull=False).exists():
                _destroy_keys(row)
                again += 1
    listed = {line.signature.value for line in lines}
    for row in Erasure.objects.exclude(signature_value__in=listed).order_by("at"):
        erasures.append(folder, row.entry, row.signature())
    return again


def _row(entry: Mapping[str, Any], signature: Signature) -> Erasure:
    at = parse_datetime(entry["at"])
    assert at is not None  # noqa: S101  (our own signed entry)
    return Erasure(
        subject_id=UUID(entry["subject"]),
        keys=[UUID(key) for key in entry["keys"]],
        entry=dict(entry),
        signature_key=signature.key,
        signature_public=signature.public,
        signature_value=signature.value,
        at=at,
    )


def _destroy_keys(row: Erasure) -> None:
    DataKey.objects.filter(pk__in=row.keys).update(wrapped=None, destroyed_at=row.at)
    erased = Erased(row.subject_id, tuple(row.keys), row.at)
    for eraser in ERASERS.values():
        eraser(erased)
