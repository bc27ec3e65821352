"""Whether a server takes versions or suites of TLS that it should not: asked by a first message.

A handshake that fails says little: our own OpenSSL may be the one that does not speak the old
version, or the network may be gone. So only the first message is sent, and the answer looked at: a
server that takes it says hello (RFC 5246, 7.4.1.3), one that does not says why in an alert (7.2.2)
or hangs up. Everything else is no answer.
"""

import contextlib
import enum
import socket
import ssl
import warnings
from dataclasses import dataclass

PATIENCE_SECONDS = 10
# Suites of TLS 1.2 without forward secrecy or without authenticated encryption, and those with
# finite-field Diffie-Hellman, whose groups servers seldom choose well.
WEAK_SUITES = "kRSA:DHE:AES+CBC:3DES:!aNULL:@SECLEVEL=0"
_ALERT, _HANDSHAKE, _SERVER_HELLO, _WARNING = 21, 22, 2, 1
_MOST_WARNINGS = 4
# Alerts that refuse what was offered, and not something else about the message.
_REFUSING = {40: "handshake_failure", 70: "protocol_version", 71: "insufficient_security"}


class Verdict(enum.Enum):
    REFUSES = "refuses"
    ACCEPTS = "accepts"
    UNKNOWN = "could not be asked"


@dataclass(frozen=True)
class Answer:
    """`why`: a half-sentence in English for whoever looks after the machine; empty if clear."""

    verdict: Verdict
    why: str = ""


def old_versions(host: str, port: int) -> Answer:
    """Whether a server takes TLS 1.0 or 1.1."""
    context = _lenient()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with contextlib.suppress(ssl.SSLError):
        context.set_ciphers("ALL:@SECLEVEL=0")
    return ask(host, port, context)


def weak_suites(host: str, port: int) -> Answer:
    """Whether a server takes one of WEAK_SUITES over TLS 1.2."""
    context = _lenient()
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.set_ciphers(WEAK_SUITES)
    except ssl.SSLError:
        return Answer(Verdict.UNKNOWN, "this machine's OpenSSL has none of them")
    return ask(host, port, context)


def ask(host: str, port: int, context: ssl.SSLContext) -> Answer:
    """Send the first message that this context makes and look at what comes back."""
    hello = _hello(host, context)
    if not hello:
        return Answer(Verdict.UNKNOWN, "this machine's OpenSSL does not speak it")
    try:
        raw = socket.create_connection((host, port), PATIENCE_SECONDS)
    except OSError as problem:
        return Answer(Verdict.UNKNOWN, f"no connection: {problem}")
    with raw:
        try:
            raw.sendall(hello)
            return _read(raw)
        except (ConnectionResetError, BrokenPipeError):
            return Answer(Verdict.REFUSES, "it hung up")
        except OSError as problem:
            return Answer(Verdict.UNKNOWN, f"no answer: {problem}")


def _lenient() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False  # the certificate is looked at elsewhere
    context.verify_mode = ssl.CERT_NONE
    return context


def _hello(host: str, context: ssl.SSLContext) -> bytes:
    """The first message; empty where our own OpenSSL cannot make it."""
    sent = ssl.MemoryBIO()
    try:
        context.wrap_bio(ssl.MemoryBIO(), sent, server_hostname=host).do_handshake()
    except ssl.SSLWantReadError:
        return sent.read()
    except ssl.SSLError:
        return b""
    return b""


def _read(raw: socket.socket) -> Answer:
    for _ in range(_MOST_WARNINGS):
        head = _exactly(raw, 5)
        if not head:
            return Answer(Verdict.REFUSES, "it hung up")
        body = _exactly(raw, min(int.from_bytes(head[3:5], "big"), 2))
        if len(head) < 5 or not body:
            return Answer(Verdict.UNKNOWN, "what it answers is no TLS")
        if head[0] == _HANDSHAKE and body[0] == _SERVER_HELLO:
            return Answer(Verdict.ACCEPTS)
        if head[0] != _ALERT or len(body) < 2:
            return Answer(Verdict.UNKNOWN, "what it answers is no TLS")
        if body[1] in _REFUSING:
            return Answer(Verdict.REFUSES)
        if body[0] != _WARNING:
            return Answer(Verdict.UNKNOWN, f"it ended with alert {body[1]}")
    return Answer(Verdict.UNKNOWN, "it only sends warnings")


def _exactly(raw: socket.socket, size: int) -> bytes:
    """So many bytes, or fewer where the other side ends."""
    got = b""
    while len(got) < size and (part := raw.recv(size - len(got))):
        got += part
    return got
