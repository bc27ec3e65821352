"""kill -9 of the database or of the web server at any moment loses no answered write, and a
request that is repeated until it is answered makes one record."""

import http.client
import json
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.app.runtime import environment, reachable_folder

READY_SECONDS = 150
KILLS = ("database", "workers", "web")
PAUSE_SECONDS = 3.0


@dataclass
class Session:
    """A signed-in browser without a browser: cookies, form token, JSON."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """(status, answer); raises OSError or HTTPException when nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
            headers["X-CSRFToken"] = self.cookies.get("csrftoken", "")
            payload = None
            if isinstance(body, dict):
                payload, headers["Content-Type"] = json.dumps(body), "application/json"
            connection.request(method, path, payload, headers)
            response = connection.getresponse()
            text = response.read().decode()
            for cookie in response.headers.get_all("Set-Cookie") or []:
                name, value = cookie.split(";")[0].split("=", 1)
                self.cookies[name] = value
        finally:
            connection.close()
        kind = response.headers.get_content_type()
        return response.status, json.loads(text) if kind.endswith("json") else text


@dataclass
class Running:
    process: subprocess.Popen[bytes]
    session: Session

    def children(self, what: str) -> list[psutil.Process]:
        """Processes of the installation, by what they are."""
        family = psutil.Process(self.process.pid).children(recursive=True)
        web = [p for p in family if "gunicorn" in " ".join(p.cmdline())]
        if what == "web":
            return web
        if what == "workers":
            return [p for p in web if p.ppid() in {q.pid for q in web}][:1]
        return [
            p
            for p in psutil.process_iter()
            if p.name().startswith("postgres") and str(self.data) in " ".join(p.cmdline())
        ]

    data: Path = Path()


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with reachable_folder() as data:
        command = [sys.executable, "-m", "oslonac.config.cli", "up", "--demo", "--scale", "5"]
        process = subprocess.Popen(
            [*command, "--port", str(port)],
            env=environment(data),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        session = Session(port)
        try:
            _wait_until_answering(session)
            yield Running(process, session, data)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)


def _wait_until_answering(session: Session) -> None:
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        try:
            status, page = session.send("GET", "/account/login/")
        except (OSError, http.client.HTTPException):
            time.sleep(0.3)
            continue
        assert status == 200
        who = re.search(r'action="(/demo/sign-in/teodora/)"', page)
        assert who, "the cast is not on the sign-in page"
        session.cookies["csrftoken"] = session.cookies.get("csrftoken", "")
        assert session.send("POST", who.group(1))[0] == 302
        return
    pytest.fail("the server did not answer in time")


def _write(session: Session, office: str, answered: dict[str, str], stop: threading.Event) -> None:
    """Record encounters; each is repeated under its key until somebody answers."""
    while not stop.is_set():
        key = uuid.uuid4().hex
        body = {
            "happened_at": datetime.now(UTC).isoformat(),
            "responsible": office,
            "reported_by": "police",
            "present": ["nobody"],
            "narrative": key,
        }
        while key not in answered:
            try:
                status, answer = session.send(
                    "POST", "/api/v1/encounters", body, **{"Idempotency-Key": key}
                )
            except (OSError, http.client.HTTPException):
                time.sleep(0.1)
                continue
            if status in (200, 201):
                answered[key] = answer["id"]
            elif status < 500:
                raise AssertionError((status, answer))
            else:
                time.sleep(0.1)


def test_no_answered_write_is_lost_and_none_is_made_twice(running: Running) -> None:
    status, found = running.session.send("GET", "/api/v1/organisations?kind=csw&q=vranje")
    assert status == 200
    office = found["items"][0]["id"]
    answered: dict[str, str] = {}
    stop = threading.Event()
    writer = threading.Thread(target=_write, args=(running.session, office, answered, stop))
    writer.start()
    chance = random.Random(7)
    for what in KILLS:
        time.sleep(PAUSE_SECONDS * chance.uniform(0.3, 1))
        targets = running.children(what)
        assert targets, what
        for target in targets:
            target.kill()
        before = len(answered)
        end = time.monotonic() + 60
        while len(answered) < before + 3 and time.monotonic() < end:
            time.sleep(0.2)
        assert len(answered) >= before + 3, f"no answer any more after killing the {what}"
    stop.set()
    writer.join(timeout=60)
    assert len(set(answered.values())) == len(answered)
    reader = Session(running.session.port, dict(running.session.cookies))
    texts = [
        reader.send("GET", f"/api/v1/encounters/{each}")[1]["narrative"]
        for each in answered.values()
    ]
    assert sorted(texts) == sorted(answered)
