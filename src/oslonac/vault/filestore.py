"""Where sealed files lie: `files/ab/<32 hexadecimal digits>`, names drawn by chance.

Nothing on disk is ever clear. A file has a key of its own, which its record keeps sealed under
the person's key: a destroyed person's key takes the files along, copies in backups included.
While a file comes in, it lies in `files/incoming` under a key that only this process knows; a
process that dies leaves bytes that nobody can open, and `sweep` takes them away.
"""

import os
import secrets
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from oslonac.vault.streams import CHUNK, SealedReader, SealingWriter, new_key

INCOMING = "incoming"
STALE_SECONDS = 6 * 60 * 60


def folder() -> Path:
    """The folder of sealed files of this installation."""
    from django.conf import settings

    return Path(settings.OSLONAC_DATA) / "files"


@dataclass(frozen=True)
class Stored:
    """A file at rest: its opaque name, its key and its clear length in bytes."""

    name: str
    key: bytes
    size: int


def create() -> tuple[str, IO[bytes]]:
    """A new file to be written into, and its opaque name."""
    name = secrets.token_hex(16)
    path = path_of(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return name, _private(path)


def store(content: IO[bytes]) -> Stored:
    """Seal a clear stream into a new file, under a fresh key. A failure leaves nothing."""
    name, target = create()
    key = new_key()
    writer = SealingWriter(target, key, name)
    try:
        shutil.copyfileobj(content, writer, CHUNK)
        writer.close()
    except BaseException:
        writer.abandon()
        remove(name)
        raise
    return Stored(name, key, writer.size)


def read(name: str, key: bytes) -> SealedReader:
    """The clear content of a file. Raises FileNotFoundError, CannotOpen."""
    return SealedReader(path_of(name).open("rb"), key, name)


def remove(name: str) -> None:
    """Take a file away; it may be gone already."""
    path_of(name).unlink(missing_ok=True)


def path_of(name: str) -> Path:
    """Path of a file by its opaque name. Raises ValueError for anything else."""
    if len(name) != 32 or not set(name) <= set("0123456789abcdef"):
        raise ValueError("not a name of a sealed file")
    return folder() / name[:2] / name


class Incoming:
    """A file that is coming in, or is being made to go out: sealed under a key that exists in
    this object alone. A context manager that leaves nothing behind."""

    def __init__(self) -> None:
        place = folder() / INCOMING
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path = place / secrets.token_hex(16)
        self._key = new_key()
        self.writer = SealingWriter(_private(self.path), self._key, INCOMING)

    def finish(self) -> None:
        """No more is coming."""
        self.writer.close()

    def read(self) -> SealedReader:
        """The clear content, as often as wanted."""
        return SealedReader(self.path.open("rb"), self._key, INCOMING)

    @property
    def size(self) -> int:
        """Clear length in bytes."""
        return self.writer.size

    def discard(self) -> None:
        """Take it away."""
        self.writer.abandon()
        self.path.unlink(missing_ok=True)

    def __enter__(self) -> "Incoming":
        return self

    def __exit__(self, *_: object) -> None:
        self.discard()


def sweep(*, older_than_seconds: float = STALE_SECONDS) -> int:
    """Take away what dead processes left in `incoming`; how many."""
    oldest, gone = time.time() - older_than_seconds, 0
    for path in (folder() / INCOMING).glob("*"):
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _private(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
