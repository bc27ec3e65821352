"""Types that every request and answer of the API is made of, and paging by cursor.

Belongs here: ids, texts, days, moments, revisions, pages. Does not: shapes of single records,
which stand in the `api` of their package.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from django.core import signing
from django.db.models import Model, Q, QuerySet
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from oslonac.access.rules import Level
from oslonac.kit.errors import Hidden, Invalid

T = TypeVar("T")
M = TypeVar("M", bound=Model)
FIRST_YEAR, LAST_YEAR = 1900, 2200


_named: dict[str, str] = {}


class Shape(BaseModel):
    """What is sent or answered. The description knows shapes by their bare names, so two of one
    name would describe each other: the second is refused where it is defined."""

    @classmethod
    def __pydantic_init_subclass__(cls, **more: Any) -> None:
        super().__pydantic_init_subclass__(**more)
        first = _named.setdefault(cls.__name__, cls.__module__)
        if first != cls.__module__:
            raise TypeError(f"{cls.__name__} of {cls.__module__} is a shape of {first} already")


class In(Shape):
    """What a client sends. A field nobody knows is a mistake, not an extension."""

    model_config = ConfigDict(extra="forbid")


class Out(Shape):
    """What the server answers."""


def _well_formed(value: Any) -> Any:
    """A malformed id in an address answers like an unknown one."""
    try:
        return UUID(str(value))
    except ValueError:
        raise Hidden("id", None) from None


def _only_text(value: Any) -> Any:
    if not isinstance(value, str):
        raise ValueError("a date is written as text")
    return value


def _day_in_range(value: date) -> date:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError("year out of range")
    return value


def _moment_in_range(value: datetime) -> datetime:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError("year out of range")
    return value.astimezone(UTC)


Id = Annotated[UUID, BeforeValidator(_well_formed)]
Line = Annotated[str, Field(max_length=500, description="One line, at most 500 characters.")]
Narrative = Annotated[
    str, Field(max_length=100_000, description="Text, at most 100,000 characters.")
]
Code = Annotated[str, Field(max_length=60, description="A code, at most 60 characters.")]
Codes = Annotated[list[Code], Field(max_length=100)]
Revision = Annotated[
    int,
    Field(
        ge=1,
        le=2_147_483_647,
        description="The revision that you changed from. An older one answers 409 `stale`.",
    ),
]
Day = Annotated[
    date,
    BeforeValidator(_only_text),
    AfterValidator(_day_in_range),
    Field(description="A day, ISO 8601: 2026-03-31."),
]
Moment = Annotated[
    AwareDatetime,
    BeforeValidator(_only_text),
    AfterValidator(_moment_in_range),
    Field(description="A moment, ISO 8601 with its offset from UTC: 2026-03-31T14:05:00+02:00."),
]


class LevelName(StrEnum):
    """How much a grant shows; each level includes the ones before it."""

    EXISTENCE = "existence"
    CONTACT = "contact"
    SERVICE = "service"
    CASE = "case"
    NARRATIVE = "narrative"
    IDENTITY = "identity"

    @property
    def level(self) -> Level:
        return Level[self.name]


def level_name(level: int) -> LevelName:
    return LevelName[Level(level).name]


class PageIn(Shape):
    """Which part of a list."""

    limit: Annotated[int, Field(ge=1, le=200, description="Entries at most, 1 to 200.")] = 50
    cursor: Annotated[
        str, Field(max_length=1000, description="`next` of the page before; empty for the first.")
    ] = ""


class Page(Out, Generic[T]):
    """A part of a list. `next` is the cursor of the following part, null at the end."""

    items: list[T]
    next: str | None


def paged(
    rows: QuerySet[M],
    page: PageIn,
    show: Callable[[Sequence[M]], list[Any]],
    *,
    order: Sequence[str],
) -> dict[str, Any]:
    """A page of `rows` by key set: what is inserted meanwhile moves nothing.

    `order` names columns, `-` for descending; the last is unique. Only an ascending column may
    be null (nulls stand last). The cursor is signed, so it holds what this server wrote.
    """
    place = f"oslonac.{rows.model._meta.label_lower}:{','.join(order)}"
    if page.cursor:
        rows = rows.filter(_after(order, _opened(page.cursor, place, len(order))))
    found = list(rows.order_by(*order)[: page.limit + 1])
    more = len(found) > page.limit
    found = found[: page.limit]
    cursor = signing.dumps([_key(found[-1], name) for name in order], salt=place) if more else None
    return {"items": show(found), "next": cursor}


def _key(row: Model, name: str) -> str | None:
    value = row.serializable_value(name.removeprefix("-"))
    if value is None:
        return None
    return value.isoformat() if isinstance(value, date) else str(value)


def _opened(cursor: str, place: str, length: int) -> list[Any]:
    try:
        keys = signing.loads(cursor, salt=place)
    except signing.BadSignature:
        raise Invalid({"cursor": _("This cursor does not belong to this list.")}) from None
    return [_typed(key) for key in keys[:length]]


def _typed(key: str | None) -> Any:
    """Moments and days travel as text; ids and codes stay text, which the database compares."""
    if key is None or len(key) < 10 or key[4:5] != "-" or key[7:8] != "-":
        return key
    return (parse_datetime(key) if len(key) > 10 else parse_date(key)) or key


def _after(order: Sequence[str], keys: Sequence[Any]) -> Q:
    """Rows behind the one with these keys, in lexicographic order."""
    behind = Q(pk__in=[])
    equal = Q()
    for name, key in zip(order, keys, strict=True):
        column = name.removeprefix("-")
        if key is None:
            equal &= Q(**{f"{column}__isnull": True})
            continue
        further = Q(**{f"{column}__lt" if name.startswith("-") else f"{column}__gt": key})
        if not name.startswith("-"):
            further |= Q(**{f"{column}__isnull": True})
        behind |= equal & further
        equal &= Q(**{column: key})
    return behind
