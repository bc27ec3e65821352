"""Checking a range of the chain, in this process or another, straight from the driver.

A million events go by here, so rows stay tuples: no model is built for any of them. Measured by
`oslonac bench ledger`. Does not belong here: anything about the ledger as a whole.
"""

from collections.abc import Iterator
from typing import Any

import psycopg
from django.db import connection, transaction
from psycopg.conninfo import make_conninfo

from oslonac.access import reader, session_proof
from oslonac.audit import statements
from oslonac.audit.findings import Break, found

_PAGE = 10_000
# Ids as text: a million of them are not worth an object each, and words want text anyway.
_IDS = frozenset({"id", "actor_id", "organisation_id", "record_id", "case_id"})
_OWN = (
    "l.sequence",
    "l.event_id::text",
    "l.xid",
    "l.leaf",
    "l.hash",
    "l.sealed_at",
    "e.xid",
    "e.recorded_at",
    "e.mac",
)
_QUERY = " ".join(
    (
        "SELECT",
        ", ".join(
            (
                *_OWN,
                *(f"e.{name}::text" if name in _IDS else f"e.{name}" for name in statements.SAID),
            )
        ),
        "FROM audit_link l LEFT JOIN audit_event e ON e.id = l.event_id",
        "WHERE l.sequence > %s AND l.sequence <= %s ORDER BY l.sequence",
    )
)
_SAID_FROM = len(_OWN)
_NAME = _SAID_FROM + statements.SAID.index("name")


def parameters() -> str:
    """How another process reaches the database this one uses."""
    given = dict(connection.get_connection_params())
    kept = ("dbname", "user", "password", "host", "port", "sslmode", "sslrootcert")
    return make_conninfo(**{name: given[name] for name in kept if given.get(name)})


def check(
    dsn: str, told: tuple[str, ...], proof: bytes, key: bytes, after: int, until: int
) -> list[Break]:
    """Breaks among the links with numbers in (after, until], over a connection of its own that
    sees what `told` (`Looking.settings()`) lets it see."""
    with psycopg.connect(dsn, autocommit=True) as database:
        session_proof.prove(database, proof)
        database.execute(reader.TELL, told)
        database.execute("SET TIME ZONE 'UTC'")
        database.execute("SET default_transaction_read_only = on")
        with database.transaction():
            return _checked(database, key, after, until)


def check_here(key: bytes, until: int) -> list[Break]:
    """The same for the whole chain over this process's connection, in its transaction."""
    with transaction.atomic():
        connection.ensure_connection()
        return _checked(connection.connection, key, 0, until)


def _checked(database: psycopg.Connection[Any], key: bytes, after: int, until: int) -> list[Break]:
    breaks: list[Break] = []
    previous, expected = _hash_at(database, after), after
    for row in _rows(database, after, until):
        expected += 1
        if row[0] != expected:
            breaks.append(found("missing", expected, "", last=row[0] - 1))
            expected = row[0]
        if (problem := _problem(row, key, previous)) is not None:
            breaks.append(problem)
        previous = row[4]
    if expected < until:
        breaks.append(found("missing", expected + 1, "", last=until))
    return breaks


def _hash_at(database: psycopg.Connection[Any], sequence: int) -> bytes:
    if sequence == 0:
        return statements.GENESIS
    query = "SELECT hash FROM audit_link WHERE sequence <= %s ORDER BY sequence DESC LIMIT 1"
    row = database.execute(query, [sequence]).fetchone()
    return bytes(row[0]) if row else statements.GENESIS


def _rows(database: psycopg.Connection[Any], after: int, until: int) -> Iterator[tuple[Any, ...]]:
    with database.cursor(name="walk", binary=True) as cursor:
        cursor.itersize = _PAGE
        cursor.execute(_QUERY, [after, until])
        yield from cursor


def _problem(row: tuple[Any, ...], key: bytes, previous: bytes) -> Break | None:
    sequence, event_id, link_xid, leaf, hash_, sealed_at, xid, recorded_at, mac = row[:_SAID_FROM]
    if xid is None:
        return found("removed", sequence, str(event_id))
    said = statements.words(row[_SAID_FROM:])
    if (
        statements.mac(key, said) != mac
        or statements.leaf(sequence, said, recorded_at, xid) != leaf
    ):
        # A leaf that fits the event elsewhere in the chain is the link's fault, not the event's.
        if statements.mac(key, said) == mac and _fits_its_link(row, key, previous):
            return found("changed", sequence, str(event_id), name=row[_NAME])
        if statements.mac(key, said) == mac:
            return found("broken_link", sequence, str(event_id))
        return found("changed", sequence, str(event_id), name=row[_NAME])
    if xid != link_xid or statements.link(key, previous, leaf, mac, sealed_at) != hash_:
        return found("broken_link", sequence, str(event_id))
    return None


def _fits_its_link(row: tuple[Any, ...], key: bytes, previous: bytes) -> bool:
    """Whether the link stands as it was made, so that the event's own columns were changed."""
    leaf, hash_, sealed_at, mac = row[3], row[4], row[5], row[8]
    return statements.link(key, previous, leaf, mac, sealed_at) == hash_
