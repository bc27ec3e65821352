"""The files of a country pack as values with their lines; what they mean is in `loading`."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from oslonac.protocols.reading import Document, Where, read


@dataclass(frozen=True)
class Entry:
    """One entry of a list of a file."""

    values: Mapping[str, Any]
    document: Document
    where: Where

    def complain(self, sentence: str, *keys: str | int, warning: bool = False) -> None:
        self.document.complain((*self.where, *keys), "pack", sentence, warning=warning)


class PackFiles:
    """Reads each file of a pack once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[str, Document] = {}

    @property
    def documents(self) -> list[Document]:
        """What was read so far."""
        return list(self._read.values())

    def document(self, name: str) -> Document:
        """A file by its path inside the pack; empty when there is none."""
        if name not in self._read:
            path = self.folder / name
            # Of a file that is missing, whoever needs it complains.
            self._read[name] = read(path) if path.is_file() else Document(str(path))
        return self._read[name]

    def values(self, name: str) -> dict[str, Any]:
        found = self.document(name).values
        return found if isinstance(found, dict) else {}

    def names(self, folder: str) -> list[str]:
        """Files of a folder that hold values, by their path inside the pack."""
        found = sorted((self.folder / folder).glob("*.y*ml"))
        return [path.relative_to(self.folder).as_posix() for path in found]

    def listed(self, name: str, *path: str | int) -> Iterator[Entry]:
        """Entries of a list; what is no map is complained of and left out."""
        document = self.document(name)
        rows: Any = self.values(name)
        for key in path:
            rows = rows.get(key) if isinstance(rows, dict) else rows[int(key)]
        if rows is not None and not isinstance(rows, list):
            document.complain(path, "pack", f"{path[-1]} must be a list.")
            return
        for place, row in enumerate(rows or ()):
            entry = Entry(row if isinstance(row, dict) else {}, document, (*path, place))
            if isinstance(row, dict):
                yield entry
            else:
                entry.complain("An entry is a map of names and values.")

    def table(self, name: str) -> list[Entry]:
        """Rows of a CSV file; the line of each is its place in the file."""
        if name not in self._read:
            self._read[name] = document = Document(str(self.folder / name))
            document.values = list(self._rows(name, document))
        return list(self._read[name].values or ())

    def _rows(self, name: str, document: Document) -> Iterator[Entry]:
        path = self.folder / name
        if not path.is_file():
            return
        try:
            with path.open(encoding="utf-8", newline="") as file:
                rows = csv.DictReader(file)
                for place, row in enumerate(rows):
                    document.lines[(place,)] = rows.line_num
                    short = None in row or None in row.values()
                    entry = Entry(
                        {str(k): str(v or "") for k, v in row.items()}, document, (place,)
                    )
                    if short:
                        entry.complain("The row has not as many columns as the first line.")
                    yield entry
        except (UnicodeDecodeError, csv.Error) as error:
            document.complain((), "pack", f"This is not a table in UTF-8: {error}.")

    @cached_property
    def organisations(self) -> list[Entry]:
        """Organisations of every file of the folder."""
        return [e for n in self.names("organisations") for e in self.listed(n, "organisations")]

    @cached_property
    def cities(self) -> list[Entry]:
        return [e for n in self.names("organisations") for e in self.listed(n, "cities")]

    @cached_property
    def city_services(self) -> list[tuple[Entry, Entry]]:
        """Services of the cities, each with its city."""
        return [
            (city, service) for city in self.cities for service in self._inside(city, "services")
        ]

    @cached_property
    def city_bodies(self) -> list[tuple[Entry, Entry]]:
        """Bodies of the cities; what they agreed upon (protocols) is no organisation."""
        return [
            (city, body)
            for city in self.cities
            for body in self._inside(city, "bodies_and_protocols")
            if body.values.get("kind") != "protocol"
        ]

    @cached_property
    def lines(self) -> list[Entry]:
        return [e for n in self.names("organisations") for e in self.listed(n, "lines")]

    @cached_property
    def services(self) -> list[dict[str, Any]]:
        """Kinds of service: groups of the law, then what organisations offer besides."""
        name = "services/classification.yaml"
        entries: list[dict[str, Any]] = []
        for group in self.listed(name, "groups"):
            code = group.values.get("code")
            entries.append({**group.values, "group": code})
            entries += [{**kind.values, "group": code} for kind in self._inside(group, "subtypes")]
        taken = {entry.get("code") for entry in entries}
        for section in ("local_rights", "migration_response"):
            found = [e for e in self.listed(name, section) if e.values.get("code") not in taken]
            entries += [dict(entry.values) for entry in found]
            taken |= {entry.values.get("code") for entry in found}
        return entries

    def _inside(self, entry: Entry, key: str) -> Iterator[Entry]:
        """Entries of a list inside an entry."""
        rows = entry.values.get(key)
        if rows is not None and not isinstance(rows, list):
            entry.complain(f"{key} must be a list.", key)
            return
        for place, row in enumerate(rows or ()):
            inner = Entry(
                row if isinstance(row, dict) else {}, entry.document, (*entry.where, key, place)
            )
            if isinstance(row, dict):
                yield inner
            else:
                inner.complain("An entry is a map of names and values.")
