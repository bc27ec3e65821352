"""Learns what each fact about a person is worth: EM over unlabelled pairs of records.

Belongs here: the expectation-maximisation of Fellegi & Sunter's model (as in Winkler 1988 and
Christen, *Data Matching*, 2012), and the small regression that calibrates its sum. Labels
are used for the regression only. Does not belong here: the comparison (`persons`).
"""

import math
from collections import defaultdict
from collections.abc import Sequence

from oslonac.matching.names import Comparer
from oslonac.matching.persons import SENTENCES, PersonComparer, Record
from oslonac.matching.words import logistic
from tools.trial.families import Labelled
from tools.trial.fitting import Sample, regression

LEVEL_OF = {template: level for level, template in SENTENCES.items()}
NAME_BINS = (-6.0, -2.0, 0.0, 2.0, 4.5)
SMOOTH = 0.5
STRONGEST = 9.0
# No made-up register can teach these: they are rules, not statistics.
FIXED = ("two_places", "twin", "document_same")


def levels(left: Record, right: Record, comparer: PersonComparer) -> dict[str, str]:
    """For each fact both records know, the level of agreement."""
    found = {}
    for reason in comparer.evidence(left, right):
        level = LEVEL_OF[reason.template]
        found[level.split("_")[0]] = level
    name = comparer.best_name(left, right)
    if name:
        found["name"] = f"name{sum(name.logit > edge for edge in NAME_BINS)}"
    return found


def expectation_maximisation(
    seen: Sequence[dict[str, str]], weights: dict[str, float], rounds: int = 15
) -> dict[str, float]:
    """Log m/u of every level, learned without labels from the present ones on."""
    weights = dict(weights) | {f"name{n}": value for n, value in enumerate((-4, -3, -1, 0, 2, 4))}
    share = 0.5
    for _ in range(rounds):
        met: dict[str, list[float]] = defaultdict(lambda: [SMOOTH, SMOOTH])
        field: dict[str, list[float]] = defaultdict(lambda: [2 * SMOOTH, 2 * SMOOTH])
        total = 0.0
        for pair in seen:
            logit = math.log(share / (1 - share)) + sum(weights[level] for level in pair.values())
            p = 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))
            total += p
            for name, level in pair.items():
                met[level][0] += p
                met[level][1] += 1 - p
                field[name][0] += p
                field[name][1] += 1 - p
        share = total / len(seen)
        for level, (m, u) in met.items():
            name = "name" if level.startswith("name") else level.split("_")[0]
            ratio = math.log((m / field[name][0]) / (u / field[name][1]))
            if level not in FIXED:
                weights[level] = max(-STRONGEST, min(STRONGEST, ratio))
    return {level: round(value, 2) for level, value in weights.items()}


def calibration(pairs: Sequence[Labelled], comparer: PersonComparer) -> list[float]:
    """(offset, worth of a nat of name evidence, worth of a nat of anything else, siblings)."""
    samples: list[Sample] = []
    for left, right, label in pairs:
        samples.append((comparer.sums(left, right), label))
    return regression(samples)


def levelled(
    pairs: Sequence[Labelled], comparer: PersonComparer, weights: Sequence[float]
) -> float:
    """The offset with which probabilities are right on average, once others were set by hand."""
    rows = [comparer.sums(left, right) for left, right, _ in pairs]
    wanted = sum(label for *_, label in pairs)
    low, high = weights[0] - 4.0, weights[0] + 4.0
    for _ in range(30):
        middle = (low + high) / 2
        tried = [middle, *weights[1:]]
        found = sum(logistic(sum(map(float.__mul__, tried, row))) for row in rows)
        low, high = (low, middle) if found > wanted else (middle, high)
    return low


def fresh() -> PersonComparer:
    return PersonComparer(Comparer())
