"""Between an event and its link: what is removed or put in meanwhile is found, and nobody spoils
the chain for good."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import DatabaseError, transaction

from oslonac.audit import chain, keeping, witness
from oslonac.audit.actions import record
from oslonac.audit.models import Event, Link
from oslonac.audit.verification import verify
from oslonac.kit.clock import now
from tests import cast
from tests.database import TestServer

pytestmark = pytest.mark.django_db
Connection = psycopg.Connection[Any]


@pytest.fixture
def owner(fresh_database: str, database_server: TestServer) -> Iterator[Connection]:
    """Whoever owns the tables, triggers off; and what is committed here counts as finished, though
    other tests' transactions run."""
    with psycopg.connect(database_server.dsn("owner", fresh_database), autocommit=True) as opened:
        opened.execute("ALTER TABLE audit_event DISABLE TRIGGER event_append_only")
        row = opened.execute("SELECT pg_get_functiondef('audit_xid_horizon'::regproc)").fetchone()
        assert row is not None
        opened.execute(row[0].replace("txid_snapshot_xmin", "txid_snapshot_xmax"))
        yield opened


def place() -> Path:
    return witness.folder()


def linked() -> None:
    while chain.seal_pending():
        pass


def verdict() -> Any:
    return verify(heads=witness.heads(place()), pending=witness.pending(place()))


def an_event(**more: Any) -> Event:
    ana = cast.ana()
    with transaction.atomic():
        return record("session.opened", actor=ana.actor(), at=now(), subject=ana.user, **more)


def test_an_event_removed_while_somebody_holds_up_the_linking_is_named(owner: Connection) -> None:
    linked()
    event = an_event()
    keeping.note_waiting()  # the worker, every ten seconds; nothing could be linked
    assert str(event.pk) in {each.event_id for each in witness.pending(place())}
    owner.execute("DELETE FROM audit_event WHERE id = %s", [event.pk])
    linked()
    found = verdict()
    assert [(each.kind, each.event_id) for each in found.breaks] == [
        ("removed_unlinked", str(event.pk))
    ]
    keeping.note_waiting()
    assert not verdict().intact  # it is not forgotten


def test_an_event_that_was_exchanged_while_it_waited_is_named(owner: Connection) -> None:
    event, other = an_event(), an_event()
    keeping.note_waiting()
    owner.execute("UPDATE audit_event SET mac = %s WHERE id = %s", [bytes(other.mac), event.pk])
    assert ("removed_unlinked", str(event.pk)) in {
        (each.kind, each.event_id) for each in verdict().breaks
    }


def test_what_was_noted_is_forgotten_when_it_is_linked(owner: Connection) -> None:
    an_event()
    keeping.note_waiting()
    assert witness.pending(place())
    linked()
    assert keeping.note_waiting() == 0
    assert witness.pending(place()) == []
    assert verdict().intact


def test_events_held_up_for_a_minute_are_an_event_once(
    owner: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = an_event()
    owner.execute(
        "UPDATE audit_event SET recorded_at = now() - '90 s'::interval WHERE id = %s", [event.pk]
    )
    monkeypatch.setattr(chain, "seal_pending", lambda: 0)  # a transaction is held open
    keeper = keeping.Keeper()
    keeper.keep()
    keeper._noted = 0.0
    keeper.keep()
    told = Event.objects.get(name="ledger.held_up")
    assert told.data["waiting"] >= 1 and told.data["seconds"] >= 60


def test_a_forged_event_is_not_linked_and_does_not_stop_the_others(
    owner: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = an_event()
    linked()
    for _each in range(3):
        owner.execute(
            "INSERT INTO audit_event (id, name, outcome, at, role, channel, record_kind, fields, "
            "data, mac) SELECT gen_random_uuid(), name, outcome, at, role, channel, record_kind, "
            "fields, data, mac FROM audit_event WHERE id = %s",
            [real.pk],
        )
    later = an_event()
    monkeypatch.setattr(chain, "_BATCH", 2)
    while chain.seal_pending(2):
        pass
    assert Link.objects.filter(event_id=later.pk).exists()
    assert Link.objects.count() == Event.objects.count() - 3
    assert {each.kind for each in verdict().breaks} == {"inserted"}


def test_no_link_goes_ahead_of_the_last_or_names_no_event(owner: Connection) -> None:
    an_event()
    linked()
    last = Link.objects.order_by("-sequence").first()
    assert last is not None
    event = an_event()
    good = {
        "event_id": event.pk,
        "xid": event.xid if isinstance(event.xid, int) else Event.objects.get(pk=event.pk).xid,
        "leaf": b"x" * 32,
        "hash": b"x" * 32,
        "sealed_at": now() + timedelta(seconds=1),
    }
    for wrong in (
        {"sequence": 999_999_999},
        {"sequence": last.sequence + 2},
        {"sequence": 0},
        {"event_id": uuid4()},
        {"xid": 1},
        {"leaf": b"\0"},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            Link.objects.create(**({"sequence": last.sequence + 1} | good | wrong))
    linked()
    assert verdict().intact


def test_the_numbers_of_a_verification_add_up(owner: Connection) -> None:
    an_event()
    linked()
    an_event()
    found = verdict()
    assert found.linked + found.unlinked == found.events
    assert found.unlinked >= 1
