"""Installing the policies in the database, and checking that they are there.

Runs as the owner of the tables after every `migrate`. Always from nothing: what stands in the
declarations is what stands in the database afterwards. A mark on the schema says which
declarations were put in and how PostgreSQL wrote them down, so that a change of either is found.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from oslonac.access import analysis, row_level, session_proof
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
FROM pg_proc
WHERE pronamespace IN ('sight'::regnamespace, 'analysis'::regnamespace)
  OR (prosecdef AND pronamespace = 'public'::regnamespace)
  OR pronamespace::regnamespace::text = 'proof'
UNION ALL
SELECT 'trigger', tgrelid::regclass::text, concat_ws(' ', tgname, tgenabled, tgtype)
FROM pg_trigger WHERE NOT tgisinternal AND tgrelid::regclass::text NOT LIKE 'procrastinate%'
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
# What runs as the tables' owner is called by whoever reads our views, and what changes something by
# whoever writes our tables; PostgreSQL lets everybody call a new function.
_CALLERS = """
DO $callers$
DECLARE made record;
BEGIN
  FOR made IN SELECT oid::regprocedure AS name FROM pg_proc
    WHERE prosecdef AND pronamespace::regnamespace::text = ANY (ARRAY[{schemas}])
      AND pg_has_role(current_user, proowner, 'USAGE')
  LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', made.name);
    {grants}
  END LOOP;
END $callers$
"""
_GRANT = "EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', made.name, '{role}');"


@dataclass(frozen=True)
class Standing:
    """Whether the database holds what the declarations say, and if not, in which way."""

    holds: bool
    why: str = ""


def apply() -> None:
    """Make the database's policies equal the declarations. Needs the tables' owner."""
    with transaction.atomic(), connection.cursor() as cursor:
        readers = _readers(cursor)
        for statement in session_proof.statements(readers):
            cursor.execute(statement)
        session_proof.install(cursor, session_proof.secret())
        for statement in statements(_tables(cursor), readers, _writers(cursor, readers)):
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
        if not _asks_for_our_key(cursor):
            return Standing(False, "they ask for another session.key than the one here")
    return Standing(True)


def _asks_for_our_key(cursor: Any) -> bool:
    """Whether sessions prove themselves with this installation's key; whoever does not own the
    tables cannot look, and is told that they do."""
    cursor.execute("SELECT has_table_privilege(%s, 'SELECT')", [f"{session_proof.SCHEMA}.secret"])
    return not cursor.fetchone()[0] or session_proof.fits(cursor, session_proof.secret())


def fingerprint() -> str:
    """Changes when a declaration, or the way it is turned into SQL, changes."""
    names = {model._meta.db_table for model in row_level.declared()}
    made = [*session_proof.statements(["reader"]), *statements(names, ["reader"], ["writer"])]
    text = "\0".join(made)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def statements(
    tables: Iterable[str], readers: Sequence[str], writers: Sequence[str]
) -> Iterator[str]:
    """Everything, in order. `readers`: roles other than the owner that read tables; `writers`:
    those of them that write."""
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
    # Tables are under their policies by now: those that are not are guarded otherwise.
    yield session_proof.guard()
    yield _callers([SCHEMA, analysis.SCHEMA], readers)
    yield _callers(["public"], writers)


def _callers(schemas: Iterable[str], roles: Iterable[str]) -> str:
    """The statement that lets these roles, and nobody else, call what runs as the owner."""
    named = ", ".join(f"'{schema}'" for schema in schemas)
    grants = "\n    ".join(_GRANT.format(role=role.replace("'", "''")) for role in roles)
    return _CALLERS.format(schemas=named, grants=grants)


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


def _writers(cursor: Any, readers: Iterable[str]) -> list[str]:
    cursor.execute(
        "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s) "
        "AND has_table_privilege(oid, 'public.access_grant', 'INSERT') ORDER BY rolname",
        [list(readers)],
    )
    return [row[0] for row in cursor.fetchall()]


def _written_down(cursor: Any) -> str:
    cursor.execute(_LOOK)
    text = "\0".join("\1".join(map(str, row)) for row in cursor.fetchall())
    return hashlib.sha256(text.encode()).hexdigest()[:24]
