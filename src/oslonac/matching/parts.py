"""A written name taken apart: words, compounds, titles, kunya, what each word may be.

Belongs here: splitting, joining (`Abd al-Rahman`, `Nasr ullah`), dropping what is no name
(articles, honorifics), and the known names a word may stand for. Does not belong here:
how alike two words are (`transducer`), how alike two names are (`names`).
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from oslonac.matching.compounds import WORDS, closing, compound, is_link, is_servant, is_suffix
from oslonac.matching.known import Known, plain, shipped
from oslonac.matching.sounds import ABJAD, FULL, kind_of, other_ends, sounds
from oslonac.matching.stems import stem

MOST_PARTS = 12  # a name of more words is compared by its first dozen, and says so
LONGEST_READ = 2000


ARTICLES, TITLES, KUNYA = WORDS["articles"], WORDS["titles"], WORDS["kunya"]
NAMES_WITH_ABU, ABBREVIATED = WORDS["names_with_abu"], WORDS["abbreviated"]
_APOSTROPHES = dict.fromkeys(map(ord, "'’‘`´ʼʻʿʾ‛"), None)

_SLAVS = frozenset("sr")
_MARKED = re.compile("[čćšžđČĆŠŽĐ\u0400-\u04ff]")
_SLAVIC = re.compile(r"..i[cCKS]$|.[oe]v[a]?$|enk[oa]$|[cCK]uk$|..sk[iya]+$")


@dataclass(frozen=True, slots=True)
class Part:
    """One word of a name. `variants`: its possible sounds, the likeliest first.

    `optional`: a title or a kunya; its absence elsewhere says nothing. `stem`: known names that
    what a compound has besides its beginning or ending may be. `by_letter`: a Slavic name, of
    languages that write as they speak; `marked`: with the marks on its letters, or in letters
    that need none.
    """

    text: str
    variants: tuple[str, ...]
    kind: str
    known: frozenset[int]
    optional: bool = False
    stem: frozenset[int] = frozenset()
    by_letter: bool = False
    marked: bool = False

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
        self._compounds = _compounds(self.known)

    def name(self, text: str) -> Name:
        words = _initials_apart(_words(text), text)
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
        known = self.known.of(text)
        heard = compound(text)
        variants = [heard, *map(compound, _other_ends(text))]
        if not known and kind is FULL:
            known = self.known.sounding(sounds(text.replace(" ", "")))
            known = known or self._compounds.get(heard, known)
        bare = _without_article(text)
        if bare:
            variants += [compound(bare), *map(compound, _other_ends(bare))]
            known = known | self.known.of(bare)
        stems = stem(text, heard, self.known)
        by_letter = kind is FULL and self._slavic(heard, known)
        marked = by_letter and bool(_MARKED.search(text))
        sounding = tuple(dict.fromkeys(variants))
        return Part(text, sounding, kind, known, optional, stems, by_letter, marked)

    def _slavic(self, heard: str, known: frozenset[int]) -> bool:
        if known:
            return all(set(self.known.entries[number].origins) <= _SLAVS for number in known)
        return bool(_SLAVIC.search(heard))


def _compounds(known: Known) -> dict[str, frozenset[int]]:
    """Lines of the table by the one shape of their compounds."""
    found: dict[str, set[int]] = {}
    for number, entry in enumerate(known.entries):
        for writing in entry.latin:
            if " " in writing or writing.startswith("abd"):
                found.setdefault(compound(writing), set()).add(number)
    return {heard: frozenset(numbers) for heard, numbers in found.items()}


def _other_ends(text: str) -> Iterable[str]:
    """The word with another last letter, where the one written may be meant for it."""
    return (text[:-1] + end for end in other_ends(text))


def _words(text: str) -> list[str]:
    """Words of letters and their marks; everything else separates."""
    text = unicodedata.normalize("NFC", text[:LONGEST_READ]).translate(_APOSTROPHES)
    text = "".join(
        " " if (kind := unicodedata.category(char))[0] in "CZPSN" and kind != "Cf" else char
        for char in text
        if unicodedata.category(char) != "Cf"
    )
    return text.split()


def _initials_apart(words: list[str], text: str) -> list[str]:
    """Two capitals beside words that are not all capitals are two initials: `MA Karimi`."""
    if text.isupper():
        return words
    return [letter for word in words for letter in (word if _two_initials(word) else (word,))]


def _two_initials(word: str) -> bool:
    low = plain(word)
    return (
        len(word) == 2 == len(low)
        and word.isupper()
        and not any(low in group for group in (ARTICLES, TITLES, KUNYA, ABBREVIATED, _ONE_LETTER))
    )


_ONE_LETTER = WORDS["digraphs"]


def _is_title(word: str) -> bool:
    return plain(word) in TITLES


def _joined(words: list[str], titles: tuple[str, ...]) -> list[tuple[str, bool]]:
    """Compounds written apart are put together; articles and links fall away."""
    out: list[tuple[str, bool]] = []
    at = 0
    while at < len(words):
        word, size = words[at], 1
        ahead = words[at + 1 : at + 3]
        low, servant = plain(word), bool(ahead) and is_servant(word)
        optional = word in titles or (at == 0 and low in ABBREVIATED and len(words) > 1)
        if servant or (low in KUNYA and ahead):
            size = 3 if len(ahead) > 1 and is_link(ahead[0]) else 2
            optional = not servant and plain(ahead[size - 2]) not in NAMES_WITH_ABU
        elif low in ARTICLES:
            at += 1
            continue
        elif len(low) > 2 and not optional:
            size = 1 + closing(ahead)
        if not optional and len(words) > at + size and is_suffix(words[at + size]):
            size += 1
        group = words[at : at + size]
        if size == 3 and low in KUNYA:
            group = [group[0], group[2]]
        out.append((" ".join(group), optional))
        at += size
    return out


def _without_article(text: str) -> str:
    """`Alkhatib`, `الخطيب`, `Benali`: the word without its article or "son of", or nothing."""
    low = plain(text)
    if kind_of(text) is ABJAD:
        return low[2:] if low.startswith(("ال", "بن")) and len(low) > 4 else ""
    if low[:2] in ("al", "el", "ал", "эл", "ел") and len(low) > 5:
        return low[2:]
    return low[3:] if low[:3] in ("ben", "бен") and len(low) > 5 else ""
