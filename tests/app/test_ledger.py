"""The chain: finished events are linked in order, running ones wait, nobody changes any.

Tampering by the owner of the database is in `test_ledger_tampering`.
"""

import time
from datetime import timedelta

import psycopg
import pytest
from django.db import DatabaseError, transaction

from oslonac.audit import chain
from oslonac.audit.epoch import FUNCTIONS, raise_epoch
from oslonac.audit.models import Event, Link
from oslonac.audit.verification import verify
from oslonac.kit.clock import now
from tests import cast

AT = cast.NOON
pytestmark = pytest.mark.django_db(transaction=True)


def _seal_all() -> None:
    """Until nothing waits: a test of another worker may hold the horizon back for a moment."""
    end = time.monotonic() + 600
    while verify().unlinked:
        assert time.monotonic() < end, "something never ends its transaction"
        if not chain.seal_pending():
            time.sleep(0.1)


def _sealed() -> list[Event]:
    ana = cast.ana()
    cast.case(cast.teodora(), ana, at=AT)
    _seal_all()
    assert verify().intact
    return list(Event.objects.order_by("xid", "id"))


def test_events_of_finished_transactions_are_linked_in_order() -> None:
    events = _sealed()
    linked = list(Link.objects.order_by("sequence").values_list("event_id", flat=True))
    assert linked == [event.pk for event in events]
    assert verify().unlinked == 0


def test_an_event_of_a_running_transaction_waits() -> None:
    _sealed()
    with transaction.atomic():
        cast.encounter(cast.teodora(), at=AT)
        waiting = Event.objects.count() - Link.objects.count()
        assert waiting
        chain.seal_pending()
        assert Event.objects.count() - Link.objects.count() == waiting
    _seal_all()
    assert verify().unlinked == 0


def test_the_application_cannot_change_or_remove_an_event() -> None:
    event = _sealed()[0]
    for attempt in (
        lambda: Event.objects.filter(pk=event.pk).update(name="x"),
        lambda: Event.objects.filter(pk=event.pk).delete(),
        lambda: Link.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()


def test_the_gap_is_told_and_bounded() -> None:
    _sealed()
    assert chain.gap() == chain.Gap(0, 0, 0)
    with transaction.atomic():
        cast.encounter(cast.teodora(), at=AT)
        gap = chain.gap()
        assert gap.waiting and gap.level == "ok"
        later = chain.gap(now() + timedelta(seconds=chain.GAP_WORTH_A_LOOK_SECONDS + 5))
        assert later.level == "warning"
        later = chain.gap(now() + timedelta(seconds=chain.GAP_WRONG_SECONDS + 5))
        assert later.level == "error"


def test_after_a_restore_numbers_go_on_above_those_in_use(
    owner_connection: psycopg.Connection,
) -> None:
    # As in a backup from a server that had counted much further.
    owner_connection.execute(FUNCTIONS.format(base=5_000_000))
    _sealed()
    owner_connection.execute(FUNCTIONS.format(base=0))
    assert raise_epoch(owner_connection) > 0
    cast.encounter(cast.teodora(), at=AT)
    _seal_all()
    verdict = verify()
    assert verdict.intact
    assert verdict.unlinked == 0
