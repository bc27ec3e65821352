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


@lru_cache(maxsize=400_000)
def _most(sound: str, channel: str, right_side: bool) -> float:
    """The most a row of sounds can bring: what a perfect counterpart would give."""
    table = costs(channel, right_side)
    return sum(max(0.0, max(table.pair.get(char, {"": 2.0}).values())) for char in sound)


def closeness(left: str, right: str, left_kind: str, right_kind: str) -> tuple[float, float]:
    """(log ratio, the ratio as a part of the most these sounds could have brought)."""
    channel = ALIKE if left_kind == right_kind else CROSS
    turned = channel is CROSS and right_kind is ABJAD
    value = ratio(left, right, costs(channel, turned))
    most = _most(left, channel, turned) + _most(right, channel, not turned)
    return value, value / (most / 2 or 1.0)
