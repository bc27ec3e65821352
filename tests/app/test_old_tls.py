"""What a server makes of old TLS: refused, taken, or not to be known, and never one for another."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from oslonac.config.health import old_tls, outside
from oslonac.config.health.old_tls import Verdict
from tests.app.test_outside import certificate as certificate
from tests.app.test_outside import looked_at, served

ALERT = b"\x15\x03\x01\x00\x02"


@contextmanager
def saying(*words: bytes | None) -> Iterator[int]:
    """A server that takes one message and says this to each who comes; None: says nothing."""
    server = socket.create_server(("localhost", 0))

    def answer() -> None:
        for word in words:
            raw, _ = server.accept()
            with raw:
                raw.recv(4096)
                if word is None:
                    threading.Event().wait(1.5)
                else:
                    raw.sendall(word)

    threading.Thread(target=answer, daemon=True).start()
    try:
        yield server.getsockname()[1]
    finally:
        server.close()


@pytest.mark.parametrize(
    ("word", "verdict"),
    [
        (ALERT + b"\x02\x46", Verdict.REFUSES),  # protocol_version
        (ALERT + b"\x02\x28", Verdict.REFUSES),  # handshake_failure
        (b"", Verdict.REFUSES),  # it hangs up
        (b"\x16\x03\x02\x00\x50\x02\x00", Verdict.ACCEPTS),  # ServerHello
        (ALERT + b"\x01\x70" + b"\x16\x03\x02\x00\x50\x02\x00", Verdict.ACCEPTS),  # a warning first
        (ALERT + b"\x02\x50", Verdict.UNKNOWN),  # internal_error
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", Verdict.UNKNOWN),
        (b"\x16", Verdict.UNKNOWN),
        (None, Verdict.UNKNOWN),  # silence
    ],
)
def test_what_comes_back_is_read_and_nothing_is_guessed(
    word: bytes | None, verdict: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(old_tls, "PATIENCE_SECONDS", 0.5)
    with saying(word) as port:
        found = old_tls.old_versions("localhost", port)
    assert found.verdict is verdict
    assert found.verdict is not Verdict.UNKNOWN or found.why


def test_nobody_there_is_no_refusal() -> None:
    with saying() as port:
        pass
    assert old_tls.old_versions("localhost", port).verdict is Verdict.UNKNOWN


def test_an_openssl_that_cannot_speak_it_is_no_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version, context.maximum_version = (
        ssl.TLSVersion.TLSv1_3,
        ssl.TLSVersion.TLSv1_2,
    )
    assert old_tls.ask("localhost", 1, context).why == "this machine's OpenSSL does not speak it"
    monkeypatch.setattr(old_tls, "WEAK_SUITES", "NOSUCH")
    assert old_tls.weak_suites("localhost", 1).why == "this machine's OpenSSL has none of them"


@pytest.mark.parametrize(
    ("verdict", "level", "words"),
    [
        (Verdict.REFUSES, "ok", "refuses TLS 1.0"),
        (Verdict.ACCEPTS, "error", "takes TLS 1.0"),
        (Verdict.UNKNOWN, "warning", "could not be asked: it is asleep"),
    ],
)
def test_each_is_said_in_its_own_sentence(verdict: Verdict, level: str, words: str) -> None:
    answer = old_tls.Answer(verdict, "it is asleep")
    found = outside._refuses("oslonac.example.org", answer, "tls-old", "TLS 1.0")
    assert found.level == level
    assert words in found.sentence
    assert ("refuses" in found.sentence) is (verdict is Verdict.REFUSES)
    assert bool(found.next_step) is (verdict is not Verdict.REFUSES)


def test_a_server_that_takes_old_tls_is_seen(
    monkeypatch: pytest.MonkeyPatch,
    certificate: Path,
) -> None:
    more: Any = {"oldest": ssl.TLSVersion.TLSv1, "ciphers": "ALL:@SECLEVEL=0"}
    with served(certificate, **more) as port:
        found = looked_at(monkeypatch, port, certificate)
    assert found["tls-old"] == "error"
    with served(certificate) as port:
        assert old_tls.old_versions("localhost", port).verdict is Verdict.REFUSES
        assert old_tls.weak_suites("localhost", port).verdict is Verdict.REFUSES
