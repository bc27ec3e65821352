"""The table of common names: which writings are one name, and how common it is.

Belongs here: reading `tables/names.tsv`, folding a writing to its key. Does not belong
here: any decision; a word in no line of the table is judged by its sounds alone.

The table was composed from general knowledge of names in the countries children come from.
Shares are rough classes, not a census; a register's own counts take their place when there
is one (`names.Weights`).
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from oslonac.matching.sounds import sounds

TABLE = Path(__file__).with_name("tables") / "names.tsv"
SHARES = {5: 0.05, 4: 0.012, 3: 0.004, 2: 0.0012, 1: 0.0004}
UNKNOWN_SHARE = 0.00002
SURE_BY_SOUND = 4  # sounds from which on a word is known by them alone
_ARABIC_ONE_WAY = str.maketrans(
    {
        **dict.fromkeys("أإآٱ", "ا"),
        **dict.fromkeys("يىئیېۍ", "ی"),
        **dict.fromkeys("كڪ", "ک"),
        **dict.fromkeys("ةۀہھەۂ", "ه"),
        "ؤ": "و",
        "ء": "",
        "ـ": "",
        "\u200c": "",
    }
)
_ONE_BREATH = str.maketrans("χħ", "hh")  # Slavs have one letter for both
_LETTERS_OF_ONE = {"ı": "i", "ø": "o", "ł": "l", "ß": "ss", "æ": "ae", "ə": "e", "đ": "dj"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One known name. `origins`: letters explained at the head of the table.

    `label`: the plain writing of the name this is a tradition of (Mamadou, of Mohammad).
    """

    origins: str
    kind: str
    share: float
    native: tuple[str, ...]
    latin: tuple[str, ...]
    label: str = ""

    @property
    def name(self) -> str:
        return self.label or self.latin[0]


@lru_cache(maxsize=400_000)
def plain(word: str) -> str:
    """The key of a writing: lower case, no marks, one form of each Arabic letter."""
    word = unicodedata.normalize("NFKC", word).lower()
    if word.isascii():
        return "".join(char for char in word if char.isalpha())
    word = word.translate(_ARABIC_ONE_WAY)
    if word.isascii():
        return word
    word = "".join(_LETTERS_OF_ONE.get(char, char) for char in word)
    kept = []
    for char in unicodedata.normalize("NFD", word):
        category = unicodedata.category(char)
        indic = "\u0900" <= char <= "\u0dff"
        if category[0] == "L" or (category[0] == "M" and indic):
            kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept))


def _undoubled(key: str) -> str:
    return "".join(char for at, char in enumerate(key) if not at or char != key[at - 1])


class Known:
    """Finds the entries a word may be a writing of."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)
        self._by_key: dict[str, set[int]] = {}
        first = {entry.latin[0]: number for number, entry in reversed([*enumerate(self.entries)])}
        for number, entry in enumerate(self.entries):
            numbers = {number, first.get(entry.name, number)}
            for writing in entry.native + entry.latin:
                self._by_key.setdefault(plain(writing.replace(" ", "")), set()).update(numbers)

        self._undoubled: dict[str, set[int]] = {}
        for key, found in self._by_key.items():
            self._undoubled.setdefault(_undoubled(key), set()).update(found)
        self._by_sound: dict[str, set[int]] = {}
        for entry in self.entries:
            for writing in entry.latin:
                heard = sounds(writing.replace(" ", "")).translate(_ONE_BREATH)
                if len(heard) >= SURE_BY_SOUND:
                    self._by_sound.setdefault(heard, set()).update(self.of(writing))

    def sounding(self, heard: str) -> frozenset[int]:
        """Entries one of whose Latin writings has these very sounds; for scripts with vowels."""
        return frozenset(self._by_sound.get(heard.translate(_ONE_BREATH), ()))

    def of(self, word: str) -> frozenset[int]:
        """Entries of a writing; hands double letters as they like: Essa, Esa."""
        key = plain(word.replace(" ", ""))
        found = self._by_key.get(key)
        if found is None and len(once := _undoubled(key)) < len(key):
            found = self._undoubled.get(once)
        return frozenset(found or ())

    def share(self, numbers: frozenset[int]) -> float:
        """How large a part of the people of its origins bear the name; the commonest counts."""
        if not numbers:
            return UNKNOWN_SHARE
        return max(self.entries[number].share for number in numbers)


def entries() -> tuple[Entry, ...]:
    """Every line of the table."""
    found = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            origins, kind, share, native, latin, *label = line.split("\t")
            found.append(
                Entry(
                    origins,
                    kind,
                    SHARES[int(share)],
                    tuple(native.split(",")),
                    tuple(dict.fromkeys(latin.split(","))),
                    *label,
                )
            )
    return tuple(found)


@cache
def shipped() -> Known:
    return Known(entries())
