"""What runs on a cluster right now, read from the process table and postmaster.pid.

Belongs here: telling a living server from a stale file, and clearing up after a killed
one. Does not belong here: deciding when (`server`).
"""

import contextlib
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from oslonac.config.postgres.errors import DatabaseStartError

# Orphans notice the death of their postmaster by themselves unless they are in the middle
# of a statement; past this they are ended.
ORPHAN_PATIENCE_SECONDS = 2.0


@dataclass(frozen=True)
class Postmaster:
    """A living server on a cluster."""

    pid: int
    ready: bool
    socket_dir: Path


def running(cluster: Path) -> Postmaster | None:
    """The living server of `cluster`, or None. A pid taken over by a stranger is None."""
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
        pid = abs(int(lines[0]))
    except (OSError, ValueError, IndexError):
        return None
    if not _works_in(pid, cluster):
        return None
    lines += [""] * 8
    return Postmaster(pid, ready=lines[7].strip() == "ready", socket_dir=Path(lines[4].strip()))


def alive(pid: int) -> bool:
    """Whether a process runs (one that ended but was not collected yet does not)."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_gone(pid: int, seconds: float) -> bool:
    """Wait until process `pid` has ended; False when it outlived `seconds`."""
    deadline = time.monotonic() + seconds
    while alive(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def clear_after_kill(cluster: Path) -> None:
    """Make a cluster startable whose postmaster was killed. Loses no committed row.

    Every PostgreSQL process has its cluster as working folder, whatever became of its
    parent. While one lives, the shared memory is in use and a second server must not
    start; when none lives, a postmaster.pid is stale, even where its number was given to
    a stranger since (PostgreSQL itself would refuse to start then).
    Raises `DatabaseStartError` when an orphan will not end.
    """
    if not (cluster / "postmaster.pid").exists():
        return
    _end_orphans(cluster)
    with contextlib.suppress(FileNotFoundError):
        (cluster / "postmaster.pid").unlink()


def _end_orphans(cluster: Path) -> None:
    deadline = time.monotonic() + ORPHAN_PATIENCE_SECONDS
    while orphans := _processes_in(cluster):
        late = time.monotonic() - deadline
        if late > 5.0:
            raise DatabaseStartError(
                f"Processes {orphans} of a killed database still hold {cluster} and cannot be "
                "ended. Nothing was changed. Restart the machine, then try again."
            )
        if late > 0:
            for pid in orphans:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGQUIT if late < 1.0 else signal.SIGKILL)
        time.sleep(0.05)


def _processes_in(cluster: Path) -> list[int]:
    return [pid for pid in psutil.pids() if _works_in(pid, cluster)]


def _works_in(pid: int, cluster: Path) -> bool:
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE or process.cwd() != str(cluster):
            return False
        # A person's shell may stand in the same folder; its name tells it apart.
        return process.name().startswith("postgres")
    except psutil.Error:
        return False
