"""How likely two rows of sounds are one word written twice: learned edit costs.

Belongs here: the stochastic edit distance of Ristad & Yianilos (1998) over sounds, as a log
ratio: probability that one word was written as both, over the probability of meeting the
two by chance. Does not belong here: where the weights come from (`learning`).

Two tables, because a script that leaves vowels out is another channel: `abjad` for an
Arabic or Hebrew writing against any other, `full` for two writings of the same sort.
"""

import json
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate
from pathlib import Path

from oslonac.matching.sounds import ABJAD

WEIGHTS = Path(__file__).with_name("tables") / "costs.json"
NEVER = -6.0  # natural log; what an operation never met costs
CROSS, ALIKE = "abjad", "full"


@dataclass(frozen=True, slots=True)
class Costs:
    """Log ratios: `pair[a][b]` a heard as b, `lone` a sound on one side only."""

    pair: dict[str, dict[str, float]]
    lone_left: dict[str, float]
    lone_right: dict[str, float]

    def turned(self) -> "Costs":
        pair: dict[str, dict[str, float]] = {}
        for left, row in self.pair.items():
            for right, value in row.items():
                pair.setdefault(right, _Row())[left] = value
        return Costs(pair, self.lone_right, self.lone_left)


@cache
def costs(channel: str, turned: bool = False) -> Costs:
    """The learned table of a channel; `turned` when the abjad writing is on the right."""
    if turned:
        return costs(channel).turned()
    read = json.loads(WEIGHTS.read_text(encoding="utf-8"))["channels"][channel]
    pair: dict[str, dict[str, float]] = {one: _Row(row) for one, row in read["pair"].items()}
    return Costs(pair, _Row(read["lone_left"]), _Row(read["lone_right"]))


class _Row(dict[str, float]):
    """Costs of one sound; whatever was never met has the cost of that."""

    def __missing__(self, key: str) -> float:
        return NEVER


def ratio(left: str, right: str, table: Costs) -> float:
    """Best alignment's log ratio in nats; above 0 speaks for one word, below against."""
    gaps = list(map(table.lone_right.__getitem__, right))
    row = [0.0, *accumulate(gaps)]
    for char in left:
        lone = table.lone_left[char]
        above, here = row, row[0] + lone
        row = [here]
        add = row.append
        pairs = map(table.pair.get(char, _NONE).__getitem__, right)
        for diagonal, up, pair, gap in zip(above, above[1:], pairs, gaps, strict=False):
            here += gap
            if diagonal + pair > here:
                here = diagonal + pair
            if up + lone > here:
                here = up + lone
            add(here)
    return row[-1]


_NONE = _Row()


def alignment(left: str, right: str, table: Costs) -> list[tuple[str, str, float]]:
    """The operations of the best alignment: a sound each, "" for none, and nats."""
    rows = [[0.0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for j, char in enumerate(right):
        rows[0][j + 1] = rows[0][j] + table.lone_right[char]
    for i, one in enumerate(left):
        lone, row = table.lone_left[one], table.pair.get(one, _NONE)
        above, here = rows[i], rows[i + 1]
        here[0] = above[0] + lone
        for j, other in enumerate(right):
            here[j + 1] = max(
                above[j] + row[other], above[j + 1] + lone, here[j] + table.lone_right[other]
            )
    return _walk(left, right, table, rows)


def _walk(
    left: str, right: str, table: Costs, rows: list[list[float]]
) -> list[tuple[str, str, float]]:
    """Back along the best way."""
    found = []
    i, j = len(left), len(right)
    while i or j:
        here = rows[i][j]
        if i and j:
            nats = table.pair.get(left[i - 1], _NONE)[right[j - 1]]
            if here == rows[i - 1][j - 1] + nats:
                found.append((left[i - 1], right[j - 1], nats))
                i, j = i - 1, j - 1
                continue
        if i and here == rows[i - 1][j] + table.lone_left[left[i - 1]]:
            found.append((left[i - 1], "", table.lone_left[left[i - 1]]))
            i -= 1
        else:
            found.append(("", right[j - 1], table.lone_right[right[j - 1]]))
            j -= 1
    return found[::-1]


@lru_cache(maxsize=400_000)
def _most(sound: str, channel: str, right_side: bool) -> float:
    """The most a row of sounds can bring: what a perfect counterpart would give."""
    table = costs(channel, right_side)
    return sum(max(0.0, max(table.pair.get(char, {"": 2.0}).values())) for char in sound)


def channel_of(left_kind: str, right_kind: str) -> tuple[str, bool]:
    """The table for two kinds of script, and whether it is to be turned."""
    channel = ALIKE if left_kind == right_kind else CROSS
    return channel, channel is CROSS and right_kind is ABJAD


def closeness(left: str, right: str, left_kind: str, right_kind: str) -> tuple[float, float]:
    """(log ratio, the ratio as a part of the most these sounds could have brought)."""
    channel, turned = channel_of(left_kind, right_kind)
    value = ratio(left, right, costs(channel, turned))
    most = _most(left, channel, turned) + _most(right, channel, not turned)
    return value, value / (most / 2 or 1.0)
