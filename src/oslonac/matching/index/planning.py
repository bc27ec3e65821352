"""What a question tries of the index, and in which order. In clear, as `recipe`.

Belongs here: the steps of a search by name, the rarest evidence first; what orders candidates
before anything is opened. Does not: which keys a person has (`recipe`), asking (`candidates`).
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from heapq import nlargest
from itertools import combinations

from rapidfuzz.distance import Levenshtein

from oslonac.matching import keys
from oslonac.matching.index.recipe import (
    MOST_SOUNDS,
    WIDEST_BIRTH,
    commonness,
    expected_share,
    labels,
    reader,
    single,
    strong,
    texts,
    weak,
)
from oslonac.matching.known import plain
from oslonac.matching.parts import Name, Part
from oslonac.matching.words import judge

MOST_WORDS = 6  # of a question
MOST_ALONE = 2  # words of it searched by themselves
MOST_LABELS = 12  # lines of the table that one word may be
MOST_WRITINGS, MOST_JUDGED = 2, 50  # of a line of the table; of all that a word may be
# Rows of the register that the first steps bring together; from which a birth narrows a pair;
# that are asked for in one go.
FIRST_ROWS, DATED_ROWS, ONE_STEP_ROWS = 2_500, 800, 800
MOST_PAIRS = 2  # steps of more common pairs
LEAST_CHANCE = 0.02  # that two words are one name, as in `ranking`


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a question, for ordering candidates: nats for its surest and a finer key."""

    text: str
    strong: tuple[str, ...]
    weak: tuple[str, ...]
    nats: float


@dataclass(frozen=True, slots=True)
class Step:
    """Keys tried together, the likeliest first: where so many people bear them that not all are
    looked at, the later ones are left. `both`: whoever is found has one of these as well. `word`:
    the only one that is asked for; `alike`: words of the question that whoever is found has at
    least roughly, and what that brings (nats)."""

    name: str
    keys: tuple[str, ...]
    word: str = ""
    both: tuple[str, ...] = ()
    alike: tuple[tuple[str, float], ...] = ()

    @property
    def share(self) -> float:
        """How large a part of a register has one of `keys`, so far as the table of names says."""
        return sum(map(expected_share, self.keys))


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked of the index for one name: `first` the pairs of words that fewest people
    have, `then`, where those bring nobody surely alike, everything rougher or more common."""

    first: tuple[Step, ...] = ()
    then: tuple[Step, ...] = ()
    words: tuple[Word, ...] = ()
    left_out: int = 0
    all_keys: tuple[str, ...] = field(default=())
    whole: bool = True  # whether every pair of words is in a step


def plan(text: str, years: tuple[int, int] | None = None, size: int = 0) -> Plan:
    """The steps of a search by name. `years`: of birth, as far as known; `size`: how many people
    the register has, roughly.

    The rarest part of the evidence is asked for first and the rest only where that was not
    enough, as search engines read the shortest lists first (Broder et al. 2003, "Efficient query
    evaluation using a two-level retrieval process").
    """
    name = reader().name(text)
    # A title is in few records, whoever bears it.
    told = [part for part in name.parts if part.text not in name.titles] or name.parts
    told = list({part.text: part for part in told}.values())
    parts = sorted(told, key=commonness)[:MOST_WORDS]
    if not parts:
        return Plan()
    short = Name(name.text, tuple(part for part in told if part in parts), name.titles)
    near = _near(years)
    dated = [_dated(part, near) for part in parts[:MOST_ALONE] if near]
    if len(parts) == 1:
        first, then, whole = dated + _of_word(parts[0]), list[Step](), True
    else:
        first, then, whole = _pairs(short, dated, size)
        # The rarest words alone: the others bring so many that none of them stands out.
        then += [*dated, *(_sounding(part) for part in parts[:MOST_ALONE])]
    words = tuple(_word(part) for part in short.parts)
    each = {key for step in (*first, *then) for key in step.keys}
    union = tuple(sorted(each.union(*map(single, parts))))
    left_out = len(told) - len(parts) + name.left_out
    return Plan(tuple(first), tuple(then), words, left_out, union, whole)


def _pairs(name: Name, dated: Sequence[Step], size: int) -> tuple[list[Step], list[Step], bool]:
    """Steps of two words: those that few people have, or a birth narrows; the others, as far as
    they do not bring too many; whether these are all."""
    groups = _merged(
        sorted(
            (Step("fine", _fine(one, other)) for one, other in combinations(name.parts, 2)),
            key=lambda step: step.share,
        ),
        size,
    )
    first: list[Step] = []
    rows = 0.0
    while groups and (not first or rows + groups[0].share * size <= FIRST_ROWS):
        rows += groups[0].share * size
        if dated and groups[0].share * size > DATED_ROWS:
            first.append(replace(groups[0], name="fine and dated", both=dated[0].keys))
        first.append(groups.pop(0))
    then: list[Step] = []
    while groups and len(then) < MOST_PAIRS:
        then.append(groups.pop(0))
    lone = {f"l:{key}" for part in name.parts for key in single(part)}
    then += [*_rough(name), *_slips(name), Step("lone", tuple(sorted(lone, key=expected_share)))]
    return first, then, not groups


def _rough(name: Name) -> Iterator[Step]:
    """Two words by their sound; of a longer name all pairs at once."""
    rough = tuple(sorted(texts(keys.pair_keys(name)), key=expected_share))
    alike = tuple(map(_alike, name.parts)) if len(name.parts) == 2 else ()
    yield Step("rough", rough, alike=alike)


def _slips(name: Name) -> Iterator[Step]:
    """A word in no table as a slip of the pen may have left it, beside another of the name."""
    for part in name.parts:
        if part.known:
            continue
        beside = [left for one in name.parts if one.text != part.text for left in _perhaps(one)]
        near = [f"x:{left}+{right}" for left in beside for right in keys.mended(part)]
        if near:
            yield Step("slip", tuple(dict.fromkeys(near)), alike=(_alike(part),))


def _fine(one: Part, other: Part) -> tuple[str, ...]:
    """Two words as they may stand in an entry, as they are in the table first."""
    pairs = [(left, right) for left in _perhaps(one) for right in _perhaps(other)]
    return tuple(dict.fromkeys("f:" + "+".join(sorted(pair)) for pair in pairs))


def _merged(steps: Iterable[Step], size: int) -> list[Step]:
    """Steps that bring few are one question to the index."""
    found: list[Step] = []
    for step in steps:
        if found and (found[-1].share + step.share) * size <= ONE_STEP_ROWS:
            both = dict.fromkeys(found[-1].keys + step.keys)
            found[-1] = replace(found[-1], keys=tuple(both))
        else:
            found.append(step)
    return found


def _dated(part: Part, years: Sequence[int]) -> Step:
    ordered = sorted(single(part), key=expected_share)
    dated = tuple(f"y{year}:{key}" for key in ordered for year in years)
    return Step("dated", dated, word=part.text, alike=(_alike(part),))


def _of_word(part: Part) -> list[Step]:
    """A name of one word: as it is in the table, or may be, then whatever sounds like it."""
    known = tuple(
        f"k:{label.removeprefix('=')}" for label in labels(part) or _near_labels(part.text)
    )
    steps = [Step("known", known, word=part.text, alike=(_alike(part),))] if known else []
    return [*steps, _sounding(part)]


def _alike(part: Part) -> tuple[str, float]:
    """A rough sound that many words have says little, however rare the word itself."""
    rough = sum(expected_share(key) for key in single(part) if key.startswith("1:"))
    return part.text, round(-math.log(min(1.0, max(rough, commonness(part)))), 2)


def _sounding(part: Part) -> Step:
    ordered = tuple(sorted(single(part), key=expected_share))
    return Step("single", ordered, word=part.text, alike=(_alike(part),))


def _perhaps(part: Part) -> tuple[str, ...]:
    """How a word of a question may stand in an entry: its lines, or like-sounding ones where it
    has none, and its sounds, for writings that the table does not have."""
    own = tuple(labels(part)) or _near_labels(part.text)
    return own + keys.word_keys(part)[:MOST_SOUNDS]


@lru_cache(maxsize=20_000)
def _near_labels(text: str) -> tuple[str, ...]:
    """Lines of the table that a word on none of them may be a writing of, the likeliest first.
    The writings whose consonants come nearest are judged: the others seldom say more."""
    part = reader().part(text)
    heard = keys.outline(part.sound)
    near: list[tuple[float, int, Part]] = []
    for number in {n for key in keys.word_keys(part) for n in _by_sound().get(key, ())}:
        like = [
            (Levenshtein.normalized_similarity(heard, keys.outline(each.sound)), number, each)
            for each in _writings(number)
        ]
        near += nlargest(MOST_WRITINGS, like, key=lambda one: one[0])
    judged: dict[int, float] = {}
    for _like, number, writing in nlargest(MOST_JUDGED, near, key=lambda one: (one[0], -one[1])):
        judged[number] = max(judge(part, writing).chance, judged.get(number, 0.0))
    likely = [number for number, chance in judged.items() if chance >= LEAST_CHANCE]
    ordered = sorted(likely, key=lambda number: -judged[number])
    lines = dict.fromkeys("=" + plain(reader().known.entries[n].latin[0]) for n in ordered)
    return tuple(lines)[:MOST_LABELS]


@lru_cache(maxsize=20_000)
def _writings(number: int) -> tuple[Part, ...]:
    """Some writings of a line of the table: of each kind the plainest."""
    entry = reader().known.entries[number]
    texts = (*entry.latin[:4], *entry.native[:2])
    return tuple(reader().part(text.replace(" ", "")) for text in texts)


@cache
def _by_sound() -> dict[str, tuple[int, ...]]:
    """Numbers of the table's lines by the sounds their writings may have."""
    found: dict[str, set[int]] = {}
    for number, entry in enumerate(reader().known.entries):
        for text in entry.native + entry.latin:
            for key in keys.word_keys(reader().part(text.replace(" ", ""))):
                found.setdefault(key, set()).add(number)
    return {key: tuple(sorted(numbers)) for key, numbers in found.items()}


def _word(part: Part) -> Word:
    """A word on no line of the table agrees weakly with the lines that it may be a writing of."""
    near = () if part.known else _near_labels(part.text)
    alike = (*weak(part), *(f"k:{label}" for label in near))
    return Word(part.text, strong(part), alike, round(-math.log(commonness(part)), 2))


def _near(between: tuple[int, int] | None) -> Sequence[int]:
    if between is None or between[1] - between[0] > 2 * WIDEST_BIRTH:
        return ()
    return range(between[0] - 1, between[1] + 2)
