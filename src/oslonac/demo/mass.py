"""Thousands of lives: in chunks, each one transaction, on as many processors as there are.

A chunk depends on the seed and its number only, so the result does not depend on how many
workers there are, and a build that was interrupted goes on with the chunks that are missing.
"""

import os
import random
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import datetime, timedelta
from multiprocessing import get_context
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import connection, connections, transaction
from django.utils.translation import get_language

from oslonac.demo import lives, workers
from oslonac.demo.ids import seeded
from oslonac.demo.staff import centre_shares
from oslonac.demo.workers import Job
from oslonac.demo.world import World
from oslonac.demo.writing.by_rows import ByRows
from oslonac.demo.writing.copying import Batch

CHUNK = 250
WORTH_WORKERS = 3_000
HISTORY_DAYS = 1_100


def fill(*, world: World, children: int, seed: int, processes: int | None) -> int:
    """Play all lives that are not there yet; how many rows were written."""
    language = get_language() or "en"
    jobs = [
        Job(seed, world.now, children, first, min(first + CHUNK, children), language)
        for first in range(0, children, CHUNK)
    ]
    jobs = [job for job in jobs if not is_done(f"chunk:{job.first}:{job.last}")]
    count = processes or (os.cpu_count() or 1 if children >= WORTH_WORKERS else 1)
    shares = centre_shares(children)
    if count < 2 or len(jobs) < 2:
        return _told((play_chunk(job, world, shares) for job in jobs), jobs)
    settings = dict(connections.settings["default"])
    connections.close_all()
    with ProcessPoolExecutor(
        count,
        mp_context=get_context("spawn"),
        initializer=workers.start,
        initargs=(settings, world.now),
    ) as pool:
        running = [pool.submit(workers.run, job) for job in jobs]
        return _told((future.result() for future in as_completed(running)), jobs)


def _told(results: Iterator[int], jobs: list[Job]) -> int:
    """Add up, and say on stderr how far it is when it takes long."""
    rows = 0
    every = max(1, len(jobs) // 20)
    for number, result in enumerate(results, start=1):
        rows += result
        if len(jobs) > 1 and number % every == 0:
            share = 100 * number // len(jobs)
            print(f"  invented children: {share} %", file=sys.stderr, flush=True)
    return rows


def play_chunk(job: Job, world: World, shares: dict[str, int]) -> int:
    """Play one chunk and copy its rows, all or nothing."""
    rng = random.Random(f"{job.seed}:{job.first}")  # noqa: S311 - repeatable on purpose
    with seeded(f"{job.seed}:{job.first}") as ids, transaction.atomic():
        stage = ByRows(ids, Batch(), _numbers(job.last - job.first))
        codes, weights = list(shares), list(shares.values())
        for index in range(job.first, job.last):
            where = rng.choices(codes, weights)[0]
            lives.play(stage, world, rng, _arrival(job, index, rng), where)
        rows = stage.copy()
        ids.at(job.now)
        mark_done(f"chunk:{job.first}:{job.last}", job.now)
    return rows


def _arrival(job: Job, index: int, rng: random.Random) -> datetime:
    """Later children came later; the closer to today, the more of them."""
    days = HISTORY_DAYS * (1 - (index + rng.random()) / job.children) ** 1.8
    night = rng.choice((0, 1, 2, 3, 5, 8, 11, 14, 17, 20, 22, 23))
    day = job.now - timedelta(days=days)
    met = day.replace(hour=night, minute=rng.randrange(60), second=rng.randrange(60))
    return min(met, job.now - timedelta(hours=1))


def _numbers(count: int) -> Iterator[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_number') FROM generate_series(1, %s)", [count])
        return iter([row[0] for row in cursor.fetchall()])


def progress(children: int) -> int:
    """How many of every hundred invented children are there; 100 when the build is through."""
    from oslonac.audit.models import Event

    names = [f"chunk:{first}:{min(first + CHUNK, children)}" for first in range(0, children, CHUNK)]
    marks = {mark("all"): 0, **{mark(name): 1 for name in names}}
    rows = Event.objects.filter(record_id__in=list(marks), name="demo.built")
    found = set(rows.values_list("record_id", flat=True))
    if mark("all") in found or not names:
        return 100
    return min(99, 100 * len(found) // len(names))


def mark(name: str) -> UUID:
    """Under which record id the ledger keeps that a part of the demonstration was built."""
    return uuid5(NAMESPACE_URL, f"oslonac:demo:{name}")


def is_done(name: str) -> bool:
    from oslonac.audit.models import Event

    return Event.objects.filter(record_id=mark(name)).exists()


def mark_done(name: str, at: datetime, **data: Any) -> None:
    """Say in the ledger that a part was built; the ledger is the only memory this needs."""
    from oslonac.access.actor import SYSTEM
    from oslonac.audit.actions import record
    from oslonac.demo import events  # noqa: F401 - declares; tests do not install this room

    record("demo.built", actor=SYSTEM, at=at, kind="demo", record_id=mark(name), data=data)
