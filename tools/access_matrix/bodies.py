"""A valid body for each operation of the API, made from its own description.

Only a body that passes validation shows what access says: an invalid one is answered before the
record is looked for. Pure.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from tools.access_matrix.answers import answer_for

Schema = Mapping[str, Any]
# Stands for something to upload (`asking`).
FILE = "=file"


class Bodies:
    """Makes bodies for one description."""

    def __init__(self, description: Schema, at: datetime) -> None:
        self.schemas = description["components"]["schemas"]
        self.at = at

    def of(self, operation: Schema, records: Mapping[str, UUID]) -> Any:
        """The body of an operation with real ids in it, or None when it takes none."""
        for described in operation.get("requestBody", {}).get("content", {}).values():
            return self._value(described["schema"], "", records)  # JSON, or a form with a file
        return None

    def _value(self, schema: Schema, name: str, records: Mapping[str, UUID]) -> Any:
        if "$ref" in schema:
            return self._value(self.schemas[schema["$ref"].rsplit("/", 1)[1]], name, records)
        for several in ("anyOf", "oneOf", "allOf"):
            if several in schema:
                return self._value(schema[several][0], name, records)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return answer_for(name, "select", self.at, list(schema["enum"]))
        kind = schema.get("type", "object")
        if kind == "object":
            known = schema.get("properties", {})
            wanted = schema.get("required", [])
            return {each: self._value(known[each], each, records) for each in wanted}
        if kind == "array":
            return [self._value(schema["items"], name, records)]
        if kind == "string":
            return self._text(schema, name, records)
        return {"integer": max(1, int(schema.get("minimum", 1))), "number": 1.0}.get(kind, True)

    def _text(self, schema: Schema, name: str, records: Mapping[str, UUID]) -> str:
        form = schema.get("format", "")
        if form == "binary":
            return FILE
        if form == "uuid":
            return str(records.get(name) or records.get(f"{name}_id") or uuid4())
        said = answer_for(name, {"date-time": "moment"}.get(form, form or "text"), self.at)
        least, most = int(schema.get("minLength", 0)), int(schema.get("maxLength", 500))
        return said.ljust(least, "x")[:most]


def named(said: Any, records: Mapping[str, UUID]) -> Any:
    """What a line of the table sends; `$name` stands for the id of a record."""
    if isinstance(said, str) and said.startswith("$"):
        return str(records[said[1:]])
    if isinstance(said, list):
        return [named(each, records) for each in said]
    if isinstance(said, Mapping):
        return {name: named(each, records) for name, each in said.items()}
    return said
