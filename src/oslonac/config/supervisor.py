"""`oslonac up`: starts the product, keeps it running, stops it.

Belongs here: the order of starting and stopping, and watching. Does not belong here:
checks (`health`), what is done to the database (`preparation`), processes (`children`).
"""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType

from oslonac.config import bootstrap, datafolder, health, uplock
from oslonac.config.children import Child
from oslonac.config.health import database
from oslonac.config.postgres import DatabaseStartError, EmbeddedServer

WEB_PATIENCE_SECONDS = 60.0
STOP_PATIENCE_SECONDS = 7.0
WATCH_EVERY_SECONDS = 0.5
SERVER_ERROR = 500


@dataclass(frozen=True)
class Options:
    """What the command line said. `scale` is the number of children in the demo data."""

    host: str
    port: int
    demo: bool
    scale: int


class _Stop(Exception):
    """SIGTERM or SIGINT arrived."""


def up(options: Options) -> int:
    """Run until told to stop. 0 after a clean stop, 1 when it could not start."""
    if problems := health.blocking(options.host, options.port):
        for finding in problems:
            print(f"{finding.sentence} {finding.next_step}", file=sys.stderr)
        return 1
    datafolder.make_folders()
    with uplock.held(options.port) as mine:
        if not mine:
            return _already_running()
        _listen_for_signals()
        try:
            return _run(options)
        except _Stop:
            return 0


def _already_running() -> int:
    other = uplock.holder()
    where = f" (process {other.pid}, port {other.port})" if other else ""
    print(
        f"Oslonac is already running on {datafolder.data_dir()}{where}. Nothing was started. "
        "Stop it first, or choose another data folder with OSLONAC_DATA.",
        file=sys.stderr,
    )
    return 1


def _listen_for_signals() -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        # A second signal must not interrupt the stopping itself.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        raise _Stop

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


def _run(options: Options) -> int:
    server = None if datafolder.is_external() else datafolder.embedded_server()
    children = _children(options)
    try:
        if server is not None:
            server.ensure_running()
        elif (finding := database.reachable("app")).level == "error":
            print(f"{finding.sentence} {finding.next_step}", file=sys.stderr)
            return 1
        bootstrap.ensure_keys()
        line = _prepare(options)
        if line is None:
            return 1
        for child in children:
            if not child.once:
                child.start()
        if not _web_answers(options, children[0]):
            print("The web server did not start; its own words are above.", file=sys.stderr)
            return 1
        print(f"Oslonac is running at {_address(options)}\n{line}\nCtrl-C stops it.", flush=True)
        for child in children:
            if child.once:  # what may follow behind, once people can sign in
                child.start()
        _watch(server, children)
    finally:
        _stop_all(server, children)
    return 0


def _children(options: Options) -> list[Child]:
    environment = {**os.environ, "OSLONAC_DB_ROLE": "app"}
    # What serves people has no use for the owner's password.
    environment.pop("DATABASE_OWNER_URL", None)
    if options.demo:
        environment["OSLONAC_DEMO"] = "1"
        environment["OSLONAC_DEMO_CHILDREN"] = str(options.scale)
    web = ["-m", "gunicorn", "--config", "python:oslonac.config.gunicorn_conf"]
    web += ["--bind", f"{options.host}:{options.port}", "oslonac.config.wsgi:application"]
    children = [
        Child("The web server", web, environment),
        Child("The job worker", ["-m", "oslonac.config.worker"], environment),
    ]
    if options.demo:
        fill = ["-m", "oslonac.config.filling", f"--scale={options.scale}"]
        children.append(Child("Filling the demonstration", fill, environment, once=True))
    return children


def _prepare(options: Options) -> str | None:
    """Run the preparation; returns the line on how to sign in, or None when it failed."""
    command = [sys.executable, "-m", "oslonac.config.preparation", f"--scale={options.scale}"]
    environment = dict(os.environ)
    if options.demo:
        command.append("--demo")
        environment["OSLONAC_DEMO"] = "1"
    with subprocess.Popen(  # noqa: S603 - our own module
        command, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            output, _ = process.communicate()
        except _Stop:
            process.terminate()
            raise
    if process.returncode != 0:
        print("The database could not be prepared; the reason is above.", file=sys.stderr)
        return None
    return output.strip().splitlines()[-1] if output.strip() else ""


def _web_answers(options: Options, web: Child) -> bool:
    host = "127.0.0.1" if options.host in {"0.0.0.0", "::"} else options.host  # noqa: S104
    deadline = time.monotonic() + WEB_PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if web.process is not None and web.process.poll() is not None:
            return False
        try:
            connection = http.client.HTTPConnection(host, options.port, timeout=10)
            connection.request("GET", "/", headers={"Host": f"localhost:{options.port}"})
            status = connection.getresponse().status
            connection.close()
        except OSError:
            time.sleep(0.05)
            continue
        if status >= SERVER_ERROR:
            print(f"The first page answers with error {status}; see above.", file=sys.stderr)
        return True
    return False


def _address(options: Options) -> str:
    return f"http://{options.host}:{options.port}/"


def _watch(server: EmbeddedServer | None, children: list[Child]) -> None:
    while True:
        time.sleep(WATCH_EVERY_SECONDS)
        if server is not None and not server.is_running():
            _say("The database ended; starting it again. What was committed is kept.")
            _patiently(server.ensure_running)
        for child in children:
            if sentence := child.revive():
                _say(sentence)


def _patiently(start: Callable[[], object]) -> None:
    try:
        start()
    except DatabaseStartError as problem:
        # A full disk may be emptied while we watch: stay, and try again.
        _say(str(problem))
        time.sleep(5.0)


def _stop_all(server: EmbeddedServer | None, children: list[Child]) -> None:
    deadline = time.monotonic() + STOP_PATIENCE_SECONDS
    for child in children:
        child.ask_to_end()
    for child in children:
        child.wait_end(deadline)
    if server is not None:
        server.stop()


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
