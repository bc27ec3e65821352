"""A thief with the application's database role, and nothing else: what PostgreSQL gives by itself
does not make them the owner, and does not make blocks vanish.

Belongs here: functions, schemas, temporary tables, large objects. Does not: rows
(`test_row_level`), forged rows (`test_forged_rows`).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from oslonac.config.health import doors
from oslonac.config.postgres import roles
from tests.app.runtime import oslonac, reachable_folder, sentences
from tests.app.test_runtime_external import External, serve
from tests.database import TestServer

pytestmark = pytest.mark.django_db

BECOME_OWNER = """
create {temp} table t(a int);
create function {schema}.f() returns trigger language plpgsql as $$ begin
  execute 'alter table public.cases_case disable row level security'; return null; end $$;
create constraint trigger c after insert on t deferrable initially deferred
  for each row execute function {schema}.f();
begin; insert into t values (1); select public.matching_arrange(); commit;
"""


@pytest.fixture
def thief(fresh_database: str, database_server: TestServer) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database_server.dsn("app", fresh_database), autocommit=True) as opened:
        yield opened


@pytest.fixture
def owner(fresh_database: str, database_server: TestServer) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database_server.dsn("owner", fresh_database), autocommit=True) as opened:
        yield opened


def judged(owner: psycopg.Connection[Any], server: TestServer) -> Any:
    return doors._judge(owner, server.app_role())


def test_no_function_runs_as_the_owner_for_everybody(owner: psycopg.Connection[Any]) -> None:
    named = owner.execute(
        "SELECT count(*) FROM pg_proc "
        "WHERE prosecdef AND pronamespace <> 'pg_catalog'::regnamespace"
    ).fetchone()
    assert named is not None and named[0] >= 6
    assert owner.execute(doors._DEFINERS).fetchall() == []


def test_the_role_makes_nothing_that_could_stand_in_the_place_of_ours(
    thief: psycopg.Connection[Any],
) -> None:
    for statement in (
        "CREATE TEMPORARY TABLE access_block (LIKE public.access_block)",
        "CREATE TEMPORARY VIEW access_block AS SELECT 1",
        "CREATE TEMPORARY SEQUENCE s",
        "CREATE TABLE public.access_block (x int)",
        "CREATE SCHEMA mine",
        "CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            thief.execute(statement)


def test_the_role_makes_no_large_object_which_would_stop_every_backup(
    owner: psycopg.Connection[Any], thief: psycopg.Connection[Any], database_server: TestServer
) -> None:
    thief.execute("SELECT lo_from_bytea(0, 'x')")
    assert "large objects" in judged(owner, database_server).sentence
    superuser = database_server.dsn("superuser", owner.info.dbname)  # as at every start
    with psycopg.connect(superuser, autocommit=True) as connection:
        roles.close_large_objects(connection)
    for call in ("lo_from_bytea(0, 'x')", "lo_creat(-1)", "lo_create(0)", "lo_open(1, 131072)"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            thief.execute(f"SELECT {call}")


def test_blocks_do_not_vanish_behind_a_temporary_table(
    owner: psycopg.Connection[Any], thief: psycopg.Connection[Any], database_server: TestServer
) -> None:
    """Even where somebody gave the role temporary tables back."""
    name, role = owner.info.dbname, database_server.app_role()
    assert judged(owner, database_server).level == "ok"
    owner.execute(f'GRANT TEMPORARY ON DATABASE "{name}" TO "{role}"')
    assert judged(owner, database_server).level == "warning"
    thief.execute("CREATE TEMPORARY TABLE access_block (LIKE public.access_block)")
    thief.execute("GRANT SELECT ON access_block TO PUBLIC")
    for scope in ("all", "whereabouts"):
        for what in ("records", "persons"):
            source = owner.execute(
                "SELECT prosrc, proconfig::text FROM pg_proc WHERE oid = %s::regproc",
                [f"sight.{scope}_{what}"],
            ).fetchone()
            assert source is not None
            assert "public.access_block" in source[0] and "pg_temp" in source[1]


def test_the_doctor_names_a_function_that_everybody_may_call(
    owner: psycopg.Connection[Any], database_server: TestServer
) -> None:
    owner.execute(
        "CREATE FUNCTION public.handy() RETURNS int LANGUAGE sql SECURITY DEFINER "
        "SET search_path = pg_catalog, public AS 'SELECT 1'"
    )
    assert "handy" in judged(owner, database_server).sentence
    owner.execute("REVOKE ALL ON FUNCTION public.handy() FROM PUBLIC")
    assert "handy" in judged(owner, database_server).sentence  # its path is still open
    owner.execute("ALTER FUNCTION public.handy() SET search_path = pg_catalog, public, pg_temp")
    assert judged(owner, database_server).level == "ok"


@pytest.fixture(scope="module")
def external() -> Iterator[External]:
    """An older PostgreSQL where one is installed; there deferred triggers run as whoever is
    current when they fire."""
    with reachable_folder() as folder:
        yield from serve(folder / "home")


def test_no_deferred_trigger_runs_as_the_owner(external: External, tmp_path: Path) -> None:
    urls = {"DATABASE_URL": external.url("web"), "DATABASE_OWNER_URL": external.url("tables")}
    migrated = oslonac("migrate", data=tmp_path, **urls)
    assert migrated.returncode == 0, sentences(migrated)
    with psycopg.connect(external.url("web"), autocommit=True) as thief:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            thief.execute("CREATE TEMPORARY TABLE t (a int)")
        # The owner of this server's databases cannot take large objects away: no backup minds one.
        thief.execute("SELECT lo_from_bytea(0, 'x')")
    backup = oslonac("backup", str(tmp_path / "b.tar"), data=tmp_path, **urls)
    assert backup.returncode == 0, sentences(backup)
    with psycopg.connect(external.url("tables"), autocommit=True) as tables:
        # Somebody gave the rights back, and yet the function carries out nothing of the caller's.
        tables.execute("GRANT TEMPORARY ON DATABASE cases TO web")
        with (
            psycopg.connect(external.url("web"), autocommit=True) as thief,
            pytest.raises(psycopg.errors.Error),
        ):
            thief.execute(BECOME_OWNER.format(temp="temp", schema="pg_temp"))
        row = tables.execute(
            "SELECT relrowsecurity FROM pg_class WHERE oid = 'public.cases_case'::regclass"
        ).fetchone()
        assert row is not None and row[0]
