"""The keys in memory and what is done with them: wrapping, sealing, keyed hashes.

Where they lie is `keyfile`; what seals that file is `sources`.

Algorithms: AES-256-GCM with random 96-bit nonces for wrapping and sealing (NIST SP 800-38D),
HMAC-SHA-256 for keyed hashes (RFC 2104).
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from oslonac.vault import keyfile
from oslonac.vault.aead import CannotOpen, decrypt, encrypt
from oslonac.vault.keyfile import FILE_NAME, KEY_BYTES, KeyFileMissing, ensure_key_file

# What others have always asked the keyring for.
__all__ = [
    "FILE_NAME",
    "KEY_BYTES",
    "CannotOpen",
    "KeyFileMissing",
    "Keyring",
    "current",
    "decrypt",
    "encrypt",
    "ensure_key_file",
]


@dataclass(frozen=True)
class Keyring:
    """Keys in memory. `active` names the key-encryption key that wraps new data keys."""

    active: str
    wrapping: dict[str, bytes]
    hashing: dict[str, bytes]
    signer: str = ""
    signing: dict[str, bytes] = field(default_factory=dict)

    def wrap(self, data_key: bytes, context: str) -> tuple[str, bytes]:
        """Wrapped form of a data key, and the id of the key that wrapped it."""
        return self.active, encrypt(self.wrapping[self.active], data_key, context)

    def unwrap(self, kek_id: str, wrapped: bytes, context: str) -> bytes:
        if kek_id not in self.wrapping:
            raise CannotOpen(f"the key file has no key-encryption key {kek_id!r}")
        return decrypt(self.wrapping[kek_id], wrapped, context)

    def keyed_hash(self, purpose: str, value: bytes) -> bytes:
        """32 bytes that say nothing about `value` without the key file."""
        return hmac.new(self.hashing[purpose], value, hashlib.sha256).digest()


def load(path: Path) -> Keyring:
    """The keyring of a key file. Raises KeyFileMissing, or SourceFailed where it is sealed and
    its source is out of reach."""
    content = keyfile.read(path.parent)
    signing = content.get("signing", {"active": "", "keys": {}})
    return Keyring(
        active=content["active"],
        wrapping=_decoded(content["wrapping"]),
        hashing=_decoded(content["hashing"]),
        signer=signing["active"],
        signing=_decoded(signing["keys"]),
    )


def _decoded(keys: dict[str, str]) -> dict[str, bytes]:
    return {name: base64.b64decode(key) for name, key in keys.items()}


def add_wrapping_key(folder: Path) -> str:
    """A new key-encryption key becomes the active one; the older ones still unwrap. Its id."""
    with keyfile.changing(folder) as content:
        name = f"kek-{1 + max(int(old.split('-')[1]) for old in content['wrapping'])}"
        content["wrapping"][name] = keyfile.fresh()
        content["active"] = name
    return name


def forget_wrapping_keys(folder: Path, names: Iterable[str]) -> None:
    """Remove key-encryption keys under which nothing is wrapped. Never the active one."""
    with keyfile.changing(folder) as content:
        for name in set(names) - {content["active"]}:
            content["wrapping"].pop(name, None)


def current() -> Keyring:
    """The keyring of this process, from the folder that settings name; read anew when the file
    was replaced, so that a rotation reaches every process at its next use."""
    from django.conf import settings

    path = Path(settings.OSLONAC_KEYS) / FILE_NAME
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError as error:
        raise KeyFileMissing(f"no key file at {path}") from error
    return _read(path, changed)


@lru_cache(maxsize=1)
def _read(path: Path, changed: int) -> Keyring:
    return load(path)
