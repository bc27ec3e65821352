"""The reader's session in SQL: user, time, grants and blocks.

`sight.records` is the reader's grants in force at their moment. It is read as the tables' owner, so
that policies neither recurse nor pay twice, and shows the reader's own only.

Belongs here: what every policy is written with. Does not: policies (`row_level`).
"""

# ruff: noqa: S608 - names of our own tables and columns, nothing that anybody typed

from collections.abc import Iterable

from oslonac.access.session_proof import GIVEN

SCHEMA = "sight"
# Of every function that runs as the tables' owner. A schema of temporary tables that is not named
# is searched first: whoever calls could put tables of their own in place of ours.
SEARCH_PATH = "pg_catalog, public, pg_temp"


def told(name: str, kind: str) -> str:
    """A setting of the reader's session as a value PostgreSQL works out once a statement; none in
    a session that has not proved that it is the application's (`session_proof`)."""
    said = f"current_setting('oslonac.{name}', true)"
    return (
        f"(SELECT CASE WHEN COALESCE({said}, '') = '' THEN NULL "
        f"WHEN {GIVEN} THEN {said}::{kind} END)"
    )


def proved(condition: str) -> str:
    """A condition on settings of the session, in a session that has proved whose it is."""
    return f"(CASE WHEN {condition} THEN {GIVEN} ELSE false END)"


def blocked(what: str, scope: str) -> str:
    """Ids of records or persons that a block closes to the reader, worked out once a statement."""
    return f"((SELECT {SCHEMA}.{scope}_{what}s())::uuid[])"


PRINCIPALS = f"({told('principals', 'uuid[]')})::uuid[]"
# Asked only where the transaction has a number: a reader must not use one up.
XID = "(SELECT CASE WHEN pg_current_xact_id_if_assigned() IS NOT NULL THEN audit_xid() END)"
_SIGHT = "current_setting('oslonac.sight', true)"
ACTS = "(SELECT " + proved(f"{_SIGHT} = 'actor'") + ")"
SYSTEM = proved(f"{_SIGHT} = 'system'")

# Without principals, which only actors have, nothing is found.
_MINE = f"""{{0}}.principal = ANY ({PRINCIPALS})
  AND {{0}}.starts_at <= {told("at", "timestamptz")}
  AND ({{0}}.ends_at IS NULL OR {{0}}.ends_at > {told("at", "timestamptz")})"""
# A block wins over every grant. Few rows name one reader: a function of its own, planned once a
# connection, costs a statement less than the same question planned into each of its parts.
_BLOCKED = """
CREATE FUNCTION {schema}.{scope}_{what}s() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = {path} AS $$
BEGIN
  RETURN ARRAY(SELECT b.{what}_id FROM public.access_block b
               WHERE {mine} AND b.scope = '{scope}' AND b.{what}_id IS NOT NULL);
END $$"""
RECORDS = (
    *(
        _BLOCKED.format(
            schema=SCHEMA, scope=scope, what=what, path=SEARCH_PATH, mine=_MINE.format("b")
        )
        for scope in ("all", "whereabouts")
        for what in ("record", "person")
    ),
    f"""
CREATE VIEW {SCHEMA}.records AS
SELECT g.record_kind, g.record_id, g.level, g.whereabouts,
  g.record_id = ANY {blocked("record", "whereabouts")} AS kept_off
FROM access_grant g
WHERE {_MINE.format("g")}
  AND g.record_id <> ALL {blocked("record", "all")}
""",
)


def one_of(setting: str, codes: Iterable[str]) -> str:
    """Whether a setting of the reader's session names one of these codes."""
    listed = ", ".join(f"'{code}'" for code in codes)
    said = f"string_to_array(current_setting('oslonac.{setting}', true), ',')"
    return proved(f"COALESCE({said} && ARRAY[{listed}], false)")
