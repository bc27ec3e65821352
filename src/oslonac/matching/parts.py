"""A written name taken apart: words, compounds, titles, kunya, what each word may be.

Belongs here: splitting, joining (`Abd al-Rahman`, `Nasr ullah`), dropping what is no name
(articles, honorifics), and the known names a word may stand for. Does not belong here:
how alike two words are (`transducer`), how alike two names are (`names`).
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from oslonac.matching.known import Known, plain, shipped
from oslonac.matching.sounds import ABJAD, FULL, kind_of, sounds

PARTICLES = Path(__file__).with_name("tables") / "particles.tsv"
MOST_PARTS = 12  # a name of more words is compared by its first dozen, and says so
LONGEST_READ = 2000


def _particles() -> dict[str, frozenset[str]]:
    lines = PARTICLES.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return {group: frozenset(map(plain, words.split())) for group, words in rows}


_WORDS = _particles()
ARTICLES, TITLES, KUNYA = _WORDS["articles"], _WORDS["titles"], _WORDS["kunya"]
NAMES_WITH_ABU, SERVANT, _LINKS = _WORDS["names_with_abu"], _WORDS["servant"], _WORDS["links"]
_ENDING_WORDS = {"din": _WORDS["ending_din"], "lah": _WORDS["ending_lah"]}
_APOSTROPHES = dict.fromkeys(map(ord, "'’‘`´ʼʻʿʾ‛"), None)

_SERVANT_OF = re.compile(r"^[aA@e]?bd[aeiouE]*([lrnstzSd]?)(.*)$")
_OF_FAITH = re.compile(r"^(.{2,}?)(?:[aeuoE]l?|l|al|au|W)[dt](?:i|Y|e)ne?$")
_OF_GOD = re.compile(r"^(.{3,}?)(?:[uo]l(?:H|ah|a|aH|aχ)|al(?:H|lah))$")


@dataclass(frozen=True, slots=True)
class Part:
    """One word of a name. `variants`: its possible sounds, the likeliest first.

    `optional`: a title or a kunya; its absence elsewhere says nothing.
    """

    text: str
    variants: tuple[str, ...]
    kind: str
    known: frozenset[int]
    optional: bool = False

    @property
    def sound(self) -> str:
        return self.variants[0]


@dataclass(frozen=True, slots=True)
class Name:
    """A name ready to be compared. `left_out`: words beyond the first dozen. `articles`: words
    and beginnings of words that are no name (`al`, `ben`), which hands write or leave."""

    text: str
    parts: tuple[Part, ...]
    titles: tuple[str, ...]
    left_out: int = 0
    articles: int = 0


class Reader:
    """Takes names apart with one table of known names; keeps what it has read."""

    def __init__(self, known: Known | None = None) -> None:
        self.known = known or shipped()
        self._parts = lru_cache(maxsize=500_000)(self._read_part)

    def name(self, text: str) -> Name:
        words = _words(text)
        titles = tuple(word for word in words if _is_title(word))
        if len(titles) == len(words):  # "Haji" alone is somebody's name
            titles = ()
        parts = [self._parts(*joined) for joined in _joined(words, titles)]
        parts = [part for part in parts if part.sound]
        if not parts:
            parts = [part for word in words if (part := self._parts(word, False)).sound]
        return Name(
            text,
            tuple(parts[:MOST_PARTS]),
            titles,
            left_out=max(0, len(parts) - MOST_PARTS),
            articles=sum(plain(word) in ARTICLES or bool(_without_article(word)) for word in words),
        )

    def part(self, text: str) -> Part:
        return self._parts(text, False)

    def _read_part(self, text: str, optional: bool) -> Part:
        kind = kind_of(text)
        heard = sounds(text.replace(" ", ""))
        known = self.known.of(text)
        if not known and kind is FULL:
            known = self.known.sounding(heard)
        variants = [_compound(heard)]
        bare = _without_article(text)
        if bare:
            variants.append(_compound(sounds(bare)))
            known = known | self.known.of(bare)
        return Part(text, tuple(dict.fromkeys(variants)), kind, known, optional)


def _words(text: str) -> list[str]:
    """Words of letters and their marks; everything else separates."""
    text = unicodedata.normalize("NFC", text[:LONGEST_READ]).translate(_APOSTROPHES)
    text = "".join(
        " " if (kind := unicodedata.category(char))[0] in "CZPSN" and kind != "Cf" else char
        for char in text
        if unicodedata.category(char) != "Cf"
    )
    return text.split()


def _is_title(word: str) -> bool:
    return plain(word) in TITLES


def _joined(words: list[str], titles: tuple[str, ...]) -> list[tuple[str, bool]]:
    """Compounds written apart are put together; articles and links fall away."""
    out: list[tuple[str, bool]] = []
    at = 0
    while at < len(words):
        word, size = words[at], 1
        optional = word in titles
        low = plain(word)
        ahead = [plain(other) for other in words[at + 1 : at + 3]]
        ending, used = _ending(ahead)
        if low in SERVANT and ahead:
            size = 3 if ahead[0] in _LINKS and len(ahead) > 1 else 2
        elif low in KUNYA and ahead:
            size = 3 if ahead[0] in _LINKS and len(ahead) > 1 else 2
            optional = ahead[size - 2] not in NAMES_WITH_ABU
        elif low in ARTICLES:
            at += 1
            continue
        elif ending and len(low) > 2 and not optional:
            size = 1 + used
        group = words[at : at + size]
        if size == 3:
            group = [group[0], group[2]] if low in KUNYA else group
        out.append(("".join(group), optional))
        at += size
    return out


def _ending(ahead: list[str]) -> tuple[str, int]:
    """Whether the next words close a compound: `ullah`, `ud din`, `al-Din`."""
    for ending, forms in _ENDING_WORDS.items():
        if ahead and ahead[0] in forms:
            return ending, 1
        if len(ahead) > 1 and ahead[0] in _LINKS and ahead[1] in forms:
            return ending, 2
    return "", 0


def _compound(sound: str) -> str:
    """One shape for each compound, however its article was written or assimilated."""
    servant = _SERVANT_OF.match(sound)
    if servant and sound[:1] in "aAe@" and sound[1:3] == "bd":
        article, rest = servant.groups()
        if rest in ("ah", "aχ", "a", "H", "aH", "lah", "laχ", "lH") and article in ("l", ""):
            return "abdlaH"
        if article and article != "l":
            rest = article + rest
        if len(rest) >= 3:
            return "abd" + rest
        return sound
    for pattern, ending in ((_OF_FAITH, "din"), (_OF_GOD, "laH")):
        found = pattern.match(sound)
        if found:
            return found.group(1) + ending
    return sound


def _without_article(text: str) -> str:
    """`Alkhatib`, `الخطيب`, `Benali`: the word without its article or "son of", or nothing."""
    low = plain(text)
    if kind_of(text) is ABJAD:
        return low[2:] if low.startswith(("ال", "بن")) and len(low) > 4 else ""
    if low[:2] in ("al", "el", "ал", "эл", "ел") and len(low) > 5:
        return low[2:]
    return low[3:] if low[:3] in ("ben", "бен") and len(low) > 5 else ""
