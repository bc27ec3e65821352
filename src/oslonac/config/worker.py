"""The job worker: procrastinate's jobs, and the seal that follows the event ledger.

Belongs here: running jobs in one process beside the web server. Does not belong here:
any job; those stand in `jobs.py` of their package. To add one, write a function there and
decorate it: `@job(cron="*/5 * * * *")` runs it by itself, `@job()` when an action calls
`.defer(…)`; `oslonac.kit.jobs` says the rest. Runs as `python -m oslonac.config.worker`
until SIGTERM or SIGINT, with the rights of the application role.
"""

import asyncio
import importlib
import logging
import logging.config
import signal
import sys
from collections.abc import Callable
from typing import Any

from oslonac.config import bootstrap, egress, logs

log = logging.getLogger("oslonac.worker")

SEAL_EVERY_SECONDS = 1.0
# A seal that fails is tried again more and more rarely; events wait unsealed, unharmed.
LONGEST_PAUSE_SECONDS = 60.0
JOB_PATIENCE_SECONDS = 6.0
CONCURRENT_JOBS = 2


def main() -> int:
    """Work until told to stop."""
    logging.config.dictConfig(logs.configuration())
    egress.install()
    bootstrap.setup_django("app")
    from oslonac.access import reader

    reader.become_system()  # its threads inherit it
    return asyncio.run(_work())


async def _work() -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stop.set)
    tasks: list[asyncio.Task[Any]] = [asyncio.create_task(stop.wait())]
    if (seal := _sealer()) is not None:
        tasks.append(asyncio.create_task(_seal_forever(seal, stop)))
    if (jobs := _jobs()) is not None:
        tasks.append(asyncio.create_task(_run_jobs(jobs)))
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    failed = [task for task in done if task.exception() is not None]
    for task in failed:
        log.error("The worker stops: %s", task.exception())
    stop.set()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return 1 if failed else 0


def _sealer() -> Callable[[], Any] | None:
    from django.apps import apps

    if not apps.is_installed("oslonac.audit"):
        return None
    keeper: Callable[[], Any] = importlib.import_module("oslonac.audit.keeping").Keeper().keep
    return keeper


async def _seal_forever(seal: Callable[[], Any], stop: asyncio.Event) -> None:
    pause = SEAL_EVERY_SECONDS
    while not stop.is_set():
        try:
            await asyncio.to_thread(_seal_once, seal)
            pause = SEAL_EVERY_SECONDS
        except Exception:
            log.exception("The event ledger could not be sealed; trying again in %.0f s", pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
        await asyncio.sleep(pause)


def _seal_once(seal: Callable[[], Any]) -> None:
    from django.db import close_old_connections

    close_old_connections()
    try:
        seal()
    finally:
        close_old_connections()


def _jobs() -> Any | None:
    """Procrastinate's application when any package declared a job."""
    from procrastinate.contrib.django import app

    from oslonac.kit.jobs import declared

    return app if declared() else None


async def _run_jobs(app: Any) -> None:
    working = app.with_connector(app.connector.get_worker_connector())
    opening = asyncio.ensure_future(_opened(working))
    try:
        # Told to stop meanwhile, the pool is let come up and then closed: its own tasks take being
        # cancelled for a connection that failed, and would try for ever.
        await asyncio.shield(opening)
        await working.run_worker_async(
            concurrency=CONCURRENT_JOBS,
            install_signal_handlers=False,
            shutdown_graceful_timeout=JOB_PATIENCE_SECONDS,
            # What failed stays for whoever looks into it; the rest would only pile up.
            delete_jobs="successful",
        )
    finally:
        await asyncio.wait({opening}, timeout=JOB_PATIENCE_SECONDS)
        await working.close_async()


async def _opened(working: Any) -> None:
    await working.open_async()


if __name__ == "__main__":
    # Under its own name: tasks are told apart by the module they stand in.
    from oslonac.config import worker

    sys.exit(worker.main())
