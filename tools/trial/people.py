"""People drawn by origin, with names of realistic commonness, and writings of them.

Belongs here: who is drawn and how each script would write them. Does not belong here: rules
of a hand (`hands`), records of persons with birth and sex (`families`).
"""

import random
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from oslonac.matching.known import Entry
from oslonac.matching.sounds import ABJAD, kind_of
from tools.trial.hands import HANDS, arabic, by_hand, cyrillic, slip

ORIGINS = "agpiuktsrebowqh"
ORIGIN_NAMES = {
    "a": "Arabic", "g": "Maghreb", "p": "Afghan", "i": "Iranian", "u": "Pakistani",
    "k": "Kurdish", "t": "Turkish", "s": "Serbian", "r": "Russian", "e": "Eritrean",
    "b": "Bengali", "o": "Somali", "w": "West African", "q": "Albanian", "h": "Indian",
}  # fmt: skip
SHARE_OF_ORIGIN = dict(zip(ORIGINS, (18, 7, 24, 7, 9, 6, 4, 8, 4, 5, 6, 2, 3, 2, 3), strict=True))
ARAB_SCRIPT = frozenset("agpiuk")
LATIN_TAIL = frozenset("teobwqh")  # rare surnames we can make up in Latin letters only
# What of a surname comes from a list and what from the long tail of rare ones.
COMMON_FAMILY = 0.35
_ENDINGS = {
    "p": (("زی", "zai"), ("زاده", "zada"), ("یار", "yar"), ("ی", "i"), ("خیل", "khel")),
    "i": (("ی", "i"), ("زاده", "zadeh"), ("پور", "pour"), ("نژاد", "nejad"), ("یان", "ian")),
    "u": (("ی", "i"), ("زئی", "zai"), ("", ""), ("وال", "wal")),
    "k": (("ی", "i"), ("", ""), ("زاده", "zada")),
    "a": (("ي", "i"), ("", ""), ("اوي", "awi"), ("اني", "ani")),
    "g": (("ي", "i"), ("", ""), ("اوي", "aoui")),
    "s": (("овић", "ović"), ("ић", "ić"), ("евић", "ević"), ("ски", "ski"), ("ац", "ac")),
    "r": (("ов", "ov"), ("енко", "enko"), ("ин", "in"), ("ский", "skiy"), ("ук", "uk")),
}
_ROOT = {
    "arab": (("ب", "b"), ("ت", "t"), ("ج", "j"), ("ح", "h"), ("خ", "kh"), ("د", "d"), ("ر", "r"),
             ("ز", "z"), ("س", "s"), ("ش", "sh"), ("ص", "s"), ("ط", "t"), ("غ", "gh"), ("ف", "f"),
             ("ق", "q"), ("ک", "k"), ("ل", "l"), ("م", "m"), ("ن", "n"), ("و", "w")),
    "cyrl": (("б", "b"), ("в", "v"), ("г", "g"), ("д", "d"), ("з", "z"), ("к", "k"), ("л", "l"),
             ("м", "m"), ("н", "n"), ("п", "p"), ("р", "r"), ("с", "s"), ("т", "t"), ("х", "h"),
             ("ж", "ž"), ("ш", "š"), ("ч", "č"), ("кр", "kr"), ("бр", "br"), ("ст", "st")),
}  # fmt: skip
_LONG = (("ا", "a"), ("ي", "i"), ("و", "u"), ("", "a"), ("", "e"), ("", "o"))
_VOWEL = (("а", "a"), ("е", "e"), ("и", "i"), ("о", "o"), ("у", "u"))


@dataclass(frozen=True, slots=True)
class Word:
    """One name as its scripts write it; `latin` begins with the plainest."""

    native: tuple[str, ...]
    latin: tuple[str, ...]
    label: str = ""

    @property
    def name(self) -> str:
        """What is one for all writings and traditions of the name."""
        return self.label or self.latin[0]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Somebody made up: given name, father's name, family name (some have fewer)."""

    origin: str
    female: bool
    words: tuple[Word, ...]


class Crowd:
    """Draws people from entries of the table and, for rare surnames, from rules and `tail`."""

    def __init__(self, entries: Sequence[Entry], chance: random.Random,
                 tail: Sequence[Word] = (), origins: str = ORIGINS) -> None:  # fmt: skip
        self.chance, self.tail, self.origins = chance, tuple(tail), origins
        self._lists: dict[tuple[str, str], tuple[list[Word], list[float]]] = {}
        for origin in origins:
            for kind in "mfx":
                found = [e for e in entries if origin in e.origins and e.kind == kind]
                words = [Word(e.native, e.latin, e.label) for e in found]
                weights = [e.share * (0.5 + chance.random()) for e in found]
                self._lists[origin, kind] = words, list(accumulate(weights))
        self._rare: dict[str, list[Word]] = {}

    def person(self, origin: str = "") -> Drawn:
        chance = self.chance
        shares = [SHARE_OF_ORIGIN[o] for o in self.origins]
        origin = origin or chance.choices(self.origins, shares)[0]
        female = chance.random() < 0.3
        given = self._pick(origin, "f" if female else "m") or self.rare(origin)
        words = [given]
        roll = chance.random()
        if origin in "eo" or (origin in "ag" and roll < 0.4) or (origin == "p" and roll < 0.15):
            words.append(self._pick(origin, "m") or self.rare(origin))
        if origin in "eo":
            if roll < 0.4:
                words.append(self._pick(origin, "m") or self.rare(origin))
        elif not (origin == "p" and roll > 0.92):  # some Afghans have one name
            words.append(self.family(origin))
        return Drawn(origin, female, tuple(words))

    def family(self, origin: str) -> Word:
        if origin in "bo" or self.chance.random() < COMMON_FAMILY:
            return self._pick(origin, "x") or self._pick(origin, "m") or self.rare(origin)
        if origin in "agpu" and self.chance.random() < 0.25:
            return self._pick(origin, "m") or self.rare(origin)
        return self.rare(origin)

    def rare(self, origin: str) -> Word:
        """A surname of the long tail; a fifth of the draws meets one met before."""
        met = self._rare.setdefault(origin, [])
        if len(met) > 50 and self.chance.random() < 0.5:
            return met[int(len(met) * self.chance.random() ** 2)]
        word = self._tail_word(origin)
        met.append(word)
        return word

    def _pick(self, origin: str, kind: str) -> Word | None:
        words, sums = self._lists[origin, kind]
        if not words:
            return None
        return words[min(bisect(sums, self.chance.random() * sums[-1]), len(words) - 1)]

    def _tail_word(self, origin: str) -> Word:
        chance = self.chance
        if self.tail and origin in ARAB_SCRIPT and chance.random() < 0.5:
            return chance.choice(self.tail)
        family = origin if origin in _ENDINGS else "s"
        letters, vowels = (
            (_ROOT["arab"], _LONG) if origin in ARAB_SCRIPT else (_ROOT["cyrl"], _VOWEL)
        )
        native = latin = ""
        for _ in range(chance.choice((2, 2, 3))):
            consonant, vowel = chance.choice(letters), chance.choice(vowels)
            native += consonant[0] + vowel[0]
            latin += consonant[1] + vowel[1]
        closing, ending = chance.choice(letters), chance.choice(_ENDINGS[family])
        native, latin = native + closing[0] + ending[0], latin + closing[1] + ending[1]
        if origin in LATIN_TAIL:
            native = latin
        plain = latin.translate(str.maketrans("žščćđ", "zsccd"))
        return Word((native,), (latin, plain) if plain != latin else (latin,))


def write(person: Drawn, script: str, chance: random.Random, errors: float = 1.0,
          alone: float = 0.0) -> str:  # fmt: skip
    """The person's name in `script` ("native", "latin", "cyrillic"), as somebody wrote it.

    `alone`: how often the given name only.
    """
    words = list(person.words)
    roll = chance.random() / (errors or 1e-9)
    if len(words) > 2 and roll < 0.30:
        del words[1]
    elif len(words) > 1 and 0.30 <= roll < 0.36:
        words.reverse()
    elif len(words) > 2 and 0.36 <= roll < 0.42:
        words = [words[-1], *words[:-1]]
    elif 0.42 <= roll < 0.42 + alone:
        del words[1:]
    hand = chance.choice(HANDS)
    written = [write_word(word, person.origin, script, hand, chance, errors) for word in words]
    if chance.random() < 0.04 * errors:
        written.insert(0, chance.choice(("Haji", "Sayed", "Mr", "Mullah", "حاجی", "سید")))
    return " ".join(written)


def write_word(word: Word, origin: str, script: str, hand: str, chance: random.Random,
               errors: float = 1.0) -> str:  # fmt: skip
    if script == "native":
        own = [n for n in word.native if _belongs(n, origin)] or list(word.native)
        text = own[0] if chance.random() < 0.6 else chance.choice(own)
        text = arabic(text, chance) if kind_of(text) is ABJAD else text
        return text[:1].upper() + text[1:]
    if script == "cyrillic":
        have = [n for n in word.native if "\u0400" <= n[0] <= "\u04ff"]
        text = chance.choice(have) if have and chance.random() < 0.7 else ""
        text = text or cyrillic(word.latin[0], chance.random() < 0.3, chance)
        return text[:1].upper() + text[1:]
    text = word.latin[0] if chance.random() < 0.4 else chance.choice(word.latin)
    if origin not in "srtq" and chance.random() < 0.5:
        text = by_hand(word.latin[0], hand, chance)
    if chance.random() < 0.06 * errors:
        text = slip(text, chance)
    return text.title()


def _belongs(writing: str, origin: str) -> bool:
    first = writing[0]
    if origin in ARAB_SCRIPT or origin == "o":
        return kind_of(writing) is ABJAD
    if origin in "sr":
        return "\u0400" <= first <= "\u04ff"
    if origin == "e":
        return "\u1200" <= first <= "\u137f"
    if origin in "bh":
        return "\u0900" <= first <= "\u0aff"
    return first < "\u0250"
