"""Processes connect to the hosts of the list and to nobody else, whoever asks them to."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from oslonac.config import egress, gunicorn_conf
from oslonac.config.egress import Guard

# Addresses for documentation (RFC 5737, RFC 3849): nobody answers there.
ELSEWHERE, LISTED = "192.0.2.1", "198.51.100.7"
TRYING = """
import errno, json, socket, sys
from oslonac.config import egress
egress.install()

def went(address, kind=socket.SOCK_STREAM, send=False):
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family, kind) as tried:
        tried.setblocking(False)
        try:
            tried.sendto(b"x", address) if send else tried.connect(address)
        except egress.NotOnTheList:
            return "refused"
        except OSError:
            return "tried"  # on its way, or no such network here
    return "tried"

def looked_up(name):
    try:
        socket.create_connection((name, 443))
    except egress.NotOnTheList:
        return "refused"

print(json.dumps({
    "elsewhere": went((sys.argv[1], 443)),
    "datagram": went((sys.argv[1], 53), socket.SOCK_DGRAM, send=True),
    "six": went(("2001:db8::1", 443)),
    "mapped": went(("::ffff:" + sys.argv[1], 443)),
    "listed": went((sys.argv[2], 587)),
    "here": went(("127.0.0.1", 9)),
    "unknown name": looked_up("nobody.example"),
}))
"""


def test_a_process_reaches_the_list_and_this_machine_alone() -> None:
    source = Path(egress.__file__).parents[2]
    environment = os.environ | {"PYTHONPATH": str(source), "OSLONAC_MAIL": f"smtp://{LISTED}:587"}
    ran = subprocess.run(
        [sys.executable, "-c", TRYING, ELSEWHERE, LISTED],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert json.loads(ran.stdout) == {
        "elsewhere": "refused",
        "datagram": "refused",
        "six": "refused",
        "mapped": "refused",
        "listed": "tried",
        "here": "tried",
        "unknown name": "refused",
    }
    assert ELSEWHERE not in ran.stderr


def test_an_address_counts_only_when_it_was_looked_up_for_a_name_of_the_list(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    guard = Guard([".push.example", "mail.example"])
    assert guard.names("mail.example") and guard.names("MAIL.example.")
    assert guard.names("a.push.example") and not guard.names("push.example.net")
    assert not guard.names("notmail.example") and not guard.names("xpush.example")
    assert not guard.allows((ELSEWHERE, 443))
    guard.remember([ELSEWHERE])
    assert guard.allows((ELSEWHERE, 443)) and guard.allows((f"::ffff:{ELSEWHERE}", 443, 0, 0))
    moment = egress.time.monotonic() + egress.REMEMBERED_SECONDS + 1
    monkeypatch.setattr(egress.time, "monotonic", lambda: moment)
    assert not guard.allows((ELSEWHERE, 443))
    assert guard.allows("/run/clamav/clamd.ctl") and guard.allows(("::1", 5432, 0, 0))


def test_the_list_is_what_the_environment_names(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OSLONAC_CLAMAV", "OSLONAC_PUSH_SERVICES", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OSLONAC_MAIL", "smtp://u:p@Mail.example.org:587")
    monkeypatch.setenv("OSLONAC_OIDC_SERVER", "https://id.example.org/realm")
    monkeypatch.setenv("OSLONAC_TRANSIT_URL", "https://vault.example.org:8200/v1/transit")
    monkeypatch.setenv("OSLONAC_SYSLOG", "log.example.org:514")
    monkeypatch.setenv("OSLONAC_CONNECT", "keys.example.org, .cdn.example.org")
    assert egress.hosts() == {
        "mail.example.org",
        "id.example.org",
        "vault.example.org",
        "log.example.org",
        "keys.example.org",
        ".cdn.example.org",
        *egress.outgoing.PUSH_SERVICES,
    }
    monkeypatch.setenv("OSLONAC_SYSLOG", "/dev/log")
    assert "log.example.org" not in egress.hosts()


def test_server_and_worker_are_held_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[str] = []
    monkeypatch.setattr(egress, "install", lambda: held.append("x"))
    monkeypatch.setattr("oslonac.matching.index.recipe.warm", lambda: None)
    gunicorn_conf.post_worker_init(None)
    assert held == ["x"]
    from oslonac.access import reader
    from oslonac.config import worker

    monkeypatch.setattr(worker.bootstrap, "setup_django", lambda _role: held.append("django"))
    monkeypatch.setattr(worker.logging.config, "dictConfig", lambda _said: None)

    def never(work: object) -> int:
        work.close()  # type: ignore[attr-defined]
        return 0

    monkeypatch.setattr(worker.asyncio, "run", never)

    monkeypatch.setattr(reader, "become_system", lambda: None)
    worker.main()
    assert held == ["x", "x", "django"], "before anything that could connect is loaded"
