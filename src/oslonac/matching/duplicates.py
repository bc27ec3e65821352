"""Which records of a whole register are one person: pairs worth a look, their probability.

Belongs here: blocking, pairs, probability, the run over all rows. Does not belong here: groups
made of the pairs (`clusters`), files (`files`), comparison (`persons`), any merging: a person
decides.

A pair drawn from a million records is hardly ever one person, so agreement must outweigh
log(records / duplicates expected): a common name with a year of birth cannot, and is not even
compared (Fellegi & Sunter 1969, with the frequency weights of Winkler 1989). Rows are taken in
order, each against later rows that share a block: two words and a year of birth, a document, a
phone. Memory is 16 bytes for each row and block, and the register itself.
"""

import math
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from zlib import crc32

from oslonac.matching import births, models
from oslonac.matching.evidence import Reason
from oslonac.matching.keys import pair_keys, single_keys
from oslonac.matching.known import UNKNOWN_SHARE
from oslonac.matching.names import Comparer
from oslonac.matching.parts import Name, Part, Reader
from oslonac.matching.persons import (
    TWINS_TOO,
    PersonComparer,
    Record,
    born_between,
    weight_of_births,
)
from oslonac.matching.slips import slip
from oslonac.matching.words import logistic

EXPECTED = 0.1  # second records of somebody, as a share of all; what the caller does not know
LEAST = 0.5  # probability from which on a pair is kept
LARGEST_BLOCK = 3000  # rows of one block compared with one another; larger ones are reported
LONGEST_BIRTH = 6  # years of an interval that still help to block
REMEMBERED = 100_000  # comparisons after which the words compared are forgotten: some 150 MB
MOST_OTHER = 10.0  # nats that phone, document, parents and group may add at most
_ROWS = 1 << 26
# What one nat is worth here: rarity of what agrees, the name's log odds (as far as below 3),
# other facts, "perhaps brothers or sisters", the start, and the birth: a day says more than what a
# whole family shares. Fitted by `trial.doubles`.
WEIGHTS = models.row("duplicates")


@dataclass(frozen=True, slots=True)
class Pair:
    """Rows `left` < `right` and how probable it is that both are one person."""

    left: int
    right: int
    probability: float


@dataclass
class Run:
    """A register being searched for duplicates; `pairs` yields them row by row.

    `population`: people of the whole register, where `records` are only those alike one of them.
    """

    records: Sequence[Record]
    expected: float = EXPECTED
    compared: int = 0
    large_blocks: int = 0
    reader: Reader = field(default_factory=Reader)
    population: int = 0

    def __post_init__(self) -> None:
        self._shares, self._begins, self._of_row, self._blocks = _read(self.records, self.reader)
        self._forget()
        self._size = max(len(self.records), self.population, 2)
        self._against = math.log(self._size / max(self.expected, 1e-6))

    def pairs(self, first: int = 0, end: int | None = None) -> Iterator[tuple[int, list[Pair]]]:
        """(row, its probable duplicates among later rows), from row `first` on, before `end`."""
        for row in range(first, len(self.records) if end is None else end):
            yield row, [pair for other in self._others(row) if (pair := self._judged(row, other))]
            if self.compared - self._remembered > REMEMBERED:
                self._forget()

    def _forget(self) -> None:
        """What is remembered of pairs of words would grow with the square of the register."""
        self.comparer = PersonComparer(Comparer(self.reader, self._share, slip))
        self._remembered = self.compared

    def reasons(self, pair: Pair) -> tuple[Reason, ...]:
        """Why both are thought to be one person, a sentence for each fact."""
        left, right = self.records[pair.left], self.records[pair.right]
        return self.comparer.compare(left, right).reasons

    def probability(self, left: int, right: int) -> float:
        """That two rows are one person among all these; never more than for the pair alone."""
        among = sum(map(float.__mul__, WEIGHTS, self.sums(left, right))) - self._against
        if among < 0.0:
            return logistic(among)
        alone = self.comparer.logit(self.records[left], self.records[right])
        return logistic(min(among, alone))

    def sums(self, left: int, right: int) -> tuple[float, ...]:
        """What the model sees of two rows."""
        one, other = self.records[left], self.records[right]
        gain, name = max(
            (self._name(first, second) for first in one.names for second in other.names),
            default=(0.0, -6.0),
        )
        _, _, facts, twin, _ = self.comparer.sums(one, other)
        birth = weight_of_births(one, other)
        if twin:
            birth = min(birth, TWINS_TOO)
        return gain, min(name - 3.0, 0.0), facts - birth, twin, 1.0, birth

    def _name(self, left: str, right: str) -> tuple[float, float]:
        one, other = self.reader.name(left), self.reader.name(right)
        if not one.parts or not other.parts:
            return 0.0, -6.0
        links = self.comparer.names.links(one, other)
        gain = sum(link.gain for link in links)
        return gain, max(-6.0, self.comparer.names.logit(one, other, links))

    def _judged(self, row: int, other: int) -> Pair | None:
        self.compared += 1
        if self._at_most(row, other) < 0.0:
            return None
        probability = self.probability(row, other)
        return Pair(row, other, probability) if probability >= LEAST else None

    def _at_most(self, row: int, other: int) -> float:
        """Log odds if nothing but what both hold for certain spoke against: a look before work."""
        one, two = self.records[row], self.records[other]
        names = (self._name(first, second) for first in one.names for second in two.names)
        gain, name = max(names, default=(0.0, -6.0))
        birth = weight_of_births(one, two)
        facts = self.comparer.most(one, two) - birth
        parts = (gain, min(name - 3.0, 0.0), facts, 0.0, 1.0, birth)
        return sum(map(float.__mul__, WEIGHTS, parts)) - self._against

    def _others(self, row: int) -> Iterator[int]:
        """Later rows that share a block and could reach the least probability at all."""
        record = self.records[row]
        most = max((self._most(self.reader.name(name)) for name in record.names), default=0.0)
        needed = self._against - WEIGHTS[0] * most - WEIGHTS[4]
        if needed > WEIGHTS[2] * _most_facts(record) + WEIGHTS[5] * _most_birth(record):
            return
        seen: set[int] = set()
        for block in self._of_row[self._begins[row] : self._begins[row + 1]]:
            begin = bisect_right(self._blocks, block << 26 | row)
            end = bisect_left(self._blocks, (block + 1) << 26)
            if end - begin > LARGEST_BLOCK:
                self.large_blocks += 1
                continue
            seen.update(entry & (_ROWS - 1) for entry in self._blocks[begin:end])
        for other in sorted(seen):
            birth = weight_of_births(record, self.records[other])
            facts = self.comparer.most(record, self.records[other]) - birth
            if WEIGHTS[2] * facts + WEIGHTS[5] * birth >= needed:
                yield other

    def _most(self, name: Name) -> float:
        return sum(-math.log(max(self._share(part), UNKNOWN_SHARE)) for part in name.parts)

    def _share(self, part: Part) -> float:
        """How common a word is here, every writing of a known name counted."""
        counted = max((self._shares[number] for number in part.known), default=0)
        counted = max(counted, self._shares[part.sound])
        return max(counted / self._size, self.reader.known.share(part.known) / 4)


def blocks(record: Record, names: Sequence[Name]) -> set[int]:
    """Numbers of the blocks a record is in: words and birth, document, phone."""
    found = {f"d{number}" for number in record.documents} | {f"p{each}" for each in record.phones}
    born = born_between(record)
    years: list[str] = [""]
    if born and born[1].year - born[0].year < LONGEST_BIRTH:
        years = [str(year) for year in range(born[0].year, born[1].year + 2)]
    day = _whole_day(record)
    for name in names:
        words = pair_keys(name) or (single_keys(name) if years != [""] else set())
        found |= {f"{key.decode()}{year}" for key in words for year in years}
        if day:
            found |= {f"{key.decode()}@{day}" for key in single_keys(name)}
    return {crc32(block.encode()) for block in found}


def _whole_day(record: Record) -> str:
    """A birth known to the day, with its day and month in one order; empty if it is not."""
    born = born_between(record)
    if born is None or born[0] != born[1]:
        return ""
    first, second = sorted((born[0].day, born[0].month))
    return f"{born[0].year}-{first}-{second}"


def _more(record: Record) -> bool:
    return bool(record.phones or record.documents or record.father or record.mother or record.group)


def _most_facts(record: Record) -> float:
    """The most that everything but name and birth can bring for this record."""
    return 0.3 + 0.6 + (MOST_OTHER if _more(record) else 0.0)


def _most_birth(record: Record) -> float:
    born = born_between(record)
    if born is None:
        return 0.0
    return births.MOST if born[0] == born[1] else 3.0


def _read(
    records: Sequence[Record], reader: Reader
) -> tuple[Counter[str | int], "array[int]", "array[int]", "array[int]"]:
    """One pass over all: how many bear each word (by known name, else by sound); blocks by row,
    and where each row's begin; blocks and rows packed in one number each, sorted.
    """
    shares: Counter[str | int] = Counter()
    begins, of_row, packed = array("Q", [0]), array("I"), array("Q")
    for row, record in enumerate(records):
        names = [reader.name(name) for name in record.names]
        for part in names[0].parts if names else ():
            shares.update(part.known or (part.sound,))
        own = blocks(record, names)
        of_row.extend(own)
        begins.append(len(of_row))
        packed.extend(block << 26 | row for block in own)
    return shares, begins, of_row, array("Q", sorted(packed))
