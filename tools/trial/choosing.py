"""Learns what weighs when one of a register's many is to be chosen (`ranking.OF_CHOICE`).

Belongs here: made-up questions with their candidates, the conditional logit (McFadden 1974) on
them. Does not belong here: what is weighed (`ranking.choice`), registers (`registers`).

Of each question the person meant is known, and in one of twenty that person is taken out, so
that "nobody" is learned too. Every question is asked by name alone and with sex and birth.
"""

import heapq
import math
import random
from collections.abc import Iterator, Sequence

from oslonac.matching.known import entries
from oslonac.matching.parts import Reader
from oslonac.matching.persons import PersonComparer, Record
from oslonac.matching.ranking import SHORTLIST, WIDE, Register, choice
from tools.trial import registers
from tools.trial.fitting import solved
from tools.trial.people import Word

# (people, questions, seed): a small register and a large one, for weights that hold for both.
REGISTERS = ((60_000, 900, 601), (300_000, 600, 602))
TAKEN_OUT = 0.05
PENALTY = 0.05
ENOUGH = 1e-4
FAINT = 1e-6  # candidates less likely than this move no weight
Vector = tuple[float, ...]
# Candidates as `ranking.choice` sees them, and which is meant; nothing when nobody is.
Sample = tuple[list[Vector], int | None]


def fit(tail: Sequence[Word]) -> list[float]:
    """Weights of `ranking.choice`, and last nobody's score."""
    found = [sample for made in REGISTERS for sample in samples(*made, tail)]
    return conditional_logit(found)


def samples(size: int, questions: int, seed: int, tail: Sequence[Word]) -> Iterator[Sample]:
    """Questions to one made-up register whose person is among the candidates, or was taken out."""
    made = registers.make(list(entries()), size, questions, seed, tail)
    register = Register(((str(row), name) for row, name in enumerate(made.names)), Reader())
    comparer = PersonComparer(register.comparer)
    for number, question in enumerate(made.questions):
        gone = random.Random(number).random() < TAKEN_OUT
        for born in (False, True):
            asked = _record(made, question.row, question.text, question.born) if born else None
            sample = _sample(made, register, comparer, question, asked, gone)
            if sample[0] and (gone or sample[1] is not None):
                yield sample


def _sample(
    made: registers.MadeUp,
    register: Register,
    comparer: PersonComparer,
    question: registers.Question,
    asked: Record | None,
    gone: bool,
) -> Sample:
    def nats(row: int) -> float:
        if asked is None:
            return 0.0
        return comparer.nats(asked, _record(made, row, made.names[row], made.born[row]))

    name = register.reader.name(question.text)
    found = [(value + nats(row), row) for row, value in register.candidates(name, WIDE)]
    rows = [row for _, row in heapq.nlargest(SHORTLIST, found, key=lambda one: (one[0], -one[1]))]
    if gone:
        rows = [row for row in rows if row != question.row]
    seen = []
    for row in rows:
        other = register.reader.name(made.names[row])
        links = register.comparer.links(name, other)
        logit = register.comparer.logit(name, other, links)
        seen.append(choice(name, other, links, logit, nats(row)))
    return seen, rows.index(question.row) if question.row in rows else None


def _record(made: registers.MadeUp, row: int, text: str, born: registers.Born) -> Record:
    sex = "f" if made.people[row].female else "m"
    return Record(names=(text,), birth_from=born[0], birth_to=born[1], sex=sex)


def conditional_logit(found: Sequence[Sample], rounds: int = 30) -> list[float]:
    """Newton's method with a small ridge penalty, each step halved until it helps; the last
    weight is nobody's score."""
    weights = [0.0] * (len(found[0][0][0]) + 1)
    likely, slope, curve = _seen_with(found, weights)
    for _ in range(rounds):
        step = solved(curve, slope)
        while True:
            tried = [weight + change for weight, change in zip(weights, step, strict=True)]
            now, slope, curve = _seen_with(found, tried)
            if now >= likely or max(map(abs, step)) < ENOUGH:
                break
            step = [change / 2 for change in step]
        weights, gained = tried, now - likely
        likely = now
        if gained < ENOUGH:
            break
    return weights


Matrix = list[list[float]]


def _seen_with(
    found: Sequence[Sample], weights: Sequence[float]
) -> tuple[float, list[float], Matrix]:
    """Log likelihood less the penalty, its slope and its curvature."""
    size = len(weights)
    slope = [-PENALTY * weight for weight in weights]
    curve = [[PENALTY * (i == j) for j in range(size)] for i in range(size)]
    likely = -PENALTY * sum(weight * weight for weight in weights) / 2
    for seen, meant in found:
        likely += _add(seen, meant, weights, slope, curve)
    return likely, slope, curve


def _add(
    seen: Sequence[Vector],
    meant: int | None,
    weights: Sequence[float],
    slope: list[float],
    curve: Matrix,
) -> float:
    """One question's log likelihood; its slope and curvature are added."""
    size = len(weights)
    rows = [*((*row, 0.0) for row in seen), (0.0,) * (size - 1) + (1.0,)]
    scores = [sum(map(float.__mul__, weights, row)) for row in rows]
    most = max(scores)
    odds = [math.exp(score - most) for score in scores]
    total = sum(odds)
    mean = [0.0] * size
    for row, weight in zip(rows, odds, strict=True):
        p = weight / total
        if p < FAINT:
            continue
        for i, value in enumerate(row):
            if value:
                mean[i] += p * value
                line = curve[i]
                for j, other in enumerate(row):
                    line[j] += p * value * other
    target = -1 if meant is None else meant
    for i in range(size):
        slope[i] += rows[target][i] - mean[i]
        for j in range(size):
            curve[i][j] -= mean[i] * mean[j]
    return scores[target] - most - math.log(total)
