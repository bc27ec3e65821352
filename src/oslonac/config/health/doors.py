"""What the application's database role could do beyond reading and writing rows.

Belongs here: rights that PostgreSQL gives by itself, or that somebody gave by hand. Does not
belong here: which rows are shown (`database.policies`), taking rights away (`postgres.roles`).
"""

from typing import Any

import psycopg

from oslonac.config import datafolder
from oslonac.config.health.finding import Finding, error, ok, warning

# Functions that run as their owner: called by everybody, or finding tables that the caller put in.
_DEFINERS = """
SELECT p.oid::regprocedure::text FROM pg_proc p
WHERE p.prosecdef AND p.pronamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema')
  AND (
    EXISTS (SELECT 1 FROM aclexplode(COALESCE(p.proacl, acldefault('f', p.proowner))) a
            WHERE a.grantee = 0 AND a.privilege_type = 'EXECUTE')
    OR NOT EXISTS (SELECT 1 FROM unnest(p.proconfig) c
                   WHERE c LIKE 'search_path=%' AND c ~ ',\\s*"?pg_temp"?$')
  )
ORDER BY 1
"""
_RIGHTS = """
SELECT has_database_privilege(r.oid, current_database(), 'TEMPORARY'),
  has_database_privilege(r.oid, current_database(), 'CREATE')
    OR has_schema_privilege(r.oid, 'public', 'CREATE'),
  EXISTS (SELECT 1 FROM pg_class c WHERE c.relowner = r.oid)
    OR EXISTS (SELECT 1 FROM pg_proc p WHERE p.proowner = r.oid),
  EXISTS (SELECT 1 FROM pg_auth_members m WHERE m.member = r.oid),
  r.rolcreaterole OR r.rolcreatedb OR r.rolreplication
FROM pg_roles r WHERE r.rolname = %s
"""


def doors() -> Finding:
    """Whether the application's role has nothing that it does not need."""
    role = datafolder.app_role()
    with psycopg.connect(datafolder.dsn("owner"), connect_timeout=10) as owner:
        return _judge(owner, role)


def _judge(owner: psycopg.Connection[Any], role: str) -> Finding:
    open_to_all = [row[0] for row in owner.execute(_DEFINERS).fetchall()]
    if open_to_all:
        return error(
            "rights",
            "Functions that run as the owner of the tables can be called by everybody, or look up "
            f"tables where the caller can put some: {', '.join(open_to_all[:5])}.",
            "Run `oslonac migrate`. If it says the same again, find out who made them.",
        )
    row = owner.execute(_RIGHTS, [role]).fetchone()
    temporary, makes, owns, member, more = row or (False,) * 5
    if owns or member or more or makes:
        return error(
            "rights",
            f"The role {role} owns something in this database, is a member of another role, or may "
            "make tables, databases or roles: triggers and row-level security do not hold it.",
            f"As superuser: `REASSIGN OWNED BY {role} TO` the owner, and `REVOKE` the rest.",
        )
    if temporary:
        return warning(
            "rights",
            f"The role {role} may make temporary tables, which can stand in the place of ours.",
            f"As the owner of the database: `REVOKE TEMPORARY ON DATABASE "
            f"{owner.info.dbname} FROM PUBLIC, {role}`.",
        )
    objects = owner.execute("SELECT count(*) FROM pg_largeobject_metadata").fetchone()
    if objects and objects[0]:
        return warning(
            "rights",
            f"The database holds {objects[0]} large objects, and nothing of Oslonac is one. "
            "Backups leave them out.",
            "Find out who made them (`SELECT * FROM pg_largeobject_metadata`), then `lo_unlink`.",
        )
    return ok("rights", f"The role {role} may read and write rows, and nothing else.")
