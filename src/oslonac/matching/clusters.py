"""Groups of records thought to be one person, made of pairs.

Belongs here: joining pairs so that nobody is drawn in whom another member contradicts. Does not
belong here: the pairs (`duplicates`).

Joining whoever is linked to whoever makes chains of brothers. Here two groups are joined only
when every record of one may be every record of the other.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from oslonac.matching.duplicates import Pair

MOST = 20  # records of one person; more is a question for a person, not a group
CONTRADICTS = 0.3


@dataclass(frozen=True, slots=True)
class Cluster:
    """Rows of one person, and the pairs that say so."""

    rows: tuple[int, ...]
    pairs: tuple[Pair, ...]

    @property
    def probability(self) -> float:
        """Of the least probable pair that holds the group together."""
        return min(pair.probability for pair in self.pairs)


def clusters(
    pairs: Iterable[Pair], probability: Callable[[int, int], float], at: float
) -> Iterator[Cluster]:
    """Groups by pairs at least `at` probable, the surest first; ordered by their first row."""
    group: dict[int, list[int]] = {}
    held: dict[int, list[Pair]] = {}
    for pair in sorted(pairs, key=lambda one: (-one.probability, one.left, one.right)):
        if pair.probability < at:
            break
        left = group.setdefault(pair.left, [pair.left])
        right = group.setdefault(pair.right, [pair.right])
        if left is right:
            held[left[0]].append(pair)
            continue
        if len(left) + len(right) > MOST or not _agree(left, right, pair, probability):
            continue
        kept = [*held.pop(left[0], ()), *held.pop(right[0], ()), pair]
        left.extend(right)
        for row in right:
            group[row] = left
        held[left[0]] = kept
    for first in sorted(held):
        yield Cluster(tuple(sorted(group[first])), tuple(held[first]))


def _agree(
    left: list[int], right: list[int], pair: Pair, probability: Callable[[int, int], float]
) -> bool:
    others = ((a, b) for a in left for b in right if (a, b) != (pair.left, pair.right))
    return all(probability(min(two), max(two)) >= CONTRADICTS for two in others)
