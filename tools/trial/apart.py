"""Names one sound away from another: what a comparison must not take for a writing of it.

Belongs here: making another name of a name as languages do, by an ending in a, by another
vowel, by a consonant more, less or other. Does not belong here: writings of one name (`hands`).

Tables hold few such pairs and learning data hold none, so they are made up: Karim and Karima,
Jamal and Jamil, Sami and Samir, Walid and Khalid differ by exactly these four ways.
"""

import random
from collections.abc import Callable

from tools.trial.people import Word

_VOWELS = "aeiou"
_OTHER_VOWEL = {"a": "iu", "e": "uo", "i": "au", "o": "ei", "u": "ai"}
_CONSONANTS = ("b", "d", "f", "h", "j", "k", "l", "m", "n", "r", "s", "t", "w", "z", "sh", "gh")
_CLOSE = {  # consonants a hand may confuse with the one at hand: never put for it
    "b": "pb",
    "d": "tdz",
    "f": "pfv",
    "h": "hkg",
    "j": "jzgdsy",
    "k": "kqgh",
    "l": "l",
    "m": "mn",
    "n": "nm",
    "r": "r",
    "s": "szt",
    "t": "tds",
    "w": "wv",
    "z": "zsdj",
    "q": "kqg",
    "g": "gkqj",
    "y": "yj",
    "v": "vwf",
    "p": "pb",
    "c": "cskj",
}
_NATIVE_A = {"ARABIC": "ه", "CYRILLIC": "а"}


def another(word: Word, chance: random.Random) -> Word | None:
    """A name that differs from `word` by one sound; nothing when none can be made of it."""
    way: Callable[[Word, random.Random], Word | None] = chance.choice(
        (_ending, _ending, _vowel, _vowel, _consonant, _near, _near, _one_more_or_less, _inside)
    )
    return way(word, chance)


def _ending(word: Word, chance: random.Random) -> Word | None:
    """A woman's name of a man's: Karima of Karim, Zakia of Zaki."""
    plain = word.latin[0]
    if len(plain) < 3 or plain[-1] in "aehou" or " " in plain:
        return None
    native = []
    for writing in word.native[:2]:
        if "\u0600" <= writing[-1] <= "\u06ff" and writing[-1] not in "هةاى":
            native.append(writing + chance.choice("هة"))
        elif "\u0400" <= writing[-1] <= "\u04ff" and writing[-1] not in "аейь":
            native.append(writing + "а")
    latin = tuple(one + "a" for one in word.latin[:4] if one[-1] not in "aeh")
    if not latin:
        return None
    return Word(tuple(native) or latin[:1], latin)


def _vowel(word: Word, chance: random.Random) -> Word | None:
    plain = word.latin[0]
    places = [at for at, char in enumerate(plain[:-1]) if char in _VOWELS and at]
    places = [at for at in places if plain[at - 1] not in _VOWELS and plain[at + 1] not in _VOWELS]
    if not places or not plain.isascii():
        return None
    at = chance.choice(places)
    return _latin(plain[:at] + chance.choice(_OTHER_VOWEL[plain[at]]) + plain[at + 1 :])


def _consonant(word: Word, chance: random.Random) -> Word | None:
    plain = word.latin[0]
    alone = [
        at
        for at, char in enumerate(plain)
        if char.isalpha()
        and char not in _VOWELS + "hy"
        and plain[at + 1 : at + 2] != "h"
        and plain[at - 1 : at] != char
        and plain[at + 1 : at + 2] != char
    ]
    if not alone or not plain.isascii():
        return None
    at = chance.choice(alone)
    near = _CLOSE.get(plain[at], plain[at])
    return _latin(
        plain[:at] + chance.choice([c for c in _CONSONANTS if c[0] not in near]) + plain[at + 1 :]
    )


def _near(word: Word, chance: random.Random) -> Word | None:
    """A sound made at the same place, that no hand puts for the other: Stevan of Stefan."""
    plain = word.latin[0]
    places = [
        at
        for at, char in enumerate(plain)
        if char in _NEAR
        and plain[at + 1 : at + 2] != "h"
        and plain[at - 1 : at] not in (char, "s", "k", "z", "t")
    ]
    if not places:
        return None
    at = chance.choice(places)
    return _latin(plain[:at] + chance.choice(_NEAR[plain[at]]) + plain[at + 1 :])


# Vowels here only for names that are written as they are spoken, and at the beginning.
_NEAR = {
    "f": "v",
    "v": "f",
    "m": "n",
    "n": "m",
    "l": "rn",
    "r": "l",
    "b": "dm",
    "d": "bn",
    "k": "t",
    "t": "k",
    "š": "č",
    "č": "k",
    "z": "d",
}


def _inside(word: Word, chance: random.Random) -> Word | None:
    """A consonant more or less inside: Savčić of Savić, Perić of Petrić; a Slav's other vowel."""
    plain = word.latin[0]
    if len(plain) < 5 or " " in plain:
        return None
    slav = plain[-1] in "ćv" or any(char in "šžčđ" for char in plain)
    places = [
        at
        for at in range(2, len(plain) - 1)
        if plain[at] in _VOWELS and plain[at - 1] not in _VOWELS + "h"
    ]
    if not places:
        return None
    at = chance.choice(places)
    if slav and chance.random() < 0.4:
        return _latin(plain[:at] + chance.choice(_VOWELS.replace(plain[at], "")) + plain[at + 1 :])
    if plain[at - 2] not in _VOWELS and chance.random() < 0.5:
        return _latin(plain[: at - 1] + plain[at:])
    return _latin(plain[:at] + chance.choice("nkrčl" if slav else "nkrtl") + plain[at:])


def _one_more_or_less(word: Word, chance: random.Random) -> Word | None:
    """A consonant at the end or the beginning: Samir of Sami, Amal of Kamal."""
    plain = word.latin[0]
    if not plain.isascii() or len(plain) < 4:
        return None
    if plain[-1] in "iaue":
        return _latin(plain + chance.choice("rnmdlsk"))
    if plain[0] in _VOWELS:
        return _latin(chance.choice("krsjnt") + plain)
    if plain[1] in _VOWELS and chance.random() < 0.5:
        return _latin(plain[1:])
    return _latin(plain[:-1]) if plain[-2] in _VOWELS else None


def _latin(text: str) -> Word:
    return Word((text,), (text,))
