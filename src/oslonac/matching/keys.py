"""Keys by which a name is found in a sealed register: rough sound, script left aside.

Belongs here: skeletons of consonant classes, single and in pairs. Does not belong here: the
secret: the caller turns each key into an HMAC before it is stored or searched, for these
bytes are unkeyed phonetic codes and must never reach a database (Vatsalan, Christen & Verykios
2013 on what such codes give away).

A letter that hands confuse beyond a class (Arabic ذ as d or z, Serbian h for خ, Latin j
as y or dž) yields one key for each reading, on both sides, so that they meet.
"""

from collections.abc import Iterable
from functools import lru_cache
from itertools import combinations

from oslonac.matching.known import plain
from oslonac.matching.parts import Name, Part, Reader
from oslonac.matching.sounds import ABJAD

MOST_READINGS = 8
LONGEST = 6
SHORTEST_MENDED = 3  # consonants that are left of a word whose slips are looked for
_CLASSES = {
    **dict.fromkeys("kqgGK", "K"),
    **dict.fromkeys("td", "T"),
    **dict.fromkeys("szSZ", "S"),
    **dict.fromkeys("pb", "B"),
    "f": "F",
    "m": "M",
    "n": "N",
    "l": "L",
    "r": "R",
}
_SEVERAL: dict[str, tuple[str, ...]] = {
    "x": ("K", ""),
    "χ": ("", "K"),
    "ħ": ("", "K"),
    "K": ("S", "K"),
    "C": ("S",),
    "Š": ("S", "K"),
    "J": ("S", "K"),
    "Đ": ("S", "T"),
    "j": ("S", ""),
    "c": ("S", "K"),
    "T": ("T", "S"),
    "D": ("S", "T"),
    "ḍ": ("T", "S"),
    "ẓ": ("S", "T"),
    "v": ("", "F"),
    "X": ("KS", "K", "S"),
    "G": ("K",),
    "g": ("K", "S"),
}
_FRONT = frozenset("ieyYEj")


@lru_cache(maxsize=400_000)
def outline(sound: str) -> str:
    """Consonants as heard, vowels gone: finer than a skeleton, for a quick first look."""
    return sound.translate(_OUTLINE)


_OUTLINE = str.maketrans(
    {
        **dict.fromkeys("aeiouEHWYyw@A", None),
        **dict.fromkeys("ħχ", "h"),
        **dict.fromkeys("qKc", "k"),
        **dict.fromkeys("Tḍ", "t"),
        **dict.fromkeys("ẓDZ", "z"),
        "j": "J",
        "Đ": "J",
        "C": "S",
        "Š": "S",
        "X": "x",
    }
)


@lru_cache(maxsize=400_000)
def skeletons(sound: str) -> tuple[str, ...]:
    """The consonant skeletons a row of sounds may have, the likeliest first."""
    return tuple(dict.fromkeys(one[:LONGEST] or _vowel(sound) for one in _whole(sound)))


def _whole(sound: str) -> list[str]:
    found = [""]
    for at, char in enumerate(sound):
        readings = _readings(sound, at, char)
        if readings == ("",):
            continue
        grown = [
            one if one.endswith(reading) and reading else one + reading
            for reading in readings
            for one in found
        ]
        found = list(dict.fromkeys(grown))[:MOST_READINGS]
    return found


def _readings(sound: str, at: int, char: str) -> tuple[str, ...]:
    if char == "g" and sound[at + 1 : at + 2] not in _FRONT:
        return ("K", "S") if sound[at + 1 : at + 2] in "a" else ("K",)
    return _SEVERAL.get(char) or (_CLASSES.get(char, ""),)


def _vowel(sound: str) -> str:
    """A word without consonants is rare; it keeps a mark so that it has a key at all."""
    return "~" if sound else ""


def word_keys(part: Part) -> tuple[str, ...]:
    """Every skeleton of one word; a compound also has those of its pieces."""
    found: list[str] = []
    for sound in part.variants:
        found += skeletons(sound)
        if sound.startswith("abd") and len(sound) > 5:
            found += skeletons(sound[3:])[:2]
        for ending in ("laH", "din"):
            if sound.endswith(ending) and len(sound) > len(ending) + 2:
                found += skeletons(sound[: -len(ending)])[:2]
    return tuple(dict.fromkeys(found))


def mended(part: Part) -> tuple[str, ...]:
    """The first skeleton of a word, then the same with each consonant left out once: words that
    differ by one lost, added, other or exchanged have one in common (the deletion neighbourhood
    of Mor & Fraenkel 1982). None of a short word, which has too many such neighbours.
    """
    whole = _whole(part.sound)[0]
    if len(whole) < SHORTEST_MENDED:
        return ()
    left_out = range(len(whole)) if len(whole) > SHORTEST_MENDED else ()
    fewer = (whole[:at] + whole[at + 1 :] for at in left_out)
    return tuple(dict.fromkeys(one[:LONGEST] for one in (whole, *fewer)))


@lru_cache(maxsize=1)
def _reader() -> Reader:
    return Reader()


def keys(name: str | Name) -> set[bytes]:
    """All keys of a name: `1:` one word, `2:` two words in any order. To be sealed."""
    return pair_keys(name) | single_keys(name)


def single_keys(name: str | Name) -> set[bytes]:
    """Keys of each word and of neighbours written as one: high recall, many candidates."""
    read = _read(name)
    found = {f"1:{key}" for part in read.parts for key in word_keys(part)}
    found |= {f"1:{key}" for part in _neighbours(read) for key in word_keys(part)[:4]}
    found |= {f"k:{label}" for part in read.parts for label in _labels(part)}
    return {key.encode() for key in found}


def pair_keys(name: str | Name) -> set[bytes]:
    """Keys of two words together: few candidates even for common names. Searched first."""
    read = _read(name)
    found: set[str] = set()
    for one, other in combinations(read.parts, 2):
        for left in word_keys(one)[:4]:
            for right in word_keys(other)[:4]:
                found.add("2:" + "+".join(sorted((left, right))))
    return {key.encode() for key in found}


def year_keys(name: str | Name, years: Iterable[int]) -> set[bytes]:
    """Keys of one word and a year of birth: for people of one name, and where no pair met.

    Index every year a birth may lie in; search those and one to each side.
    """
    single = single_keys(name)
    return {b"y%d:" % year + key for year in years for key in single}


def _neighbours(name: Name) -> list[Part]:
    reader = _reader()
    short = [len(part.sound) <= 5 for part in name.parts]
    return [
        reader.part(one.text + other.text)
        for one, other, fits in zip(name.parts, name.parts[1:], short[1:], strict=False)
        if fits and (one.kind is ABJAD) == (other.kind is ABJAD)
    ]


def _labels(part: Part) -> list[str]:
    """Known names meet by their plain writing, however irregular this one (Hatice, Khadija)."""
    entries = _reader().known.entries
    return [plain(entries[number].latin[0]) for number in part.known]


def _read(name: str | Name) -> Name:
    return _reader().name(name) if isinstance(name, str) else name
