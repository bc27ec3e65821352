"""Jobs: declared where the worker finds them, asked for inside a transaction, run by themselves."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from oslonac.kit import jobs

ran: list[int] = []


@jobs.job()
def noted(number: int) -> str:
    ran.append(number)
    return "noted"


def _waiting() -> list[dict[str, Any]]:
    from procrastinate.contrib.django.models import ProcrastinateJob

    names = [noted.name]
    return [job.args for job in ProcrastinateJob.objects.filter(task_name__in=names)]


@pytest.mark.django_db
def test_what_an_action_asks_for_is_rolled_back_with_it() -> None:
    with pytest.raises(KeyError), transaction.atomic():
        noted.defer(number=1)
        raise KeyError
    assert _waiting() == []
    noted.defer(number=2)
    assert _waiting() == [{"number": 2}]


def test_a_job_takes_what_it_was_asked_with_and_not_the_minute() -> None:
    noted.func(timestamp=1_700_000_000, number=3)
    assert ran[-1] == 3


def test_jobs_are_named_after_their_package() -> None:
    declared = jobs.declared()
    assert len(declared) == len(set(declared))
    assert all(not name.startswith("oslonac.") for name in declared)


def _until_it_listens(worker: subprocess.Popen[bytes]) -> None:
    """Wait until the process has its own answer to SIGTERM: then it has started."""
    for _each in range(600):
        assert worker.poll() is None
        status = Path(f"/proc/{worker.pid}/status").read_text(encoding="ascii")
        caught = int(status.partition("SigCgt:")[2].split()[0], 16)
        if caught & 1 << (signal.SIGTERM - 1):
            return
        time.sleep(0.1)
    raise AssertionError("the worker did not start within a minute")


def test_the_worker_starts_runs_and_stops(fresh_database: str) -> None:
    from django.db import connection

    settings = connection.settings_dict
    url = (
        f"postgresql://{settings['USER']}:{settings['PASSWORD']}@/{settings['NAME']}"
        f"?host={settings['HOST']}&port={settings['PORT']}"
    )
    environment = {**os.environ, "OSLONAC_DB_ROLE": "app", "DATABASE_URL": url}
    worker = subprocess.Popen([sys.executable, "-m", "oslonac.config.worker"], env=environment)
    try:
        _until_it_listens(worker)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(60) == 0
    finally:
        worker.kill()
