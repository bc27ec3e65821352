"""Which keys make somebody findable: of a person to store, of a question to search. In clear.

Belongs here: the keys, how common each is expected to be, what a question tries first. Does not:
the secret (`secret` seals every key before it goes anywhere), the database. Unkeyed phonetic
codes leave this module only for `secret`.

Kinds of key, by their first letters:
  `f:` two words, each by its line in the table of names, else roughly; asked for with every line
       and sound the words of a question may have, so that no name of two like words is missed
  `2:` two words, roughly, whatever the table says   `l:` a name of one word
  `k:` `1:` one word, known or roughly         `y`  one word and a year of birth
  `o:` `w:` one word finely, only for ordering `t:` phone   `d:` document
"""

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from heapq import nlargest
from itertools import combinations

import phonenumbers
from rapidfuzz.distance import Levenshtein

from oslonac.matching import keys
from oslonac.matching.known import UNKNOWN_SHARE, plain
from oslonac.matching.parts import Name, Part, Reader
from oslonac.matching.words import judge

WIDEST_BIRTH = 4  # years; a wider interval says too little to be a key
MOST_WORDS = 6  # of a question
MOST_ALONE = 2  # words of it searched by themselves
MOST_SOUNDS, MOST_LABELS = 4, 12  # of one word
MOST_WRITINGS, MOST_JUDGED = 2, 50  # of a line of the table; of all that a word may be
# Rows of the register that the first steps bring together; from which a birth narrows a pair;
# that are asked for in one go.
FIRST_ROWS, DATED_ROWS, ONE_STEP_ROWS = 2_500, 800, 800
LEAST_CHANCE = 0.06  # that two words are one name, as in `ranking`
SHORTEST_PHONE, PHONE_ENDING = 6, 8
MOST_DOCUMENT_WORDS, LONGEST_DOCUMENT, LONG_WORD = 30, 40, 7


@dataclass(frozen=True, slots=True)
class Facts:
    """What a person is found by, opened."""

    names: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    births: tuple[tuple[int, int], ...] = ()  # first and last year of each account
    phones: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    region: str = ""  # country in which a phone number without one was written, ISO 3166


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a question, for ordering candidates: nats for its surest and a finer key."""

    strong: tuple[str, ...]
    weak: tuple[str, ...]
    nats: float


@dataclass(frozen=True, slots=True)
class Step:
    """Keys tried together, the likeliest first: where so many people bear them that not all are
    looked at, the later ones are left. `both`: whoever is found has one of these as well."""

    name: str
    keys: tuple[str, ...]
    word: str = ""
    both: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """How large a part of a register has one of `keys`, so far as the table of names says."""
        return sum(map(expected_share, self.keys))


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked of the index for one name: `first` the pairs of words that fewest people
    have, `then`, where those bring nobody surely alike, everything rougher or more common."""

    first: tuple[Step, ...] = ()
    then: tuple[Step, ...] = ()
    words: tuple[Word, ...] = ()
    left_out: int = 0
    all_keys: tuple[str, ...] = field(default=())


@cache
def reader() -> Reader:
    return Reader()


def warm() -> None:
    """Read the tables once, so that the first question does not wait for them."""
    expected_share("1:")
    plan("Mohamad Jovanovic")


def stored(facts: Facts) -> tuple[set[str], set[str]]:
    """Keys to search by and keys to order by, of one person."""
    found: set[str] = set()
    fine: set[str] = set()
    for text in facts.names:
        name = reader().name(text)
        single = _texts(keys.single_keys(name))
        found |= single | _texts(keys.pair_keys(name)) | fine_pairs(name)
        found |= {f"y{year}:{key}" for year in facts.years for key in single}
        if len(name.parts) == 1:
            found |= {f"l:{key}" for key in single}
        for part in name.parts:
            fine |= set(_strong(part)) | set(_weak(part))
    for phone in facts.phones:
        found |= phone_keys(phone, facts.region)
    for document in facts.documents:
        found |= document_keys(document)
    return found, fine


def plan(text: str, years: tuple[int, int] | None = None, size: int = 0) -> Plan:
    """The steps of a search by name. `years`: of birth, as far as known; `size`: how many people
    the register has, roughly.

    The rarest part of the evidence is asked for first and the rest only where that was not
    enough, as search engines read the shortest lists first (Broder et al. 2003, "Efficient query
    evaluation using a two-level retrieval process").
    """
    name = reader().name(text)
    # A title is in few records, whoever bears it.
    told = [part for part in name.parts if part.text not in name.titles] or name.parts
    parts = sorted(told, key=_commonness)[:MOST_WORDS]
    if not parts:
        return Plan()
    short = Name(name.text, tuple(part for part in name.parts if part in parts), name.titles)
    near = _near(years)
    dated = [_dated(part, near) for part in parts[:MOST_ALONE] if near]
    if len(parts) == 1:
        first, then = dated + _of_word(parts[0]), list[Step]()
    else:
        first, then = _pairs(short, dated, size)
        # The rarest words alone: the others bring so many that none of them stands out.
        then += [*dated, *(_sounding(part) for part in parts[:MOST_ALONE])]
    words = tuple(_word(part) for part in short.parts)
    each = {key for step in (*first, *then) for key in step.keys}
    union = tuple(sorted(each.union(*map(_single, parts))))
    left_out = len(told) - len(parts) + name.left_out
    return Plan(tuple(first), tuple(then), words, left_out, union)


def _pairs(name: Name, dated: Sequence[Step], size: int) -> tuple[list[Step], list[Step]]:
    """Steps of two words: those that few people have, or a birth narrows; the others."""
    groups = _merged(
        sorted(
            (Step("fine", _fine(one, other)) for one, other in combinations(name.parts, 2)),
            key=lambda step: step.share,
        ),
        size,
    )
    first: list[Step] = []
    rows = 0.0
    while groups and (not first or rows + groups[0].share * size <= FIRST_ROWS):
        rows += groups[0].share * size
        if dated and groups[0].share * size > DATED_ROWS:
            first.append(replace(groups[0], name="fine and dated", both=dated[0].keys))
        first.append(groups.pop(0))
    lone = {f"l:{key}" for part in name.parts for key in _single(part)}
    rough = Step("rough", tuple(sorted(_texts(keys.pair_keys(name)), key=expected_share)))
    return first, [*groups, rough, Step("lone", tuple(sorted(lone, key=expected_share)))]


def _fine(one: Part, other: Part) -> tuple[str, ...]:
    """Two words as they may stand in an entry, as they are in the table first."""
    pairs = [(left, right) for left in _perhaps(one) for right in _perhaps(other)]
    return tuple(dict.fromkeys("f:" + "+".join(sorted(pair)) for pair in pairs))


def _merged(steps: Iterable[Step], size: int) -> list[Step]:
    """Steps that bring few are one question to the index."""
    found: list[Step] = []
    for step in steps:
        if found and (found[-1].share + step.share) * size <= ONE_STEP_ROWS:
            both = dict.fromkeys(found[-1].keys + step.keys)
            found[-1] = replace(found[-1], keys=tuple(both))
        else:
            found.append(step)
    return found


def _dated(part: Part, years: Sequence[int]) -> Step:
    ordered = sorted(_single(part), key=expected_share)
    dated = tuple(f"y{year}:{key}" for key in ordered for year in years)
    return Step("dated", dated, word=part.text)


def _of_word(part: Part) -> list[Step]:
    """A name of one word: as it is in the table, then whatever sounds like it."""
    known = tuple(sorted(key for key in _single(part) if key.startswith("k:")))
    return [*([Step("known", known, word=part.text)] if known else []), _sounding(part)]


def _sounding(part: Part) -> Step:
    return Step("single", tuple(sorted(_single(part), key=expected_share)), word=part.text)


def _single(part: Part) -> set[str]:
    return _texts(keys.single_keys(Name(part.text, (part,), ())))


def _texts(found: Iterable[bytes]) -> set[str]:
    return {key.decode() for key in found}


def fine_pairs(name: Name) -> set[str]:
    """Two words, each by its lines in the table of names; by its sound where it has none."""
    return {
        "f:" + "+".join(sorted((left, right)))
        for one, other in combinations(name.parts, 2)
        for left in _finely(one)
        for right in _finely(other)
    }


def _finely(part: Part) -> tuple[str, ...]:
    return tuple(_labels(part)) or keys.word_keys(part)[:MOST_SOUNDS]


def _perhaps(part: Part) -> tuple[str, ...]:
    """How a word of a question may stand in an entry: its lines, or like-sounding ones where it
    has none, and its sounds, for writings that the table does not have."""
    own = tuple(_labels(part)) or _near_labels(part.text)
    return own + keys.word_keys(part)[:MOST_SOUNDS]


@lru_cache(maxsize=20_000)
def _near_labels(text: str) -> tuple[str, ...]:
    """Lines of the table that a word on none of them may be a writing of, the likeliest first.
    The writings whose consonants come nearest are judged: the others seldom say more."""
    part = reader().part(text)
    heard = keys.outline(part.sound)
    near: list[tuple[float, int, Part]] = []
    for number in {n for key in keys.word_keys(part) for n in _by_sound().get(key, ())}:
        like = [
            (Levenshtein.normalized_similarity(heard, keys.outline(each.sound)), number, each)
            for each in _writings(number)
        ]
        near += nlargest(MOST_WRITINGS, like, key=lambda one: one[0])
    judged: dict[int, float] = {}
    for _like, number, writing in nlargest(MOST_JUDGED, near, key=lambda one: (one[0], -one[1])):
        judged[number] = max(judge(part, writing).chance, judged.get(number, 0.0))
    likely = [number for number, chance in judged.items() if chance >= LEAST_CHANCE]
    ordered = sorted(likely, key=lambda number: -judged[number])
    labels = dict.fromkeys("=" + plain(reader().known.entries[n].latin[0]) for n in ordered)
    return tuple(labels)[:MOST_LABELS]


@lru_cache(maxsize=20_000)
def _writings(number: int) -> tuple[Part, ...]:
    """Some writings of a line of the table: of each kind the plainest."""
    entry = reader().known.entries[number]
    texts = (*entry.latin[:4], *entry.native[:2])
    return tuple(reader().part(text.replace(" ", "")) for text in texts)


@cache
def _by_sound() -> dict[str, tuple[int, ...]]:
    """Numbers of the table's lines by the sounds their writings may have."""
    found: dict[str, set[int]] = {}
    for number, entry in enumerate(reader().known.entries):
        for text in entry.native + entry.latin:
            for key in keys.word_keys(reader().part(text.replace(" ", ""))):
                found.setdefault(key, set()).add(number)
    return {key: tuple(sorted(numbers)) for key, numbers in found.items()}


def _labels(part: Part) -> list[str]:
    entries = reader().known.entries
    return ["=" + plain(entries[number].latin[0]) for number in sorted(part.known)]


def _strong(part: Part) -> tuple[str, ...]:
    return (f"w:{plain(part.text)}", *(f"k:{label}" for label in _labels(part)))


def _weak(part: Part) -> tuple[str, ...]:
    return tuple(f"o:{keys.outline(sound)}" for sound in part.variants)


def _word(part: Part) -> Word:
    return Word(_strong(part), _weak(part), round(-math.log(_commonness(part)), 2))


def _commonness(part: Part) -> float:
    """How large a part of people bear the word, so far as the table says; rare if it does not."""
    return reader().known.share(part.known)


def years_of(first: int, last: int) -> tuple[int, ...]:
    """The years of a birth that are keys; none of an interval too wide to help."""
    return tuple(range(first, last + 1)) if last - first < WIDEST_BIRTH else ()


def _near(between: tuple[int, int] | None) -> Sequence[int]:
    if between is None or between[1] - between[0] > 2 * WIDEST_BIRTH:
        return ()
    return range(between[0] - 1, between[1] + 2)


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
    share = 1.0
    for word in rest.split("+"):
        share *= min(0.3, _shares().get(word, UNKNOWN_SHARE))
    return share * (2 if "+" in rest else 1)


@cache
def fingerprint(region: str) -> str:
    """Changes when the same names would get other keys: then the index must be made anew."""
    digest = hashlib.sha256(b"3")
    known = reader().known
    writings = [text for entry in known.entries for text in entry.native + entry.latin]
    for one, other in zip(writings, [*writings[7:], *writings[:7]], strict=True):
        found, fine = stored(Facts(names=(f"{one} {other}",)))
        for key in sorted(found) + sorted(fine):
            digest.update(f"{key}={expected_share(key):.5f};".encode())
    facts = Facts(names=("Ali",), years=(2009, 2010), phones=("+381641234567", "064 123 4567"),
                  documents=("AB 123-456",), region=region)  # fmt: skip
    digest.update(repr(sorted(stored(facts)[0])).encode())
    return digest.hexdigest()
