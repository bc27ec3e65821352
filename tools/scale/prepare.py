"""A register as a table without a name in it, for a cluster that need not be trusted.

Belongs here: keyed words, keyed blocks, and plain facts as text. Does not belong here: the job
(`link_on_spark`), the secret's keeping: it is made for one run and thrown away.

Every word becomes HMAC(secret, the name it is a writing of, or its consonants): equal in every
script, telling nothing without the secret (Vatsalan, Christen & Verykios 2013). Rows are
independent of each other, so the file may be cut and prepared on several machines with one secret.
"""

import csv
import hmac
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import TextIO

from oslonac.matching.duplicates import LONGEST_BIRTH
from oslonac.matching.files import Row
from oslonac.matching.keys import pair_keys, skeletons
from oslonac.matching.parts import Part, Reader
from oslonac.matching.persons import Record, born_between

COLUMNS = (
    "unique_id",
    "given",
    "family",
    "words",
    "blocks",
    "born_from",
    "born_to",
    "sex",
    "country",
    "father",
    "mother",
    "phone",
    "document",
)
SEVERAL = "|"


class Keyed:
    """Turns records into rows of `COLUMNS` under one secret."""

    def __init__(self, secret: bytes, reader: Reader | None = None) -> None:
        self.secret, self.reader = secret, reader or Reader()

    def row(self, identity: str, record: Record) -> tuple[str, ...]:
        """One row, every value a text, empty where it is not known."""
        name = self.reader.name(record.names[0] if record.names else "")
        words = [self._key(self._canonical(part)) for part in name.parts]
        born = born_between(record)
        days = tuple(day.isoformat() for day in born) if born else ("", "")
        return (
            identity,
            words[0] if words else "",
            words[-1] if len(words) > 1 else "",
            SEVERAL.join(words),
            SEVERAL.join(sorted(self._blocks(record))),
            *days,
            record.sex,
            record.country,
            self._first(record.father),
            self._first(record.mother),
            *(
                self._key(min(values)) if values else ""
                for values in (record.phones, record.documents)
            ),
        )

    def _blocks(self, record: Record) -> Iterator[str]:
        born = born_between(record)
        years = [""]
        if born and born[1].year - born[0].year < LONGEST_BIRTH:
            years = [str(year) for year in range(born[0].year, born[1].year + 2)]
        for name in record.names[:1]:
            for key in pair_keys(self.reader.name(name)):
                yield from (self._key(f"{key.decode()}{year}") for year in years)

    def _first(self, name: str) -> str:
        parts = self.reader.name(name).parts if name else ()
        return self._key(self._canonical(parts[0])) if parts else ""

    def _canonical(self, part: Part) -> str:
        """The name a word is a writing of, where the table says so, else its consonants."""
        if part.known:
            return min(self.reader.known.entries[number].name for number in part.known)
        return "~" + skeletons(part.sound)[0]

    def _key(self, value: str) -> str:
        return hmac.new(self.secret, value.encode(), sha256).hexdigest()[:16]


def write(rows: Iterable[Row], secret: bytes, file: TextIO) -> int:
    """Writes the keyed table; returns how many rows."""
    keyed, writer, count = Keyed(secret), csv.writer(file), 0
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow(keyed.row(row.id, row.record))
        count += 1
    return count
