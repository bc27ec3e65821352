"""Seal a text into a record, open the sealed texts of many records at once.

Each ciphertext is bound to model, field and row, so a value copied to another row does not
open there.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from oslonac.vault import erasures, keyring, padding
from oslonac.vault.models import DataKey, SealedModel

# First byte of a ciphertext. The older form shows how long its text is: in bytes, and so by script.
_UNPADDED, _PADDED = b"\x01", b"\x02"
_KEYS = "SELECT * FROM vault_datakey WHERE id = ANY(%s)"
ERASED = "\u2014"  # what is shown in place of a value whose key was destroyed


def seal(record: SealedModel, key: DataKey | None = None, /, **texts: str | None) -> None:
    """Encrypt texts into the sealed columns of an unsaved or changed record.

    `key` may be handed over when `record.key` is not loaded. Empty text is stored as NULL.
    """
    data_key = _data_key(key or record.key)
    for field, text in texts.items():
        value = None
        if text:
            context = _context(record, field, _PADDED)
            value = _PADDED + keyring.encrypt(data_key, padding.pad(text.encode()), context)
        setattr(record, field, value)


def sealed(record: SealedModel, /, **texts: str) -> dict[str, Any]:
    """Seal texts into a record under its own key; the ciphertexts as column changes for
    `kit.revisions.swap`."""
    seal(record, record.key, **texts)
    return {name: getattr(record, name) for name in texts}


def open_one(record: SealedModel, field: str) -> str:
    """The text of one sealed column; empty when there is none, ERASED when its key is gone."""
    return open_many([record], field)[record.pk][field]


def open_many(
    records: Iterable[Any], *fields: str, keys: Mapping[UUID, DataKey] | None = None
) -> dict[UUID, dict[str, str]]:
    """Texts by record id and field. One query for keys, whatever the number of records; none
    when `keys`, read moments ago by the caller, hold them all."""
    listed = list(records)
    # Keys that came with the rows need not be read again.
    came = (
        record.key
        for record in listed
        if isinstance(record, SealedModel) and "key" in record._state.fields_cache
    )
    keys = {key.pk: key for key in came} | dict(keys or {})
    missing = {record.key_id for record in listed} - keys.keys()
    if missing:
        # One text whatever their number, so that PostgreSQL plans it once a connection.
        keys |= {key.pk: key for key in DataKey.objects.raw(_KEYS, [list(missing)])}
    erased = erasures.erased_keys()  # asked once: it looks at a file
    return {
        record.pk: {field: _open(record, field, keys[record.key_id], erased) for field in fields}
        for record in listed
    }


def _open(record: SealedModel, field: str, key: DataKey, erased: frozenset[str]) -> str:
    value = getattr(record, field)
    if value is None:
        return ""
    name = str(key.pk)
    if key.wrapped is None or name in erased:
        return ERASED
    opened = _unwrapped(key.kek_id, bytes(key.wrapped), name)
    form, ciphertext = bytes(value)[:1], bytes(value)[1:]
    plain = keyring.decrypt(opened, ciphertext, _context(record, field, form))
    return (padding.unpad(plain) if form == _PADDED else plain).decode()


def _context(record: SealedModel, field: str, form: bytes) -> str:
    place = f"{record._meta.label_lower}.{field}:{record.pk}"
    return place if form == _UNPADDED else f"{place}:{form.hex()}"


def older(value: bytes) -> bool:
    """Whether a ciphertext still shows the length of its text."""
    return value[:1] == _UNPADDED


def seal_again(record: SealedModel, field: str) -> bool:
    """Seal a column as it is sealed today; False where its key is gone."""
    if is_erased(record.key):
        return False
    seal(record, record.key, **{field: open_one(record, field)})
    return True


def is_erased(key: DataKey) -> bool:
    """Whether the key is gone: here, or by the erasure list although an old backup has it."""
    return key.wrapped is None or str(key.pk) in erasures.erased_keys()


def data_key(key: DataKey) -> bytes:
    """The 32 bytes of a data key, for what is no column: file keys. Raises CannotOpen."""
    return _data_key(key)


def _data_key(key: DataKey) -> bytes:
    if key.wrapped is None or is_erased(key):
        raise keyring.CannotOpen("the key was destroyed")
    return _unwrapped(key.kek_id, bytes(key.wrapped), str(key.pk))


@lru_cache(maxsize=20_000)
def _unwrapped(kek_id: str, wrapped: bytes, context: str) -> bytes:
    # Keyed on the wrapped bytes themselves: an erased row no longer carries them, so a cached
    # key cannot outlive its erasure in the database.
    return keyring.current().unwrap(kek_id, wrapped, context)


def keyed(purpose: str, text: str) -> bytes:
    """Keyed hash of a normalised text, for equality look-ups over sealed columns."""
    return keyring.current().keyed_hash(purpose, text.strip().casefold().encode())
