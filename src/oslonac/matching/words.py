"""Two words of two names: the same name, a short form, an initial, or different.

Belongs here: one verdict on one pair of words, calibrated. Does not belong here: which word
of one name answers which word of the other (`names`).
"""

import math
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from oslonac.matching import models
from oslonac.matching.keys import outline
from oslonac.matching.known import plain
from oslonac.matching.parts import Part
from oslonac.matching.sounds import VOWELS
from oslonac.matching.transducer import closeness

NICKNAMES = Path(__file__).with_name("tables") / "nicknames.tsv"
SURELY_OTHER = 0.02
MOST_BY_ENDING = 0.05
ENDING_VOWELS = frozenset("aHE")


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
    """`chance`: that both are one name; `weight`: nats by sound alone, before commonness."""

    kinship: Kinship
    chance: float
    weight: float


# Logistic regression on word pairs: writings of one name against the closest-sounding others
# (`oslonac bench names --learn` refits it): intercept, ratio, ratio squared, nats, nats of a
# short word, "the table calls them one name", "the table knows both as different names",
# "one is written in full, the other without vowels".
WORD_MODEL = models.row("word")


def word_features(left: Part, right: Part) -> tuple[float, ...]:
    """What the model sees of two words."""
    best = (-99.0, -9.0)
    for one in left.variants:
        for other in right.variants:
            found = closeness(one, other, left.kind, right.kind)
            if found[1] > best[1]:
                best = found
    nats, part = max(best[0], -12.0), max(best[1], -1.5)
    shorter = min(len(left.sound), len(right.sound))
    same = bool(left.known & right.known)
    other_name = bool(left.known and right.known and not same)
    return (
        1.0, part, part * abs(part), nats, max(0.0, 5.0 - shorter) * part, float(same),
        float(other_name), float(left.kind != right.kind),
    )  # fmt: skip


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
    chance = logistic(sum(map(float.__mul__, WORD_MODEL, features)))
    if features[5]:
        return Verdict(Kinship.SAME, max(chance, 0.97), 12.0)
    if chance > MOST_BY_ENDING and _one_more_vowel(left.sound, right.sound):
        return Verdict(Kinship.ENDING, MOST_BY_ENDING, 0.5)
    if chance < 0.75:
        if _nickname(left, right):
            return Verdict(Kinship.NICKNAME, 0.75, 4.0)
        if _piece(left, right) or _piece(right, left):
            return Verdict(Kinship.PIECE, 0.6, 3.0)
    if chance < 0.2:
        return Verdict(Kinship.DIFFERENT, chance, max(0.0, features[3]))
    return Verdict(Kinship.ALIKE, chance, max(0.5, features[3]))


def _one_more_vowel(one: str, other: str) -> bool:
    """`Karim` and `Karima`: an ending in a alone tells a man's name from a woman's."""
    short, long = sorted((one, other), key=len)
    return (
        long[-1:] in ENDING_VOWELS
        and short[-1:] not in VOWELS
        and outline(short)[-1:] == outline(long)[-1:]
    )


def _far(left: Part, right: Part) -> bool:
    """Too far apart to need the learned costs: a quick look that spares most of the work."""
    if left.known & right.known or _nickname(left, right):
        return False
    one, other = outline(left.sound), outline(right.sound)
    if len(one) + len(other) < 4:
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
