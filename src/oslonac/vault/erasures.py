"""The erasure list: which data keys were destroyed, outside the database, beside the key file.

A backup older than an erasure still holds the destroyed key. So each erasure is also a signed
line in `oslonac.erased`, which no restore replaces: start-up and `oslonac restore` read it and
destroy those keys again, and `vault.sealing` opens nothing whose key is on it. Lines only ever
follow; each carries the hash of the one before, and the key file remembers how many there are, so
that a list that was cut is noticed. It names keys, posts and grounds by id and code, nobody.

Format: docs/reference/erasure-list.md. Decision: docs/adr/0012-erasure-list.md.
Does not belong here: deciding to erase (`retention`), what else must go (`erasers`).
"""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from oslonac.vault import keyfile, signing
from oslonac.vault.signing import Signature

LIST_NAME = "oslonac.erased"
PURPOSE = "erasure"
_START = hashlib.sha256(b"oslonac erasure list").hexdigest()


class ListBroken(RuntimeError):
    """The erasure list was cut, changed or signed by somebody else."""


@dataclass(frozen=True)
class Line:
    """One erasure. `entry` is what was signed: see `erasers.entry_of`."""

    entry: Mapping[str, Any]
    signature: Signature
    previous: str

    @property
    def keys(self) -> tuple[UUID, ...]:
        return tuple(UUID(key) for key in self.entry["keys"])

    def text(self) -> str:
        said = {
            "entry": dict(self.entry),
            "signature": self.signature.as_json(),
            "previous": self.previous,
        }
        return json.dumps(said, sort_keys=True, separators=(",", ":"))


def read(folder: Path) -> list[Line]:
    """All lines, checked. Raises ListBroken with a sentence that says what is wrong."""
    lines = parse(_text(folder))
    count, head = _remembered(folder)
    if len(lines) < count or (count and head_of(lines[:count]) != head):
        raise ListBroken(
            f"The erasure list {folder / LIST_NAME} was cut or replaced: the key file counts "
            f"{count} erasures, the list has {len(lines)}. Put the newest list back; it also lies "
            "in every backup and in the recovery copy. Until then somebody who was erased could "
            "come back."
        )
    return lines


def parse(text: str) -> list[Line]:
    """Lines of a list, with chain and signatures checked. Raises ListBroken."""
    lines: list[Line] = []
    previous = _START
    for number, each in enumerate(text.splitlines(), 1):
        try:
            said = json.loads(each)
            line = Line(said["entry"], Signature(**said["signature"]), said["previous"])
            signing.check(PURPOSE, line.entry, line.signature)
        except (ValueError, KeyError, TypeError) as error:
            raise ListBroken(f"Line {number} of the erasure list was changed.") from error
        if line.previous != previous:
            raise ListBroken(f"Line {number} of the erasure list does not follow the one before.")
        lines.append(line)
        previous = _hash(each)
    return lines


def head_of(lines: Iterable[Line]) -> str:
    """Hash of the last line."""
    last = _START
    for line in lines:
        last = _hash(line.text())
    return last


def append(folder: Path, entry: Mapping[str, Any], signature: Signature) -> None:
    """Add an erasure, on disk when this returns; adding it twice adds it once."""
    from oslonac.vault import recovery

    with keyfile.locked(folder):
        lines = read(folder)
        if any(line.signature == signature for line in lines):
            return
        line = Line(entry, signature, head_of(lines))
        handle = os.open(folder / LIST_NAME, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(line.text() + "\n")
            file.flush()
            os.fsync(file.fileno())
        remember(folder, [*lines, line])
    recovery.write_copy(folder)


def merge(folder: Path, text: str) -> int:
    """Take in a list that came with a backup or a recovery copy; how many lines were new.

    One must begin with the other: two that part ways are not lists of the same installation.
    """
    theirs = parse(text)
    with keyfile.locked(folder):
        ours = parse(_text(folder))
        common = min(len(ours), len(theirs))
        if head_of(ours[:common]) != head_of(theirs[:common]):
            raise ListBroken("The list in the backup and the one beside the keys do not agree.")
        if len(theirs) > len(ours):
            _check_ours(folder, theirs[len(ours) :])
            joined = "".join(f"{line.text()}\n" for line in theirs)
            keyfile.write_private(folder / LIST_NAME, joined.encode())
            remember(folder, theirs)
    return max(0, len(theirs) - len(ours))


def _check_ours(folder: Path, lines: Iterable[Line]) -> None:
    """A backup from elsewhere must not name keys to destroy here."""
    if not (folder / keyfile.FILE_NAME).exists():
        return
    ours = signing.public_keys_in(keyfile.read(folder))
    if ours and any(line.signature.public not in ours for line in lines):
        raise ListBroken("The erasure list in the backup is signed by another installation.")


def remember(folder: Path, lines: list[Line]) -> None:
    """Let the key file know how long the list is. The caller holds the lock."""
    if not (folder / keyfile.FILE_NAME).exists():
        return
    content = keyfile.read(folder)
    before = content.get("erased", {}).get("count", 0)
    if len(lines) >= before:
        content["erased"] = {"count": len(lines), "head": head_of(lines)}
        keyfile.write(folder, content)


def text_of(folder: Path) -> str:
    """The list as it stands, for a backup."""
    return _text(folder)


def erased_keys() -> frozenset[str]:
    """Ids of destroyed data keys, read anew when the list grew. Empty while it is broken: then
    the doctor and start-up speak, and pages must still open for everybody else."""
    path = signing.keys_folder() / LIST_NAME
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        return frozenset()
    return _erased(path, changed)


@lru_cache(maxsize=2)
def _erased(path: Path, changed: int) -> frozenset[str]:
    try:
        lines = parse(path.read_text(encoding="utf-8"))
    except ListBroken:
        return frozenset()
    return frozenset(
        str(key) for line in lines if signing.is_ours(line.signature) for key in line.keys
    )


def _text(folder: Path) -> str:
    try:
        return (folder / LIST_NAME).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def _remembered(folder: Path) -> tuple[int, str]:
    if not (folder / keyfile.FILE_NAME).exists():
        return 0, ""
    said = keyfile.read(folder).get("erased", {})
    return int(said.get("count", 0)), str(said.get("head", ""))


def _hash(line: str) -> str:
    return hashlib.sha256(line.encode()).hexdigest()
