"""Short and pet forms of a name: Neša of Nebojša, Sasha of Oleksandr, L. or Lj. of Ljubomir.

Belongs here: the table of short forms, in whatever script; initials of one letter and of two;
the table of names that are two where vowels are written.
Does not belong here: what such a form is worth (`words`).
"""

from functools import cache, lru_cache
from pathlib import Path

from oslonac.matching.known import plain, shipped
from oslonac.matching.parts import Part
from oslonac.matching.sounds import sounds

APART = Path(__file__).with_name("tables") / "apart.tsv"
NICKNAMES = Path(__file__).with_name("tables") / "nicknames.tsv"
LONGEST = 10
# Letters that hands and scripts put for one another, and whose marks they leave out.
_ALIKE = str.maketrans(
    {
        "S": "s",
        "C": "c",
        "Z": "z",
        "Đ": "J",
        "y": "j",
        "x": "h",
        "χ": "h",
        "ħ": "h",
        "w": "v",
        "K": "c",
        "Y": "i",
        "E": "e",
        "H": "a",
    }
)


@lru_cache(maxsize=100_000)
def folded(word: str) -> str:
    """Sounds of a word as far as every script and keyboard has them."""
    return sounds(word.replace(" ", "")).translate(_ALIKE)


def is_short(left: Part, right: Part) -> bool:
    """Whether one is a short form of the other."""
    if len(left.text) > LONGEST and len(right.text) > LONGEST:  # no short form is that long
        return False
    return _short_for(left, right) or _short_for(right, left)


def _short_for(full: Part, short: Part) -> bool:
    for low in (folded(short.text), plain(short.text)):
        if low not in _all_short():
            continue
        if low in _forms().get(folded(full.text), ()):
            return True
        if any(low in _full_names().get(number, ()) for number in full.known):
            return True
    return False


@cache
def _forms() -> dict[str, frozenset[str]]:
    """Short forms by the name's sounds."""
    table: dict[str, frozenset[str]] = {}
    for line in NICKNAMES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, forms = line.split("\t")
            found = {key for form in forms.split(",") for key in (folded(form), plain(form))}
            table[folded(name)] = table.get(folded(name), frozenset()) | found
    return table


@cache
def _all_short() -> frozenset[str]:
    return frozenset().union(*_forms().values())


@cache
def _full_names() -> dict[int, frozenset[str]]:
    """The same by line of the table of names."""
    known = shipped()
    found: dict[int, frozenset[str]] = {}
    for line in NICKNAMES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name = line.split("\t")[0]
            for number in known.of(name):
                found[number] = found.get(number, frozenset()) | _forms()[folded(name)]
    return found


@cache
def _apart() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for line in APART.read_text(encoding="utf-8").splitlines():
        names = [{folded(form) for form in each.split(",")} for each in line.split("\t")]
        for at, forms in enumerate(names if not line.startswith("#") else ()):
            others = frozenset().union(*names[:at], *names[at + 1 :]) - forms
            for form in forms:
                found[form] = found.get(form, frozenset()) | others
    return found


def are_apart(left: str, right: str) -> bool:
    """Two names for whoever writes vowels, though letters without them have one writing for both
    or hands elsewhere mix them up: Emina and Amina, Zahra and Zohra."""
    return folded(right) in _apart().get(folded(left), ())


def is_initial(part: Part) -> bool:
    """One letter, or two that are in no table: Lj., Sh., Iv."""
    letters = len(plain(part.text))
    return len(part.sound) == 1 or letters == 1 or (letters == 2 and not part.known)


def begins_alike(left: Part, right: Part) -> bool:
    """An initial, and a word that begins with it or is such an initial too."""
    short, long = sorted((left, right), key=lambda part: len(part.text))
    one, other = short.sound, long.sound
    if not one or not other:
        return False
    if one == other[: len(one)] or folded(long.text).startswith(folded(short.text)):
        return True
    if len(one) > 1 and plain(short.text)[:1] not in _MARKED:
        return False
    return frozenset((one[0], other[0])) in _INITIALS


_MARKED = frozenset("љњяюёѐ")
_INITIAL_SOUNDS = (
    "jJ jy Yy Yj kq kc cs cC SK wv Ww Wv @a Aa Ao @e @i @o @u hħ hx Xx zZ sS fp pb gG gJ tT JĐ KC "
    "KS dĐ dJ Ai Au Ae Ay Yi @A"
)
_INITIALS = frozenset(map(frozenset, _INITIAL_SOUNDS.split()))
