"""Single values of a procedure: guards, paths, amounts of time, references to sources.

Each is read from plain YAML values, or complained of with its line. `compiling` puts them
together.
"""

from collections.abc import Mapping
from typing import Any

from oslonac.kit.calendars import Amount, Unit
from oslonac.protocols.dcr.expressions import (
    BadExpression,
    Evaluate,
    Guard,
    compile_guard,
    compile_path,
)
from oslonac.protocols.dcr.graph import Norm
from oslonac.protocols.dcr.time import LONGEST
from oslonac.protocols.reading import Document, Where
from oslonac.protocols.shape import Shape, faults

LONGEST_NAME = 60


def mapping(raw: Any) -> Mapping[str, Any]:
    return raw if isinstance(raw, dict) else {}


def many(raw: Any) -> list[Any]:
    if raw is None:
        return []
    return raw if isinstance(raw, list) else [raw]


class Values:
    """Reads values of one document and complains into it."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.norms: dict[str, Norm] = {}

    def complain(self, where: Where, code: str, message: str) -> None:
        self.document.complain(where, code, message)

    def shaped(self, raw: Any, where: Where, part: type[Shape], what: str) -> bool:
        """Whether a map has the keys and kinds of values it should; complains otherwise."""
        found = list(faults(part, raw, what))
        for key, code, message in found:
            self.complain((*where, key) if key else where, code, message)
        return not found

    def named(self, id_: str, where: Where, what: str) -> None:
        """Obligations keep the name, so it has to fit into their rows."""
        if not id_.strip() or len(id_) > LONGEST_NAME:
            message = f"“{id_[:LONGEST_NAME]}” is no name of {what}: 1 to {LONGEST_NAME} signs."
            self.complain(where, "shape", message)

    def norm(self, id_: Any, where: Where) -> Norm | None:
        if not id_:
            return None
        if id_ not in self.norms:
            self.complain(where, "unknown_source", f"“{id_}” is not among the sources.")
            return None
        return self.norms[id_]

    def guard(self, text: Any, where: Where) -> Guard | None:
        if not text:
            return None
        try:
            return compile_guard(str(text))
        except BadExpression as error:
            self.complain(where, "guard", f"This guard cannot be read. {error}")
            return None

    def path(self, text: Any, where: Where) -> Evaluate | None:
        if not text:
            return None
        try:
            return compile_path(str(text))
        except BadExpression as error:
            self.complain(where, "path", str(error))
            return None

    def amount(self, raw: Any, where: Where) -> Amount | None:
        if raw is None:
            return None
        units = [unit for unit in Unit if unit.value in raw] if isinstance(raw, dict) else []
        if len(units) != 1 or len(raw) != 1:
            known = ", ".join(unit.value for unit in Unit)
            self.complain(where, "amount", f"How long is one of {known}, with a number.")
            return None
        unit, count = units[0], raw[units[0].value]
        if not isinstance(count, int) or isinstance(count, bool) or count < 0:
            self.complain(where, "amount", f"“{count}” is no whole number of {unit.value}.")
            return None
        if count > LONGEST[unit]:
            message = f"{count} {unit.value} is absurd: at most {LONGEST[unit]} make sense."
            self.complain(where, "amount", message)
            return None
        return Amount(count, unit)
