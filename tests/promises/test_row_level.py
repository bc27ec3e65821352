"""PostgreSQL itself shows an actor exactly what their grants show, whatever SQL is asked.

Asked through a connection of its own as the application's role, as somebody would who got past
every line of Python.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.apps import apps

from oslonac.access import enforcement, reader, row_level, session_proof
from oslonac.access.actor import Actor
from oslonac.access.roles import Role
from oslonac.access.rules import BlockReason, Level, Scope
from oslonac.cases.models import Case, Contact
from oslonac.people import actions as people
from oslonac.vault.row_policy import Bypass
from tests import cast, folders, world
from tests.app.test_case_page import rich, see
from tests.database import TestServer

OURS = [m for m in apps.get_models() if m.__module__.startswith("oslonac.")]
HELD = list(row_level.protected())


def test_every_model_declares_to_whom_its_rows_are_shown() -> None:
    assert len(OURS) > 60
    silent = [model._meta.label for model in OURS if "ROW_POLICY" not in vars(model)]
    assert silent == [], "say beside SENSITIVITY on which record its rows hang"


def test_what_concerns_a_person_is_never_an_open_register() -> None:
    held = {model._meta.label for model in HELD}
    for model in OURS:
        package = model._meta.label.split(".")[0]
        if package in {"people", "cases", "guardianship", "placements"}:
            assert model._meta.label in held, model._meta.label
    for label in ("access.Grant", "audit.Event", "protocols.Obligation", "vault.DataKey"):
        assert label in held


def test_every_reason_to_look_past_sight_opens_something_and_is_used() -> None:
    from pathlib import Path

    source = "\n".join(
        path.read_text(encoding="utf-8")
        for path in Path(reader.__file__).parents[1].rglob("*.py")
        if path.name != "row_policy.py" or path.parent.name != "vault"
    )
    for why in Bypass:
        assert any(why in said.bypass for said in row_level.protected().values()), why
        assert f"bypass(Bypass.{why.name})" in source, f"nobody needs {why.name}"


def stage() -> dict[str, Any]:
    """Two centres, four children, everything written down once; committed."""
    ana, milan, jelena = cast.ana(), cast.milan(), cast.jelena()
    case = rich(ana)
    at = datetime.now(UTC)
    for attribute in ("document", "phone", "address", "birth", "sex"):
        more: dict[str, Any] = {"detail": "X 1"}
        if attribute == "document":
            more["code"] = "passport"
        if attribute == "sex":
            more = {"code": "male"}
        if attribute == "birth":
            more = {"birth": people.birth_interval("gregorian", 2011, None, None)}
        people.state(actor=ana.actor(), at=at, person=case.person, attribute=attribute, **more)
    other = cast.case(cast.teodora(), at=at - timedelta(days=2))
    nadir = cast.member("Nikola Simić", Role.FIELD_WORKER, "csw-nis")
    elsewhere = cast.case(nadir, at=at - timedelta(days=1))
    dragan = cast.dragan()
    readers = {"ana": ana, "milan": milan, "jelena": jelena, "nadir": nadir}
    for level in Level:
        who = cast.member(f"L{int(level)} Reader", Role.NGO_WORKER, "csw-nis")
        see(dragan, case, who, level)
        readers[f"level {int(level)}"] = who
    where = cast.member("Where Reader", Role.NGO_WORKER, "csw-nis")
    see(dragan, case, where, Level.IDENTITY, whereabouts=True)
    readers["whereabouts"] = where
    for role in Role:
        readers[f"role {role.value}"] = cast.member(f"{role.value} Nobody", role)
    return {"readers": readers, "case": case, "other": other, "elsewhere": elsewhere, "ana": ana}


@pytest.fixture(scope="module")
def world_there(
    database_server: TestServer,
    database_template: str,
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The name of a database with all of it. Made once: what is refused changes nothing."""
    made = folders.world(database_server, database_template, tmp_path_factory.mktemp("rows"))
    with django_db_blocker.unblock(), made as name, reader.system():
        yield name, stage()


@pytest.fixture
def place(world_there: tuple[str, dict[str, Any]]) -> str:
    return world_there[0]


@pytest.fixture
def staged(world_there: tuple[str, dict[str, Any]], db: None) -> dict[str, Any]:
    return world_there[1]


@contextmanager
def raw(
    server: TestServer, database: str, actor: Actor | None = None, at: datetime | None = None
) -> Iterator[psycopg.Connection[Any]]:
    """A connection as the application's role that says by itself who looks."""
    looking = reader.of(actor, at or datetime.now(UTC))
    with psycopg.connect(server.dsn("app", database), autocommit=True) as opened:
        if actor is not None:
            assert session_proof.prove(opened, session_proof.secret())
            for name, value in zip(reader.SETTINGS, looking.settings(), strict=True):
                opened.execute("SELECT set_config(%s, %s, false)", [name, value])
        yield opened


def shown(opened: psycopg.Connection[Any], model: Any) -> set[str]:
    cursor = opened.execute(f'SELECT * FROM "{model._meta.db_table}"')
    place = [column.name for column in cursor.description or ()].index(model._meta.pk.column)
    return {str(row[place]) for row in cursor.fetchall()}


def test_each_reader_is_shown_exactly_what_their_grants_show(
    staged: dict[str, Any], place: str, database_server: TestServer
) -> None:
    at = datetime.now(UTC)
    differences, seen = [], 0
    for name, member in staged["readers"].items():
        actor = member.actor(at)
        eyes = world.Eyes(actor, at)
        with raw(database_server, place, actor, at) as opened:
            for model in HELD:
                got, wanted = shown(opened, model), world.expected(model, eyes)
                seen += len(got)
                if got != wanted:
                    differences.append((name, model._meta.label, len(got), len(wanted)))
    assert not differences
    assert seen > 500, "a world without rows proves nothing"


def test_nobody_sees_nothing(
    staged: dict[str, Any], place: str, database_server: TestServer
) -> None:
    empty = {model._meta.label for model in HELD if not model._default_manager.exists()}
    assert "cases.Case" not in empty and "people.PersonName" not in empty
    with raw(database_server, place) as opened:
        for model in HELD:
            assert shown(opened, model) == set(), model._meta.label
        for schema in ("sight", "analysis"):
            views = opened.execute(
                "SELECT viewname FROM pg_views WHERE schemaname = %s", [schema]
            ).fetchall()
            for (view,) in views:
                assert not opened.execute(f"SELECT * FROM {schema}.{view}").fetchall(), view


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.ANALYST, Role.EDITOR, Role.INTERPRETER])
def test_whoever_has_no_part_in_casework_sees_no_case(
    staged: dict[str, Any], place: str, database_server: TestServer, role: Role
) -> None:
    actor = staged["readers"][f"role {role.value}"].actor()
    with raw(database_server, place, actor) as opened:
        for model in HELD:
            if model._meta.label.split(".")[0] in {"people", "cases", "guardianship", "placements"}:
                assert shown(opened, model) == set(), model._meta.label


def test_a_block_wins_over_every_grant(fresh_database: str, database_server: TestServer) -> None:
    from oslonac.access import actions as grants

    staged = stage()
    case, ana = staged["case"], staged["ana"]
    at = datetime.now(UTC)
    actor = ana.actor(at)
    with raw(database_server, fresh_database, actor, at) as opened:
        assert str(case.pk) in shown(opened, Case)
    grants.block(
        actor=actor,
        at=at,
        who=grants.Who(user_id=ana.user.pk),
        records=[grants.Closing("case", case.pk, case.person_id)],
        key=case.key,
        scope=Scope.ALL,
        reason=BlockReason.OWN_FAMILY,
        why="Sestra.",
    )
    with raw(database_server, fresh_database, actor, at) as opened:
        assert str(case.pk) not in shown(opened, Case)
        assert str(case.person_id) not in shown(opened, apps.get_model("people.Person"))
        # Not even where the child appears in the encounter, which nobody closed.
        assert not shown(opened, apps.get_model("people.PersonName"))


def test_what_is_hidden_cannot_be_changed_either(
    staged: dict[str, Any], place: str, database_server: TestServer
) -> None:
    actor = staged["readers"]["nadir"].actor()
    contact = Contact.objects.get(case=staged["case"])
    with raw(database_server, place, actor) as opened:
        for statement in (
            "UPDATE cases_contact SET told_story = false",
            "DELETE FROM cases_contact",
            f"UPDATE cases_case SET priority = 'regular' WHERE id = '{staged['case'].pk}'",
            "UPDATE access_grant SET ends_at = NULL",
            "DELETE FROM protocols_obligation",
        ):
            assert opened.execute(statement).rowcount == 0, statement
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            opened.execute(
                "INSERT INTO people_appearance (id, person_id, record_kind, record_id, is_subject)"
                " VALUES (gen_random_uuid(), %s, 'case', %s, false)",
                [staged["elsewhere"].person_id, staged["case"].pk],
            )
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            opened.execute(
                "INSERT INTO access_grant (id, record_kind, record_id, principal, grantee_id, role,"
                " level, whereabouts, reason, basis, ground, starts_at) VALUES (gen_random_uuid(), "
                "'case', %s, %s, %s, '', 60, true, 'decision', 'legal_duty', '', now())",
                [staged["case"].pk, actor.user_id, actor.user_id],
            )
    contact.refresh_from_db()
    assert contact.told_story


def test_the_application_cannot_lift_the_policies(
    staged: dict[str, Any], place: str, database_server: TestServer
) -> None:
    actor = staged["ana"].actor()
    with raw(database_server, place, actor) as opened:
        for statement in (
            "ALTER TABLE cases_case DISABLE ROW LEVEL SECURITY",
            "DROP POLICY shown ON cases_case",
            "CREATE POLICY mine ON cases_case USING (true)",
            "CREATE OR REPLACE VIEW sight.records AS SELECT 1 AS x",
            "UPDATE sight.records SET level = 60",
            "INSERT INTO sight.cases_case (id) VALUES (gen_random_uuid())",
            "DELETE FROM sight.cases_plan",
            "CREATE TABLE sight.own (x int)",
            "ALTER FUNCTION sight.opens_key(uuid) SECURITY INVOKER",
        ):
            with pytest.raises(psycopg.errors.Error):
                opened.execute(statement)
        opened.execute("SET row_security = off")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            opened.execute("SELECT * FROM cases_case")


def test_the_views_of_sight_name_only_ones_own_records(
    staged: dict[str, Any], place: str, database_server: TestServer
) -> None:
    actor = staged["readers"]["nadir"].actor()
    with raw(database_server, place, actor) as opened:
        own = {str(pk) for pk in shown(opened, Case)}
        rows = opened.execute("SELECT id FROM sight.cases_case").fetchall()
        assert {str(row[0]) for row in rows} == own == {str(staged["elsewhere"].pk)}


def test_doctor_notices_a_policy_that_was_changed(
    fresh_database: str, owner_connection: psycopg.Connection[Any]
) -> None:
    assert enforcement.standing().holds
    owner_connection.execute("CREATE POLICY more ON cases_case USING (true)")
    assert not enforcement.standing().holds
    owner_connection.execute("DROP POLICY more ON cases_case")
    assert enforcement.standing().holds
    owner_connection.execute("ALTER TABLE people_person DISABLE ROW LEVEL SECURITY")
    assert not enforcement.standing().holds
    owner_connection.execute("ALTER TABLE people_person ENABLE ROW LEVEL SECURITY")
    owner_connection.execute("ALTER FUNCTION sight.opens_key(uuid) SECURITY INVOKER")
    assert not enforcement.standing().holds
    owner_connection.execute("ALTER FUNCTION sight.opens_key(uuid) SECURITY DEFINER")
    assert enforcement.standing().holds
    owner_connection.execute(
        "CREATE OR REPLACE FUNCTION sight.opens_key(asked uuid) RETURNS boolean LANGUAGE plpgsql "
        "STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS "
        "'BEGIN RETURN true; END'"
    )
    assert "somebody changed" in enforcement.standing().why
    owner_connection.execute("COMMENT ON SCHEMA sight IS 'older 1'")
    assert "declares others" in enforcement.standing().why


def test_adding_is_refused_where_the_record_is_out_of_sight(staged: dict[str, Any]) -> None:
    """A forgotten check in an action ends at the database."""
    from django.db.utils import ProgrammingError

    from oslonac.vault.models import DataKey

    stranger, case = staged["readers"]["nadir"].actor(), staged["case"]
    at = datetime.now(UTC)
    with reader.acting(stranger, at):
        assert not Case.objects.filter(pk=case.pk).exists()
        assert not DataKey.objects.filter(pk=case.key_id).exists()
        with pytest.raises(ProgrammingError):
            Contact.objects.create(
                case_id=case.pk,
                key_id=case.key_id,
                kind="visit",
                happened_at=at,
                alone_with_child="no",
            )
