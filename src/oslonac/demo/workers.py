"""What a worker process imports first, before Django is set up: nothing here may need models."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Job:
    """One chunk: children `first` to `last` (excluded) of `children`."""

    seed: int
    now: datetime
    children: int
    first: int
    last: int
    language: str


_here: dict[str, Any] = {}


def start(database: dict[str, Any], now: datetime) -> None:
    """Django on the same database, and the same world."""
    import django

    django.setup()
    from django.db import connections

    from oslonac.access import reader
    from oslonac.demo.staff import centre_shares
    from oslonac.demo.world import look_around

    connections.settings["default"].update(database)
    reader.become_system()
    _here["world"], _here["shares_of"] = look_around(now), centre_shares


def run(job: Job) -> int:
    """Play one chunk; how many rows."""
    from django.utils import translation

    from oslonac.demo.mass import play_chunk

    with translation.override(job.language):
        return play_chunk(job, _here["world"], _here["shares_of"](job.children))
