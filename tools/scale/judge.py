"""Pairs that came back from the cluster, judged with names: groups as `match dedupe` makes them.

Belongs here: reading pairs of ids, comparing each, grouping. Does not belong here: finding pairs.

The cluster compares keys, which cannot know that Karim and Karima differ by an ending or that two
brothers share all but the given name; so its pairs are candidates, and what decides is `Run`.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from oslonac.matching.batch import Found
from oslonac.matching.clusters import clusters
from oslonac.matching.dedupe import Answer, Person
from oslonac.matching.duplicates import LEAST, Pair, Run
from oslonac.matching.files import BadTable


def judged(persons: list[Person], pairs: Path, *, at: float, expected: float) -> Answer:
    """The answer over those pairs; raises `BadTable` when one names nobody of the register."""
    run = Run([record for _, record in persons], expected)
    rows = {identity: row for row, (identity, _) in enumerate(persons)}
    kept = []
    for left, right in sorted(set(_read(pairs, rows))):
        run.compared += 1
        probability = run.probability(left, right)
        if probability >= LEAST:
            kept.append(Pair(left, right, probability))
    found = Found(tuple(clusters(kept, run.probability, at)), run.compared, 0)
    return Answer([identity for identity, _ in persons], run, found)


def _read(path: Path, rows: dict[str, int]) -> Iterator[tuple[int, int]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for line in csv.DictReader(file):
                try:
                    left, right = rows[line["left"]], rows[line["right"]]
                except KeyError as error:
                    raise BadTable(
                        f"{path} names {error.args[0]!r}, which the register does not hold."
                    ) from error
                yield min(left, right), max(left, right)
    except OSError as error:
        raise BadTable(f"{path} cannot be read: {error.strerror}.") from error
