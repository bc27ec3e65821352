"""Asking in several processes at once: each walks as one person after another.

A process imports this module before Django is set up: nothing at its top may need models.
"""

import multiprocessing
import os
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Task = tuple[str, str]  # role and relation, or one of these
NOBODY, FOREIGN = ("", "nobody"), ("", "foreign")
_here: dict[str, Any] = {}


def ask_all(walk: Any, tasks: list[Task], kept: Path, workers: int, every: int) -> Iterator[Any]:
    """One `Matrix` for each task, as they come. `kept`: where to lay what the processes share."""
    kept.write_bytes(pickle.dumps((walk.world, walk.sending.made, walk.description, every)))
    context = multiprocessing.get_context("spawn")
    with context.Pool(workers, initializer=_start, initargs=(str(kept),)) as pool:
        yield from pool.imap_unordered(_run, tasks)


def default_workers() -> int:
    return max(1, os.cpu_count() or 1)


def _start(kept: str) -> None:
    """Django on the same database as the application, quiet, with the sight of the system."""
    import logging

    import django

    django.setup()
    logging.disable(logging.ERROR)  # refusals are what is asked for; failures are counted
    from oslonac.access import reader
    from tools.access_matrix.expected import load
    from tools.access_matrix.matrix import Walk

    reader.become_system()
    world, made, description, every = pickle.loads(Path(kept).read_bytes())  # noqa: S301 - our own
    walk = Walk(world, load(), description)
    walk.sending.made = made
    _here["walk"], _here["every"] = walk, every


def _run(task: Task) -> Any:
    from oslonac.access.roles import Role
    from tools.access_matrix import foreign
    from tools.access_matrix.asking import papers_as_text
    from tools.access_matrix.matrix import Matrix
    from tools.access_matrix.relations import Relation

    found = Matrix()
    walk: Any = _here["walk"]
    with papers_as_text():
        if task == NOBODY:
            walk.ask_as_nobody(found)
        elif task == FOREIGN:
            foreign.ask(walk, found)
        else:
            walk.ask_as(Role(task[0]), Relation(task[1]), found, _here["every"])
    return found
