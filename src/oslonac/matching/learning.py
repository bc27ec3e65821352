"""Learns the edit costs: expectation-maximisation over pairs of writings of one word.

Belongs here: the forward-backward pass of Ristad & Yianilos (1998), the prior, the table of
log ratios it leaves. Does not belong here: use of the table (`transducer`). Run by
`oslonac bench names --learn`; needs no library.

Sources of pairs: the Arabic-Latin names of google/transliteration (Apache-2.0), read from a
folder the caller names and never copied into the repository, and the writings in our own
table of common names. The weights in `tables/costs.json` are all that is shipped.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from zlib import crc32

from oslonac.matching.known import Entry
from oslonac.matching.parts import Reader
from oslonac.matching.sounds import ABJAD, FULL
from oslonac.matching.transducer import ALIKE, CROSS

Pair = tuple[str, str]
Table = dict[str, Any]  # pair: {a: {b: nats}}, lone_left: {a: nats}, lone_right: {b: nats}
ROUNDS = 6
PRIOR = 6.0  # pseudo-counts an alike pair starts with
ALIKE_BY_EAR = (
    "kqGxgKχcħh",
    "tTdDḍJĐ",
    "sSzZẓTcCšŠX",
    "vwfWub",
    "yijYe",
    "JZgjdCycKSĐ",
    "hħxχHA",
    "pbf",
    "aeiou@AEHWYy",
    "TDzsḍẓ",
    "mn",
    "Sx",
    "bv",
)


def held_back(entry: Entry) -> bool:
    """A third of the table is never learned from: measurements of unseen names use it."""
    return crc32(entry.name.encode()) % 3 == 0


def pairs_of_table(entries: Iterable[Entry], reader: Reader) -> dict[str, list[Pair]]:
    """Writings of each known name against each other, by channel."""
    found: dict[str, list[Pair]] = {CROSS: [], ALIKE: []}
    for entry in entries:
        parts = [reader.part(word) for word in entry.native + entry.latin]
        for at, left in enumerate(parts):
            for right in parts[at + 1 :]:
                if left.kind == right.kind:
                    found[ALIKE] += [(left.sound, right.sound), (right.sound, left.sound)]
                elif left.kind is ABJAD:
                    found[CROSS].append((left.sound, right.sound))
                else:
                    found[CROSS].append((right.sound, left.sound))
    return found


def pairs_of_file(path: Path, reader: Reader) -> dict[str, list[Pair]]:
    """Arabic-Latin pairs, and the Latin writings that share one Arabic writing."""
    found: dict[str, list[Pair]] = {CROSS: [], ALIKE: []}
    latin: dict[str, list[str]] = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        arabic, written = line.split("\t")[:2]
        left, right = reader.part(arabic), reader.part(written)
        if left.sound and right.sound and right.kind is FULL:
            found[CROSS].append((left.sound, right.sound))
            latin[arabic].append(right.sound)
    for writings in latin.values():
        for at, left_sound in enumerate(writings):
            for right_sound in writings[at:]:
                found[ALIKE] += [(left_sound, right_sound), (right_sound, left_sound)]
    return found


def learn(pairs: list[Pair]) -> Table:
    """The table of log ratios for one channel."""
    left = Counter(char for pair in pairs for char in pair[0])
    right = Counter(char for pair in pairs for char in pair[1])
    prior = _prior(left, right)
    joint = _normal(prior)
    for _ in range(ROUNDS):
        expected = dict(prior)
        for pair in pairs:
            _expect(pair, joint, expected)
        joint = _normal(expected)
    return _ratios(joint)


def _prior(left: Counter[str], right: Counter[str]) -> dict[Pair, float]:
    counts: dict[Pair, float] = {}
    for one in left:
        counts[one, ""] = 1.0
        for other in right:
            alike = one == other or any(one in group and other in group for group in ALIKE_BY_EAR)
            counts[one, other] = PRIOR if one == other else (1.0 if alike else 0.02)
    for other in right:
        counts["", other] = 1.0
    return counts


def _normal(counts: dict[Pair, float]) -> dict[Pair, float]:
    total = sum(counts.values())
    return {key: value / total for key, value in counts.items()}


def _expect(pair: Pair, joint: dict[Pair, float], expected: dict[Pair, float]) -> None:
    """Adds how often each operation is expected to have made the pair."""
    left, right = pair
    rows, columns = len(left), len(right)
    ahead = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    back = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    ahead[0][0] = back[rows][columns] = 1.0
    for i in range(rows + 1):
        for j in range(columns + 1):
            if i:
                ahead[i][j] += ahead[i - 1][j] * joint.get((left[i - 1], ""), 0.0)
            if j:
                ahead[i][j] += ahead[i][j - 1] * joint.get(("", right[j - 1]), 0.0)
            if i and j:
                ahead[i][j] += ahead[i - 1][j - 1] * joint.get((left[i - 1], right[j - 1]), 0.0)
    for i in range(rows, -1, -1):
        for j in range(columns, -1, -1):
            if i < rows:
                back[i][j] += back[i + 1][j] * joint.get((left[i], ""), 0.0)
            if j < columns:
                back[i][j] += back[i][j + 1] * joint.get(("", right[j]), 0.0)
            if i < rows and j < columns:
                back[i][j] += back[i + 1][j + 1] * joint.get((left[i], right[j]), 0.0)
    total = ahead[rows][columns]
    if total <= 0.0:
        return
    for i in range(rows + 1):
        for j in range(columns + 1):
            reach = ahead[i][j] / total
            if i < rows:
                key = (left[i], "")
                expected[key] = (
                    expected.get(key, 0.0) + reach * joint.get(key, 0.0) * back[i + 1][j]
                )
            if j < columns:
                key = ("", right[j])
                expected[key] = (
                    expected.get(key, 0.0) + reach * joint.get(key, 0.0) * back[i][j + 1]
                )
            if i < rows and j < columns:
                key = (left[i], right[j])
                expected[key] = (
                    expected.get(key, 0.0) + reach * joint.get(key, 0.0) * back[i + 1][j + 1]
                )


def _ratios(joint: dict[Pair, float]) -> Table:
    """Log of joint over independent, each side's own probability given it is written."""
    written_left: dict[str, float] = defaultdict(float)
    written_right: dict[str, float] = defaultdict(float)
    for (one, other), value in joint.items():
        written_left[one] += value if one else 0.0
        written_right[other] += value if other else 0.0
    both = sum(value for (one, other), value in joint.items() if one and other)
    table: Table = {"pair": {}, "lone_left": {}, "lone_right": {}}
    for (one, other), value in sorted(joint.items()):
        if one and other:
            chance = written_left[one] * written_right[other] / both
            number = math.log(value / chance)
            if number > -6.0:
                table["pair"].setdefault(one, {})[other] = round(number, 2)
        elif one:
            table["lone_left"][one] = round(math.log(value / written_left[one]), 2)
        elif other:
            table["lone_right"][other] = round(math.log(value / written_right[other]), 2)
    return table
