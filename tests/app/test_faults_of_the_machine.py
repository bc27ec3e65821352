"""What the machine cannot do is said to be that: a full disk, a database that is away, a network
that keeps the server waiting."""

import errno
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import OperationalError
from django.test import Client

from oslonac.config.health import machine
from oslonac.kit import faults
from oslonac.web import refusals
from tests import cast

pytestmark = pytest.mark.django_db
APP = """
def application(environ, start):
    body = environ["wsgi.input"].read()
    start("200 OK", [("Content-Length", "2")])
    return [b"ok"]
"""


def full() -> Exception:
    return OSError(errno.ENOSPC, "No space left on device")


def refused_by_the_database() -> Exception:
    error = OperationalError("could not extend file")
    error.__cause__ = psycopg.errors.DiskFull("could not extend file")
    return error


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (full(), 507, "disk of the server is full"),
        (refused_by_the_database(), 507, "disk of the server is full"),
        (OperationalError("server closed the connection"), 503, "database does not answer"),
        (ValueError("a mistake of ours"), 500, "try again"),
    ],
)
def test_pages_and_the_api_say_which(
    error: Exception, status: int, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = cast.ana()
    case = cast.case(cast.teodora(), ana, at=cast.NOON)
    client = ana.client()
    client.raise_request_exception = False

    def fails(*args: Any, **more: Any) -> None:
        raise error

    monkeypatch.setattr("oslonac.access.policy.reaches", fails)
    page = client.get(f"/cases/{case.pk}/")
    assert page.status_code == status
    assert words in page.content.decode() and f"support: {status}" in page.content.decode()
    answer = client.get(f"/api/v1/cases/{case.pk}")
    assert answer.status_code == status
    assert answer.json()["status"] == status


def test_a_connection_lost_while_the_disk_is_full_is_the_disk(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lost = OperationalError("server closed the connection unexpectedly")
    assert faults.fault_of(lost) is faults.Fault.NO_DATABASE
    monkeypatch.setattr(faults, "FULL_BYTES", 1 << 60)
    assert faults.fault_of(lost) is faults.Fault.DISK_FULL
    assert faults.fault_of(ValueError("x")) is faults.Fault.OURS
    assert faults.fault_of(None) is faults.Fault.OURS
    assert set(refusals._STATUS_OF) == set(faults.Fault)


def test_the_first_page_of_somebody_unknown_says_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*args: Any, **more: Any) -> None:
        raise full()

    monkeypatch.setattr("oslonac.accounts.session_store.SessionStore.load", fails)
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "x" * 32
    client.cookies["__Host-sessionid"] = "x" * 32
    assert client.get("/cases/").status_code == 507


@pytest.mark.parametrize("host", ["0.0.0.0", "", "192.0.2.7", "::"])  # noqa: S104
def test_a_network_is_served_behind_a_proxy_alone(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OSLONAC_HTTPS", raising=False)
    assert machine.behind_a_proxy(host).level == "error"
    monkeypatch.setenv("OSLONAC_HTTPS", "1")
    assert machine.behind_a_proxy(host).level == "ok"
    monkeypatch.delenv("OSLONAC_HTTPS")
    assert machine.behind_a_proxy("127.0.0.1").level == "ok"
    assert machine.behind_a_proxy("::1").level == "ok"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[int]:
    """The product's worker with an application of two lines: one process, four threads."""
    (tmp_path / "tiny.py").write_text(APP)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--threads", "4", "--log-level", "error"]
    command += ["-k", "oslonac.config.patience.PatientWorker", "-b", f"127.0.0.1:{port}"]
    process = subprocess.Popen([*command, "tiny:application"], cwd=tmp_path)
    try:
        for _each in range(200):
            try:
                asked(port, 5)
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def asked(port: int, seconds: float) -> float:
    """How long a plain request takes; OSError when it is not answered in time."""
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        if not line.recv(100).startswith(b"HTTP/1.1 200"):
            raise OSError("no answer")
    return time.monotonic() - began


def test_connections_that_dribble_their_headers_do_not_stop_the_server(server: int) -> None:
    slow = [socket.create_connection(("127.0.0.1", server)) for _each in range(8)]
    for line in slow:
        line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-a: ")
    began = time.monotonic()
    answered = None
    while answered is None and time.monotonic() - began < 60:
        for line in slow:
            try:
                line.send(b"a")
            except OSError:
                continue
        try:
            answered = asked(server, 1)
        except OSError:
            time.sleep(0.3)
    assert answered is not None
    assert time.monotonic() - began < 40
    for line in slow:
        line.close()


def test_a_slow_body_is_waited_for(server: int) -> None:
    with socket.create_connection(("127.0.0.1", server), timeout=30) as line:
        line.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 13\r\n\r\n")
        for _each in range(13):
            time.sleep(1)
            line.sendall(b"a")
        assert line.recv(100).startswith(b"HTTP/1.1 200")
