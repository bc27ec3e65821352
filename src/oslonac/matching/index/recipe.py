"""Which keys make somebody findable, of a person to store, and parts of them. In clear.

Belongs here: the keys, how common each is expected to be. Does not: what a question tries first
(`planning`), the secret (`secret` seals every key before it goes anywhere), the database. Unkeyed
phonetic codes leave these two modules only for `secret`.

Kinds of key, by their first letters:
  `f:` two words, each by its line in the table of names, else roughly; asked for with every line
       and sound the words of a question may have, so that no name of two like words is missed
  `2:` two words, roughly, whatever the table says   `l:` a name of one word
  `x:` two words, the second in no table, roughly and as slips of the pen leave it
  `k:` `1:` one word, known or roughly         `y`  one word and a year of birth
  `o:` `w:` one word finely, only for ordering `t:` phone   `d:` document
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import phonenumbers

from oslonac.matching import keys
from oslonac.matching.known import UNKNOWN_SHARE, plain
from oslonac.matching.parts import Name, Part, Reader

WIDEST_BIRTH = 4  # years; a wider interval says too little to be a key
MOST_SOUNDS = 4  # of one word
MOST_BESIDE = 2  # lines of the word beside one that may be a slip
OF_SLIPS = 0.004  # of the bearers of a word, so many have another within a slip of some rare one
SHORTEST_PHONE, PHONE_ENDING = 6, 8
MOST_DOCUMENT_WORDS, LONGEST_DOCUMENT, LONG_WORD = 30, 40, 7

IN_NO_TABLE = ("Dragan Vukotmaš", "محمد برکنیاج")  # names for the fingerprint


@dataclass(frozen=True, slots=True)
class Facts:
    """What a person is found by, opened."""

    names: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    births: tuple[tuple[int, int], ...] = ()  # first and last year of each account
    phones: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    region: str = ""  # country in which a phone number without one was written, ISO 3166


@cache
def reader() -> Reader:
    return Reader()


def warm() -> None:
    """Read the tables once, so that the first question does not wait for them."""
    from oslonac.matching.index import planning

    expected_share("1:")
    planning.plan("Mohamad Jovanovic")


def stored(facts: Facts) -> tuple[set[str], set[str]]:
    """Keys to search by and keys to order by, of one person."""
    found: set[str] = set()
    fine: set[str] = set()
    for text in facts.names:
        name = reader().name(text)
        each = texts(keys.single_keys(name))
        found |= each | texts(keys.pair_keys(name)) | fine_pairs(name) | slips(name)
        found |= {f"y{year}:{key}" for year in facts.years for key in each}
        if len(name.parts) == 1:
            found |= {f"l:{key}" for key in each}
        for part in name.parts:
            fine |= set(strong(part)) | set(weak(part))
    for phone in facts.phones:
        found |= phone_keys(phone, facts.region)
    for document in facts.documents:
        found |= document_keys(document)
    return found, fine


def single(part: Part) -> set[str]:
    """Keys of one word by itself."""
    return texts(keys.single_keys(Name(part.text, (part,), ())))


def texts(found: Iterable[bytes]) -> set[str]:
    """Keys as `keys` makes them, as text."""
    return {key.decode() for key in found}


def fine_pairs(name: Name) -> set[str]:
    """Two words, each by its lines in the table of names; by its sound where it has none."""
    return {
        "f:" + "+".join(sorted((left, right)))
        for one, other in combinations(name.parts, 2)
        for left in _finely(one)
        for right in _finely(other)
    }


def slips(name: Name) -> set[str]:
    """Two words, the second without a line in the table of names: a slip of the pen there makes
    another sound of it, and its other word alone is borne by thousands."""
    return {
        f"x:{left}+{right}"
        for other in name.parts
        if not other.known
        for right in keys.mended(other)
        for one in name.parts
        if one.text != other.text
        for left in _finely(one)[:MOST_BESIDE]
    }


def _finely(part: Part) -> tuple[str, ...]:
    return tuple(labels(part)) or keys.word_keys(part)[:MOST_SOUNDS]


def labels(part: Part) -> list[str]:
    """The lines of the table that a word stands on, by their plain writing."""
    entries = reader().known.entries
    return ["=" + plain(entries[number].latin[0]) for number in sorted(part.known)]


def strong(part: Part) -> tuple[str, ...]:
    """Keys for ordering that mean the very word."""
    return (f"w:{plain(part.text)}", *(f"k:{label}" for label in labels(part)))


def weak(part: Part) -> tuple[str, ...]:
    """Keys for ordering that mean a word with the same consonants."""
    return tuple(f"o:{keys.outline(sound)}" for sound in part.variants)


def commonness(part: Part) -> float:
    """How large a part of people bear the word, so far as the table says; rare if it does not."""
    return reader().known.share(part.known)


def years_of(first: int, last: int) -> tuple[int, ...]:
    """The years of a birth that are keys; none of an interval too wide to help."""
    return tuple(range(first, last + 1)) if last - first < WIDEST_BIRTH else ()


def phone_keys(text: str, region: str) -> set[str]:
    """Numbers as the world writes them, and their last digits, for numbers without a country.
    Several may stand in one text; what is no number has no key."""
    found = set()
    lenient = phonenumbers.Leniency.POSSIBLE
    for match in phonenumbers.PhoneNumberMatcher(text, region or None, leniency=lenient):
        number = f"{match.number.country_code}{match.number.national_number}"
        found |= {f"t:{number}", f"t:~{number[-PHONE_ENDING:]}"}
    digits = "".join(str(int(char)) for char in text if char.isdecimal())
    if not found and len(digits) >= SHORTEST_PHONE:
        found.add(f"t:~{digits[-PHONE_ENDING:]}")
    return found


def document_keys(text: str) -> set[str]:
    """Numbers in what was noted of a document, up to three words as one: `AB 123 456`."""
    words = [
        "".join(char for char in plain_document(word) if char.isalnum())
        for word in text.split()[:MOST_DOCUMENT_WORDS]
    ]
    words = [word for word in words if word]
    spans = [(at, at + size) for size in (1, 2, 3) for at in range(len(words) - size + 1)]
    joined = {"".join(words[first:last])[:LONGEST_DOCUMENT] for first, last in spans}
    return {f"d:{one}" for one in joined if len(one) >= 4 and any(map(str.isdigit, one))}


def document_asked(text: str) -> set[str]:
    """The number somebody asks for: all that was typed as one, and words long enough alone."""
    found = document_keys("".join(text.split()))
    long = [word for word in text.split() if len(word) >= LONG_WORD]
    return found | {key for word in long for key in document_keys(word)}


def plain_document(word: str) -> str:
    """Upper case, digits of any script as 0 to 9."""
    return "".join(str(int(char)) if char.isdecimal() else char.upper() for char in word)


@cache
def _shares() -> dict[str, float]:
    """How common each key of one word is expected to be, from the table of names."""
    found: dict[str, float] = {}
    known = reader().known
    for number, entry in enumerate(known.entries):
        writings = [reader().part(text.replace(" ", "")) for text in entry.native + entry.latin]
        for key in {key for part in writings for key in keys.word_keys(part)}:
            found[key] = found.get(key, 0.0) + entry.share
        label = plain(known.entries[number].latin[0])
        for key in (label, "=" + label):
            found[key] = found.get(key, 0.0) + entry.share
        for key in {plain(part.text) for part in writings} - {label}:
            found[key] = found.get(key, 0.0) + entry.share
        for key in {keys.outline(part.sound) for part in writings}:
            found[key] = found.get(key, 0.0) + entry.share
    return found


def expected_share(key: str) -> float:
    """How large a part of a register has this key, at most; what no table says is rare."""
    kind, _, rest = key.partition(":")
    if kind in ("t", "d"):
        return UNKNOWN_SHARE
    if kind[:1] == "y":
        return expected_share(rest) / 12  # children and youths; older people are fewer
    if kind == "l":
        return expected_share(rest) / 10
    if kind == "x":
        return OF_SLIPS * min(0.3, _shares().get(rest.split("+")[0], UNKNOWN_SHARE))
    share = 1.0
    for word in rest.split("+"):
        share *= min(0.3, _shares().get(word, UNKNOWN_SHARE))
    return share * (2 if "+" in rest else 1)


@cache
def fingerprint(region: str) -> str:
    """Changes when the same names would get other keys: then the index must be made anew."""
    digest = hashlib.sha256(b"5")
    known = reader().known
    writings = [text for entry in known.entries for text in entry.native + entry.latin]
    for one, other in zip(writings, [*writings[7:], *writings[:7]], strict=True):
        found, fine = stored(Facts(names=(f"{one} {other}",)))
        for key in sorted(found) + sorted(fine):
            digest.update(f"{key}={expected_share(key):.5f};".encode())
    facts = Facts(
        names=("Ali", *IN_NO_TABLE),
        years=(2009, 2010),
        documents=("AB 123-456",),
        phones=("+381641234567", "064 123 4567"),
        region=region,
    )
    digest.update(repr(sorted(stored(facts)[0])).encode())
    return digest.hexdigest()
