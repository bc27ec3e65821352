"""No request, action, error or thread leaves its sight to the next one on the same connection."""

import contextvars
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from oslonac.access import actions as grants
from oslonac.access import reader
from oslonac.access.roles import Role
from oslonac.access.rules import Level, Reason
from oslonac.audit.models import Event
from oslonac.cases.models import Case
from oslonac.kit.errors import Refused
from oslonac.people.models import PersonName
from oslonac.planning import actions as planning
from oslonac.vault.row_policy import Bypass
from tests import cast


def count() -> int:
    return Case.objects.count()


def told() -> str:
    """What PostgreSQL itself believes, asked past Django's cursor."""
    assert connection.connection is not None
    with connection.connection.cursor() as cursor:
        return str(
            cursor.execute("SELECT current_setting('oslonac.sight', true)").fetchone()[0] or ""
        )


@pytest.fixture
def world(fresh_database: str) -> dict[str, Any]:
    ana, at = cast.ana(), datetime.now(UTC) - timedelta(days=1)
    case = cast.case(cast.teodora(), ana, at=at)
    return {"ana": ana, "stranger": cast.jelena(), "case": case}


@pytest.fixture
def nobody() -> Iterator[None]:
    """As a thread of the web server between two requests."""
    with reader.acting(None, datetime.now(UTC)):
        yield


def test_after_a_request_the_connection_shows_nothing(world: dict[str, Any], nobody: None) -> None:
    with reader.system():
        client = world["ana"].client()
    assert client.get(f"/cases/{world['case'].pk}/").status_code == 200
    assert told() == "actor", "the request itself was the actor's"
    assert count() == 0
    assert told() == ""


def test_the_next_request_sees_as_its_own_actor(world: dict[str, Any], nobody: None) -> None:
    with reader.system():
        first, second = world["ana"].client(), world["stranger"].client()
    where = f"/cases/{world['case'].pk}/"
    for _ in range(2):
        assert first.get(where).status_code == 200
        assert second.get(where).status_code == 404
    assert Client().get(where).status_code == 302
    assert count() == 0


def test_a_request_that_breaks_leaves_nothing(
    world: dict[str, Any], nobody: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from oslonac.cases.views import case as view

    def broken(*args: Any, **more: Any) -> None:
        Case.objects.get(pk=world["case"].pk)
        raise RuntimeError("broken on purpose")

    with reader.system():
        client = world["ana"].client()
    client.raise_request_exception = False
    monkeypatch.setattr(view.queries, "case", broken)
    assert client.get(f"/cases/{world['case'].pk}/").status_code == 500
    assert count() == 0


def test_an_action_sees_as_its_actor_and_gives_back(world: dict[str, Any]) -> None:
    seen: list[reader.Reader] = []
    at = datetime.now(UTC)
    stranger = world["stranger"].actor(at)
    before = reader.current()
    with pytest.raises(Exception):  # noqa: B017 - Hidden, whatever carries it
        planning.make_promise(
            actor=stranger,
            at=at,
            case=world["case"],
            what="X",
            due_on=cast.today(at),
            owner=world["stranger"].user,
        )
    assert reader.current() == before
    assert count() == 1
    with reader.acting(stranger, at):
        seen.append(reader.current())
        assert count() == 0
    assert seen[0].mode == "actor"
    assert count() == 1


def test_a_rollback_takes_no_sight_with_it(world: dict[str, Any]) -> None:
    ana, at = world["ana"].actor(), datetime.now(UTC)
    stranger = world["stranger"].actor()
    with reader.acting(stranger, at):
        assert count() == 0
        with pytest.raises(Refused), transaction.atomic(), reader.acting(ana, at):
            assert count() == 1
            raise Refused("x", "x")
        assert count() == 0
        # Told inside a transaction that is rolled back: PostgreSQL forgets it, we must too.
        with reader.acting(ana, at):
            with pytest.raises(Refused), transaction.atomic():
                assert count() == 1
                raise Refused("x", "x")
            assert count() == 1
        assert count() == 0


def test_a_savepoint_rolled_back_takes_no_sight_with_it(world: dict[str, Any]) -> None:
    ana, at = world["ana"].actor(), datetime.now(UTC)
    with transaction.atomic(), reader.acting(None, at):
        assert count() == 0
        with reader.acting(ana, at):
            with pytest.raises(Refused), transaction.atomic():
                assert count() == 1
                raise Refused("x", "x")
            assert count() == 1
        with pytest.raises(DatabaseError), transaction.atomic(), reader.acting(ana, at):
            assert count() == 1
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1/0")
        assert count() == 0
    assert count() == 1


def test_a_failed_transaction_ends_without_an_error_of_ours(world: dict[str, Any]) -> None:
    with reader.acting(world["ana"].actor(), datetime.now(UTC)):
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            reader.bypass(Bypass.NUMBERS),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT nothing FROM nowhere")
        assert count() == 1


def test_looking_past_sight_ends_with_the_block(world: dict[str, Any]) -> None:
    stranger, at = world["stranger"].actor(), datetime.now(UTC)
    with reader.acting(stranger, at):
        with reader.bypass(Bypass.NUMBERS):
            assert count() == 1
            assert not PersonName.objects.exists(), "only what the reason names is open"
        assert count() == 0
        with pytest.raises(RuntimeError), reader.bypass(Bypass.NUMBERS):
            raise RuntimeError
        assert count() == 0


def test_a_new_connection_and_another_thread_begin_with_nothing(world: dict[str, Any]) -> None:
    assert count() == 1
    found: list[int] = []

    def elsewhere() -> None:
        try:
            found.append(count())
        finally:
            connection.close()

    thread = threading.Thread(target=contextvars.Context().run, args=(elsewhere,))
    thread.start()
    thread.join()
    assert found == [0]
    connection.close()
    with reader.acting(None, datetime.now(UTC)):
        assert count() == 0
    assert count() == 1


def test_a_cursor_read_late_shows_what_its_reader_could_see(world: dict[str, Any]) -> None:
    """Rows fetched in pieces after the sight changed are still those of whoever asked."""
    stranger, at = world["stranger"].actor(), datetime.now(UTC)
    with reader.acting(stranger, at):
        rows = Case.objects.iterator(chunk_size=1)
        assert list(rows) == []
    with reader.acting(stranger, at):
        late = iter(Event.objects.values_list("pk", flat=True).iterator(chunk_size=1))
    with reader.acting(None, at):
        assert list(late) == [], "a query that begins after its reader left is nobody's"


def test_grants_are_judged_at_the_moment_of_the_action(world: dict[str, Any]) -> None:
    nada = cast.member("Nada Ilić", Role.NGO_WORKER, "csw-nis")
    at = datetime.now(UTC)
    grants.grant_user(
        actor=world["ana"].actor(),
        at=at,
        kind="case",
        record_id=world["case"].pk,
        user_id=nada.user.pk,
        level=Level.CASE,
        reason=Reason.CONFERENCE,
        until=at + timedelta(hours=2),
    )
    moments = {-1: 0, 0: 1, 7199: 1, 7200: 0}
    for seconds, number in moments.items():
        with reader.acting(nada.actor(), at + timedelta(seconds=seconds)):
            assert count() == number, seconds
    with reader.acting(nada.actor(), at - timedelta(microseconds=1)):
        assert count() == 0


def test_an_unchanged_sight_costs_no_statement(world: dict[str, Any]) -> None:
    told_before = connection.told  # type: ignore[attr-defined]
    at = datetime.now(UTC)
    ana = world["ana"].actor(at)
    with reader.acting(ana, at):
        count()
        first = connection.told  # type: ignore[attr-defined]
        with reader.acting(ana, at):
            count()
        assert connection.told is first  # type: ignore[attr-defined]
    assert told_before is not first
