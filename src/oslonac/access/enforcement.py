"""Installing the policies in the database, and checking that they are there.

Runs as the owner of the tables after every `migrate`. Always from nothing: what stands in the
declarations is what stands in the database afterwards. A mark on the schema says which
declarations were put in and how PostgreSQL wrote them down, so that a change of either is found.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from oslonac.access import analysis, row_level
from oslonac.access.session_sql import SCHEMA

_LOOK = """
SELECT 'policy', schemaname || '.' || tablename, policyname || ' ' || cmd || ' ' || permissive
       || ' ' || roles::text || ' ' || COALESCE(qual, '') || ' ' || COALESCE(with_check, '')
FROM pg_policies WHERE schemaname = 'public'
UNION ALL
SELECT 'table', relname, relrowsecurity::text FROM pg_class
WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
UNION ALL
SELECT 'view', schemaname || '.' || viewname, definition FROM pg_views
WHERE schemaname IN ('sight', 'analysis')
UNION ALL
SELECT 'function', pronamespace::regnamespace::text || '.' || proname,
       concat_ws(' ', prosecdef, provolatile, proconfig::text, proacl::text, prosrc)
FROM pg_proc WHERE pronamespace IN ('sight'::regnamespace, 'analysis'::regnamespace)
UNION ALL
SELECT 'right', table_schema || '.' || table_name, grantee || ' ' || privilege_type
FROM information_schema.role_table_grants
WHERE table_schema IN ('sight', 'analysis') AND grantee <> (
  SELECT tableowner FROM pg_tables WHERE schemaname = 'public' AND tablename = 'access_grant')
ORDER BY 1, 2, 3
"""
_READERS = """
SELECT DISTINCT grantee FROM information_schema.role_table_grants
WHERE table_schema = 'public' AND table_name = 'access_grant' AND privilege_type = 'SELECT'
  AND grantee <> (SELECT tableowner FROM pg_tables
                  WHERE schemaname = 'public' AND tablename = 'access_grant')
"""


@dataclass(frozen=True)
class Standing:
    """Whether the database holds what the declarations say, and if not, in which way."""

    holds: bool
    why: str = ""


def apply() -> None:
    """Make the database's policies equal the declarations. Needs the tables' owner."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements(_tables(cursor), _readers(cursor)):
            cursor.execute(statement)
        mark = f"{fingerprint()} {_written_down(cursor)}"
        cursor.execute(f"COMMENT ON SCHEMA {SCHEMA} IS '{mark}'")


def standing() -> Standing:
    """Compare without changing anything."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = %s",
            [SCHEMA],
        )
        row = cursor.fetchone()
        if row is None or not row[0]:
            return Standing(False, "none were ever put in")
        declared, _, written = row[0].partition(" ")
        if declared != fingerprint():
            return Standing(False, "the code declares others")
        if written != _written_down(cursor):
            return Standing(False, "somebody changed them in the database")
    return Standing(True)


def fingerprint() -> str:
    """Changes when a declaration, or the way it is turned into SQL, changes."""
    names = {model._meta.db_table for model in row_level.declared()}
    text = "\0".join(statements(names, ["reader"]))
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def statements(tables: Iterable[str], readers: Iterable[str]) -> Iterator[str]:
    """Everything, in order. `readers`: roles other than the owner that read tables."""
    known = set(tables)
    yield f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"
    yield f"DROP SCHEMA IF EXISTS {analysis.SCHEMA} CASCADE"
    for model in row_level.declared():
        if model._meta.db_table in known:
            yield from _bare(model)
    yield f"CREATE SCHEMA {SCHEMA}"
    yield f"CREATE SCHEMA {analysis.SCHEMA}"
    if all(model._meta.db_table in known for model in row_level.protected()):
        yield from row_level.views()
        yield from analysis.views()
        for model in row_level.protected():
            yield from row_level.policies(model)
    else:  # half-way through migrations: nothing is shown to anybody until they are through
        for model in row_level.protected():
            if model._meta.db_table in known:
                yield f'ALTER TABLE "{model._meta.db_table}" ENABLE ROW LEVEL SECURITY'
    for role in readers:
        for schema in (SCHEMA, analysis.SCHEMA):
            # Default rights would let the reader write through a view as its owner.
            yield f'REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM "{role}"'
            yield f'GRANT USAGE ON SCHEMA {schema} TO "{role}"'
            yield f'GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO "{role}"'


def _bare(model: type[Model]) -> Iterator[str]:
    table = model._meta.db_table
    yield f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY'
    for name in row_level.POLICIES:
        yield f'DROP POLICY IF EXISTS {name} ON "{table}"'


def _tables(cursor: Any) -> list[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return [row[0] for row in cursor.fetchall()]


def _readers(cursor: Any) -> list[str]:
    cursor.execute(_READERS)
    return sorted(row[0] for row in cursor.fetchall())


def _written_down(cursor: Any) -> str:
    cursor.execute(_LOOK)
    text = "\0".join("\1".join(map(str, row)) for row in cursor.fetchall())
    return hashlib.sha256(text.encode()).hexdigest()[:24]
