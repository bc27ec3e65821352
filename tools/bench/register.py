"""A sealed register of made-up people, written in bulk: what the search is measured on.

Belongs here: rows as the product's own actions would leave them, sealed and indexed the same way,
by COPY. Does not: the names (`tools.trial`), the measuring (`bench.search`).

Every person appears in one record. A `wide` office sees all of them, each of `NARROW` offices its
share, one worker sees thirty.
"""

import multiprocessing
import os
import secrets
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, models

from oslonac.access.actor import Actor, Post, actor_of, holders_of
from oslonac.access.models import Grant
from oslonac.access.roles import Role
from oslonac.access.rules import Basis, Level, Reason, RecordKind
from oslonac.directory.models import Organisation
from oslonac.kit.ids import uuid7
from oslonac.kit.text import dominant_script
from oslonac.matching.index import generations, recipe
from oslonac.matching.index.models import Entry, State
from oslonac.people.models import Appearance, Person, PersonName
from oslonac.people.queries import shown_names
from oslonac.vault.models import DataKey
from oslonac.vault.sealing import seal
from tools.trial.registers import MadeUp

CHUNK = 4_000
NARROW = 20
OF_ONE_WORKER = 30
SAMPLE = 200  # people whose names are looked at to know a kept register again
SINCE = datetime(2026, 1, 1, tzinfo=UTC)
Row = tuple[Any, ...]
Chunk = list[tuple[type[models.Model], list[Row]]]


@dataclass(frozen=True)
class Someone:
    """One person as the register knows them."""

    number: int
    name: str
    female: bool
    born: tuple[date, date]


def person_id(number: int) -> UUID:
    """Ids are drawn from the number, so that a kept register can be judged again."""
    return UUID(int=0x0192_0000_0000_7000_8000_0000_0000_0000 + number)


def holds(made: MadeUp) -> bool:
    """Whether the database has these very people: as many, and the same names in a sample.
    Raises ValueError where it has others."""
    count = Person.objects.count()
    if not count:
        return False
    rows = range(0, len(made.names), max(1, len(made.names) // SAMPLE))
    people = Person.objects.in_bulk([person_id(row) for row in rows])
    names = shown_names(people.values())
    same = all(names.get(person_id(row)) == made.names[row] for row in rows)
    if count != len(made.names) or not same:
        raise ValueError("the kept folder has other people: name another folder, or empty it")
    return True


def write(made: MadeUp, tell: Any) -> None:
    """Fill an empty database with the people of `made`."""
    generations.begin(state=State.READY)
    offices = [
        office.pk
        for office in Organisation.objects.filter(kind="csw").order_by("code")[: NARROW + 1]
    ]
    people = [
        Someone(number, name, drawn.female, born)
        for number, (name, drawn, born) in enumerate(
            zip(made.names, made.people, made.born, strict=True)
        )
    ]
    chunks = [people[at : at + CHUNK] for at in range(0, len(people), CHUNK)]
    done = 0
    # A connection must not have two users: the processes, forked here, each open their own.
    connection.close()
    with ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("fork")) as pool:
        for chunk in pool.map(_rows, chunks):
            for model, rows in [*chunk, *_seen(offices, done, len(chunk[0][1]))]:
                _copy(model, rows)
            done += len(chunk[0][1])
            tell(done, len(people))


def _rows(people: Sequence[Someone]) -> Chunk:
    (generation,) = generations.live()
    keys, persons, names, entries = [], [], [], []
    for someone in people:
        key = DataKey.make()
        person = Person(
            id=person_id(someone.number),
            key=key,
            sex="female" if someone.female else "male",
            born_from=someone.born[0],
            born_to=someone.born[1],
            made_at=SINCE,
            revision=3,
        )
        name = PersonName(
            person=person, key=key, script=dominant_script(someone.name), written_at=SINCE
        )
        seal(name, key, full=someone.name)
        seal(person, key, shown_name=someone.name)
        keys.append(key)
        persons.append(person)
        names.append(name)
        entries.append(_entry(person, someone, generation))
    listed: list[tuple[type[models.Model], list[Any]]] = [
        (DataKey, keys),
        (Person, persons),
        (PersonName, names),
        (Entry, entries),
    ]
    return [(model, [_values(model, row) for row in rows]) for model, rows in listed]


def _entry(person: Person, someone: Someone, generation: generations.Live) -> Entry:
    first, last = someone.born[0].year, someone.born[1].year
    found, fine = recipe.stored(
        recipe.Facts(names=(someone.name,), years=recipe.years_of(first, last))
    )
    return Entry(
        generation_id=generation.number,
        person=person,
        revision=person.revision,
        sex=person.sex,
        year_from=first,
        year_to=last,
        keys=generation.sealer.of_person(person.pk, found),
        fine=generation.sealer.of_person(person.pk, fine),
    )


def _seen(offices: Sequence[UUID], first: int, count: int) -> Iterator[tuple[Any, list[Row]]]:
    """The record each person appears in, and who sees it."""
    appearances, grants = [], []
    for number in range(first, first + count):
        record = uuid7()
        appearances.append(
            Appearance(
                person_id=person_id(number),
                record_kind=RecordKind.ENCOUNTER,
                record_id=record,
                is_subject=True,
            )
        )
        grants += [_grant(record, offices[0]), _grant(record, offices[1 + number % NARROW])]
        if number < OF_ONE_WORKER:
            grants.append(_grant(record, offices[1], Role.FIELD_WORKER))
    yield Appearance, [_values(Appearance, row) for row in appearances]
    yield Grant, [_values(Grant, row) for row in grants]


def _grant(record: UUID, office: UUID, role: Role = Role.HEAD) -> Grant:
    return Grant(
        record_kind=RecordKind.ENCOUNTER,
        record_id=record,
        principal=holders_of(role, office),
        organisation_id=office,
        role=role,
        level=Level.IDENTITY,
        reason=Reason.TEAM,
        basis=Basis.LEGAL_DUTY,
        starts_at=SINCE,
    )


def readers() -> dict[str, Actor]:
    """Who asks: one who sees everybody, one who sees a twentieth, one who sees thirty."""
    offices = list(
        Organisation.objects.filter(kind="csw")
        .order_by("code")
        .values_list("pk", flat=True)[: NARROW + 1]
    )
    posts = {
        "sees everybody": Post(offices[0], Role.HEAD),
        "sees a twentieth": Post(offices[1], Role.HEAD),
        "sees thirty": Post(offices[1], Role.FIELD_WORKER),
    }
    return {
        name: actor_of(UUID(bytes=secrets.token_bytes(16)), [post]) for name, post in posts.items()
    }


def _values(model: type[models.Model], row: Any) -> Row:
    return tuple(
        _plain(getattr(row, field.attname))
        for field in model._meta.concrete_fields
        if not isinstance(field, models.BigAutoField)
    )


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return str(value)
    return int(value) if isinstance(value, Level) else value


def _copy(model: type[models.Model], rows: Iterable[Row]) -> None:
    from psycopg.types.json import Jsonb

    columns = [
        str(field.column)
        for field in model._meta.concrete_fields
        if not isinstance(field, models.BigAutoField)
    ]
    json_at = {
        at
        for at, field in enumerate(
            f for f in model._meta.concrete_fields if not isinstance(f, models.BigAutoField)
        )
        if isinstance(field, models.JSONField)
    }
    quoted = ", ".join(f'"{one}"' for one in columns)
    text = f"COPY {model._meta.db_table} ({quoted}) FROM STDIN"
    connection.ensure_connection()
    with connection.connection.cursor() as cursor, cursor.copy(text) as copy:
        for row in rows:
            copy.write_row([Jsonb(v) if at in json_at else v for at, v in enumerate(row)])
