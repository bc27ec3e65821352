"""A long search for duplicates that tells how far it is and goes on where it was stopped.

Belongs here: progress, the state file, the answer as plain values. Does not belong here: pairs
and groups (`duplicates`, `clusters`), reading registers (`files`).

The state file holds numbers of rows and probabilities, no name: whoever finds it learns nothing
without the register.
"""

import gc
import hashlib
import json
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oslonac.matching.clusters import Cluster, clusters
from oslonac.matching.duplicates import Pair, Run
from oslonac.matching.persons import Record

SHARE = 500  # rows that a process takes at once
EVERY = 5.0  # seconds between two lines of progress, and two entries of the state file
Tell = Callable[[int, int, int], None]  # rows done, rows in all, pairs found
_shared: list[Run] = []  # what forked processes search; empty at all other times


class OtherRegister(Exception):
    """The state file belongs to another register or another question."""


@dataclass(frozen=True, slots=True)
class Found:
    """Groups of rows, and what the search cost."""

    clusters: tuple[Cluster, ...]
    compared: int
    large_blocks: int


class State:
    """Pairs found so far and the next row, in a file that only grows; a torn end is ignored."""

    def __init__(self, path: Path, records: Sequence[Record], expected: float) -> None:
        self.path = path
        self._head = {"register": _mark(records), "rows": len(records), "expected": expected}

    def read(self) -> tuple[int, list[Pair]]:
        """(next row, pairs so far); raises `OtherRegister`."""
        if not self.path.exists() or not self.path.stat().st_size:
            self._append(self._head)
            return 0, []
        following, pairs = 0, list[Pair]()
        for number, entry in enumerate(self._entries()):
            if number == 0:
                if entry != self._head:
                    raise OtherRegister(
                        f"{self.path} was begun with another register or other options. "
                        "Nothing was searched; name another file or remove it."
                    )
                continue
            following = entry["next"]
            pairs += [Pair(left, right, chance) for left, right, chance in entry["pairs"]]
        return following, pairs

    def write(self, following: int, pairs: Sequence[Pair]) -> None:
        found = [[pair.left, pair.right, round(pair.probability, 6)] for pair in pairs]
        self._append({"next": following, "pairs": found})

    def _entries(self) -> Iterator[dict[str, Any]]:
        for line in self.path.read_text(encoding="utf-8").splitlines():
            try:
                yield json.loads(line)
            except json.JSONDecodeError:
                continue  # torn by whatever stopped the search

    def _append(self, entry: dict[str, object]) -> None:
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as file:
            if file.tell() and not _ends_whole(self.path):
                file.write("\n")
            file.write(json.dumps(entry) + "\n")


def _ends_whole(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def _mark(records: Sequence[Record]) -> str:
    """A mark by which the same register is known again; it shows none of it."""
    digest = hashlib.blake2b(digest_size=16)
    for record in records:
        digest.update(repr(_values(record)).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _values(record: Record) -> tuple[object, ...]:
    """A record as values in a fixed order (sets have none)."""
    return (
        record.names,
        record.birth_from,
        record.birth_to,
        record.sex,
        record.country,
        record.father,
        record.mother,
        record.group,
        sorted(record.phones),
        sorted(record.documents),
        sorted(record.languages),
    )


def search(
    run: Run, at: float, state: State | None = None, tell: Tell | None = None, workers: int = 1
) -> Found:
    """Every group of rows that are probably one person, each pair at least `at` probable.

    `workers`: processes that compare, each a share of the rows; the answer is the same.
    """
    begun, pairs = state.read() if state else (0, [])
    fresh: list[Pair] = []
    spoken = time.monotonic()
    for following, found in _found(run, begun, workers):
        fresh += found
        if time.monotonic() - spoken > EVERY:
            pairs += fresh
            if state:
                state.write(following, fresh)
            fresh, spoken = [], time.monotonic()
            if tell:
                tell(following, len(run.records), len(pairs))
    pairs += fresh
    if state and len(run.records):
        state.write(len(run.records), fresh)
    if tell:
        tell(len(run.records), len(run.records), len(pairs))
    made = tuple(clusters(pairs, run.probability, at))
    return Found(made, run.compared, run.large_blocks)


def _found(run: Run, begun: int, workers: int) -> Iterator[tuple[int, list[Pair]]]:
    """(next row, pairs of the rows before it), in the order of rows."""
    alone = workers <= 1 or "fork" not in multiprocessing.get_all_start_methods()
    if alone or len(run.records) - begun <= SHARE:
        for row, pairs in run.pairs(begun):
            yield row + 1, pairs
        return
    begins = range(begun, len(run.records), SHARE)
    # Forked, so that the register is in memory once; what the objects count is copied only where
    # it is touched, and freezing keeps the collector's hands off it.
    _shared.append(run)
    gc.freeze()
    try:
        with multiprocessing.get_context("fork").Pool(workers) as pool:
            for following, pairs, compared, large in pool.imap(_share, begins):
                run.compared += compared
                run.large_blocks += large
                yield following, pairs
    finally:
        gc.unfreeze()
        _shared.clear()


def _share(begin: int) -> tuple[int, list[Pair], int, int]:
    """In a forked process: `SHARE` rows from `begin` on, and what they cost."""
    (run,) = _shared
    before = run.compared, run.large_blocks
    end = min(begin + SHARE, len(run.records))
    pairs = [pair for _row, found in run.pairs(begin, end) for pair in found]
    return end, pairs, run.compared - before[0], run.large_blocks - before[1]
