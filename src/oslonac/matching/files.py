"""Registers and queries as CSV files, for `oslonac match rank`.

Belongs here: reading columns, saying what is wrong with a file in a sentence, answering
rows. Does not belong here: comparison.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from oslonac.kit.text import clean_line
from oslonac.matching import days
from oslonac.matching.evidence import Reason
from oslonac.matching.persons import PersonComparer, Record
from oslonac.matching.ranking import CUT, Ranked, Register
from oslonac.matching.tables_read import text_of


class BadTable(Exception):
    """A file that cannot be read; the message says why."""


NOBODY_ALIKE = "Nobody in the register has a name like this."
NO_NAME = "The question has no name."


@dataclass(frozen=True, slots=True)
class Row:
    """`unread`: what stood in a column of days and is none, as `column: text`; it counts as
    not known. `solar`: what was read as Solar Hijri, with the day that it is."""

    id: str
    name: str
    record: Record
    unread: tuple[str, ...] = ()
    solar: tuple[str, ...] = ()

    def said(self) -> str:
        """What whoever reads an answer should know of how this row was read."""
        said = (not_read(self.unread) if self.unread else "", in_solar_hijri(self.solar))
        return " ".join(each for each in said if each)


@dataclass(frozen=True, slots=True)
class Answered:
    query: Row
    found: Ranked

    def as_json(self) -> dict[str, object]:
        ranked = [
            {
                "id": one.id,
                "probability": round(one.probability, 4),
                "name_probability": round(one.name_probability, 4),
                "reasons": [str(reason) for reason in one.reasons],
            }
            for one in self.found.answers
        ]
        answer: dict[str, object] = {"qid": self.query.id, "ranked": ranked}
        if note := self.note():
            answer["note"] = note
        return answer

    def note(self) -> str:
        """What whoever asked should know of this answer; empty when all is plain."""
        said = (self._found(), self.query.said())
        return " ".join(each for each in said if each)

    def _found(self) -> str:
        if not self.query.name or (not self.found.answers and not self.found.compared):
            return NOBODY_ALIKE if self.query.name else NO_NAME
        return CUT if self.found.cut else ""

    def lines(self) -> Iterator[str]:
        yield f"{self.query.id}: {self.query.name}"
        for one in self.found.answers:
            yield f"  {one.probability:6.1%}  {one.id}  ({'; '.join(map(str, one.reasons))})"
        if note := self.note():
            yield f"  {note}"


def not_read(unread: Iterable[str]) -> str:
    """A sentence on days that could not be read."""
    listed = ", ".join(unread)
    return f"Left out, for it is no day (2008-12-31, 31.12.2008, 2008-12 or 2008): {listed}."


def in_solar_hijri(solar: Iterable[str]) -> str:
    """A sentence on days of another calendar; empty for none."""
    listed = ", ".join(solar)
    return f"Read as Solar Hijri: {listed}." if listed else ""


def guessed(path: str, encoding: str) -> str:
    """A sentence on a file that does not say in which encoding it is."""
    return f"{path} was read as {encoding}; save it as UTF-8 if its letters come out wrong."


class People(list[Row]):
    """Rows of a file, and `encoding` where the file did not say which it is in."""

    encoding: str = ""


def people(path: str, id_column: str) -> People:
    """Rows of a CSV file with `id_column` and `name`; raises `BadTable` with a sentence.

    Columns are set apart by comma, semicolon (as spreadsheets of half of Europe write) or tab.
    """
    try:
        text, encoding = text_of(Path(path))
        lines = io.StringIO(text, newline="")
        separator = _separator(lines.readline())
        lines.seek(0)
        reader = csv.DictReader(_lines(lines), delimiter=separator, strict=False)
        reader.fieldnames = [(name or "").strip().casefold() for name in reader.fieldnames or ()]
        missing = {id_column, "name"} - set(reader.fieldnames)
        if missing:
            raise BadTable(
                f"{path} has no column {' and no column '.join(sorted(missing))}; "
                f"it needs {id_column} and name."
            )
        found = People(_distinct(path, id_column, (_row(line, id_column) for line in reader)))
        found.encoding = encoding
        return found
    except OSError as error:
        raise BadTable(f"{path} cannot be read: {error.strerror}.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadTable(
            f"{path} is not a CSV file in UTF-8, UTF-16 or a Windows code page: {error}."
        ) from error


def _separator(header: str) -> str:
    """Whatever the first line has most of; no column of ours has one in its name."""
    return max(",;\t", key=header.count)


def _lines(file: Iterable[str]) -> Iterator[str]:
    """Lines without NUL, which some programs leave behind and the reader refuses."""
    return (line.replace("\0", "") for line in file)


def _distinct(path: str, id_column: str, rows: Iterable[Row]) -> list[Row]:
    """All rows; raises `BadTable` when one has no id or two have the same."""
    found: list[Row] = []
    met: set[str] = set()
    for number, row in enumerate(rows, start=2):
        if not row.id:
            raise BadTable(f"{path} has no {id_column} in row {number}; every row needs its own.")
        if row.id in met:
            raise BadTable(
                f"{path} has the {id_column} {row.id[:40]!r} twice (row {number}); an answer could "
                "not say which was meant. Give every row its own."
            )
        met.add(row.id)
        found.append(row)
    return found


def _row(line: dict[str, str | None], id_column: str) -> Row:
    name = clean_line(line.get("name") or "")
    births = {column: days.read(_cell(line, column)) for column in ("birth_from", "birth_to")}
    read = [interval for interval, _ in births.values() if interval]
    first, last = (
        (min(one[0] for one in read), max(one[1] for one in read)) if read else (None,) * 2
    )
    record = Record(
        names=(name,) if name else (),
        birth_from=first,
        birth_to=last,
        sex=_sex(_cell(line, "sex")),
        country=_country(_cell(line, "country")),
        father=_cell(line, "father"),
        mother=_cell(line, "mother"),
        group=_cell(line, "group"),
        phones=_several(line, "phone"),
        documents=_several(line, "document"),
        languages=_several(line, "languages"),
    )
    unread = tuple(
        f"{column}: {text[:40]}"
        for column, (interval, _) in births.items()
        if (text := _cell(line, column)) and interval is None
    )
    solar = tuple(
        f"{column}: {_cell(line, column)[:40]} ({interval[0].isoformat()})"
        for column, (interval, is_solar) in births.items()
        if is_solar and interval
    )
    return Row(_cell(line, id_column), name, record, unread, solar)


def _cell(line: dict[str, str | None], column: str) -> str:
    return clean_line(line.get(column) or "")


def _several(line: dict[str, str | None], column: str) -> frozenset[str]:
    """Values of a column that may hold more than one, set apart by semicolons."""
    return frozenset(value for each in _cell(line, column).split(";") if (value := each.strip()))


_NO_COUNTRY = frozenset(("xx", "zz", "xxx", "zzz", "unk", "und", "n/a", "na?", "unknown"))


def _country(value: str) -> str:
    """A code or a name as given, in capitals; nothing when it says that it is not known.

    Whether such a code exists is not asked: an unknown one agrees with itself alone.
    """
    kept = value.strip().upper()
    known = kept.casefold() not in _NO_COUNTRY and any(char.isalpha() for char in kept)
    return kept[:60] if known else ""


def _sex(value: str) -> str:
    """One letter; words and codes for "not known" are empty."""
    short = value.strip().casefold()[:1]
    return {"m": "m", "f": "f", "w": "f", "ž": "f", "ж": "f", "м": "m"}.get(short, "")


def answers(registry: Sequence[Row], queries: Iterable[Row], top: int) -> Iterator[Answered]:
    """Each query with its best answers; birth, sex and country count where both know them."""
    register = Register((row.id, row.name) for row in registry)
    comparer = PersonComparer(register.comparer)
    for query in queries:

        def beside(row: int, query: Row = query) -> tuple[float, tuple[Reason, ...]]:
            reasons = comparer.evidence(query.record, registry[row].record)
            return sum(reason.weight for reason in reasons), reasons

        def nats(row: int, query: Row = query) -> float:
            return comparer.nats(query.record, registry[row].record)

        yield Answered(query, register.rank(query.name, top, beside, nats))
