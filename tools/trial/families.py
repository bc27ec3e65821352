"""Made-up families on the move: siblings, twins, and records of them as registers hold them.

Belongs here: families, what each register wrote down and got wrong, labelled pairs of
records. Does not belong here: names and hands (`people`, `hands`), comparison (`persons`).
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from oslonac.matching.known import Entry
from oslonac.matching.persons import Record, Seen
from tools.trial.people import Crowd, Drawn, Word, write

LANGUAGES = {
    "a": ("ar",), "g": ("ar", "fr"), "p": ("fa", "ps"), "i": ("fa",), "u": ("ur", "ps"),
    "k": ("ku", "ar"), "t": ("tr",), "s": ("sr",), "r": ("ru", "uk"), "e": ("ti", "am"),
    "b": ("bn",), "o": ("so", "ar"), "w": ("fr", "ff"), "q": ("sq",), "h": ("hi", "ne"),
}  # fmt: skip
COUNTRIES = {
    "a": ("SY", "IQ", "EG"), "g": ("MA", "DZ", "TN"), "p": ("AF",), "i": ("IR",), "u": ("PK",),
    "k": ("IQ", "SY", "TR"), "t": ("TR",), "s": ("RS", "BA"), "r": ("RU", "UA"), "e": ("ER", "ET"),
    "b": ("BD",), "o": ("SO",), "w": ("GN", "SN", "ML"), "q": ("AL", "XK"), "h": ("IN", "NP"),
}  # fmt: skip
TOWNS = ("Preševo", "Šid", "Subotica", "Sombor", "Bujanovac", "Dimitrovgrad", "Kikinda")
MARKS = ("scar on the chin", "burn on the left hand", "birthmark on the neck", "missing tooth")
# Two records, and 1 when both are of one child.
Labelled = tuple[Record, Record, int]
START = datetime(2024, 3, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Child:
    """The truth about one child; records are drawn from it."""

    number: int
    family: int
    name: Drawn
    father: Drawn
    mother: Drawn
    born: date
    country: str
    languages: frozenset[str]
    group: str
    phone: str
    document: str
    mark: str
    travels: tuple[tuple[int, str], ...]


def families(entries: Sequence[Entry], chance: random.Random, count: int) -> list[Child]:
    """Children of `count` families; one family in twelve has twins."""
    crowd = Crowd(entries, chance)
    children: list[Child] = []
    for family in range(count):
        father = crowd.person()
        mother = crowd.person(father.origin)
        shared = father.words[1:] or (crowd.family(father.origin),)
        country = chance.choice(COUNTRIES[father.origin])
        languages = frozenset(LANGUAGES[father.origin][: chance.choice((1, 1, 2))])
        group, phone = f"g{family // 3}", f"+90{chance.randrange(10**9)}"
        day = date(2006, 1, 1) + timedelta(days=chance.randrange(3600))
        journey = tuple((day_of, chance.choice(TOWNS)) for day_of in range(0, 60, 10))
        called: set[str] = set()  # nobody calls two living children the same
        for _ in range(chance.choice((1, 1, 2, 3, 4))):
            given = crowd.person(father.origin)
            while given.words[0].name in called:
                given = crowd.person(father.origin)
            called.add(given.words[0].name)
            name = Drawn(father.origin, given.female, (given.words[0], *shared))
            children.append(
                Child(
                    len(children), family, name,
                    father, mother, day, country, languages, group, phone,
                    f"D{chance.randrange(10**7)}", chance.choice(MARKS), journey,
                )
            )  # fmt: skip
            if chance.random() > 0.08:
                day += timedelta(days=chance.randrange(330, 1500))
    return children


def record(child: Child, chance: random.Random, town_slip: int) -> Record:
    """What one register wrote of the child, with its gaps and errors."""

    def maybe(share: float) -> bool:
        return chance.random() < share

    script = chance.choice(("native", "latin", "latin", "cyrillic"))
    first, last = _birth(child.born, chance)
    sex = "f" if child.name.female else "m"
    at, town = child.travels[town_slip % len(child.travels)]
    when = START + timedelta(days=at, hours=chance.randrange(24))
    phone = child.phone if maybe(0.8) else f"+38160{chance.randrange(10**7)}"
    group = child.group if maybe(0.8) else f"g{chance.randrange(999)}"
    return Record(
        names=(write(child.name, script, chance),),
        birth_from=first if maybe(0.9) else None, birth_to=last if first else None,
        sex=("mf"[sex == "m"] if maybe(0.01) else sex) if maybe(0.95) else "",
        country=(child.country if not maybe(0.02) else "XX") if maybe(0.85) else "",
        languages=_languages(child, chance) if maybe(0.6) else frozenset(),
        father=write(_given(child.father), script, chance) if maybe(0.5) else "",
        mother=write(_given(child.mother), script, chance) if maybe(0.35) else "",
        group=group if maybe(0.25) else "",
        seen=(Seen(town, when),) if maybe(0.8) else (),
        marks=frozenset((child.mark,)) if maybe(0.1) else frozenset(),
        documents=frozenset((child.document,)) if maybe(0.12) else frozenset(),
        phones=frozenset((phone,)) if maybe(0.25) else frozenset(),
    )  # fmt: skip


def _languages(child: Child, chance: random.Random) -> frozenset[str]:
    """One in twelve records holds the language of the journey, not of the home."""
    return (
        frozenset((chance.choice(("en", "tr", "fa", "ar")),))
        if chance.random() < 0.08
        else child.languages
    )


def _given(parent: Drawn) -> Drawn:
    return replace(parent, words=parent.words[:1])


def _birth(born: date, chance: random.Random) -> tuple[date, date]:
    """Exact in a third; else 1 January, 1 Farvardin, a year, or an age off by a year."""
    roll = chance.random()
    if roll < 0.3:
        return born, born
    year = born.year + chance.choice((0, 0, 0, 0, 0, -1, 1, 1, -2, 2))
    if roll < 0.55:
        return date(year, 1, 1), date(year, 1, 1)
    if roll < 0.63:
        return date(year, 3, 21), date(year, 3, 21)
    if roll < 0.85:
        return date(year, 1, 1), date(year, 12, 31)
    return date(year - 1, 6, 1), date(year, 5, 31)


def labelled(children: Sequence[Child], chance: random.Random, count: int) -> list[Labelled]:
    """Pairs a search brings together: half one child; else siblings, namesakes, strangers."""
    by_family: dict[int, list[Child]] = {}
    by_given: dict[tuple[str, str], list[Child]] = {}
    for child in children:
        by_family.setdefault(child.family, []).append(child)
        by_given.setdefault(_namesake(child), []).append(child)
    out: list[Labelled] = []
    while len(out) < count:
        child, roll = chance.choice(children), chance.random()
        if roll < 0.5:
            out.append((record(child, chance, 1), record(child, chance, 3), 1))
            continue
        pool: Sequence[Child] = children
        if roll < 0.68:
            pool = by_family[child.family]
        elif roll < 0.9:
            pool = by_given[_namesake(child)]
        other = chance.choice(pool)
        if (other.number != child.number and _namesake(other) != _namesake(child)) or (
            other.family != child.family
        ):
            out.append((record(child, chance, 1), record(other, chance, chance.randrange(6)), 0))
    return out


def _namesake(child: Child) -> tuple[str, str]:
    words: tuple[Word, ...] = child.name.words
    return words[0].name, child.name.origin
