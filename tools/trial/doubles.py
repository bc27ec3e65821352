"""Registers with duplicates and families in them: what `match dedupe` is fitted and measured on.

Belongs here: drawing such a register, fitting the weights, judging pairs. Does not belong here:
the search itself (`oslonac.matching.duplicates`), families (`families`).
"""

import random
import time
from dataclasses import dataclass

from oslonac.matching.clusters import clusters
from oslonac.matching.duplicates import EXPECTED, Run
from oslonac.matching.known import entries
from oslonac.matching.persons import Record
from tools.trial.families import families, record
from tools.trial.fitting import Sample, regression

DOUBLED = 0.1
WAYS = ("native", "latin", "latin", "cyrillic")


@dataclass
class Register:
    """Records and the number of the child each is of."""

    records: list[Record]
    children: list[int]
    families: list[int]


def make(size: int, seed: int) -> Register:
    """About `size` records; a tenth of the children were written twice, a few three times."""
    chance = random.Random(seed)
    found: list[tuple[Record, int, int]] = []
    children = families(entries(), chance, int(size / 2.45))
    for child in children:
        times = 1 + (chance.random() < DOUBLED) + (chance.random() < DOUBLED / 5)
        for visit in range(times):
            found.append((record(child, chance, 2 * visit), child.number, child.family))
    chance.shuffle(found)
    del found[size:]
    return Register([one[0] for one in found], [one[1] for one in found], [one[2] for one in found])


def samples(register: Register) -> tuple[list[Sample], float]:
    """Features of every pair that shares a block, and what speaks against any pair."""
    run = Run(register.records, EXPECTED)
    found: list[Sample] = []
    for row in range(len(register.records)):
        for other in run._others(row):
            same = register.children[row] == register.children[other]
            found.append((run.sums(row, other), int(same)))
    return found, run._against


def fit(size: int = 30_000, seed: int = 41) -> list[float]:
    """Weights of `duplicates.WEIGHTS`; the offset of the register is put back afterwards."""
    found, against = samples(make(size, seed))
    weights = regression(found)
    weights[4] += against
    return weights


def measure(size: int, seed: int, at: float = 0.9) -> dict[str, float]:
    """Precision and recall of pairs in groups, and how many brothers or sisters were joined."""
    register = make(size, seed)
    begun = time.perf_counter()
    run = Run(register.records)
    pairs = [pair for _, found in run.pairs() for pair in found]
    groups = list(clusters(pairs, run.probability, at))
    seconds = time.perf_counter() - begun
    right = wrong = kin = 0
    for group in groups:
        for place, left in enumerate(group.rows):
            for other in group.rows[place + 1 :]:
                same = register.children[left] == register.children[other]
                right, wrong = right + same, wrong + (not same)
                kin += not same and register.families[left] == register.families[other]
    times: dict[int, int] = {}
    for child in register.children:
        times[child] = times.get(child, 0) + 1
    true = sum(n * (n - 1) // 2 for n in times.values())
    return {
        "records": len(register.records),
        "true_pairs": true,
        "groups": len(groups),
        "precision": right / ((right + wrong) or 1),
        "recall": right / (true or 1),
        "families_joined": kin,
        "compared": run.compared,
        "large_blocks": run.large_blocks,
        "seconds": round(seconds, 1),
    }
