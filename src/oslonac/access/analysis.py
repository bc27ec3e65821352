"""Views for analysts: counts by code, month and office, without a person in them.

Packages register theirs in AppConfig.ready. Each is a count of rows grouped by what it names, so
that neither an id nor the order of rows leads back to a child; whoever holds no
`statistics.read` finds them empty. Small numbers still are numbers of children: what is
published from here must hide small cells.
"""

# ruff: noqa: S608 - names of our own tables and columns, nothing that anybody typed

from collections.abc import Iterator
from dataclasses import dataclass

SCHEMA = "analysis"
_MAY = (
    "(SELECT current_setting('oslonac.sight', true) = 'system' OR COALESCE("
    "string_to_array(current_setting('oslonac.rights', true), ',') "
    "&& ARRAY['statistics.read'], false))"
)


@dataclass(frozen=True)
class Counted:
    """`columns`: name → SQL over `tables`; the view adds `number`, how many rows there are."""

    name: str
    columns: dict[str, str]
    tables: str


_COUNTED: dict[str, Counted] = {}


def register(counted: Counted) -> None:
    _COUNTED[counted.name] = counted


def registered() -> list[Counted]:
    return [_COUNTED[name] for name in sorted(_COUNTED)]


def views() -> Iterator[str]:
    """Statements that make the views."""
    for each in registered():
        listed = ", ".join(f"{sql} AS {name}" for name, sql in each.columns.items())
        groups = ", ".join(str(place + 1) for place in range(len(each.columns)))
        yield (
            f"CREATE VIEW {SCHEMA}.{each.name} WITH (security_barrier) AS "
            f"SELECT {listed}, count(*) AS number FROM {each.tables} WHERE {_MAY} "
            f"GROUP BY {groups}"
        )
