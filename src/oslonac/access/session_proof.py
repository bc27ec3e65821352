"""Each session of the database proves that it is the application's before it may say who looks.

Row-level security asks settings of the session (`reader`), and PostgreSQL lets everybody who is
signed in set any of these. So the password of the application's role, or its socket, would be
enough to be told everything as "the system". Therefore the settings count only in a session that
has answered a challenge: the server draws a number, the application answers with an HMAC-SHA-256
over it under a key made of `session.key`, which lies outside the database and is known to the
application alone. The same is asked of whoever writes to a table without row-level security.

- What a session has proved is kept in the session's own value of a sequence (`currval`): it lives
  in the server's memory, only the owner's functions set it, reading it costs nothing, and it needs
  neither a transaction number nor the log. 0 is never set: below are challenges, 1 is a proof.
- The key stands in a table that the owner alone reads; backups leave it out.

What it does not stop: code within the application, or a statement smuggled into one of its
sessions. Literature: ISO/IEC 9798-4 (challenge and response by a cryptographic check function).
Does not belong here: who looks (`reader`), what they see (`row_level`).
"""

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from typing import Any

# ruff: noqa: S608 - names of our own tables and functions, nothing that anybody typed

SCHEMA = "proof"
GIVEN = f"{SCHEMA}.given()"
_BLOCK = 64  # bytes of a block of SHA-256: HMAC pads its key to one (RFC 2104)
# Written by others than Django, over connections of their own.
NOT_GUARDED = ("procrastinate_%", "django_migrations", "django_content_type")

OBJECTS = f"""
CREATE SCHEMA IF NOT EXISTS {SCHEMA};
CREATE TABLE IF NOT EXISTS {SCHEMA}.secret (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  inner_pad bytea NOT NULL,
  outer_pad bytea NOT NULL
);
CREATE UNLOGGED SEQUENCE IF NOT EXISTS {SCHEMA}.opened MINVALUE -9223372036854775808 START 1;
CREATE OR REPLACE FUNCTION {SCHEMA}.challenge() RETURNS bigint LANGUAGE plpgsql VOLATILE
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE drawn bigint;
BEGIN
  drawn := -1 - ('x' || substr(encode(sha256(convert_to(
    gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')), 'hex'), 1, 15))::bit(60)::bigint;
  RETURN setval('{SCHEMA}.opened', drawn);
END $$;
CREATE OR REPLACE FUNCTION {SCHEMA}.answer(given bytea) RETURNS boolean LANGUAGE plpgsql VOLATILE
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE asked bigint; said bytea; right_one bytea;
BEGIN
  asked := currval('{SCHEMA}.opened');
  IF asked > 0 THEN RETURN true; END IF;
  said := convert_to(asked::text || ':' || pg_backend_pid(), 'UTF8');
  SELECT sha256(outer_pad || sha256(inner_pad || said)) INTO right_one FROM {SCHEMA}.secret;
  PERFORM setval('{SCHEMA}.opened', -1);
  IF given = right_one THEN PERFORM setval('{SCHEMA}.opened', 1); RETURN true; END IF;
  RETURN false;
END $$;
CREATE OR REPLACE FUNCTION {GIVEN} RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL RESTRICTED AS $$
BEGIN
  RETURN pg_catalog.currval('{SCHEMA}.opened') > 0;
END $$;
CREATE OR REPLACE FUNCTION {SCHEMA}.required() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_user = TG_ARGV[0] THEN RETURN NULL; END IF;
  IF pg_catalog.currval('{SCHEMA}.opened') <= 0 THEN
    RAISE EXCEPTION 'only the application writes here' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NULL;
END $$;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {SCHEMA} FROM PUBLIC;
REVOKE ALL ON {SCHEMA}.secret FROM PUBLIC;
"""
# A trigger before each statement: what it costs is paid once, however many rows there are.
_GUARD = """
DO $guard$
DECLARE t record;
BEGIN
  FOR t IN SELECT c.oid::regclass AS name, pg_get_userbyid(c.relowner) AS owner,
      c.relrowsecurity AS held FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      AND NOT (c.relname LIKE ANY (ARRAY[{spared}])) ORDER BY c.relname
  LOOP
    EXECUTE format('DROP TRIGGER IF EXISTS written_by_the_application ON %s', t.name);
    CONTINUE WHEN t.held;
    EXECUTE format('CREATE TRIGGER written_by_the_application BEFORE INSERT OR UPDATE OR DELETE '
      'ON %s FOR EACH STATEMENT EXECUTE FUNCTION {schema}.required(%L)', t.name, t.owner);
  END LOOP;
END $guard$
"""


def secret() -> bytes:
    """What this installation answers with: made of its `session.key`."""
    from django.conf import settings

    return derived(str(settings.SECRET_KEY))


def derived(session_key: str) -> bytes:
    return hmac.digest(session_key.encode(), b"oslonac database session 1", "sha256")


def statements(readers: Iterable[str]) -> Iterator[str]:
    """Everything but the key, as the owner; again and again without harm to sessions that are
    open."""
    yield OBJECTS
    for role in readers:
        yield f'REVOKE ALL ON {SCHEMA}.secret, {SCHEMA}.opened FROM "{role}"'
        yield f'GRANT USAGE ON SCHEMA {SCHEMA} TO "{role}"'
        yield f'GRANT SELECT ON SEQUENCE {SCHEMA}.opened TO "{role}"'
        yield f'GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {SCHEMA} TO "{role}"'


def guard() -> str:
    """The statement that guards each table without row-level security."""
    spared = ", ".join(f"'{name}'" for name in NOT_GUARDED)
    return _GUARD.format(spared=spared, schema=SCHEMA)


def pads(key: bytes) -> tuple[bytes, bytes]:
    """The key as HMAC uses it: the server has SHA-256, but no HMAC."""
    padded = key.ljust(_BLOCK, b"\0")
    return bytes(each ^ 0x36 for each in padded), bytes(each ^ 0x5C for each in padded)


def install(owner: Any, key: bytes) -> None:
    """Put the key in, as the owner. `owner`: a connection or cursor of psycopg."""
    owner.execute(f"DELETE FROM {SCHEMA}.secret")
    owner.execute(
        f"INSERT INTO {SCHEMA}.secret (inner_pad, outer_pad) VALUES (%s, %s)",
        pads(key),
    )


def is_made(connection: Any) -> bool:
    """Whether the database asks for proofs at all: not before its first migration."""
    cursor = connection.execute(f"SELECT to_regprocedure('{SCHEMA}.challenge()') IS NOT NULL")
    return bool(cursor.fetchone()[0])


def fits(owner: Any, key: bytes) -> bool:
    """Whether the owner's table holds this key."""
    cursor = owner.execute(f"SELECT inner_pad, outer_pad FROM {SCHEMA}.secret")
    row = cursor.fetchone()
    return row is not None and (bytes(row[0]), bytes(row[1])) == pads(key)


def prove(connection: Any, key: bytes) -> bool:
    """Prove in a psycopg connection, outside of a transaction, that it is the application's; False
    where the database holds another key, or none."""
    if not is_made(connection):
        return False
    asked = connection.execute(f"SELECT {SCHEMA}.challenge()").fetchone()[0]
    said = f"{asked}:{connection.info.backend_pid}".encode()
    answer = hmac.new(key, said, hashlib.sha256).digest()
    return bool(connection.execute(f"SELECT {SCHEMA}.answer(%s)", [answer]).fetchone()[0])
