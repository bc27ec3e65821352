"""Two words of two names: the same name, a short form, an initial, or different.

Belongs here: one verdict on one pair of words, calibrated. Does not belong here: which word
of one name answers which word of the other (`names`).
"""

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path

from rapidfuzz.distance import OSA, Levenshtein

from oslonac.matching import models
from oslonac.matching.differences import NONE, Difference, difference
from oslonac.matching.keys import outline, skeletons
from oslonac.matching.known import plain
from oslonac.matching.parts import Part
from oslonac.matching.sounds import ABJAD, VOWELS
from oslonac.matching.stems import unshared
from oslonac.matching.transducer import alignment, channel_of, closeness, costs

NICKNAMES = Path(__file__).with_name("tables") / "nicknames.tsv"
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

    `nearness`: the sounds' share of all they could have brought, 1 for the very same.
    """

    kinship: Kinship
    chance: float
    weight: float
    nearness: float = 1.0


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
ENDING = 11  # place of the ending among the features


def word_features(left: Part, right: Part) -> tuple[float, ...]:
    """What the model sees of two words; nothing when their sounds are hopelessly apart."""
    best, sounds = (-99.0, -9.0), ("", "")
    for whole in left.variants:
        for other_whole in right.variants:
            one, other = unshared(whole, other_whole)
            found = closeness(one, other, left.kind, right.kind)
            if found[1] > best[1]:
                best, sounds = found, (one, other)
    nats, part = max(best[0], -12.0), max(best[1], -1.5)
    same = bool(left.known & right.known)
    other_name = bool(left.known and right.known and not same)
    if part < (LEAST_OF_OTHERS if other_name else LEAST) and not same:
        return ()
    shorter = min(len(left.sound), len(right.sound))
    return (
        1.0, part, part * abs(part), nats, max(0.0, 5.0 - shorter) * part, float(same),
        float(other_name), float(left.kind != right.kind),
        *unexplained(*sounds, left.kind, right.kind).features(),
    )  # fmt: skip


def unexplained(one: str, other: str, kind: str, other_kind: str) -> Difference:
    """What lies between two rows of sounds that no hand's way of writing explains."""
    if one == other:
        return NONE
    operations = alignment(one, other, costs(*channel_of(kind, other_kind)))
    return difference(one, other, operations, kind, other_kind)


def logistic(value: float) -> float:
    if value < -40:
        return 0.0
    return 1.0 / (1.0 + math.exp(-value))


def judge(left: Part, right: Part) -> Verdict:
    """The verdict on two words."""
    if plain(left.text) == plain(right.text):
        return Verdict(Kinship.IDENTICAL, 0.995, 12.0)
    if len(left.sound) == 1 or len(right.sound) == 1:
        same = _initial(left, right)
        return (
            Verdict(Kinship.INITIAL, 0.3, 1.5)
            if same
            else Verdict(Kinship.DIFFERENT, SURELY_OTHER, 0)
        )
    if _far(left, right):
        return Verdict(Kinship.DIFFERENT, 0.003, 0.0)
    features = word_features(left, right)
    if (not features or features[1] < EXCHANGED_BELOW) and (found := _exchanged(left, right)):
        return found
    if not features:
        return _short_or_part(left, right) or Verdict(Kinship.DIFFERENT, 0.003, 0.0)
    chance = logistic(sum(map(float.__mul__, WORD_MODEL, features)))
    if features[5]:
        return Verdict(Kinship.SAME, max(chance, 0.97), 12.0, features[1])
    if chance < 0.75 and (found := _short_or_part(left, right)):
        return found
    if features[ENDING] and chance < 0.5:
        return Verdict(Kinship.ENDING, chance, 0.5)
    if chance < 0.2:
        return Verdict(Kinship.DIFFERENT, chance, max(0.0, features[3]), features[1])
    return Verdict(Kinship.ALIKE, chance, max(0.5, features[3]), features[1])


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
    if _nickname(left, right):
        return Verdict(Kinship.NICKNAME, 0.75, 4.0)
    if _piece(left, right) or _piece(right, left):
        return Verdict(Kinship.PIECE, 0.6, 3.0)
    return None


def _far(left: Part, right: Part) -> bool:
    """Too far apart to need the learned costs: a quick look that spares most of the work."""
    if left.known & right.known or _nickname(left, right):
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


def _initial(left: Part, right: Part) -> bool:
    if len(left.sound) > 1 and len(right.sound) > 1:
        return False
    one, other = left.sound[:1], right.sound[:1]
    return one == other or frozenset((one, other)) in _INITIALS


_INITIALS = {
    frozenset(pair)
    for pair in [
        "jJ",
        "jy",
        "Yy",
        "Yj",
        "kq",
        "kc",
        "cs",
        "cC",
        "SK",
        "wv",
        "Ww",
        "Wv",
        "@a",
        "Aa",
        "Ao",
        "@e",
        "@i",
        "@o",
        "@u",
        "hħ",
        "hx",
        "Xx",
        "zZ",
        "sS",
        "fp",
        "pb",
        "gG",
        "gJ",
        "tT",
    ]
}


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


@cache
def _short_forms() -> dict[str, frozenset[str]]:
    table: dict[str, frozenset[str]] = {}
    for line in NICKNAMES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, forms = line.split("\t")
            key = plain(name.replace(" ", ""))
            table[key] = frozenset(plain(form) for form in forms.split(","))
    return table


@cache
def _all_short() -> frozenset[str]:
    return frozenset().union(*_short_forms().values())


@cache
def _full_names() -> dict[int, frozenset[str]]:
    from oslonac.matching.known import shipped

    known = shipped()
    found: dict[int, frozenset[str]] = {}
    for name, forms in _short_forms().items():
        for number in known.of(name):
            found[number] = found.get(number, frozenset()) | forms
    return found


def _nickname(left: Part, right: Part) -> bool:
    if len(left.text) > 8 and len(right.text) > 8:  # no short form is that long
        return False
    return _short_for(left, right) or _short_for(right, left)


def _short_for(full: Part, short: Part) -> bool:
    low = plain(short.text)
    if low not in _all_short():
        return False
    if low in _short_forms().get(plain(full.text), ()):
        return True
    return any(low in _full_names().get(number, ()) for number in full.known)
