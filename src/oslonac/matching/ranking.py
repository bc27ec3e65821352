"""A register held in memory, searched by name: the best answers first, with probabilities.

Belongs here: the index over words, choosing candidates, sharing certainty among bearers of
one name. Does not belong here: the sealed index of the database (built by the caller from
`keys`), the comparison itself (`names`, `persons`).

Words, not names, are searched: a register of a million people has far fewer words. For each
word of the query every word that shares a skeleton is judged once; people are then reached
through the rarest word first, so that Mohammad costs no more than anybody else.
"""

import heapq
import math
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from oslonac.matching import models
from oslonac.matching.evidence import Reason, gettext_noop
from oslonac.matching.exact import in_order
from oslonac.matching.keys import mended, outline, word_keys
from oslonac.matching.known import UNKNOWN_SHARE
from oslonac.matching.names import Comparer, Link, features
from oslonac.matching.parts import Name, Part, Reader
from oslonac.matching.words import logistic

TOP = 20
SHORTLIST = 100
WIDE = 2_000  # looked at for birth and the like before the shortlist is made
LEAST_ALIKE = 0.02  # that two words are one name, for whom a word of the query brings
MOST_JUDGED = 300
MOST_SLIPS = 60  # of them, such as differ by a consonant
MOST_WORDS = 250  # like-sounding words kept for one word of the query
MOST_BEARERS = 60_000  # people read for one query before the answer says it was cut
# Odds of "nobody in the register" against one sure bearer, and the steepness of sharing;
# fitted on made-up registers by `oslonac bench names --learn`.
NOBODY, STEEPNESS = 1.0, 1.0
CUT = gettext_noop(
    "More people have names like this than were compared; add another name or a year of birth"
)
SHARED = gettext_noop("%(count)s people in the register have a name as close as this")


# Among many candidates a pair's log odds say too little, for they were fitted on pairs half of
# which are true and most of the false ones hard. What `choice` sees of a candidate is worth so
# much when a register is ranked, in its order, and last nobody's score: a conditional logit
# (McFadden 1974) on made-up registers, refitted by `oslonac bench names --learn`.
*OF_CHOICE, OF_NOBODY = models.row("choice")
# A pair's log odds were fitted on pairs half of which are false and most of those hard. Whoever
# came first of a register is not so hard a case: so many nats more are believed. By hand.
LIFT = 3.0
BESIDE = 1  # place of the other facts in it
Evidence = Callable[[int], tuple[float, tuple[Reason, ...]]]

Scored = tuple[float, int, tuple[float, float], tuple[Reason, ...]]
# How many bear words like one of the query, their weight, the words with their chances.
Bearers = tuple[int, float, list[tuple[float, int]]]


@dataclass(frozen=True, slots=True)
class Answer:
    """One candidate. `name_probability`: that the names are one; `probability`: the person."""

    id: str
    probability: float
    name_probability: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Ranked:
    answers: tuple[Answer, ...]
    compared: int
    cut: bool


def choice(
    asked: Name, other: Name, links: Sequence[Link], logit: float, nats: float
) -> tuple[float, ...]:
    """What is weighed of one candidate among others: log odds of the name; nats of other facts;
    rarity of what agrees, and of what sounds alike and hardly agrees: whoever else is in the
    register seldom comes as near to a rare name; words that contradict or are missing; their
    order; an article on one side only.
    """
    contradicted, extra, swapped = features(asked, other, list(links))[5:8]
    return (
        logit,
        nats,
        sum(link.gain for link in links),
        sum(link.heard for link in links),
        contradicted,
        extra,
        swapped,
        float(asked.articles != other.articles),
    )


def score(asked: Name, other: Name, links: Sequence[Link], logit: float, nats: float) -> float:
    """What one candidate weighs among others."""
    return sum(map(float.__mul__, OF_CHOICE, choice(asked, other, links, logit, nats)))


class Register:
    """People by id and name, findable by any writing of it."""

    def __init__(self, rows: Iterable[tuple[str, str]], reader: Reader | None = None) -> None:
        self.reader = reader or Reader()
        self.ids: list[str] = []
        self.names: list[str] = []
        self._words: dict[str, int] = {}
        self._parts: list[Part] = []
        self._bearers: list[array[int]] = []
        self._by_key: dict[str, list[int]] = {}
        for identity, name in rows:
            self._add(identity, name)
        self._read: dict[int, Name] = {}
        self.comparer = Comparer(self.reader, self._share)

    def __len__(self) -> int:
        return len(self.ids)

    def _add(self, identity: str, name: str) -> None:
        row = len(self.ids)
        self.ids.append(identity)
        self.names.append(name)
        read = self.reader.name(name)
        for part in self._indexed(read):
            word = self._words.get(part.text)
            if word is None:
                word = self._words[part.text] = len(self._parts)
                self._parts.append(part)
                self._bearers.append(array("I"))
                for key in word_keys(part):
                    self._by_key.setdefault(key, []).append(word)
                for number in part.known:
                    self._by_key.setdefault(f"k{number}", []).append(word)
                for key in mended(part)[1:]:
                    self._by_key.setdefault(f"-{key}", []).append(word)
            if not self._bearers[word] or self._bearers[word][-1] != row:
                self._bearers[word].append(row)

    def _indexed(self, name: Name) -> list[Part]:
        """Words, and neighbours as one where the second is short (`Karim zada`)."""
        found = list(name.parts)
        for one, other in zip(name.parts, name.parts[1:], strict=False):
            if len(other.sound) <= 5 and len(one.sound) + len(other.sound) <= 12:
                found.append(self.reader.part(one.text + other.text))
        return found

    def _share(self, part: Part) -> float:
        """How common the word is: in the table, or among these people when they are many."""
        tabled = self.reader.known.share(part.known)
        word = self._words.get(part.text)
        if word is None or len(self.ids) < 5000:
            return tabled
        return max(len(self._bearers[word]) / len(self.ids), UNKNOWN_SHARE, tabled / 4)

    def rank(
        self,
        query: str,
        top: int = TOP,
        other_evidence: Evidence | None = None,
        nats: Callable[[int], float] | None = None,
    ) -> Ranked:
        """The `top` most probable people; `other_evidence`: nats and reasons beside the name.

        `nats`: the same nats alone, where they can be had faster than with their reasons.
        """
        name = self.reader.name(query)
        look = other_evidence or (lambda row: (0.0, ()))
        weigh = nats or (lambda row: look(row)[0])
        found, cut = self._candidates(name, WIDE if other_evidence else SHORTLIST)
        known = (
            [(value + weigh(row), row) for row, value in found]
            if other_evidence
            else [(value, row) for row, value in found]
        )
        rows = heapq.nlargest(SHORTLIST, known, key=lambda one: (one[0], -one[1]))
        scored: list[Scored] = []
        for _, row in rows:
            other = self._name(row)
            links = self.comparer.links(name, other)
            logit = self.comparer.logit(name, other, links)
            beside, reasons = look(row)
            by_name = score(name, other, links, logit, 0.0)
            scored.append((by_name, row, (logit, beside), reasons))
        weights = in_order(
            query, [self.names[one[1]] for one in scored], [one[0] for one in scored]
        )
        scored = [
            (weight + OF_CHOICE[BESIDE] * one[2][1], *one[1:])
            for weight, one in zip(weights, scored, strict=True)
        ]
        scored.sort(key=lambda one: (-one[0], self.ids[one[1]]))
        return Ranked(tuple(self._answers(name, scored, top)), len(rows), cut)

    def _name(self, row: int) -> Name:
        found = self._read.get(row)
        if found is None:
            if len(self._read) > 200_000:
                self._read.clear()
            found = self._read[row] = self.reader.name(self.names[row])
        return found

    def _answers(self, name: Name, scored: Sequence[Scored], top: int) -> Iterable[Answer]:
        odds = [math.exp(min(value - OF_NOBODY, 30.0)) for value, *_ in scored]
        rivals = 1.0 + sum(odds)
        for (value, row, (logit, nats), reasons), weight in zip(scored[:top], odds, strict=False):
            probability = min(weight / rivals, logistic(logit + nats + LIFT))
            comparison = self.comparer.compare_read(name, self._name(row))
            close = sum(1 for other, *_ in scored if other > value - 0.5)
            crowd = (Reason(SHARED, {"count": str(close)}),) if close > 1 else ()
            yield Answer(
                self.ids[row], probability, logistic(logit), (*comparison.reasons, *reasons, *crowd)
            )

    def alike(self, part: Part) -> list[tuple[float, int]]:
        """Words of the register that may be `part`: (chance, word), the likeliest first."""
        sure = {word for number in part.known for word in self._by_key.get(f"k{number}", ())}
        found = {word for key in word_keys(part) for word in self._by_key.get(key, ())} - sure
        if part.known:  # both in the table and on no common line: another name
            found = {word for word in found if not self._parts[word].known}
        found = self._nearest(part, found, MOST_JUDGED)
        found |= self._nearest(part, self._slips(part) - sure - found, MOST_SLIPS)
        judged = []
        for word in found | sure:
            verdict = self.comparer.verdict(part, self._parts[word])
            if verdict.chance >= LEAST_ALIKE:
                judged.append((verdict.chance, word))
        return heapq.nlargest(MOST_WORDS, judged)

    def candidates(self, name: Name, most: int) -> list[tuple[int, float]]:
        """At most so many rows that may be the one asked for, and how likely each looks."""
        return self._candidates(name, most)[0]

    def _slips(self, part: Part) -> set[int]:
        """Words that differ by one consonant; of two in the table none is a slip of the other."""
        near = mended(part)
        found = {
            word
            for key in (*near[1:], *(f"-{each}" for each in near))
            for word in self._by_key.get(key, ())
        }
        return {word for word in found if not self._parts[word].known} if part.known else found

    def _nearest(self, part: Part, found: set[int], most: int) -> set[int]:
        """Of many words those whose consonants come nearest."""
        if len(found) <= most:
            return found
        outlines = {word: outline(self._parts[word].sound) for word in found}
        near = process.extract(
            outline(part.sound), outlines, limit=most, scorer=Levenshtein.normalized_similarity
        )
        return {word for _, _, word in near}

    def _candidates(self, name: Name, most: int) -> tuple[list[tuple[int, float]], bool]:
        """Rows to compare: reached by the rarest word, kept by what else agrees."""
        lists = []
        for part in self._indexed(name):
            alike = self.alike(part)
            bearers = sum(len(self._bearers[word]) for _, word in alike)
            if alike:
                lists.append((bearers, -math.log((bearers + 1) / (len(self) + 2)), alike))
        lists.sort(key=lambda one: one[0])
        return self._gather(lists, most)

    def _gather(self, lists: list[Bearers], most: int) -> tuple[list[tuple[int, float]], bool]:
        score: dict[int, float] = {}
        cut = False
        for number, (bearers, weight, alike) in enumerate(lists):
            fresh = number == 0 or len(score) + bearers < MOST_BEARERS
            part: dict[int, float] = {}
            for chance, word in reversed(alike):
                value = math.sqrt(chance) * (weight + 1.0)
                rows = self._bearers[word]
                if fresh:
                    part.update(dict.fromkeys(rows, value))
                elif len(rows) < 8 * len(score):
                    part.update({row: value for row in rows if row in score})
                else:
                    part.update(dict.fromkeys(score.keys() & set(rows), value))
            cut = cut or (number == 0 and bearers > MOST_BEARERS)
            for row, value in part.items():
                score[row] = score.get(row, 0.0) + value
        if len(score) <= most:
            return list(score.items()), cut
        best = heapq.nlargest(most, score.items(), key=lambda one: (one[1], -one[0]))
        worst_kept, top = best[-1][1], best[0][1]
        return best, cut or worst_kept > top - 0.01
