"""Work that runs by itself in the worker process: at certain times, or after an action.

Belongs here: the one way to declare a job. Does not: any job; those stand in `jobs.py` of their
package, which the worker finds by that name.

    # src/oslonac/<package>/jobs.py
    from oslonac.kit.jobs import job

    @job(cron="*/5 * * * *")          # minute, hour, day, month, weekday; UTC
    def what_time_made_due() -> str:
        ...                           # opens its own transactions; acts as access.actor.SYSTEM
        return "12 cases"             # optional, a line for the log

    @job(retries=5)
    def deliver(notice_id: str) -> None: ...

    deliver.defer(notice_id=str(notice.pk))   # inside a transaction: runs after its commit

Arguments are JSON values: ids as text. A job may be started twice for the same thing (a worker
that died is started again), so it must be harmless to repeat. A job with a cron never runs beside
itself. Jobs are rows of PostgreSQL (procrastinate): they survive a restart, and what an action
defers is rolled back with it. Arguments are stored in the clear: no personal data in them.
"""

import functools
import logging
from collections.abc import Callable
from typing import Any

log = logging.getLogger("oslonac.jobs")


def job(*, cron: str = "", retries: int = 0, lock: str = "") -> Callable[[Callable[..., Any]], Any]:
    """Make a function a job of the worker. Returns the task; `.defer(**arguments)` asks for a run.

    `cron`: also runs by itself at these minutes. `retries`: how often a run that raised is tried
    again, each time after a longer pause. `lock`: jobs with the same lock run one after another.
    """

    def wrap(function: Callable[..., Any]) -> Any:
        from procrastinate import RetryStrategy
        from procrastinate.contrib.django import app

        package = function.__module__.removeprefix("oslonac.").removesuffix(".jobs")
        name = f"{package}.{function.__name__}"

        @functools.wraps(function)
        def run(timestamp: int | None = None, **arguments: Any) -> None:
            # Procrastinate says for which minute a periodic run was meant; ours ask the clock.
            found = function(**arguments)
            if found is not None:
                log.info("%s: %s", name, found)

        task = app.task(
            name=name,
            lock=lock or (name if cron else None),
            # A run that still waits is enough: the next one would do the same.
            queueing_lock=name if cron else None,
            retry=RetryStrategy(max_attempts=retries, exponential_wait=4) if retries else False,
        )(run)
        return app.periodic(cron=cron)(task) if cron else task

    return wrap


def declared() -> list[str]:
    """Names of all jobs that packages declared, for checks and the reference."""
    from procrastinate.contrib.django import app

    return sorted(name for name in app.tasks if not name.startswith(("builtin:", "procrastinate.")))
