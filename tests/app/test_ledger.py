"""The chain: finished events are linked, every kind of tampering is found and named."""

import time
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from oslonac.audit import chain
from oslonac.audit.epoch import raise_epoch
from oslonac.audit.models import Event, Link
from tests import cast

AT = cast.NOON
pytestmark = pytest.mark.django_db(transaction=True)


def _seal_all() -> None:
    """Until nothing waits: a test of another worker may hold the horizon back for a moment."""
    end = time.monotonic() + 60
    while chain.verify().unlinked and time.monotonic() < end:
        if not chain.seal_pending():
            time.sleep(0.2)


def _sealed() -> list[Event]:
    ana = cast.ana()
    cast.case(cast.teodora(), ana, at=AT)
    _seal_all()
    assert chain.verify().intact
    return list(Event.objects.order_by("xid", "id"))


def test_events_of_finished_transactions_are_linked_in_order() -> None:
    events = _sealed()
    linked = list(Link.objects.order_by("sequence").values_list("event_id", flat=True))
    assert linked == [event.pk for event in events]
    assert chain.verify().unlinked == 0


def test_an_event_of_a_running_transaction_waits() -> None:
    _sealed()
    with transaction.atomic():
        cast.encounter(cast.teodora(), at=AT)
        waiting = Event.objects.count() - Link.objects.count()
        assert waiting
        chain.seal_pending()
        assert Event.objects.count() - Link.objects.count() == waiting
    _seal_all()
    assert chain.verify().unlinked == 0


def test_the_application_cannot_change_or_remove_an_event() -> None:
    event = _sealed()[0]
    for attempt in (
        lambda: Event.objects.filter(pk=event.pk).update(name="x"),
        lambda: Event.objects.filter(pk=event.pk).delete(),
        lambda: Link.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()


Tampering = Callable[[psycopg.Connection, list[Event]], Any]


def _change(owner: psycopg.Connection, events: list[Event]) -> Any:
    owner.execute("UPDATE audit_event SET role = 'head' WHERE id = %s", [events[3].pk])
    return events[3].pk


def _change_data(owner: psycopg.Connection, events: list[Event]) -> Any:
    owner.execute("""UPDATE audit_event SET data = '{"a": 1}' WHERE id = %s""", [events[2].pk])
    return events[2].pk


def _remove(owner: psycopg.Connection, events: list[Event]) -> Any:
    owner.execute("DELETE FROM audit_event WHERE id = %s", [events[4].pk])
    return events[4].pk


def _insert(owner: psycopg.Connection, events: list[Event]) -> Any:
    owner.execute(
        "INSERT INTO audit_event SELECT gen_random_uuid(), name, outcome, at, recorded_at, "
        "actor_id, organisation_id, role, channel, record_kind, record_id, case_id, fields, "
        "data, mac, xid FROM audit_event WHERE id = %s RETURNING id",
        [events[1].pk],
    )
    return None


def _reorder(owner: psycopg.Connection, events: list[Event]) -> Any:
    owner.execute("UPDATE audit_link SET sequence = -sequence WHERE sequence IN (2, 3)")
    owner.execute(
        "UPDATE audit_link SET sequence = CASE sequence WHEN -2 THEN 3 ELSE 2 END "
        "WHERE sequence < 0"
    )
    return None


def _cut(owner: psycopg.Connection, events: list[Event]) -> Any:
    owner.execute("DELETE FROM audit_link WHERE sequence = 3")
    owner.execute("DELETE FROM audit_event WHERE id = %s", [events[2].pk])
    return None


@pytest.mark.parametrize(
    ("tamper", "kind"),
    [
        (_change, "changed"),
        (_change_data, "changed"),
        (_remove, "removed"),
        (_insert, "inserted"),
        (_reorder, "broken_link"),
        (_cut, "removed"),
    ],
)
def test_tampering_by_the_owner_is_found_and_named(
    tamper: Tampering, kind: str, owner_connection: Any
) -> None:
    events = _sealed()
    owner_connection.execute("ALTER TABLE audit_event DISABLE TRIGGER USER")
    owner_connection.execute("ALTER TABLE audit_link DISABLE TRIGGER USER")
    named = tamper(owner_connection, events)
    verdict = chain.verify()
    assert not verdict.intact
    assert kind in {found.kind for found in verdict.breaks}
    if named is not None:
        assert str(named) in {found.event_id for found in verdict.breaks}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_link")
        assert cursor.fetchone()[0]


def test_after_a_restore_numbers_go_on_above_those_in_use(owner_connection: Any) -> None:
    _sealed()
    # As in a backup from a server that had counted much further.
    owner_connection.execute("ALTER TABLE audit_event DISABLE TRIGGER USER")
    owner_connection.execute("ALTER TABLE audit_link DISABLE TRIGGER USER")
    owner_connection.execute("UPDATE audit_event SET xid = xid + 5000000")
    owner_connection.execute("UPDATE audit_link SET xid = xid + 5000000")
    assert raise_epoch(owner_connection) > 0
    cast.encounter(cast.teodora(), at=AT)
    _seal_all()
    verdict = chain.verify()
    assert verdict.intact
    assert verdict.unlinked == 0
