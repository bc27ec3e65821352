"""The key file on disk: read, written in one step, sealed by a root key where one is configured.

Content (JSON, mode 0600, outside the database and its backups; docs/reference/key-file.md):
key-encryption keys by id with the active one named, three keyed-hash keys, the signing keys, the
public key of the recovery sheets, and how many erasures there were. Sealed, only the source, the
slots of its root keys and the ciphertext stand in the file.

Does not belong here: what the keys do (`keyring`, `signing`), where root keys lie (`sources`).
"""

import base64
import contextlib
import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from oslonac.vault import sources
from oslonac.vault.aead import decrypt, encrypt

FILE_NAME = "oslonac.keys.json"
KEY_BYTES = 32
SEALED_VERSION = 2
_PURPOSES = ("ledger", "index", "login")
_CONTEXT = "oslonac key file 2: content"


class KeyFileMissing(RuntimeError):
    """No key file where one was expected: nothing sealed can be read or written."""


def fresh() -> str:
    """32 random bytes, as they stand in the file."""
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def ensure_key_file(folder: Path) -> Path:
    """Path of the key file in `folder`, made with fresh keys (mode 0600) when there is none."""
    path = folder / FILE_NAME
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    content = {
        "version": 1,
        "active": "kek-1",
        "wrapping": {"kek-1": fresh()},
        "hashing": {purpose: fresh() for purpose in _PURPOSES},
        # From the start, so that every copy of the file knows which signatures are ours.
        "signing": {"active": "sig-1", "keys": {"sig-1": fresh()}},
    }
    # Two processes starting together must not each make a key file: a link is made or is not.
    unfinished = folder / f".{FILE_NAME}.{secrets.token_hex(4)}"
    write_private(unfinished, _on_disk(content))
    try:
        os.link(unfinished, path)
    except FileExistsError:
        pass
    finally:
        unfinished.unlink()
    return path


def read(folder: Path) -> dict[str, Any]:
    """The content of the key file, opened by its source where it is sealed.

    Raises KeyFileMissing, SourceFailed.
    """
    path = folder / FILE_NAME
    try:
        found: dict[str, Any] = json.loads(path.read_text())
    except FileNotFoundError as error:
        raise KeyFileMissing(f"no key file at {path}") from error
    return _opened(found) if is_sealed(found) else found


def is_sealed(found: dict[str, Any]) -> bool:
    """Whether what stands on disk is sealed by a root key."""
    return found.get("version") == SEALED_VERSION


def sealed_by(folder: Path) -> str:
    """Name of the source that sealed the key file; "file" when it stands open."""
    found = json.loads((folder / FILE_NAME).read_text())
    return str(found["source"]) if is_sealed(found) else "file"


def write(folder: Path, content: dict[str, Any]) -> None:
    """Replace the key file in one step: a crash leaves the old one or the new one."""
    write_private(folder / FILE_NAME, _on_disk(content))


@contextlib.contextmanager
def changing(folder: Path) -> Iterator[dict[str, Any]]:
    """The content to be changed in place, written when the block ends without an error. One
    process at a time: a rotation and an erasure must not lose each other's change."""
    with locked(folder):
        content = read(folder)
        yield content
        write(folder, content)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One process at a time inside the block."""
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def write_private(path: Path, content: bytes) -> None:
    """Write a file of mode 0600 under another name, flush it to disk, and rename it."""
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def _on_disk(content: dict[str, Any]) -> bytes:
    plain = json.dumps(content, indent=1).encode()
    source = sources.configured()
    once = secrets.token_bytes(KEY_BYTES)
    slots = source.seal(once)
    if not slots:
        return plain
    found = {
        "version": SEALED_VERSION,
        "source": source.name,
        "slots": {name: base64.b64encode(value).decode() for name, value in slots.items()},
        "content": base64.b64encode(encrypt(once, plain, _CONTEXT)).decode(),
    }
    return json.dumps(found, indent=1).encode()


def _opened(found: dict[str, Any]) -> dict[str, Any]:
    slots = {name: base64.b64decode(value) for name, value in found["slots"].items()}
    once = sources.configured().open(slots)
    content: dict[str, Any] = json.loads(
        decrypt(once, base64.b64decode(found["content"]), _CONTEXT)
    )
    return content
