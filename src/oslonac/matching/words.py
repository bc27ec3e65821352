"""Two words of two names: the same name, a short form, an initial, or different.

Belongs here: one verdict on one pair of words, calibrated. Does not belong here: which word
of one name answers which word of the other (`names`).
"""

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from rapidfuzz.distance import OSA, Levenshtein

from oslonac.matching import models
from oslonac.matching.differences import NONE, Difference, difference
from oslonac.matching.keys import outline, skeletons
from oslonac.matching.known import plain
from oslonac.matching.parts import Part
from oslonac.matching.shortforms import are_apart, begins_alike, is_initial, is_short
from oslonac.matching.sounds import ABJAD, VOWELS
from oslonac.matching.stems import taken_apart, unshared
from oslonac.matching.transducer import alignment, channel_of, closeness, costs

SURELY_OTHER = 0.02


class Kinship(StrEnum):
    """How two words are related."""

    IDENTICAL = "identical"
    SAME = "same"
    ALIKE = "alike"
    NICKNAME = "nickname"
    INITIAL = "initial"
    PIECE = "piece"
    ENDING = "ending"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`chance`: that both are one name; `weight`: nats by sound alone, before commonness.

    `nearness`: the sounds' share of all they could have brought, 1 for the very same. `doubtful`:
    both are written with vowels, and no hand explains what lies between them.
    """

    kinship: Kinship
    chance: float
    weight: float
    nearness: float = 1.0
    doubtful: bool = False


# Logistic regression on word pairs: writings of one name against the closest-sounding others
# (`oslonac bench names --learn` refits it): intercept, ratio, ratio squared, nats, nats of a
# short word, "the table calls them one name", "the table knows both as different names",
# "one is written in full, the other without vowels", then what no hand explains
# (`differences.Difference`): vowels, consonants, sounds on one side, ending, first sound, breath.
WORD_MODEL = models.row("word")
# Below this part of what their sounds could bring, words are not looked at any closer; words the
# table knows as different names need more.
LEAST, LEAST_OF_OTHERS = 0.05, 0.5
# Letters exchanged: looked for below this part, in words of so many sounds, believed from so much
# on; how often such a word is that name and no other, and what it costs in nats. Set by hand.
EXCHANGED_BELOW, SHORTEST_EXCHANGED, LEAST_EXCHANGED = 0.7, 4, 0.1
EXCHANGE, NATS_OF_AN_EXCHANGE = 0.7, 4.0
# Compounds: believed so far from so near on, if no more than so much is unexplained. By hand.
OF_COMPOUNDS, NEAR_COMPOUND, SLIGHT = 0.9, 0.5, 0.4
OF_SHORT_FORMS, OF_OWN_NAMES = 0.75, 0.4  # that somebody so called is meant. By hand.
DOUBT = 0.35  # unexplained from here on
ENDING = 11  # place of the ending among the features


def word_features(left: Part, right: Part) -> tuple[float, ...]:
    """What the model sees of two words; nothing when their sounds are hopelessly apart."""
    best, sounds = (-99.0, -9.0), ("", "")
    by_letter = _by_letter(left, right)
    for whole in left.variants:
        for other_whole in right.variants:
            one, other = unshared(whole, other_whole)
            found = closeness(one, other, left.kind, right.kind)
            if found[1] > best[1]:
                best, sounds = found, (one, other)
    nats, part = max(best[0], -12.0), max(best[1], -1.5)
    same = bool(left.known & right.known) or _one_compound(left, right)
    other_name = bool(left.known and right.known and not same)
    if part < (LEAST_OF_OTHERS if other_name else LEAST) and not same:
        return ()
    shorter = min(len(left.sound), len(right.sound))
    return (
        1.0, part, part * abs(part), nats, max(0.0, 5.0 - shorter) * part, float(same),
        float(other_name), float(left.kind != right.kind),
        *unexplained(
            *sounds, left.kind, right.kind, by_letter, left.marked and right.marked
        ).features(),
    )  # fmt: skip


def both_vowelled(left: Part, right: Part) -> bool:
    return left.kind is not ABJAD and right.kind is not ABJAD


def _by_letter(left: Part, right: Part) -> bool:
    """Both Slavic, or one of the two and the other in no table."""
    if left.by_letter and right.by_letter:
        return True
    listed = (left.by_letter and left.known and not right.known) or (
        right.by_letter and right.known and not left.known
    )
    return bool(listed) and both_vowelled(left, right)


def _one_compound(left: Part, right: Part) -> bool:
    """Two compounds of one sort on one known name: আব্দুল করিম, Abdul Karim."""
    return bool(left.stem & right.stem) and _sort(left.sound) == _sort(right.sound)


def _sounds_one_compound(left: Part, right: Part, features: tuple[float, ...]) -> bool:
    """Two compounds on what a hand may write for one name. What they share is set aside in
    `features`, yet few names stand there: to sound so alike is more than it is for two words."""
    if features[6] or features[1] < NEAR_COMPOUND or sum(features[8:13]) + features[14] > SLIGHT:
        return False
    return _sort(left.sound) == _sort(right.sound) and not _COMPOUNDS.isdisjoint(_sort(left.sound))


_COMPOUNDS = frozenset(("abd", "laH", "din"))


def _sort(sound: str) -> tuple[str, str]:
    begins, _, ends = taken_apart(sound)
    return begins, ends


def unexplained(
    one: str,
    other: str,
    kind: str,
    other_kind: str,
    by_letter: bool = False,
    marked: bool = False,
) -> Difference:
    """What lies between two rows of sounds that no hand's way of writing explains."""
    if one == other:
        return NONE
    operations = alignment(one, other, costs(*channel_of(kind, other_kind)))
    return difference(one, other, operations, kind, other_kind, by_letter, marked)


def logistic(value: float) -> float:
    if value < -40:
        return 0.0
    return 1.0 / (1.0 + math.exp(-value))


def judge(left: Part, right: Part) -> Verdict:
    """The verdict on two words."""
    if plain(left.text) == plain(right.text) and not _other_marks(left, right):
        return Verdict(Kinship.IDENTICAL, 0.9999, 12.0)
    if is_initial(left) or is_initial(right):
        if begins_alike(left, right):
            return Verdict(Kinship.INITIAL, 0.3, 1.5)
        if len(left.sound) == 1 or len(right.sound) == 1:
            return Verdict(Kinship.DIFFERENT, SURELY_OTHER, 0)
    if both_vowelled(left, right) and are_apart(left.text, right.text):
        return Verdict(Kinship.DIFFERENT, SURELY_OTHER, 0.0)
    if _far(left, right):
        return Verdict(Kinship.DIFFERENT, 0.003, 0.0)
    features = word_features(left, right)
    if (not features or features[1] < EXCHANGED_BELOW) and (found := _exchanged(left, right)):
        return found
    if not features:
        return _short_or_part(left, right) or Verdict(Kinship.DIFFERENT, 0.003, 0.0)
    chance = logistic(sum(map(float.__mul__, WORD_MODEL, features)))
    compound = _sounds_one_compound(left, right, features)
    if compound:
        chance = max(chance, OF_COMPOUNDS)
    if features[5]:
        return Verdict(Kinship.SAME, min(max(chance, 0.97), 0.995), 12.0, features[1])
    if chance < 0.75 and (found := _short_or_part(left, right)):
        return found
    if features[ENDING] and chance < 0.5:
        return Verdict(Kinship.ENDING, chance, 0.5)
    if chance < 0.2:
        return Verdict(Kinship.DIFFERENT, chance, max(0.0, features[3]), features[1])
    left_over = sum(features[8:13]) + features[14]
    doubtful = not compound and both_vowelled(left, right) and left_over >= DOUBT
    return Verdict(Kinship.ALIKE, chance, max(0.5, features[3]), features[1], doubtful)


def _other_marks(left: Part, right: Part) -> bool:
    """Both with marks on their letters, and not the same: Musić, Mušić."""
    return left.marked and right.marked and left.text.casefold() != right.text.casefold()


def _exchanged(left: Part, right: Part) -> Verdict | None:
    """Two letters in each other's place: the commonest slip of a hand that types."""
    if (left.known and right.known) or abs(len(left.sound) - len(right.sound)) > 3:
        return None
    for one, other in ((left, right), (right, left)):
        sound = _put_right(one, other)
        if sound is None:
            continue
        mended = replace(one, variants=(sound,))
        known = other.known if sound == other.sound else mended.known
        features = word_features(replace(mended, known=known), other)
        chance = EXCHANGE * logistic(sum(map(float.__mul__, WORD_MODEL, features or (-9.0,))))
        if features and chance >= LEAST_EXCHANGED:
            weight = max(0.5, features[3] - NATS_OF_AN_EXCHANGE)
            return Verdict(Kinship.ALIKE, chance, weight, features[1])
    return None


def _put_right(one: Part, other: Part) -> str | None:
    """`one` with the two neighbours exchanged that bring it nearest to `other`, if any do."""
    if one.kind is ABJAD or len(one.sound) < SHORTEST_EXCHANGED:
        return None
    fold = outline if other.kind is ABJAD else _folded
    goal = fold(other.sound)
    if OSA.distance(fold(one.sound), goal) >= Levenshtein.distance(fold(one.sound), goal):
        return None
    sound = one.sound
    mended = [
        sound[:at] + sound[at + 1] + sound[at] + sound[at + 2 :]
        for at in range(len(sound) - 1)
        if at < len(sound) - 2 or not {sound[at], sound[at + 1]} & VOWELS  # Petar is not Petra
    ]
    return min(mended, key=lambda each: Levenshtein.distance(fold(each), goal))


@lru_cache(maxsize=200_000)
def _folded(sound: str) -> str:
    return sound.translate(_ALIKE)


_ALIKE = str.maketrans({"y": "i", "j": "i", "χ": "h", "ħ": "h", "q": "k", "w": "v", "E": "e",
                        "H": "a"})  # fmt: skip


def _short_or_part(left: Part, right: Part) -> Verdict | None:
    if is_short(left, right):
        # Anja, Lena, Jasna: also names of their own.
        own = bool(left.known and right.known)
        return Verdict(Kinship.NICKNAME, OF_OWN_NAMES if own else OF_SHORT_FORMS, 4.0)
    if _piece(left, right) or _piece(right, left):
        return Verdict(Kinship.PIECE, 0.6, 3.0)
    return None


def _far(left: Part, right: Part) -> bool:
    """Too far apart to need the learned costs: a quick look that spares most of the work."""
    if left.known & right.known or is_short(left, right):
        return False
    one, other = outline(left.sound), outline(right.sound)
    if len(one) + len(other) < 4 or set(skeletons(left.sound)) & set(skeletons(right.sound)):
        return False
    if (
        left.sound.endswith(_ENDINGS)
        or right.sound.endswith(_ENDINGS)
        or "abd" in (left.sound[:3], right.sound[:3])
    ):
        return False
    return Levenshtein.distance(one, other, score_cutoff=2) > 1 and (
        Levenshtein.normalized_similarity(one, other) < 0.34
    )


_ENDINGS = ("laH", "din")


def _piece(whole: Part, piece: Part) -> bool:
    """`Rahman` or `Abdul` of `Abdul Rahman`, `Nasr` of `Nasrullah`, `Omar` of `Abu Omar`."""
    sound, bit = whole.sound, piece.sound
    if sound.startswith("abd") and len(sound) > 4:
        rest = sound[3:]
        if bit in ("abd", "abdul", "abdel", "abdal", "abdol", "abdo", "Abd") or bit.startswith(
            "abdu"
        ):
            return len(bit) < 6
        return len(bit) > 2 and closeness(rest, bit, whole.kind, piece.kind)[1] > 0.7
    for ending in ("laH", "din"):
        if sound.endswith(ending) and len(sound) > len(ending) + 2 and len(bit) > 2:
            return closeness(sound[: -len(ending)], bit, whole.kind, piece.kind)[1] > 0.75
    return False
