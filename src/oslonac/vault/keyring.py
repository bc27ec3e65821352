"""The key file and what is done with its keys.

The file holds key-encryption keys (one active, older ones kept for unwrapping) and three
keyed-hash keys. It is JSON, mode 0600, and must live outside the database and its backups.

Algorithms: AES-256-GCM with random 96-bit nonces for wrapping and sealing (NIST SP 800-38D),
HMAC-SHA-256 for keyed hashes (RFC 2104).
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12
FILE_NAME = "oslonac.keys.json"
_PURPOSES = ("ledger", "index", "login")


class KeyFileMissing(RuntimeError):
    """No key file where one was expected: nothing sealed can be read or written."""


class CannotOpen(RuntimeError):
    """A sealed value does not open: wrong key file, moved row or changed bytes."""


@dataclass(frozen=True)
class Keyring:
    """Keys in memory. `active` names the key-encryption key that wraps new data keys."""

    active: str
    wrapping: dict[str, bytes]
    hashing: dict[str, bytes]

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


def encrypt(key: bytes, plain: bytes, context: str) -> bytes:
    """`nonce || ciphertext || tag`; `context` is authenticated, not stored."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, context.encode())


def decrypt(key: bytes, sealed: bytes, context: str) -> bytes:
    """Inverse of `encrypt`. Raises CannotOpen when anything differs."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context.encode())
    except (InvalidTag, ValueError) as error:
        raise CannotOpen(f"sealed value does not open in context {context}") from error


def ensure_key_file(folder: Path) -> Path:
    """Path of the key file in `folder`, made with fresh keys (mode 0600) when there is none."""
    path = folder / FILE_NAME
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    content = {
        "version": 1,
        "active": "kek-1",
        "wrapping": {"kek-1": _fresh()},
        "hashing": {purpose: _fresh() for purpose in _PURPOSES},
    }
    # O_EXCL: two processes starting together must not each make a key file.
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path
    with os.fdopen(handle, "w") as file:
        json.dump(content, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    return path


def load(path: Path) -> Keyring:
    """Read a key file. Raises KeyFileMissing when it is not there."""
    try:
        content = json.loads(path.read_text())
    except FileNotFoundError as error:
        raise KeyFileMissing(f"no key file at {path}") from error
    return Keyring(
        active=content["active"],
        wrapping={name: base64.b64decode(key) for name, key in content["wrapping"].items()},
        hashing={name: base64.b64decode(key) for name, key in content["hashing"].items()},
    )


def write(folder: Path, content: dict[str, Any]) -> None:
    """Replace the key file in one step: a crash leaves the old one or the new one."""
    write_private(folder / FILE_NAME, json.dumps(content, indent=1).encode())


def write_private(path: Path, content: bytes) -> None:
    """Write a file of mode 0600 under another name, flush it to disk, and rename it."""
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def add_wrapping_key(folder: Path) -> str:
    """A new key-encryption key becomes the active one; the older ones still unwrap. Its id."""
    content = json.loads((folder / FILE_NAME).read_text())
    name = f"kek-{1 + max(int(old.split('-')[1]) for old in content['wrapping'])}"
    content["wrapping"][name] = _fresh()
    content["active"] = name
    write(folder, content)
    return name


def forget_wrapping_keys(folder: Path, names: Iterable[str]) -> None:
    """Remove key-encryption keys under which nothing is wrapped. Never the active one."""
    content = json.loads((folder / FILE_NAME).read_text())
    for name in set(names) - {content["active"]}:
        content["wrapping"].pop(name, None)
    write(folder, content)


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


def _fresh() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
