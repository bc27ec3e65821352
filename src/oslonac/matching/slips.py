"""A word as a typing hand spoils it: one letter lost, added, other, or two exchanged.

Belongs here: whether one word may be a slip of another, and what that brings. Does not belong
here: sounds (`words`): a slip is of letters, and makes sounds no name has.

Only where something else must agree as well (a day of birth), so in a search for duplicates: by
itself a letter more is another name as often as a slip. How often hands slip is set by hand, one
word in ten; how often another name lies so near was counted among the writings of the table.
"""

from functools import lru_cache

from rapidfuzz.distance import OSA

from oslonac.matching.known import plain
from oslonac.matching.parts import Part
from oslonac.matching.shortforms import are_apart
from oslonac.matching.words import Kinship, Verdict

CHANCE = 0.6
# Nats by the length of the shorter word, for one letter and for two: the longer, the fewer others.
ONE = {3: 1.5, 4: 2.5, 5: 3.5, 6: 4.5}
TWO = {6: 2.0, 7: 3.0, 8: 4.0}
SHORTEST, LONGEST_SHORT = min(ONE), max(TWO)
_ENDINGS = frozenset("aeiouyаеиоуяіїіةه")


@lru_cache(maxsize=200_000)
def _nats(one: str, other: str) -> float:
    shorter = min(len(one), len(other))
    if shorter < SHORTEST or abs(len(one) - len(other)) > 2 or _another_ending(one, other):
        return 0.0
    distance = OSA.distance(one, other, score_cutoff=2)
    if distance == 1:
        return ONE[min(shorter, max(ONE))]
    return TWO.get(min(shorter, LONGEST_SHORT), 0.0) if distance == 2 else 0.0


def _another_ending(one: str, other: str) -> bool:
    """Karim and Karima, Ivan and Ivana: another person, however near."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) == 1:
        return long[:-1] == short and long[-1] in _ENDINGS
    return one[:-1] == other[:-1] and {one[-1:], other[-1:]} <= _ENDINGS


def slip(left: Part, right: Part) -> Verdict | None:
    """The verdict on two words of which one may be a slip of the other; nothing when it is none,
    or both are names by themselves."""
    if (left.known and right.known) or left.kind != right.kind or are_apart(left.text, right.text):
        return None
    nats = _nats(plain(left.text), plain(right.text))
    return Verdict(Kinship.ALIKE, CHANCE, nats / CHANCE) if nats else None
