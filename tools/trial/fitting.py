"""Fits the two regressions behind a probability, on made-up names.

Belongs here: drawing labelled pairs, logistic regression, measuring calibration. Does not
belong here: edit costs (`oslonac.matching.learning`). Writings of a third of the table
(`learning.held_back`) are never used here, and half of the fitting is done with readers that do
not know the table at all, so that the weights hold for names nobody listed.
"""

import math
import random
from collections import defaultdict
from collections.abc import Callable, Sequence

from oslonac.matching.keys import skeletons
from oslonac.matching.known import Entry, Known, entries, shipped
from oslonac.matching.learning import held_back
from oslonac.matching.names import Comparer, features
from oslonac.matching.parts import Part, Reader
from oslonac.matching.words import word_features
from tools.trial.apart import another
from tools.trial.hands import HANDS
from tools.trial.people import Crowd, Drawn, Word, write, write_word

Sample = tuple[tuple[float, ...], int]
SCRIPTS = ("native", "latin", "latin", "cyrillic")
PENALTY = 0.3
SINGLE = 0.15  # of the pairs are of people with one name
ALONE = 0.03  # of the names written are a given name only


def regression(samples: Sequence[Sample], rounds: int = 12) -> list[float]:
    """Logistic regression by Newton's method with a small ridge penalty."""
    size = len(samples[0][0])
    weights = [0.0] * size
    for _ in range(rounds):
        slope = [-PENALTY * w for w in weights]
        curve = [[PENALTY * (i == j) for j in range(size)] for i in range(size)]
        for x, label in samples:
            z = max(-30.0, min(30.0, sum(map(float.__mul__, weights, x))))
            p = 1 / (1 + math.exp(-z))
            rest, spread = label - p, p * (1 - p)
            live = [i for i in range(size) if x[i]]
            for i in live:
                slope[i] += rest * x[i]
                row, amount = curve[i], spread * x[i]
                for j in live:
                    row[j] += amount * x[j]
        step = solved(curve, slope)
        weights = [w + s for w, s in zip(weights, step, strict=True)]
        if max(map(abs, step)) < 1e-4:
            break
    return weights


def solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """A small system of linear equations (Gauss and Jordan)."""
    size = len(right)
    rows = [[*matrix[i], right[i]] for i in range(size)]
    for i in range(size):
        pivot = max(range(i, size), key=lambda k: abs(rows[k][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for k in range(size):
            if k != i and rows[i][i]:
                factor = rows[k][i] / rows[i][i]
                rows[k] = [a - factor * b for a, b in zip(rows[k], rows[i], strict=True)]
    return [rows[i][size] / (rows[i][i] or 1.0) for i in range(size)]


def word_samples(chance: random.Random, size: int, tail: Sequence[Word] = ()) -> list[Sample]:
    """Pairs of writings of one word, and of words a search would confuse."""
    lines = [e for e in entries() if not held_back(e)]
    readers = (Reader(Known(lines)), Reader(Known(())))
    words = [(Word(e.native, e.latin), e.origins) for e in lines]
    words += [(word, "p") for word in chance.sample(list(tail), min(len(tail), len(lines)))]
    written = [
        (n, _one(word, origins, chance))
        for n, (word, origins) in enumerate(words)
        for _ in range(8)
    ]
    near: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for number, text in written:
        for key in skeletons(readers[1].part(text).sound)[:2]:
            near[key].append((number, text))
    samples: list[Sample] = []
    for at in range(size):
        reader = readers[at % 2]
        number, text = chance.choice(written)
        word, origins = words[number]
        samples.append((word_features(*_two(reader, text, _one(word, origins, chance))), 1))
        key = skeletons(readers[1].part(text).sound)[0]
        for other, wrong in (
            *chance.sample(near.get(key, []), min(3, len(near.get(key, [])))),
            chance.choice(written),
        ):
            one, two = _two(reader, text, wrong)
            if other != number and not set(readers[0].part(text).known) & set(
                readers[0].part(wrong).known
            ):
                samples.append((word_features(one, two), 0))
        samples += _one_sound_away(reader, readers[0], word, origins, text, chance)
    return [(seen, label) for seen, label in samples if seen]


def _one_sound_away(
    reader: Reader, knowing: Reader, word: Word, origins: str, text: str, chance: random.Random
) -> list[Sample]:
    """A made-up name one sound away, unless the table calls it the same."""
    made = another(word, chance)
    if made is None:
        return []
    wrong = _one(made, origins, chance)
    one, two = _two(knowing, text, wrong)
    if one.known & two.known:
        return []
    return [(word_features(*_two(reader, text, wrong)), 0)]


def _two(reader: Reader, left: str, right: str) -> tuple[Part, Part]:
    return reader.part(left.replace(" ", "")), reader.part(right.replace(" ", ""))


def _one(word: Word, origins: str, chance: random.Random) -> str:
    origin = chance.choice(origins)
    return write_word(word, origin, chance.choice(SCRIPTS), chance.choice(HANDS), chance)


class Pairs:
    """Labelled pairs of names as a search brings them up."""

    def __init__(
        self,
        lines: Sequence[Entry],
        reader: Reader,
        chance: random.Random,
        tail: Sequence[Word] = (),
        people: int = 4000,
    ) -> None:
        self.chance, self.reader = chance, reader
        crowd = Crowd(lines, chance, tail)
        self.people = [crowd.person() for _ in range(people)]
        self.crowd = crowd
        self.words: dict[str, list[Drawn]] = defaultdict(list)
        for person in self.people:
            for word in person.words:
                self.words[word.name].append(person)
        self._near: dict[str, list[Drawn]] = defaultdict(list)
        for person in self.people:
            key = skeletons(reader.part(person.words[0].latin[0]).sound)[0]
            self._near[key].append(person)

    def draw(self) -> tuple[str, str, int]:
        """Two writings and whether they are of one name: half true, the rest mostly hard."""
        chance = self.chance
        person = chance.choice(self.people)
        if chance.random() < SINGLE:
            person = self._one_name(person)
        left = write(person, chance.choice(SCRIPTS), chance, alone=ALONE)
        if chance.random() < 0.5:
            return left, write(person, chance.choice(SCRIPTS), chance, alone=ALONE), 1
        if chance.random() < 0.1 and len(left.split()) > 1 and len(person.words) > 1:
            return left, write(self._one_name(person), chance.choice(SCRIPTS), chance), 0
        other = self._other(person)
        if not _differ(person, other):
            return self.draw()
        return left, write(other, chance.choice(SCRIPTS), chance), 0

    def _one_name(self, person: Drawn) -> Drawn:
        """Somebody known by one of the person's names alone."""
        return Drawn(person.origin, person.female, (self.chance.choice(person.words),))

    def _other(self, person: Drawn) -> Drawn:
        chance, roll = self.chance, self.chance.random()
        if roll < 0.2:  # a brother or sister
            given = self.crowd.person(person.origin).words[0]
            return Drawn(person.origin, person.female, (given, *person.words[1:]))
        if roll < 0.4:
            return chance.choice(self.words[chance.choice(person.words).name])
        if roll < 0.82:
            return self._one_word_away(person)
        if roll < 0.92:
            key = skeletons(self.reader.part(person.words[0].latin[0]).sound)[0]
            return chance.choice(self._near.get(key) or self.people)
        return chance.choice(self.people)

    def _one_word_away(self, person: Drawn) -> Drawn:
        """One word put for another that sounds much like it, made up or from the lists."""
        at = self.chance.randrange(len(person.words))
        made: Word | None = None
        if self.chance.random() < 0.5:
            made = another(person.words[at], self.chance)
        if made is None:
            key = skeletons(self.reader.part(person.words[at].latin[0]).sound)[0]
            near = self._near.get(key)
            made = self.chance.choice(near).words[0] if near else None
        if made is None or self._known_as_one(made, person.words[at]):
            return self.chance.choice(self.people)
        words = (*person.words[:at], made, *person.words[at + 1 :])
        return Drawn(person.origin, person.female, words)

    @staticmethod
    def _known_as_one(one: Word, other: Word) -> bool:
        """Whether the whole table calls them one name."""
        known = shipped()
        return bool(known.of(one.latin[0]) & known.of(other.latin[0]))


def _differ(one: Drawn, other: Drawn) -> bool:
    """Whether the names differ in more than a part left out (that might be one person)."""
    left = {word.name for word in one.words}
    right = {word.name for word in other.words}
    return bool(left - right) and bool(right - left)


def name_samples(chance: random.Random, size: int, tail: Sequence[Word] = ()) -> list[Sample]:
    """Features of drawn pairs, read with and without the table of known names."""
    lines = [e for e in entries() if not held_back(e)]
    samples: list[Sample] = []
    for known in (lines, ()):
        reader = Reader(Known(known))
        comparer = Comparer(reader)
        pairs = Pairs(lines, reader, chance, tail)
        for _ in range(size // 2):
            left_text, right_text, label = pairs.draw()
            left, right = reader.name(left_text), reader.name(right_text)
            if left.parts and right.parts:
                found = features(left, right, comparer.links(left, right))
                samples.append((found, label))
    return samples


def calibration_error(found: Sequence[tuple[float, int]], bins: int = 10) -> float:
    """Expected calibration error: mean gap between promised and met, over equal bins."""
    groups: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for p, label in found:
        groups[min(int(p * bins), bins - 1)].append((p, label))
    gaps = (
        abs(sum(p for p, _ in group) - sum(label for _, label in group))
        for group in groups.values()
    )
    return sum(gaps) / (len(found) or 1)


Draw = Callable[[], tuple[str, str, int]]
