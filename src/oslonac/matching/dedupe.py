"""The answer of `oslonac match dedupe`: groups of ids, why, and what was not compared.

Belongs here: the answer as lines and as JSON, piece by piece, so that a large one is never held
whole. Does not belong here: the search (`batch`, `duplicates`), reading files (`files`).
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from oslonac.matching.batch import Found, State, Tell, search
from oslonac.matching.clusters import Cluster
from oslonac.matching.duplicates import LARGEST_BLOCK, Run
from oslonac.matching.files import guessed, people
from oslonac.matching.persons import Record

Person = tuple[str, Record]
CUTS = (0.999, 0.99, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5)


def of_file(path: str) -> tuple[list[Person], list[str]]:
    """Ids and records of a CSV register, and how what was not plain was read; raises
    `files.BadTable`."""
    rows = people(path, "id")
    said = [guessed(path, rows.encoding)] if rows.encoding else []
    said += [f"{path}, {row.id}: {text}" for row in rows if (text := row.said())]
    return [(row.id, row.record) for row in rows], said


def find(
    persons: Sequence[Person],
    *,
    at: float,
    expected: float,
    state: Path | None = None,
    tell: Tell | None = None,
    workers: int = 1,
) -> "Answer":
    """Groups of records that are probably one person."""
    records = [record for _, record in persons]
    run = Run(records, expected)
    kept = State(state, records, expected) if state else None
    return Answer([identity for identity, _ in persons], run, search(run, at, kept, tell, workers))


@dataclass
class Answer:
    """What was found; `ids` by row."""

    ids: Sequence[str]
    run: Run
    found: Found

    def summary(self) -> dict[str, int]:
        return {
            "records": len(self.ids),
            "compared": self.found.compared,
            "groups": len(self.found.clusters),
            "blocks_too_large": self.found.large_blocks,
        }

    def ordered(self) -> list[Cluster]:
        """Groups as people should look at them, the likeliest first."""
        return sorted(self.found.clusters, key=lambda one: (-one.probability, one.rows))

    def cuts(self) -> list[dict[str, float]]:
        """For whoever stops somewhere in the list: pairs down to each probability, and how many of
        them are expected to be right, which is their mean."""
        sure = sorted(
            (pair.probability for each in self.found.clusters for pair in each.pairs), reverse=True
        )
        found = []
        for cut in CUTS:
            above = [probability for probability in sure if probability >= cut]
            if above:
                mean = round(sum(above) / len(above), 4)
                found.append({"from": cut, "pairs": len(above), "expected_right": mean})
        return found

    def as_json(self, ids_only: bool = False) -> Iterator[str]:
        """The whole answer as JSON, a group at a time; `ids_only`: reasons without any value."""
        head = json.dumps(self.summary() | {"note": self.note(), "cuts": self.cuts()})
        yield head[:-1] + ', "clusters": ['
        for number, cluster in enumerate(self.ordered()):
            yield (",\n" if number else "\n") + json.dumps(self._group(cluster, ids_only))
        yield "\n]}\n"

    def lines(self, ids_only: bool = False) -> Iterator[str]:
        """The same for a person; `ids_only` leaves out the sentences, which hold names."""
        for cluster in self.ordered():
            group = self._group(cluster)
            yield f"{cluster.probability:6.1%}  {', '.join(group['ids'])}\n"  # type: ignore[arg-type]
            for pair in () if ids_only else cluster.pairs:
                why = "; ".join(map(str, self.run.reasons(pair)))
                yield f"        {self.ids[pair.left]} and {self.ids[pair.right]}: {why}\n"
        for cut in self.cuts():
            yield (
                f"From {cut['from']:.1%} on: {cut['pairs']:,} pairs, of which "
                f"{cut['expected_right']:.1%} are expected to be right.\n"
            )
        yield f"{len(self.found.clusters):,} groups in {len(self.ids):,} records. {self.note()}\n"

    def note(self) -> str:
        """What a reader must know of the answer; never empty."""
        said = "Nothing was merged: a person decides."
        if self.found.large_blocks:
            said += (
                f" {self.found.large_blocks:,} times more than {LARGEST_BLOCK:,} records shared two"
                " words and a birth; they were not compared by those words."
            )
        return said

    def _group(self, cluster: Cluster, ids_only: bool = False) -> dict[str, object]:
        pairs = [
            {
                "left": self.ids[pair.left],
                "right": self.ids[pair.right],
                "probability": round(pair.probability, 4),
                "reasons": [
                    reason.template if ids_only else str(reason)
                    for reason in self.run.reasons(pair)
                ],
            }
            for pair in cluster.pairs
        ]
        return {
            "ids": [self.ids[row] for row in cluster.rows],
            "probability": round(cluster.probability, 4),
            "pairs": pairs,
        }
