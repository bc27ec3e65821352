"""Comparing the rows that decide who may do what with their MACs and with the ledger.

A MAC (`vault.binding`) shows a row that this installation did not write, or not like this. It does
not show one that was taken away, or put back as it stood once: the events of the ledger say that
it was made, and that it ended.

Belongs here: looking, for `oslonac audit verify` and the doctor. Does not: the ledger itself
(`verification`); which tables and events these are (each package's `apps.py`).
"""

# ruff: noqa: S608 - names of our own tables and columns, nothing that anybody typed

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

from oslonac.audit.findings import Break, found
from oslonac.kit.once import Once
from oslonac.vault import binding

RECORD = "e.record_id"


@dataclass(frozen=True)
class Said:
    """What events say of the rows of a table. `row`: where an event names the row, over `e`.

    `is_there`: after these events the row stands in the table. `so`: what holds of the row `r`
    since the latest of these events `e`. `none_without`: no row is there of which they say nothing.
    """

    table: str
    events: tuple[str, ...]
    row: str = RECORD
    is_there: bool = False
    so: str = ""
    none_without: bool = False


SAID: list[Said] = Once()


def check() -> list[Break]:
    """Everything that does not fit, table by table."""
    breaks = [
        found("row_forged", None, key, table=table)
        for table, forged in binding.CHECKED.items()
        for key in forged()
    ]
    return breaks + [each for said in SAID for each in _compared(said)]


def how_many() -> int:
    """Rows that `check` would look at: what it costs."""
    with connection.cursor() as cursor:
        tables = " UNION ALL ".join(f"SELECT count(*) AS n FROM {name}" for name in binding.CHECKED)
        cursor.execute(f"SELECT coalesce(sum(n), 0) FROM ({tables}) t")
        return int(cursor.fetchone()[0])


def _compared(said: Said) -> Iterator[Break]:
    latest = (
        f"SELECT DISTINCT ON ({said.row}) {said.row} AS row_id, e.* FROM audit_event e "
        f"WHERE e.name = ANY(%s) AND e.outcome = 'done' AND {said.row} IS NOT NULL "
        f"ORDER BY {said.row}, e.at DESC, e.id DESC"
    )
    if said.is_there:
        yield from _rows(
            "row_removed",
            said,
            f"SELECT e.row_id FROM ({latest}) e LEFT JOIN {said.table} r ON r.id = e.row_id "
            "WHERE r.id IS NULL",
        )
    if said.so:
        yield from _rows(
            "row_undone",
            said,
            f"SELECT r.id FROM ({latest}) e JOIN {said.table} r ON r.id = e.row_id "
            f"WHERE ({said.so}) IS NOT TRUE",
        )
    if said.none_without:
        yield from _rows(
            "row_unsaid",
            said,
            f"SELECT r.id FROM {said.table} r LEFT JOIN ({latest}) e ON e.row_id = r.id "
            "WHERE e.id IS NULL",
        )


def _rows(kind: str, said: Said, query: str) -> Iterator[Break]:
    with connection.cursor() as cursor:
        cursor.execute(query, [list(said.events)])
        for (key,) in cursor.fetchall():
            yield found(kind, None, str(key), table=said.table)
