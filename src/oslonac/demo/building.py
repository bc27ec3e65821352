"""Building everything, in the order in which it depends on each other."""

import random
import time
from dataclasses import dataclass

from django.db import transaction

from oslonac.accounts.models import User
from oslonac.demo import keeping, linking, mass, organisations, reading, staff
from oslonac.demo.ids import seeded
from oslonac.demo.world import World, look_around
from oslonac.kit.clock import now
from oslonac.matching.index.building import keep_if_small


@dataclass(frozen=True)
class Built:
    """What a build did, with seconds by part."""

    rows: int
    seconds: dict[str, float]


def build(
    *, children: int, seed: int, workers: int | None = None, stories_only: bool = False
) -> Built:
    """See `oslonac.demo.build`."""
    seconds: dict[str, float] = {}
    if mass.is_done("all") or _is_real():
        return Built(0, seconds)
    began = time.monotonic()

    def lap(name: str) -> None:
        nonlocal began
        seconds[name], began = time.monotonic() - began, time.monotonic()

    world = _people_and_offices(seed, children)
    lap("staff")
    _tell_scenarios(world, seed)
    lap("scenarios")
    if stories_only:
        return Built(0, seconds)
    rows = mass.fill(world=world, children=children, seed=seed, processes=workers)
    lap("children")
    keep_if_small()  # rows written in bulk told nobody of the names in them
    lap("index")
    reading.tell(world, seed)
    lap("reading")
    keeping.tell(world, seed)
    mass.mark_done("all", now(), children=children)
    linking.link_all()
    lap("ledger")
    return Built(rows, seconds)


def _is_real() -> bool:
    """Invented children must never stand among real ones."""
    return User.objects.filter(is_demo=False).exists()


def _people_and_offices(seed: int, children: int) -> World:
    world = look_around(now())
    if mass.is_done("staff"):
        return world
    with seeded(f"{seed}:staff") as ids, transaction.atomic():
        organisations.make_invented()
        world = look_around(world.now)
        rng = random.Random(f"{seed}:staff")  # noqa: S311 - repeatable on purpose
        world = staff.make_staff(world, ids, rng, children)
        mass.mark_done("staff", world.now)
    return world


def _tell_scenarios(world: World, seed: int) -> None:
    if mass.is_done("scenarios"):
        return
    from oslonac.demo.scenarios import tell_all

    with seeded(f"{seed}:scenarios") as ids, transaction.atomic():
        tell_all(world, ids)
        ids.at(world.now)
        mass.mark_done("scenarios", world.now)
