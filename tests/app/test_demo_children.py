"""What the demonstration is made of: children by seed, staff by centre, lives over the years."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.db import transaction

from oslonac import demo
from oslonac.access.actor import SYSTEM
from oslonac.accounts.actions import make_user
from oslonac.accounts.models import User
from oslonac.audit.models import Event
from oslonac.cases.models import Case
from oslonac.demo import mass, staff
from oslonac.demo.ids import seeded
from oslonac.demo.world import World
from oslonac.people.models import PersonName
from oslonac.protocols.models import Obligation, State
from tests.app.demo_stage import NOW, staffed_world

pytestmark = pytest.mark.django_db
LONGEST_LATE = timedelta(days=60)


@pytest.fixture
def world(db: None) -> World:
    return staffed_world()


class _Undo(Exception):
    pass


def _fill_and_undo(world: World, seed: int) -> tuple[set[Any], set[Any]]:
    try:
        with transaction.atomic():
            mass.fill(world=world, children=25, seed=seed, processes=1)
            found = (
                set(Case.objects.values_list("pk", flat=True)),
                set(PersonName.objects.values_list("pk", "script", "written_at")),
            )
            raise _Undo
    except _Undo:
        return found


def test_the_same_seed_gives_the_same_children_and_ids(world: World) -> None:
    first = _fill_and_undo(world, 3)
    assert first == _fill_and_undo(world, 3)
    assert first != _fill_and_undo(world, 4)
    assert len(first[0]) > 10


def test_ids_of_a_seed_sort_as_they_were_made() -> None:
    from oslonac.kit.ids import uuid7

    with seeded("x") as source:
        source.at(NOW)
        made = [uuid7() for _ in range(1_000)]
    assert made == sorted(made)
    assert {each.version for each in made} == {7}
    with seeded("x") as source:
        source.at(NOW)
        assert made[0] == uuid7()
    assert uuid7() != uuid7()


def test_real_users_are_left_alone(db: None) -> None:
    make_user(actor=SYSTEM, at=NOW, login="real", name="Somebody Real")
    assert demo.build(children=10, seed=5).rows == 0
    assert not User.objects.filter(is_demo=True).exists()


def test_over_the_years_no_life_leaves_work_lying(world: World) -> None:
    """More stories than a build of the tests has, re-opened ones among them."""
    mass.fill(world=world, children=300, seed=2, processes=1)
    open_ = Obligation.objects.filter(state=State.OPEN)
    by_law = open_.filter(verified=True)
    assert not by_law.filter(due_at__lt=NOW - LONGEST_LATE).exists()
    own_dates = open_.filter(activity__in=("do_activity", "keep_promise"))
    assert not own_dates.filter(due_at__lt=NOW - timedelta(days=40)).exists()
    assert 0 < by_law.filter(due_at__lt=NOW).count() < by_law.count() / 10
    assert Event.objects.filter(name="case.reopened").exists()


def test_at_scale_every_centre_takes_part(world: World) -> None:
    shares = staff.centre_shares(150_000)
    assert len(shares) > len(staff.centre_shares(2_000)) == 20
    assert Random(1).choices(list(shares), list(shares.values()))
