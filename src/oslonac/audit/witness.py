"""Copies of heads and roots of the ledger outside the database, in the data folder.

A keyed chain shows every change but one: cutting its end off leaves a shorter chain that is whole.
So the worker notes, every few seconds, how far the chain had come, and keeps a copy of each day's
signed root. Whoever owns the database but not this folder cannot take anything back unnoticed.

Files in `OSLONAC_WITNESS` (mode 0600): `heads.jsonl`, a line for each noted head of the days since
the last root; `roots.jsonl`, the signed roots. Both only grow; heads older than a root are dropped.
`pending.jsonl`: events that were written and not linked yet, id and MAC; one is dropped when it was
seen linked.
Does not belong here: judging (`verification`), making roots (`roots`).
"""

import json
import os
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

HEADS, ROOTS, PENDING = "heads.jsonl", "roots.jsonl", "pending.jsonl"
MOST_LINES = 50_000


@dataclass(frozen=True)
class Head:
    """How far the chain had come: last number, its hash (hex), when it was noted (ISO 8601)."""

    sequence: int
    hash: str
    noted_at: str


@dataclass(frozen=True)
class Pending:
    """An event that waited to be linked when it was noted: its id, its MAC (hex), when."""

    event_id: str
    mac: str
    noted_at: str


def folder() -> Path:
    """Where this installation keeps its witness."""
    from django.conf import settings

    return Path(settings.OSLONAC_WITNESS)


def heads(place: Path) -> list[Head]:
    """Noted heads, the oldest first; a line half written in a crash is passed over."""
    return [Head(**said) for said in _lines(place / HEADS) if {"sequence", "hash"} <= said.keys()]


def roots(place: Path) -> list[dict[str, Any]]:
    """Signed roots as they were published, the oldest first."""
    return _lines(place / ROOTS)


def pending(place: Path) -> list[Pending]:
    """Events noted before they were linked, and not seen linked since."""
    wanted = {"event_id", "mac", "noted_at"}
    return [Pending(**said) for said in _lines(place / PENDING) if wanted == said.keys()]


def note_pending(place: Path, waiting: Iterable[Pending], linked: Collection[str]) -> int:
    """Add events that wait, and drop those noted earlier that are `linked`; how many are noted."""
    known = pending(place)
    kept = [each for each in known if each.event_id not in linked]
    here = {each.event_id for each in known}
    fresh = [each for each in waiting if each.event_id not in here]
    if fresh or len(kept) < len(known):
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        _rewrite(place / PENDING, [asdict(each) for each in [*kept, *fresh]])
    return len(kept) + len(fresh)


def note_head(place: Path, head: Head) -> bool:
    """Add a head unless it is noted already; whether it was added."""
    known = heads(place)
    if known and known[-1].sequence >= head.sequence:
        return False
    _append(place / HEADS, asdict(head))
    if len(known) > MOST_LINES:
        _rewrite(place / HEADS, [asdict(each) for each in known[-MOST_LINES // 2 :]])
    return True


def note_root(place: Path, root: dict[str, Any]) -> None:
    """Keep a signed root. Heads before its last number are covered by it from now on."""
    _append(place / ROOTS, root)
    kept = [asdict(each) for each in heads(place) if each.sequence >= root["last"]]
    _rewrite(place / HEADS, kept)


def set_aside(place: Path, mark: str) -> list[Path]:
    """Put the files of another database aside, under new names: after a restore the ledger goes
    on from an earlier end, and what was known stays for whoever asks. The new names."""
    moved = []
    for name in (HEADS, ROOTS, PENDING):
        path = place / name
        if path.exists():
            path.rename(aside := path.with_name(f"{mark}-{name}"))
            moved.append(aside)
    return moved


def _lines(path: Path) -> list[dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    found = []
    for line in text.splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


def _append(path: Path, said: dict[str, Any]) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(json.dumps(said, sort_keys=True, separators=(",", ":")) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _rewrite(path: Path, lines: Iterable[dict[str, Any]]) -> None:
    text = "".join(json.dumps(line, sort_keys=True, separators=(",", ":")) + "\n" for line in lines)
    unfinished = path.with_name(f".{path.name}.new")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
