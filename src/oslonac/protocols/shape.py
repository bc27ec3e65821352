"""Which keys each part of a procedure has and what kind of value each takes: one pydantic model
for each part, from which both the faults of a file and the JSON Schema for editors are made.

Belongs here: keys and kinds. Does not: what the values mean together (`values`, `compiling`).
"""

import difflib
from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)
from pydantic.json_schema import WithJsonSchema

from oslonac.protocols.dcr.time import LONGEST

Name = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,33}[a-z0-9]$"),
    Field(description="a name of small Latin letters, digits, “_” and “-”, at most 35 characters"),
]
_Language = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$")]
_Words = Annotated[str, StringConstraints(pattern=r"\S")]
Text = Annotated[str, Field(description="a text")]
Flag = Annotated[bool, Field(description="true or false")]
Texts = Annotated[
    dict[_Language, _Words],
    Field(min_length=1, description="a text for each language, such as {en: …}"),
]
# True is an int to Python, and no version.
Version = Annotated[
    Annotated[int, Field(strict=True)] | Annotated[str, Field(min_length=1)],
    Field(description="a number or a text"),
]
# As people cite it: “Art. 4” reads the same everywhere, “OG RS 59/08” does not.
Cited = Annotated[
    Annotated[int, Field(strict=True)] | Annotated[str, Field(min_length=1)] | Texts,
    Field(description="a text or a number, or a text for each language"),
]
State = Annotated[Text, WithJsonSchema({"enum": ["started", "completed"]})]
KeyedBy = Annotated[Name, WithJsonSchema({"enum": ["event", "subject"]})]
MAP, LIST = Field(description="names and values"), Field(description="a list")
Absent: Any = Field(default=None)
Start: Any = Field(default=None, alias="from")


# Stands for a reference until the whole schema is put together: pydantic knows its own alone.
PART = "x-part"


def _part(*names: str) -> dict[str, Any]:
    """JSON Schema of one of these parts, each of which is judged by itself."""
    refs: list[dict[str, Any]] = [{PART: name} for name in names]
    return refs[0] if len(refs) == 1 else {"anyOf": refs}


def _many(*names: str) -> dict[str, Any]:
    return {"type": "array", "items": _part(*names)}


def _some(*names: str) -> dict[str, Any]:
    """One of these parts, or a list of them."""
    return {"anyOf": [_part(*names), _many(*names)]}


def _named(name: str) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": _part(name)}


Roles = Annotated[dict[str, Any], MAP, WithJsonSchema(_named("role"))]
Sources = Annotated[dict[str, Any], MAP, WithJsonSchema(_named("source"))]
Groups = Annotated[list[Any], LIST, WithJsonSchema(_many("group"))]
Activities = Annotated[list[Any], LIST, WithJsonSchema(_many("activity"))]
Dues = Annotated[list[Any], LIST, WithJsonSchema(_many("due"))]
Outcomes = Annotated[list[Any], LIST, WithJsonSchema(_many("outcome"))]
Links = Annotated[list[Any], LIST, WithJsonSchema(_many("reference", "link"))]
Labels = Annotated[Any, WithJsonSchema(_some("event", "label"))]
Responsible = Annotated[Any, WithJsonSchema(_some("name", "who"))]
By = Annotated[Any, WithJsonSchema(_some("name"))]
References = Annotated[Any, WithJsonSchema(_some("reference"))]
Span = Annotated[dict[str, Any], MAP, WithJsonSchema(_part("amount"))]
Path = Annotated[Text, WithJsonSchema(_part("path"))]
Guard = Annotated[Text, WithJsonSchema({"type": "string", "maxLength": 500})]
Date = Annotated[Any, WithJsonSchema({"type": "string", "format": "date"})]


class Shape(BaseModel):
    """One part: an unknown key is a fault, and so is a null where a value is expected."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Protocol(Shape):
    """A procedure of a country pack"""

    protocol: Name
    version: Version
    title: Texts
    about: Texts = Absent
    applies: Guard = Absent
    roles: Roles = Absent
    sources: Sources = Absent
    groups: Groups = Absent
    activities: Activities


class Source(Shape):
    """A legal source, and whether somebody has read it"""

    act: Text = Absent
    article: Cited = Absent
    gazette: Cited = Absent
    title: Texts = Absent
    read: Text = Absent
    in_force_from: Date = Absent
    in_force_until: Date = Absent
    verified: Flag


class Group(Shape):
    """Activities that are included and left out together"""

    id: Name
    title: Texts
    within: Name = Absent
    included: Flag = Absent


class Activity(Shape):
    """Something that somebody does, or that happens"""

    id: Name
    title: Texts
    who: Responsible = Absent
    how: Texts = Absent
    form: Text = Absent
    evidence: Texts = Absent
    source: Text = Absent
    within: Name = Absent
    each: Name = Absent
    key: KeyedBy = Absent
    included: Flag = Absent
    pending: Flag = Absent
    observed: Flag = Absent
    outcomes: Outcomes = Absent
    lapses_with: Labels = Absent
    starts_with: Labels = Absent
    done_by: Labels = Absent
    conditions: Links = Absent
    milestones: Links = Absent
    due: Dues = Absent
    includes: Links = Absent
    excludes: Links = Absent
    cancels: Links = Absent


class Role(Shape):
    """Who holds a role in a case, and who stands in"""

    person: Path = Absent
    otherwise: Name = Absent


class Who(Shape):
    """Whom an activity is asked of"""

    role: Name
    person: Path = Absent
    organisation: Path = Absent


class Outcome(Shape):
    """Another end of an activity than the one it is named for: searched and not found"""

    id: Name
    title: Texts
    lapses: Flag = Absent


class Label(Shape):
    """An event of the ledger that starts or completes an activity"""

    event: Text
    when: Guard = Absent
    every: Flag = Absent
    by: By = Absent


class Link(Shape):
    """A relation to another activity"""

    activity: Name
    when: Guard = Absent
    delay: Span = Absent


class Due(Shape):
    """A deadline"""

    after: References
    within: Span = Absent
    on: Path = Absent
    as_before: Flag = Absent
    starts: Path = Start
    until: State = Absent
    when: Guard = Absent
    source: Text = Absent
    keep: Flag = Absent
    every: Flag = Absent


PARTS: dict[str, type[Shape]] = {
    "source": Source,
    "group": Group,
    "activity": Activity,
    "role": Role,
    "who": Who,
    "outcome": Outcome,
    "label": Label,
    "link": Link,
    "due": Due,
}


def faults(part: type[Shape], raw: Any, what: str) -> Iterable[tuple[str, str, str]]:
    """(key, code, sentence) of everything that is wrong with one part, a key at most once."""
    if not isinstance(raw, dict):
        return [("", "shape", f"Here {what} is expected, with names and values.")]
    try:
        part.model_validate(raw)
    except ValidationError as error:
        found = {str(each["loc"][0]): each["type"] for each in reversed(error.errors())}
        return [_fault(part, key, kind, what) for key, kind in reversed(found.items())]
    return []


def _fault(part: type[Shape], key: str, kind: str, what: str) -> tuple[str, str, str]:
    fields = {field.alias or name: field for name, field in part.model_fields.items()}
    if kind == "missing":
        return "", "missing", f"“{key}” is missing; {what} always has it."
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(key, fields, 1)
        hint = f" Did you mean “{near[0]}”?" if near else ""
        return key, "unknown_key", f"“{key}” is no key of {what}.{hint}"
    return key, "shape", f"“{key}” must be {fields[key].description}."


def schema() -> dict[str, Any]:
    """JSON Schema of a whole file, by which editors complete and check it."""
    definitions = {name: part.model_json_schema() for name, part in PARTS.items()}
    definitions["name"] = TypeAdapter(Name).json_schema()
    definitions["event"] = {"type": "string"}
    definitions["reference"] = {
        "type": "string",
        "pattern": r"^[a-z][a-z0-9_-]{0,33}[a-z0-9](\.[a-z0-9_-]+)?$",
    }
    definitions["path"] = {"type": "string", "pattern": r"^(facts|data)\.[a-z_][a-z0-9_]*$"}
    definitions["amount"] = {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "additionalProperties": False,
        "properties": {
            unit.value: {"type": "integer", "minimum": 0, "maximum": most}
            for unit, most in LONGEST.items()
        },
    }
    draft = "https://json-schema.org/draft/2020-12/schema"
    whole = {"$schema": draft, **Protocol.model_json_schema(), "$defs": definitions}
    return dict(_referring(whole))


def _referring(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_referring(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    said = {key: _referring(value) for key, value in schema.items() if key != PART}
    return said | {"$ref": f"#/$defs/{schema[PART]}"} if PART in schema else said
