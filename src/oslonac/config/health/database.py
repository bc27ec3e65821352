"""The database: programs, reachability, version, roles, migrations.

Belongs here: checks that ask the database. Does not belong here: changing it.
"""

from collections.abc import Iterable
from typing import Any

import psycopg

from oslonac.config import bootstrap, datafolder
from oslonac.config.health import doors, duties, keys, ledger
from oslonac.config.health.finding import Finding, error, ok, warning
from oslonac.config.postgres import DatabaseStartError, binaries

# server_version_num of PostgreSQL 15: 150000.
OLDEST_SERVER = 15
ROLE_QUERY = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"


def programs() -> Finding:
    """Whether a PostgreSQL is at hand, where it is ours to run."""
    if datafolder.is_external():
        return ok("programs", "An external database is used (DATABASE_URL is set).")
    try:
        found = binaries.for_cluster(datafolder.embedded_server().layout.cluster)
    except (DatabaseStartError, PermissionError) as problem:
        return error("programs", str(problem), "")
    return ok("programs", f"PostgreSQL {found.major} is at hand.")


def inside() -> list[Finding]:
    """Everything that has to be asked of the database itself."""
    server = datafolder.embedded_server()
    if not datafolder.is_external():
        try:
            if not server.is_made():
                return [ok("database", "There is no database yet; `oslonac up` makes it.")]
        except PermissionError:
            return [error("database", "The database cannot be looked at.", "Run as its owner.")]
    try:
        with bootstrap.database_running():
            found = list(_connected())
    except DatabaseStartError as problem:
        return [error("database", str(problem), "")]
    return found


def reachable(role: str) -> Finding:
    """Whether the role gets in, the server is new enough, and row-level security holds."""
    try:
        with psycopg.connect(datafolder.dsn(role), connect_timeout=10) as connection:
            return _judge(connection, role)
    except psycopg.OperationalError as problem:
        reason = str(problem).strip().splitlines()[-1]
        return error(
            "database",
            f"The database does not let the {role} role in: {reason}",
            "Check that the server runs and that DATABASE_URL has the right host, user and "
            "password."
            if datafolder.is_external()
            else "Read the log in the data folder.",
        )
    except datafolder.BadDatabaseUrl as problem:
        return error("database", str(problem), "")


def _judge(connection: psycopg.Connection[Any], role: str) -> Finding:
    major = connection.info.server_version // 10_000
    if major < OLDEST_SERVER:
        return error(
            "database",
            f"The database server is PostgreSQL {major}, which is too old.",
            f"Move to PostgreSQL {OLDEST_SERVER} or newer.",
        )
    row = connection.execute(ROLE_QUERY).fetchone()
    if role == "app" and row is not None and row[0]:
        return error(
            "row-level-security",
            f"The role {connection.info.user} bypasses row-level security, so the database "
            "does not repeat the access checks.",
            f"Run `ALTER ROLE {connection.info.user} NOSUPERUSER NOBYPASSRLS` on the server.",
        )
    return ok("database", f"PostgreSQL {major} lets the {role} role in.")


def _connected() -> Iterable[Finding]:
    first = reachable("app")
    yield first
    if first.code == "database" and first.level == "error":
        return
    if datafolder.has_two_roles():
        owner = reachable("owner")
        yield owner
        if owner.level == "error":
            return
    else:
        yield warning(
            "roles",
            "The application connects as the role that owns the tables, which row-level "
            "security binds less strictly.",
            "Make a second role and set DATABASE_OWNER_URL to the owner's address.",
        )
    if (lost := keys.missing_keys()) is not None:
        yield lost
    found = migrations()
    yield found
    if found.level == "ok":
        yield policies()
        if datafolder.has_two_roles():
            yield doors.doors()
        yield ledger.state()
        yield ledger.rows()
        yield duties.unheld()


def migrations() -> Finding:
    """Whether the tables and this code are of the same version."""
    bootstrap.setup_django("owner")
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        loader = executor.loader
        pending = executor.migration_plan(loader.graph.leaf_nodes())
        applied = set(executor.recorder.applied_migrations())
    finally:
        bootstrap.close_connections()
    known = set(loader.disk_migrations)
    if unknown := sorted(applied - known - _replaced(loader)):
        names = ", ".join(".".join(one) for one in unknown[:5])
        return error(
            "migrations",
            f"The database is newer than this code: it has {len(unknown)} migrations that the "
            f"code does not know ({names}).",
            "Install the version that made them, or restore a backup into a new data folder.",
        )
    if pending:
        return warning(
            "migrations",
            f"The code is newer than the database: {len(pending)} migrations are waiting.",
            "Run `oslonac migrate` (or `oslonac up`, which does it). Take a backup first.",
        )
    return ok("migrations", f"The database and the code agree ({len(applied)} migrations).")


def policies() -> Finding:
    """Whether the database shows rows by the same grants as this code."""
    bootstrap.setup_django("owner")
    from oslonac.access import enforcement

    try:
        found = enforcement.standing()
    finally:
        bootstrap.close_connections()
    if found.holds:
        return ok("policies", "The database repeats every check of who may see which row.")
    return error(
        "policies",
        f"The row-level policies of the database are not those of this code: {found.why}.",
        "Run `oslonac migrate`, which puts them in again. If nobody changed the code, find out "
        "who changed the database.",
    )


def _replaced(loader: Any) -> set[tuple[str, str]]:
    return {old for one in loader.disk_migrations.values() for old in one.replaces}
