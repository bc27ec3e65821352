"""Starting, sharing, stopping and recovering the embedded server.

Belongs here: `EmbeddedServer`, the only way in. Does not belong here: how a cluster is
made (`cluster`), who may do what in it (`roles`), how processes are found (`processes`).

Many processes of one data folder share one server. Each holds a shared lock while it
needs it, and whoever lets go last stops the server; the kernel lets go for a process
that was killed, so no counter can go wrong.
"""

import contextlib
import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

import psycopg
from psycopg.conninfo import make_conninfo

from oslonac.config.postgres import account, binaries, cluster, layout, processes, roles
from oslonac.config.postgres.errors import DatabaseStartError

Role = Literal["app", "owner", "superuser"]
ROLES = {"app": layout.APP_ROLE, "owner": layout.OWNER_ROLE, "superuser": layout.SUPERUSER}

# Replaying the log after a crash may take long; a server that is alive is waited for.
START_PATIENCE_SECONDS = 120.0
STOP_PATIENCE_SECONDS = 8.0
ATTEMPTS = 3
LOG_LIMIT_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True)
class ConnectionInfo:
    """Where the running server is reached. `started` tells whether this call started it."""

    host: Path
    port: int
    database: str
    pid: int
    started: bool


class _Vanished(Exception):
    """The server we found died before it let us in."""


class EmbeddedServer:
    """The PostgreSQL server of one data folder."""

    def __init__(self, data_dir: Path) -> None:
        self.layout = layout.Layout(Path(data_dir).resolve())
        self._users: IO[bytes] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def ensure_running(self) -> ConnectionInfo:
        """Make the cluster if there is none, start the server if it is down, and share it.

        Safe to call again at any time, also after the server was killed: what was
        committed is there. Raises `DatabaseStartError` with a sentence for the operator.
        """
        self._make_folders()
        with self._exclusively():
            self._hold()
            try:
                return self._ensure_locked()
            except BaseException:
                self._let_go()
                raise

    def is_running(self) -> bool:
        """Whether the server is up and takes connections, by whomever it was started."""
        found = processes.running(self.layout.cluster)
        return found is not None and found.ready

    def is_made(self) -> bool:
        """Whether a cluster exists at all."""
        return (self.layout.cluster / "PG_VERSION").exists()

    def stop(self) -> bool:
        """Let go of the server and stop it when nobody else needs it. True when it is down.

        Fast: open transactions are rolled back, what was committed is on disk.
        """
        if not self.layout.start_lock.parent.is_dir():
            return True
        with self._exclusively():
            self._let_go()
            if not self._nobody_needs_it():
                return False
            found = processes.running(self.layout.cluster)
            return found is None or self._stop_process(found.pid)

    def dsn(self, role: Role = "app", database: str = layout.DATABASE) -> str:
        """The libpq connection string of a role, correct whether or not the server is up."""
        host = self.layout.socket_dir()
        return make_conninfo(host=str(host), port=layout.PORT, user=ROLES[role], dbname=database)

    def programs(self) -> binaries.Binaries:
        """PostgreSQL's programs that fit this cluster (for pg_dump and pg_restore)."""
        return binaries.for_cluster(self.layout.cluster)

    def _ensure_locked(self) -> ConnectionInfo:
        # A server killed a moment ago still looks alive; then the next round starts it anew.
        for _ in range(ATTEMPTS):
            started = processes.running(self.layout.cluster) is None
            if started:
                self._start()
            try:
                pid = self._wait_ready(started=started)
                self._prepare_roles(pid)
            except _Vanished:
                time.sleep(0.1)
                continue
            host = self.layout.socket_dir()
            return ConnectionInfo(host, layout.PORT, layout.DATABASE, pid, started=started)
        raise DatabaseStartError(self._why_not_started())

    def _start(self) -> None:
        owner = account.choose(self.layout.home)
        layout.make_home(self.layout, owner)
        chosen = binaries.for_cluster(self.layout.cluster)
        programs = binaries.readable_for(owner, chosen)
        if not self.is_made():
            cluster.make(self.layout.cluster, programs, owner)
        processes.clear_after_kill(self.layout.cluster)
        socket_dir = self.layout.socket_dir()
        layout.make_private(socket_dir, owner)
        for stale in socket_dir.glob(".s.PGSQL.*"):
            stale.unlink(missing_ok=True)
        cluster.configure(self.layout.cluster, socket_dir, owner)
        with self._log() as log:
            # A session of its own: Ctrl-C in the terminal must reach us, not the server.
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                [programs.program("postgres"), "-D", self.layout.cluster],
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
                **owner.popen_options(),
            )

    def _wait_ready(self, *, started: bool) -> int:
        deadline = time.monotonic() + START_PATIENCE_SECONDS
        while time.monotonic() < deadline:
            found = processes.running(self.layout.cluster)
            if found is not None and found.ready:
                return found.pid
            if found is None and not started:
                raise _Vanished
            if started and self._process is not None and self._process.poll() is not None:
                raise DatabaseStartError(self._why_not_started())
            time.sleep(0.01)
        raise DatabaseStartError(
            f"The database did not become ready within {START_PATIENCE_SECONDS:.0f} seconds. Your "
            f"data is untouched. Read the end of {self.layout.log}."
        )

    def _why_not_started(self) -> str:
        tail = self.layout.log.read_text(errors="replace").splitlines()[-5:]
        return (
            "The database did not start; your data is untouched. The last lines of "
            f"{self.layout.log} say why:\n  " + "\n  ".join(tail)
        )

    def _prepare_roles(self, pid: int) -> None:
        superuser = self.dsn("superuser", "postgres")
        try:
            with psycopg.connect(superuser, autocommit=True, connect_timeout=10) as connection:
                roles.prepare_server(connection)
            with psycopg.connect(self.dsn("superuser"), autocommit=True) as connection:
                roles.close_large_objects(connection)
            with psycopg.connect(self.dsn("owner"), autocommit=True) as connection:
                roles.open_future_tables(connection)
                roles.close_doors(connection)
        except psycopg.OperationalError as error:
            if processes.wait_gone(pid, 1.0):
                raise _Vanished from error
            raise DatabaseStartError(
                f"The database is up but does not let us in: {error}. If it was started by "
                "another system user, run the command as that user."
            ) from error

    def _stop_process(self, pid: int) -> bool:
        for sign in (signal.SIGINT, signal.SIGQUIT):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, sign)
            if self._wait_gone(pid):
                return True
        return False

    def _wait_gone(self, pid: int) -> bool:
        gone = processes.wait_gone(pid, STOP_PATIENCE_SECONDS)
        if self._process is not None:
            self._process.poll()  # collects it when it is our own child
        return gone

    def _make_folders(self) -> None:
        try:
            for folder in (self.layout.log.parent, self.layout.start_lock.parent):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseStartError(
                f"The data folder {self.layout.data_dir} cannot be written: {error.strerror}. "
                "Nothing was started. Correct its owner, or choose another with OSLONAC_DATA."
            ) from error

    def _log(self) -> IO[bytes]:
        log = self.layout.log
        if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES:
            log.replace(log.with_suffix(".log.1"))
        return open(log, "ab", opener=lambda path, flags: os.open(path, flags, 0o600))

    @contextlib.contextmanager
    def _exclusively(self) -> Iterator[None]:
        with _open_lock(self.layout.start_lock) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _hold(self) -> None:
        if self._users is None:
            users = _open_lock(self.layout.users_lock)
            fcntl.flock(users, fcntl.LOCK_SH)
            self._users = users

    def _let_go(self) -> None:
        if self._users is not None:
            self._users.close()
            self._users = None

    def _nobody_needs_it(self) -> bool:
        with _open_lock(self.layout.users_lock) as users:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True


def _open_lock(path: Path) -> IO[bytes]:
    try:
        return open(path, "ab", opener=lambda name, flags: os.open(name, flags, 0o600))
    except OSError as error:
        raise DatabaseStartError(
            f"The lock file {path} cannot be opened: {error.strerror}. Nothing was started. Run "
            "the command as the user who owns the data folder."
        ) from error
