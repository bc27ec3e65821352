"""What kind of difference lies between two rows of sounds: one a hand makes, or another name.

Belongs here: classes of vowels and consonants, counting what an alignment leaves unexplained.
Does not belong here: the alignment and its costs (`transducer`), the verdict (`words`).

Learned costs say how often hands write one sound as another. They cannot say that a vowel
changed in height or backness between two vowelled writings (Jamal, Jamil), that a consonant
too many (Sami, Samir), or an ending in a (Karim, Karima) is how languages make another name of
one: pairs of writings hold no such pair. Those differences are counted here and weighed by the
regression in `words`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from oslonac.matching.sounds import ABJAD

Operation = tuple[str, str, float]  # sound on the left, on the right ("" for none), nats

_FRONT, _LOW, _BACK = frozenset("ieyYjE"), frozenset("aAeEH@"), frozenset("uoWwv")
_VOWELS = frozenset("aeiouyEHYWA@")
# Sounds whose loss is a matter of the hand: breath, glides, the carrier of a vowel.
_FAINT = frozenset("hħHAyjwYWv@χ")
_ENDINGS, _OF_SURNAMES = frozenset("aHE"), frozenset("iYy")
_SURE = 0.3  # nats: from here on hands write one consonant as the other, vowels written
_LIKELY = -0.5  # nats: below this hands hardly ever write the one consonant as the other


@dataclass(frozen=True, slots=True)
class Difference:
    """Counts of what no hand explains. `ending`: one word has a final a or i more."""

    vowels: float
    consonants: float
    lone: float
    ending: float
    first: float
    faint: float
    letters: float = 0.0  # of two names of languages that write as they speak

    def features(self) -> tuple[float, ...]:
        return (
            self.vowels,
            self.consonants,
            self.lone,
            self.ending,
            self.first,
            self.faint,
            self.letters,
        )


NONE = Difference(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def difference(
    left: str,
    right: str,
    operations: Sequence[Operation],
    left_kind: str,
    right_kind: str,
    by_letter: bool = False,
    marked: bool = False,
) -> Difference:
    """What the alignment of two words leaves unexplained. `by_letter`: both are of languages that
    write as they speak, where another letter is another name (Savić, Savčić); `marked`: and both
    with the marks on their letters, so that a letter without is another, too."""
    if left == right:
        return NONE
    if by_letter:
        return _letter_by_letter(left, right, operations, marked)
    vowels = consonants = lone = faint = 0.0
    first = 0.0
    last = len(operations) - 1
    # A final a that answers the other word's last letter (Mujtaba, مجتبي) is no ending.
    answered = bool(operations) and {*operations[-1][:2]} in ({"a", "Y"}, {"e", "Y"})
    ending = 0.0 if answered else max(_ending(left, right), _ending(right, left))
    both_full = left_kind is not ABJAD and right_kind is not ABJAD
    before_lone = False
    for at, (one, other, nats) in enumerate(operations):
        alone = not (one and other)
        if alone:
            sound, kind = (one, left_kind) if one else (other, right_kind)
            if sound in _VOWELS:
                if not (ending and at >= last - 1):
                    vowels += _missing(sound, kind, left_kind == right_kind, before_lone)
            elif sound in _FAINT:
                faint += 1.0
            else:
                lone += 1.0
                first = max(first, float(at == 0))
        elif one != other:
            unlike = _unlike(one, other, both_full)
            if unlike is not None:
                begins = both_full and at == 0 and unlike == 0.0  # Emina, Amina; Igor, Egor
                vowels += 0.6 if begins else unlike
            elif both_full and nats < _SURE:
                consonants += 1.0 if nats < _LIKELY else 0.5
                first = max(first, float(at == 0))
            elif nats < _LIKELY:
                consonants += min(1.0, (_LIKELY - nats) / 2)
                first = max(first, float(at == 0))
            elif nats < 1.0:
                faint += 0.5
        before_lone = alone and (one or other) in _VOWELS
    return Difference(vowels, consonants, lone, ending, first, faint)


def _letter_by_letter(
    left: str, right: str, operations: Sequence[Operation], marked: bool
) -> Difference:
    """Every letter counts, but for marks that keyboards lack and ways to write one sound."""
    letters = first = faint = 0.0
    ending = max(_ending(left, right), _ending(right, left))
    last = len(operations) - 1
    for at, (one, other, _) in enumerate(operations):
        both = frozenset((one, other))
        if one == other or (both in _ONE_LETTER and not (marked and both in _OF_MARKS)):
            continue
        if {one, other} <= {"i", "y", "Y", "j", "w", ""}:
            faint += 1.0  # Mihajlo, Mihailo
        elif not (ending and at >= last - 1):
            letters += 1.0
            first = max(first, float(at == 0))
    if letters > 1 and OSA.distance(left, right, score_cutoff=1) == 1:
        letters = 0.5  # two letters in each other's place: a slip, hardly a name
    return Difference(0.0, 0.0, 0.0, ending, first, faint, letters)


def _sets(pairs: str) -> frozenset[frozenset[str]]:
    return frozenset(map(frozenset, pairs.split()))


# A letter without its mark, or another alphabet's way to write the same.
_ONE_LETTER = _sets(
    "sS cC zZ dĐ JĐ dJ jy ji yi hχ hħ xh xχ vw KC Kx KS CS cs ck kq Gg gh eE aH aE cK ZJ"
)
_OF_MARKS = _sets("sS cC zZ dĐ")


def _ending(left: str, right: str) -> float:
    """`Karim` and `Karima`, `Zaki` and `Zakia`, `Karim` and `Karimi`: an ending that names another.

    A final a makes a woman's name of a man's, a final i a surname of a given name.
    """
    short, long = sorted((left, right), key=len)
    if long[-1:] in _OF_SURNAMES and len(long) > 4:
        bare = short[-1:] not in _VOWELS and short[-1:] not in "vw"
        return float(bare and _closing(long[:-1]) == _closing(short))
    if long[-1:] not in _ENDINGS or len(long) < 4:
        return 0.0
    if short[-1:] in _ENDINGS or short[-1:] == "e" or short[-1:] == "h":
        return 0.0
    stem = long[:-1].rstrip("yYjie")
    return 1.0 if _closing(stem) == _closing(short.rstrip("yYjie")) else 0.0


_CLOSING = str.maketrans({**dict.fromkeys("qKcXgG", "k"), **dict.fromkeys("TtdDḍ", "d"),
                          **dict.fromkeys("sSzZCŠẓ", "s"), "p": "b"})  # fmt: skip


def _closing(word: str) -> str:
    return "".join(char for char in word if char not in _VOWELS)[-1:].translate(_CLOSING)


def _missing(sound: str, kind: str, alike: bool, after_lone: bool) -> float:
    """A vowel on one side only."""
    if kind is ABJAD:
        return 0.0 if sound in "A@HE" else 1.0  # a long vowel that was written
    if alike:
        return 0.7 if sound in "uo" else 0.35
    return 0.7 if after_lone else 0.0  # short vowels are not written; a diphthong would be


@lru_cache(maxsize=4096)
def _unlike(one: str, other: str, both_full: bool) -> float | None:
    """How far two vowels are apart, 0 to 1; nothing when they are not both vowels."""
    if one not in _VOWELS | _BACK | _FRONT or other not in _VOWELS | _BACK | _FRONT:
        return None
    if one not in _VOWELS and other not in _VOWELS:
        return None
    if one in "A@" or other in "A@":
        return 0.0
    shared = any(one in group and other in group for group in (_FRONT, _LOW, _BACK))
    if shared:
        return 0.0
    pair = frozenset((one, other))
    if pair == frozenset("ao"):
        return 0.4 if both_full else 0.2
    return 1.0
