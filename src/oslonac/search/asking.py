"""Reading a search query and answering it from the records the actor can see."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from oslonac.access import policy
from oslonac.access.actor import Actor
from oslonac.audit.actions import record
from oslonac.audit.models import Outcome
from oslonac.cases import lists, queries
from oslonac.kit.calendars import Calendar, day_interval
from oslonac.kit.clock import local_day
from oslonac.kit.text import clean_line
from oslonac.matching.index import fingerprints, scope, service
from oslonac.matching.index.service import Answer, Found, Question
from oslonac.people import merging, records
from oslonac.people.models import Appearance, Person
from oslonac.people.queries import shown_names
from oslonac.people.records import RecordLine
from oslonac.people.rules import AgeInterval
from oslonac.search import filters as narrowing
from oslonac.search.filters import Filters

LONGEST = 500
SHORTEST_NUMBER = 6  # digits from which a number may be a phone
_NUMBER = re.compile(r"[\d\s()+./-]+")
_YEAR = re.compile(r"(?<![\w+/-])(\d{4})(?![\w/-])")
# Years somebody alive may have been born in, by how they are written: 1389 is a year as well.
_YEARS = ((Calendar.GREGORIAN, 1900, 2099), (Calendar.SOLAR_HIJRI, 1300, 1499))


@dataclass(frozen=True)
class Asked:
    """What was typed, and as what it can be read. `year`: a year of birth typed after a name, with
    the days it may mean (`born`)."""

    text: str
    number: str = ""
    name: str = ""
    phone: str = ""
    document: str = ""
    year: str = ""
    born: tuple[date, date] | None = None

    def __bool__(self) -> bool:
        return bool(self.text)


@dataclass
class Hit:
    """Somebody found: as the register shows them, where they appear, and why they were found."""

    person: Person
    name: str
    found: Found
    age: AgeInterval | None
    records: list[RecordLine] = field(default_factory=list)
    also: list[str] = field(default_factory=list)  # names of records joined with this one

    @property
    def other_writing(self) -> str:
        """The name that was like the one asked for, where it is not the one shown."""
        return self.found.name if self.found.name and self.found.name != self.name else ""


@dataclass
class Result:
    """`cases`: found by their number; `people`: by name, phone or document."""

    asked: Asked
    cases: list[lists.Row] = field(default_factory=list)
    people: list[Hit] = field(default_factory=list)
    answer: Answer = field(default_factory=Answer)


def read(typed: str) -> Asked:
    """A case number, a name, a phone or a document: whatever it may be, it may be several."""
    text = clean_line(typed[:LONGEST])
    western = western_digits(text)
    letters = any(char.isalpha() for char in text)
    digits = sum(char.isdigit() for char in western)
    number = western if _NUMBER.fullmatch(western) and digits else ""
    year, born = _year(western) if letters else ("", None)
    return Asked(
        text=text,
        number=number,
        name=clean_line(western.replace(year, " ") if year else text) if letters else "",
        year=year,
        born=born,
        phone=western if digits >= SHORTEST_NUMBER and len(western) < 60 else "",
        document=western if digits >= 2 else "",
    )


def _year(text: str) -> tuple[str, tuple[date, date] | None]:
    """The year of birth among what was typed, where there is one and no second."""
    found = _YEAR.findall(text)
    if len(found) == 1:
        for calendar, first, last in _YEARS:
            if first <= int(found[0]) <= last:
                return found[0], day_interval(calendar, int(found[0]))
    return "", None


def western_digits(text: str) -> str:
    """Digits of any script as 0 to 9, so that ۴۱۷ finds 417; superscripts are no digits."""
    return "".join(
        str(unicodedata.decimal(char)) if unicodedata.decimal(char, None) is not None else char
        for char in text
        if char.isdecimal() or not char.isdigit()
    )


def find(
    actor: Actor,
    typed: str,
    filters: Filters,
    *,
    at: datetime,
    top: int = service.TOP,
    where: str = "search",
) -> Result:
    """Cases and people open to the actor. Names shown are recorded as read, under `where`."""
    asked = read(typed)
    result = Result(asked)
    if not asked:
        return result
    if asked.number:
        numbered = queries.by_number(actor, asked.number, at=at)
        result.cases = lists.opened(actor, numbered, at=at, where=where)
    if asked.name or asked.phone or asked.document:
        within = scope.of(actor, at=at, records=narrowing.records(actor, filters, at=at))
        result.answer = service.find(question(asked, filters, at=at), within, top=top)
        result.people = hits(actor, result.answer.found, at=at, where=where)
    return result


def question(asked: Asked, filters: Filters, *, at: datetime) -> Question:
    """A filter leaves out whoever contradicts it; a year typed after a name only weighs: it is
    often a guess, and others may have written another one."""
    born = filters.born(local_day(at))
    return Question(
        text=asked.name,
        sex=filters.sex,
        born=born or asked.born,
        phone=asked.phone,
        document=asked.document,
        only=asked.born is None or born is not None or bool(filters.sex),
    )


def hits(actor: Actor, found: Sequence[Found], *, at: datetime, where: str) -> list[Hit]:
    """Found people with names, ages and the records in which the actor may see them."""
    found, parts = _as_one(actor, found, at=at)
    people = Person.objects.select_related("key").in_bulk(list(parts))
    if not people:
        return []
    names = shown_names(people.values())
    lists.note_read(actor, at, where, list(people.values()))
    appearing = Appearance.objects.filter(person__in=people)
    rows = list(appearing.values_list("person_id", "record_kind", "record_id"))
    seen = policy.reaches(actor, [row[2] for row in rows], at=at)
    lines = records.lines((kind, pk) for _, kind, pk in rows if pk in seen)
    own: dict[UUID, list[RecordLine]] = {}
    for person_id, _kind, record_id in rows:
        if record_id in lines:
            own.setdefault(parts[person_id], []).append(lines[record_id])
    return [
        Hit(
            person=people[each.person_id],
            name=names[each.person_id],
            found=each,
            age=lists.age_of(people[each.person_id], at),
            also=[
                names[pk]
                for pk, first in parts.items()
                if first == each.person_id and pk != first and names.get(pk)
            ],
            records=sorted(own.get(each.person_id, []), key=lambda line: line.at, reverse=True),
        )
        for each in found
        if each.person_id in people
    ]


def _as_one(
    actor: Actor, found: Sequence[Found], *, at: datetime
) -> tuple[list[Found], dict[UUID, UUID]]:
    """Records joined as one person are one find, under the survivor as far as the actor sees it,
    with the best of their reasons; and every part, with the one it is found under."""
    groups = merging.shown_as(
        [each.person_id for each in found], lambda ids: scope.of(actor, at=at).among(ids)
    )
    first: dict[UUID, Found] = {}
    parts: dict[UUID, UUID] = {}
    for each in found:
        ids = groups[each.person_id]
        first.setdefault(ids[0], replace(each, person_id=ids[0]))
        parts |= dict.fromkeys(ids, ids[0])
    return list(first.values()), parts


def note_asked(actor: Actor, result: Result, *, at: datetime) -> None:
    """One event for a question asked in full: a keyed hash of it, and how many were found."""
    record(
        "search.asked",
        actor=actor,
        at=at,
        kind="search",
        outcome=Outcome.READ,
        data={
            "query": fingerprints.of_text(result.asked.text),
            "name": fingerprints.of_name(result.asked.name),
            "found": len(result.people) + len(result.cases),
        },
    )
