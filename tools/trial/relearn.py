"""Learns every weight anew and writes the tables (`oslonac bench names --learn`).

Belongs here: the order of learning and the writing. Does not belong here: how each weight is
learned (`learning`, `fitting`, `linkage`). Fixed seeds: the same input gives the same tables.
"""

import json
import random
from collections.abc import Iterator
from pathlib import Path

from oslonac.matching import models, words
from oslonac.matching.known import Known, entries
from oslonac.matching.learning import held_back, learn, pairs_of_file, pairs_of_table
from oslonac.matching.parts import Reader
from oslonac.matching.transducer import WEIGHTS
from tools.trial import choosing, doubles, fitting, linkage, registers
from tools.trial.families import families, labelled

SOURCE = (
    "google/transliteration ar2en-train.txt (Apache-2.0), of which only these weights remain, "
    "and our own table of names"
)
# Our own writings are fewer and closer to the names we meet.
TIMES_OUR_OWN = 3
# Made-up hands write few initials and pet names, so what those bring is capped by hand.
SOFT, MOST_SOFT = 12, -1.0
# To take one child's name for another's costs more than to look at a pair too many: what no hand
# explains (vowels, consonants, consonants on one side) weighs so much more than was learned, and
# another letter of a Slavic name at least so much.
STRICTER = {8: -0.7, 9: -0.5, 10: -0.8}
LETTERS, LEAST_LETTERS = 14, -3.8
# No made-up record lacks a name; a pair that has none starts from far below even odds.
NAMELESS, NOBODY_NAMED = 4, -4.0
# To take twins for one child costs more than to miss a duplicate.
SIBLINGS, SURELY_SIBLINGS = 3, -1.4


def everything(folder: Path | None) -> Iterator[str]:
    """Costs, words, names, persons: each uses what was learned before it, in a fresh process."""
    file = folder / "ar2en-train.txt" if folder else None
    if file and file.exists():
        yield _costs(file)
    else:
        yield "No folder with ar2en-train.txt was given: the costs of sounds stay as shipped."
    tail = registers.tail_of(folder, "ar2en-train.txt")
    chance = random.Random(5)
    word = fitting.regression(fitting.word_samples(chance, 14_000, tail))
    word[LETTERS] = min(word[LETTERS], LEAST_LETTERS)
    word = [weight + STRICTER.get(at, 0.0) for at, weight in enumerate(word)]
    words.WORD_MODEL = tuple(round(weight, 3) for weight in word)
    yield f"Words: {words.WORD_MODEL}"
    chance = random.Random(6)
    name = fitting.regression(fitting.name_samples(chance, 30_000, tail))
    name[SOFT] = min(name[SOFT], MOST_SOFT)
    _write(word=words.WORD_MODEL, name=[round(weight, 3) for weight in name])
    yield f"Names: {name}"
    yield from _persons()
    chosen = choosing.fit(tail)
    _write(choice=[round(weight, 3) for weight in chosen])
    yield f"Choice among many: {chosen}"


def _costs(file: Path) -> str:
    reader = Reader(Known(entries()))
    found = pairs_of_file(file, reader)
    own = pairs_of_table([e for e in entries() if not held_back(e)], reader)
    table = {channel: learn(found[channel] + own[channel] * TIMES_OUR_OWN) for channel in found}
    content = {"source": SOURCE, "channels": table}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    WEIGHTS.write_text(text + "\n", encoding="utf-8")
    return f"Costs of sounds learned from {sum(map(len, found.values()))} pairs."


def _persons() -> Iterator[str]:
    chance = random.Random(1)
    pairs = labelled(families(entries(), chance, 2500), chance, 6000)
    comparer = linkage.fresh()
    seen = [linkage.levels(left, right, comparer) for left, right, _ in pairs]
    start = models.read()["levels"]
    learned = linkage.expectation_maximisation(seen, start)
    levels = {level: learned.get(level, value) for level, value in start.items()}
    _write(levels=levels)
    yield f"Facts: {levels}"
    models.weights_of_levels().update(levels)
    weights = linkage.calibration(pairs, comparer)
    weights[NAMELESS] = NOBODY_NAMED
    weights[SIBLINGS] = min(weights[SIBLINGS], SURELY_SIBLINGS)
    weights[0] = linkage.levelled(pairs, comparer, weights)
    _write(calibration=[round(weight, 3) for weight in weights])
    yield f"Calibration: {weights}"
    double = doubles.fit()
    _write(duplicates=[round(weight, 3) for weight in double])
    yield f"Duplicates: {double}"


def _write(**changed: object) -> None:
    content = models.read() | changed
    models.MODELS.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
