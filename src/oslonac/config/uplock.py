"""The lock that prevents two `oslonac up` in one data folder.

Belongs here: taking it, and telling who holds it. The kernel frees it when its holder
dies, so a killed `up` never has to be cleaned up after.
"""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from oslonac.config import datafolder


@dataclass(frozen=True)
class Holder:
    """The running `oslonac up` of this data folder."""

    pid: int
    port: int


def _path() -> Path:
    return datafolder.run_dir() / "up.lock"


@contextlib.contextmanager
def held(port: int) -> Iterator[bool]:
    """Hold the lock inside the block; yields False when another `up` has it."""
    handle = os.open(_path(), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        os.ftruncate(handle, 0)
        os.write(handle, json.dumps({"pid": os.getpid(), "port": port}).encode())
        yield True
    finally:
        os.close(handle)


def holder() -> Holder | None:
    """Who holds the lock now, or None."""
    try:
        handle = os.open(_path(), os.O_RDWR)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        with contextlib.suppress(ValueError, KeyError):
            content = json.loads(os.read(handle, 200))
            return Holder(content["pid"], content["port"])
    finally:
        os.close(handle)
    return None
