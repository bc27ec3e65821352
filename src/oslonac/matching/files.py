"""Registers and queries as CSV files, for `oslonac match rank`.

Belongs here: reading columns, saying what is wrong with a file in a sentence, answering
rows. Does not belong here: comparison.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from oslonac.kit.text import clean_line
from oslonac.matching.evidence import Reason
from oslonac.matching.persons import PersonComparer, Record
from oslonac.matching.ranking import CUT, Ranked, Register


class BadTable(Exception):
    """A file that cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Row:
    id: str
    name: str
    record: Record


@dataclass(frozen=True, slots=True)
class Answered:
    query: Row
    found: Ranked

    def as_json(self) -> dict[str, object]:
        ranked = [
            {"id": one.id, "probability": round(one.probability, 4),
             "name_probability": round(one.name_probability, 4),
             "reasons": [str(reason) for reason in one.reasons]}
            for one in self.found.answers
        ]  # fmt: skip
        answer: dict[str, object] = {"qid": self.query.id, "ranked": ranked}
        if note := self.note():
            answer["note"] = note
        return answer

    def note(self) -> str:
        if not self.query.name or (not self.found.answers and not self.found.compared):
            return "Nobody in the register has a name like this."
        return CUT if self.found.cut else ""

    def lines(self) -> Iterator[str]:
        yield f"{self.query.id}: {self.query.name}"
        for one in self.found.answers:
            yield f"  {one.probability:6.1%}  {one.id}  ({'; '.join(map(str, one.reasons))})"
        if note := self.note():
            yield f"  {note}"


def people(path: str, id_column: str) -> list[Row]:
    """Rows of a CSV file with `id_column` and `name`."""
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = {id_column, "name"} - set(reader.fieldnames or ())
            if missing:
                raise BadTable(
                    f"{path} has no column {' and no column '.join(sorted(missing))}; "
                    f"it needs {id_column} and name."
                )
            return [_row(line, id_column) for line in reader]
    except OSError as error:
        raise BadTable(f"{path} cannot be read: {error.strerror}.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadTable(f"{path} is not a CSV file in UTF-8: {error}.") from error


def _row(line: dict[str, str | None], id_column: str) -> Row:
    name = clean_line(line.get("name") or "")
    first = _day(line.get("birth_from"), last=False)
    last = _day(line.get("birth_to"), last=True) or _day(line.get("birth_from"), last=True)
    record = Record(
        names=(name,), birth_from=first or last, birth_to=last,
        sex=_sex(line.get("sex") or ""), country=(line.get("country") or "").strip(),
    )  # fmt: skip
    return Row(line.get(id_column) or "", name, record)


def _sex(value: str) -> str:
    """One letter; words and codes for "not known" are empty."""
    short = value.strip().casefold()[:1]
    return {"m": "m", "f": "f", "w": "f", "ž": "f", "ж": "f", "м": "m"}.get(short, "")


def _day(value: str | None, *, last: bool) -> date | None:
    """A day, or the first or last day of a month or year; nothing when it is no date."""
    parts = (value or "").strip().split("T")[0].split("-")
    try:
        numbers = [int(part) for part in parts]
        if len(numbers) == 1:
            return date(numbers[0], 12, 31) if last else date(numbers[0], 1, 1)
        if len(numbers) == 2:
            after = date(numbers[0] + numbers[1] // 12, numbers[1] % 12 + 1, 1)
            return after - timedelta(days=1) if last else date(numbers[0], numbers[1], 1)
        return date(*numbers[:3])
    except ValueError:
        return None


def answers(registry: list[Row], queries: Iterable[Row], top: int) -> Iterator[Answered]:
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
