"""Two written names: how probable it is that they are one name, and why.

Belongs here: which word answers which, what agreement and contradiction are worth, the
calibrated probability, the sentences. Does not belong here: one pair of words (`words`),
searching (`ranking`), anything known of the person but the name (`persons`).

The model: each linked pair of words brings the log ratio of agreement over chance
(Fellegi & Sunter 1969), never more than the name's rarity allows (Winkler's frequency
weights); words without an answer count against. A logistic regression on made-up people
turns the sums into a probability; `docs/reference/matching.md` has the measurements.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from oslonac.matching import models
from oslonac.matching.evidence import Comparison, Reason, gettext_noop
from oslonac.matching.exchanges import exchanged
from oslonac.matching.keys import outline
from oslonac.matching.known import UNKNOWN_SHARE, Known
from oslonac.matching.parts import LONGEST_READ, Name, Part, Reader
from oslonac.matching.words import Kinship, Verdict, judge, logistic

LINKABLE = 0.02
# Log odds of two given names exchanged, at most: more often another person than a slip.
MOST_EXCHANGED = 0.5
MOST_DOUBTFUL = 1.3  # of a word that no hand explains, however well the others agree
WRITTEN_AS_ONE = 0.9  # each of two pieces, before a word counts as both
TITLE_SHARE = 0.3
# Answers that are no full agreement; who writes one initial writes two.
SOFT = frozenset((Kinship.NICKNAME, Kinship.INITIAL, Kinship.PIECE))
COMMON = 0.008
CONTRADICTED_WORDS = 5  # their place among the features
# Weights of `features`, in their order; refitted by `oslonac bench names --learn`.
NAME_MODEL = models.row("name")


@dataclass(frozen=True, slots=True)
class Link:
    """Words `left` (one, or two written apart) answered by `right`."""

    left: tuple[int, ...]
    right: tuple[int, ...]
    verdict: Verdict
    share: float

    @property
    def gain(self) -> float:
        """Nats for "the same", by sound but never above what the name's rarity allows."""
        return self._most * self.verdict.chance

    @property
    def heard(self) -> float:
        """Nats of its sound that `gain` leaves out for doubt."""
        return self._most * (1.0 - self.verdict.chance)

    @property
    def _most(self) -> float:
        return min(-math.log(max(self.share, UNKNOWN_SHARE)), self.verdict.weight)


class Comparer:
    """Compares names with one reader; remembers verdicts on pairs of words.

    `share`: how common a word is; without it the table of common names answers. `spoilt`: what
    else two words that hardly sound alike may be.
    """

    def __init__(
        self,
        reader: Reader | None = None,
        share: Callable[[Part], float] | None = None,
        spoilt: Callable[[Part, Part], Verdict | None] | None = None,
    ) -> None:
        self.reader = reader or Reader()
        self.known: Known = self.reader.known
        self._share = share or (lambda part: self.known.share(part.known))
        self._spoilt = spoilt
        self._verdicts: dict[tuple[str, str], Verdict] = {}

    def compare(self, left: str, right: str) -> Comparison:
        """Probability that two writings are one name, with a reason for each part of it."""
        return self.compare_read(self.reader.name(left), self.reader.name(right))

    def compare_read(self, left: Name, right: Name) -> Comparison:
        if not left.parts or not right.parts:
            return Comparison(0.0, -20.0, _unreadable(left, right))
        links = self.links(left, right)
        logit = self.logit(left, right, links)
        chances = [link.verdict.chance for link in links if link.verdict.chance < 0.5]
        contradicted = features(left, right, links)[CONTRADICTED_WORDS] > 0
        return Comparison(
            logistic(logit),
            logit,
            _reasons(left, right, links),
            contradicts=contradicted or bool(chances),
            given=any(
                link.left[0] == link.right[0] == 0
                and link.verdict.chance >= 0.5
                and link.share < COMMON
                for link in links
            ),
        )

    def reasons(self, left: Name, right: Name, links: list[Link]) -> tuple[Reason, ...]:
        """The sentences of `compare_read`, for names whose words were linked before."""
        if not left.parts or not right.parts:
            return _unreadable(left, right)
        return _reasons(left, right, links)

    def logit(self, left: Name, right: Name, links: list[Link] | None = None) -> float:
        """Log odds alone, for callers that rank many."""
        found = self.links(left, right) if links is None else links
        logit = sum(map(float.__mul__, NAME_MODEL, features(left, right, found)))
        if exchanged(left, right, found, self.known):
            logit = min(logit, MOST_EXCHANGED)
        if any(link.verdict.doubtful for link in found):
            logit = min(logit, MOST_DOUBTFUL)
        return logit

    def verdict(self, left: Part, right: Part) -> Verdict:
        key = (left.text, right.text)
        found = self._verdicts.get(key)
        if found is None:
            if len(self._verdicts) > 2_000_000:
                self._verdicts.clear()
            found = judge(left, right)
            if self._spoilt and found.chance < 0.5 and found.kinship is not Kinship.ENDING:
                found = self._spoilt(left, right) or found
            self._verdicts[key] = found
        return found

    def links(self, left: Name, right: Name) -> list[Link]:
        """The best one-to-one answers between words, joins and swaps allowed."""
        options = self._options(left, right)
        options.sort(key=lambda option: -option[0])
        if len(options) <= 14:
            return _best_set(options)
        return _greedy(options)

    def _options(self, left: Name, right: Name) -> list[tuple[float, Link]]:
        found: list[tuple[float, Link]] = []
        for i, one in enumerate(left.parts):
            for j, other in enumerate(right.parts):
                self._offer(found, left, right, (i,), (j,), one, other)
        if len(left.parts) > 1 or len(right.parts) > 1:
            for i, joined, j, single in _joinable(left, right, self.reader):
                self._offer(found, left, right, (i, i + 1), (j,), joined, single)
            for j, joined, i, single in _joinable(right, left, self.reader):
                self._offer(found, left, right, (i,), (j, j + 1), single, joined)
        return found

    def _offer(
        self,
        found: list[tuple[float, Link]],
        left: Name,
        right: Name,
        i: tuple[int, ...],
        j: tuple[int, ...],
        one: Part,
        other: Part,
    ) -> None:
        verdict = self.verdict(one, other)
        joined = len(i) + len(j) > 2
        if joined and verdict.chance < WRITTEN_AS_ONE:
            verdict = self._by_pieces(left, right, i, j) or verdict
        if verdict.chance < (0.7 if joined else LINKABLE):
            return
        if one.optional and other.optional:
            found.append((0.5, Link(i, j, verdict, TITLE_SHARE)))
            return
        both = one.known & other.known
        share = self.known.share(both) if both else max(self._share(one), self._share(other))
        link = Link(i, j, verdict, share)
        order = 0.05 if i[0] == j[0] else 0.0
        found.append((verdict.chance * (1 + 0.1 * link.gain) + order + 0.5 * joined, link))

    def _by_pieces(
        self, left: Name, right: Name, i: tuple[int, ...], j: tuple[int, ...]
    ) -> Verdict | None:
        """Two words of one name as one of the other: `Mohammad Essa`, محمدعیسی, piece by piece."""
        two, one = ([left.parts[at] for at in i], right.parts[j[0]])
        if len(j) > 1:
            two, one = ([right.parts[at] for at in j], left.parts[i[0]])
        best = None
        for at in range(2, len(one.text) - 1):
            first = self.verdict(self.reader.part(one.text[:at]), two[0])
            if first.chance < WRITTEN_AS_ONE:
                continue
            second = self.verdict(self.reader.part(one.text[at:]), two[1])
            chance = first.chance * second.chance
            if second.chance >= WRITTEN_AS_ONE and (best is None or chance > best.chance):
                best = Verdict(Kinship.ALIKE, chance, first.weight + second.weight)
        return best


@cache
def _default() -> Comparer:
    return Comparer()


def compare(left: str, right: str) -> Comparison:
    """`Comparer().compare` with everything shipped."""
    return _default().compare(left, right)


def _joinable(name: Name, singles: Name, reader: Reader) -> Iterator[tuple[int, Part, int, Part]]:
    """Neighbours that written as one may be a word of the other name: `Karim Zada`, `Karimzada`."""
    for i, (one, other) in enumerate(pairwise(name.parts)):
        heard = outline(one.sound) + outline(other.sound)
        for j, single in enumerate(singles.parts):
            if Levenshtein.normalized_similarity(heard, outline(single.sound)) >= 0.6:
                yield i, reader.part(one.text + other.text), j, single


def _best_set(options: list[tuple[float, Link]]) -> list[Link]:
    best: tuple[float, list[Link]] = (0.0, [])

    def extend(at: int, total: float, chosen: list[Link], left: set[int], right: set[int]) -> None:
        nonlocal best
        if total > best[0]:
            best = (total, list(chosen))
        for index in range(at, len(options)):
            value, link = options[index]
            if left.isdisjoint(link.left) and right.isdisjoint(link.right):
                chosen.append(link)
                extend(
                    index + 1, total + value, chosen, left | set(link.left), right | set(link.right)
                )
                chosen.pop()

    extend(0, 0.0, [], set(), set())
    return sorted(best[1], key=lambda link: link.left)


def _greedy(options: list[tuple[float, Link]]) -> list[Link]:
    left: set[int] = set()
    right: set[int] = set()
    chosen = []
    for _, link in options:
        if left.isdisjoint(link.left) and right.isdisjoint(link.right):
            chosen.append(link)
            left |= set(link.left)
            right |= set(link.right)
    return sorted(chosen, key=lambda link: link.left)


def features(left: Name, right: Name, links: list[Link]) -> tuple[float, ...]:
    """What the model sees of two names.

    Both are one name only when every answered word is: the odds of the least likely answer and
    the probability that all hold say that, whatever the others bring.
    """
    gains = sorted((link.gain for link in links), reverse=True)
    chances = [link.verdict.chance for link in links]
    lone_left = _alone(left, {i for link in links for i in link.left})
    lone_right = _alone(right, {j for link in links for j in link.right})
    contradicted = min(len(lone_left), len(lone_right))
    extra = max(len(lone_left), len(lone_right)) - contradicted
    unlisted = sum(
        not (left.parts[i].known and right.parts[j].known)
        for i, j in zip(lone_left, lone_right, strict=False)
    )  # two words the table lists as different names contradict more surely
    rows = [link.right[0] for link in links]
    swapped = float(any(a > b for a, b in pairwise(rows)))
    first = 0 in lone_left and 0 in lone_right
    single = float(len(links) == 1)
    soft = float(any(link.verdict.kinship in SOFT for link in links))
    return (
        1.0,
        min(sum(gains), 14.0),
        float(not links),
        _odds(min(chances, default=0.5)),
        max(-6.0, sum(map(math.log, chances))),
        float(contradicted),
        float(extra),
        swapped,
        min(gains, default=0.0),
        single * float(extra > 0),
        single * float(not extra),
        float(first),
        soft,
        float(min(contradicted, 1)),
        single * _odds(min(chances, default=0.5)),
        float(min(unlisted, 1)),
    )


def _odds(chance: float) -> float:
    """Log odds, as far as a regression should see them."""
    return max(-4.0, min(math.log(chance / (1.0 - chance)) if chance < 1.0 else 4.0, 4.0))


def _alone(name: Name, answered: set[int]) -> list[int]:
    """Unanswered words; a kunya is a by-name and its absence says nothing."""
    return [i for i, part in enumerate(name.parts) if i not in answered and not part.optional]


SENTENCES = {
    Kinship.IDENTICAL: gettext_noop("“%(left)s” is in both names"),
    Kinship.SAME: gettext_noop("“%(left)s” and “%(right)s” are writings of one name"),
    Kinship.ALIKE: gettext_noop("“%(left)s” and “%(right)s” sound alike"),
    Kinship.NICKNAME: gettext_noop("“%(left)s” and “%(right)s”: one is a short form of the other"),
    Kinship.INITIAL: gettext_noop("“%(left)s” and “%(right)s” begin with the same letter"),
    Kinship.PIECE: gettext_noop("“%(left)s” and “%(right)s”: one is a part of the other"),
}
SENTENCES[Kinship.ENDING] = gettext_noop(
    "“%(left)s” and “%(right)s” differ in the ending, as a man's name and a woman's do, or a "
    "given name and a surname"
)
COMMON_SENTENCES = {
    Kinship.IDENTICAL: gettext_noop("“%(left)s” is in both names; very common, so little weight"),
    Kinship.SAME: gettext_noop(
        "“%(left)s” and “%(right)s” are the same name; very common, so little weight"
    ),
    Kinship.ALIKE: gettext_noop("“%(left)s” and “%(right)s” sound alike; common, so little weight"),
}
SWAPPED = gettext_noop("The words stand in another order")
DOUBTFUL = gettext_noop("“%(left)s” and “%(right)s” hardly sound alike")
CONTRADICTED = gettext_noop("“%(left)s” and “%(right)s” are different names")
ONLY_ONE = gettext_noop("“%(word)s” is in only one of the names")
TITLE = gettext_noop("“%(word)s” is a title or form of address and was not compared")
NOTHING_TO_READ = gettext_noop("One of the names has no letter that can be read")
CUT = gettext_noop("Only the first %(read)s words were compared; %(left_out)s were left out")


def _unreadable(left: Name, right: Name) -> tuple[Reason, ...]:
    return (Reason(NOTHING_TO_READ), *_remarks(left), *_remarks(right))


def _reasons(left: Name, right: Name, links: list[Link]) -> tuple[Reason, ...]:
    out = []
    for link in links:
        words = {
            "left": " ".join(left.parts[i].text for i in link.left),
            "right": " ".join(right.parts[j].text for j in link.right),
        }
        kinship = link.verdict.kinship
        if kinship is Kinship.DIFFERENT:
            out.append(Reason(DOUBTFUL, words, round(-2 * (1 - link.verdict.chance), 2)))
            continue
        common = link.share >= COMMON and kinship in COMMON_SENTENCES
        template = (COMMON_SENTENCES if common else SENTENCES)[kinship]
        out.append(Reason(template, words, round(link.gain, 2)))
    rows = [link.right[0] for link in links]
    if any(a > b for a, b in pairwise(rows)):
        out.append(Reason(SWAPPED, {}, -0.3))
    lone_left = _alone(left, {i for link in links for i in link.left})
    lone_right = _alone(right, {j for link in links for j in link.right})
    both = min(len(lone_left), len(lone_right))
    for i, j in zip(lone_left, lone_right, strict=False):
        words = {"left": left.parts[i].text, "right": right.parts[j].text}
        out.append(Reason(CONTRADICTED, words, -3.0))
    for name, alone in ((left, lone_left), (right, lone_right)):
        for i in alone[both:]:
            out.append(Reason(ONLY_ONE, {"word": name.parts[i].text}, -0.5))
    read = {left.parts[i].text for link in links for i in link.left}
    read |= {right.parts[j].text for link in links for j in link.right}
    return (*out, *_remarks(left, read), *_remarks(right, read))


def _remarks(name: Name, read: set[str] | None = None) -> list[Reason]:
    loose = [word for word in name.titles if word not in (read or ())]
    out = [Reason(TITLE, {"word": word}) for word in loose[:3]]
    if name.left_out or len(name.text) > LONGEST_READ:
        out.append(Reason(CUT, {"read": str(len(name.parts)), "left_out": str(name.left_out)}))
    return out
