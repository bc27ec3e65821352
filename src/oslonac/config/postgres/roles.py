"""The two database roles and what each may do.

Belongs here: the owner role, which makes tables and runs migrations, and the application
role, which reads and writes rows and is held by row-level security. Does not belong here:
row-level security policies (each package's migrations bring their own).
"""

from typing import Any

import psycopg
from psycopg import sql

from oslonac.config.postgres.layout import APP_ROLE, DATABASE, OWNER_ROLE

# NOSUPERUSER and NOBYPASSRLS are the defaults; said again at every start so that a role
# changed by hand does not stay above the row-level policies.
OWNER_MAY = "LOGIN NOSUPERUSER NOBYPASSRLS CREATEDB NOCREATEROLE"
APP_MAY = "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE"


def prepare_server(connection: psycopg.Connection[Any]) -> None:
    """Make both roles and the database where they are missing (needs the superuser)."""
    for role, may in ((OWNER_ROLE, OWNER_MAY), (APP_ROLE, APP_MAY)):
        exists = _has(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", role)
        verb = "ALTER" if exists else "CREATE"
        connection.execute(f"{verb} ROLE {role} {may}")
    if not _has(connection, "SELECT 1 FROM pg_database WHERE datname = %s", DATABASE):
        connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE}")
        connection.execute(f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC")
        connection.execute(f"GRANT CONNECT ON DATABASE {DATABASE} TO {APP_ROLE}")


def open_future_tables(connection: psycopg.Connection[Any], app_role: str = APP_ROLE) -> None:
    """Let `app_role` use what the calling role makes from now on, in this database.

    Run as the owner before migrations. Tables that exist keep their own grants: a
    migration that takes a right away (from the event ledger, say) must stay obeyed.
    """
    role = sql.Identifier(app_role)
    for statement in (
        "GRANT USAGE ON SCHEMA public TO {}",
        "ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}",
        "ALTER DEFAULT PRIVILEGES GRANT USAGE, SELECT ON SEQUENCES TO {}",
    ):
        connection.execute(sql.SQL(statement).format(role))


def close_doors(connection: psycopg.Connection[Any], app_role: str = APP_ROLE) -> None:
    """Take away what PostgreSQL gives everybody and `app_role` has no use for: temporary tables,
    which could stand in the place of ours. Run as the owner of the database; where somebody else
    owns it, `oslonac doctor` says what is left open."""
    row = connection.execute(
        "SELECT pg_has_role(current_user, datdba, 'USAGE') FROM pg_database "
        "WHERE datname = current_database()"
    ).fetchone()
    if row is None or not row[0]:
        return
    database = sql.Identifier(connection.info.dbname)
    role = sql.Identifier(app_role)
    for whom in (sql.SQL("PUBLIC"), role):
        statement = "REVOKE TEMPORARY, CREATE ON DATABASE {} FROM {}"
        connection.execute(sql.SQL(statement).format(database, whom))


def close_large_objects(connection: psycopg.Connection[Any]) -> None:
    """Nobody makes large objects: nothing of ours is one, and a dump of all stumbles over one of
    another role. Needs the superuser, in the database it is about."""
    connection.execute(
        """
        DO $$
        DECLARE made record;
        BEGIN
          FOR made IN SELECT oid::regprocedure AS name FROM pg_proc
            WHERE pronamespace = 'pg_catalog'::regnamespace AND proname = ANY (ARRAY[
              'lo_creat', 'lo_create', 'lo_from_bytea', 'lo_put', 'lo_open', 'lowrite', 'lo_import',
              'lo_truncate', 'lo_truncate64'])
            AND (proacl IS NULL OR has_function_privilege('public', oid, 'EXECUTE'))
          LOOP
            EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', made.name);
          END LOOP;
        END $$
        """
    )


def _has(connection: psycopg.Connection[Any], query: str, name: str) -> bool:
    return connection.execute(query, [name]).fetchone() is not None
