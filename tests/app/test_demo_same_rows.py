"""A child written in bulk leaves the very rows that the real actions leave."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from random import Random
from typing import Any

import pytest
from django.db import transaction

from oslonac.audit.actions import mac_of
from oslonac.audit.models import Event
from oslonac.cases import queries
from oslonac.cases.models import Case
from oslonac.country import country
from oslonac.demo import lives
from oslonac.demo.ids import seeded
from oslonac.demo.world import World
from oslonac.demo.writing import ByActions, ByRows
from oslonac.demo.writing.copying import Batch
from oslonac.protocols import editions, projection, rising
from oslonac.protocols.models import Obligation
from tests.app.demo_stage import NOW, ids_there, rows_since, staffed_world

pytestmark = pytest.mark.django_db
# Of the last two both are re-opened; the last is transferred afterwards.
SEEDS = (*range(14), 66, 1931)


@pytest.fixture
def world(db: None) -> World:
    return staffed_world()


class _Undo(Exception):
    pass


def _lives(stage: Any, world: World, seeds: Any = SEEDS) -> None:
    for seed in seeds:
        rng = Random(seed)
        arrival = NOW - timedelta(days=(seed * 53) % 700, hours=2)
        lives.play(stage, world, rng, arrival, "csw-vranje" if seed % 3 else "csw-beograd")


def _in_order(names: list[str], first: str, then: str) -> bool:
    return first in names and then in names[names.index(first) :]


def test_bulk_and_actions_leave_the_same_rows(world: World) -> None:
    before = ids_there()
    by_actions: dict[str, Any] = {}
    try:
        with transaction.atomic(), seeded("a") as ids:
            _lives(ByActions(ids), world)
            by_actions = rows_since(before)
            raise _Undo
    except _Undo:
        pass
    with seeded("b") as ids:
        stage = ByRows(ids, Batch(), count(1))
        _lives(stage, world)
        told = [
            [event.name for event in sorted(events, key=lambda event: (event.at, event.id))]
            for events in stage.events.values()
        ]
        stage.copy()
    assert any(_in_order(names, "case.reopened", "transfer.answered") for names in told)
    assert any(names.count("placement.made") > 2 and "case.reopened" not in names for names in told)
    by_rows = rows_since(before)
    assert set(by_actions) == set(by_rows)
    for name, rows in by_actions.items():
        missing, extra = rows - by_rows[name], by_rows[name] - rows
        assert (missing, extra) == ({}, {}), f"{name} differs"
    assert sum(sum(rows.values()) for rows in by_rows.values()) > 500


@pytest.fixture
def bulk(world: World) -> Iterator[World]:
    with seeded("c") as ids:
        stage = ByRows(ids, Batch(), count(1))
        _lives(stage, world, range(30))
        stage.copy()
    yield world


def test_replaying_a_bulk_made_case_gives_its_obligations(bulk: World) -> None:
    for case in Case.objects.all():
        procedure = editions.procedure_of(case.procedures_id)
        duties = procedure(queries.told_of(case), queries.facts_of(case), country().calendar)
        stored = {row.key: row for row in Obligation.objects.filter(case_id=case.pk)}
        assert set(stored) == {duty.key for duty in duties}
        for duty in duties:
            for name, value in projection.columns(duty, rising.everywhere()).items():
                assert getattr(stored[duty.key], name) == value, (duty.key, name)


def test_the_ledger_takes_bulk_made_events_as_its_own(bulk: World) -> None:
    events = list(Event.objects.all())
    assert len(events) > 500
    assert all(bytes(event.mac) == mac_of(event) for event in events)
