"""What an installation with real people needs beyond a working one: `oslonac doctor --real`.

Looks at the settings, at the machine's clock, and at the address that people open, from outside:
whether it shows a trusted certificate, and where plain http leads. Changes nothing. Which versions
and ciphers of TLS a proxy takes, a scanner made for it says (docs/how-to/proxy.md).
docs/reference/asvs.md is judged for an installation in which nothing of this is amiss.
"""

import ctypes
import http.client
import os
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from oslonac.config import datafolder, outgoing
from oslonac.config.health import libraries
from oslonac.config.health.finding import Finding, error, ok, warning

PATIENCE_SECONDS = 10
_UNSYNCHRONISED = 0x0040  # STA_UNSYNC of adjtimex(2)


def everything() -> list[Finding]:
    """All findings, those of the address that people open last."""
    found = [_https(), _keys_apart(), _key_source(), _breached(), _syslog(), _clock(), _clamav()]
    return [*found, libraries.renewed(), *_address()]


def _https() -> Finding:
    if os.environ.get("OSLONAC_HTTPS") == "1":
        return ok("https", "Served over https only.")
    return error(
        "https",
        "OSLONAC_HTTPS is not set, so cookies and forms may travel in the clear.",
        "Set up a proxy with TLS and set OSLONAC_HTTPS=1 (docs/how-to/proxy.md).",
    )


def _keys_apart() -> Finding:
    keys, data = datafolder.keys_dir().resolve(), datafolder.data_dir().resolve()
    if keys.is_relative_to(data):
        return warning(
            "keys-apart",
            "The keys are in the data folder: anyone who copies it can read everything.",
            "Set OSLONAC_KEYS to a folder on another disk.",
        )
    return ok("keys-apart", "The keys are apart from the data.")


def _key_source() -> Finding:
    if os.environ.get("OSLONAC_KEY_SOURCE", "file") == "file":
        return warning(
            "root-key",
            "The key file is not encrypted: anyone who reads the disk can use it.",
            "Encrypt it with an HSM, a KMS or the environment (docs/how-to/keep-the-keys.md).",
        )
    return ok("root-key", "The key file is encrypted.")


def _breached() -> Finding:
    given = os.environ.get("OSLONAC_BREACHED", "")
    if given and Path(given).is_file() and os.access(given, os.R_OK):
        return ok("breached", "Passwords are looked up in a list of breached ones.")
    why = "cannot be read" if given else "is not set"
    return warning(
        "breached",
        f"OSLONAC_BREACHED {why}, so breached passwords are not looked up.",
        "Keep a file of their SHA-1 hashes, ordered by hash (docs/security/signing-in.md).",
    )


def _syslog() -> Finding:
    from oslonac.config.logs import syslog_address

    if syslog_address() is not None:
        return ok("syslog", "Log lines and refusals also go to the syslog.")
    return warning(
        "syslog",
        "Logs are only on this machine, where an intruder can remove them.",
        "Set OSLONAC_SYSLOG and let the syslog forward them (docs/security/logs.md).",
    )


def _clamav() -> Finding:
    given = os.environ.get("OSLONAC_CLAMAV", "")
    if not given.startswith("/") and not outgoing.is_here(given.rpartition(":")[0] or "localhost"):
        return error(
            "scanner-away",
            "Files go to ClamAV over a network in the clear.",
            "Run clamd on this machine and set OSLONAC_CLAMAV to its socket.",
        )
    return ok("scanner-away", "Files do not leave this machine to be scanned.")


def _clock() -> Finding:
    """Whether the kernel knows that its clock is set by somebody (adjtimex(2))."""
    buffer = ctypes.create_string_buffer(512)  # struct timex, asked with modes = 0: only read
    try:
        ctypes.CDLL(None).adjtimex(buffer)
    except (AttributeError, OSError):
        return warning("clock", "Whether the clock is set by NTP is not known.", "Look yourself.")
    # status: the fifth field after modes, offset, freq, maxerror, esterror (longs are aligned).
    size = ctypes.sizeof(ctypes.c_long)
    at = size * 5
    status = int.from_bytes(buffer.raw[at : at + 4], "little")
    if status & _UNSYNCHRONISED:
        return warning(
            "clock",
            "The kernel says that nobody sets this machine's clock.",
            "Run chrony or systemd-timesyncd; inside a container the machine's own counts.",
        )
    return ok("clock", "The clock is set by NTP.")


def _address() -> Iterator[Finding]:
    given = os.environ.get("OSLONAC_ADDRESS", "").strip()
    parts = urlsplit(given)
    if parts.scheme != "https" or not parts.hostname:
        yield warning(
            "address",
            "OSLONAC_ADDRESS names no https address, so TLS cannot be looked at from outside.",
            "Set it to what people open, as in https://oslonac.example.org.",
        )
        return
    host, port = parts.hostname, parts.port or 443
    try:
        _handshake(host, port, _modern())
    except ssl.SSLCertVerificationError as problem:
        yield error(
            "certificate",
            f"The certificate of {host} is not trusted: {problem.verify_message}.",
            "Get one from a public authority (ACME).",
        )
        return
    except OSError as problem:
        yield error(
            "tls",
            f"{host} does not answer over TLS 1.2 or 1.3 ({problem}).",
            "Compare the proxy with docs/how-to/proxy.md.",
        )
        return
    yield ok("certificate", f"{host} shows a trusted certificate over TLS 1.2 or 1.3.")
    yield _proxy_says_https(host, port)
    yield _plain_http(host)


def _proxy_says_https(host: str, port: int) -> Finding:
    """Whether the server behind the proxy knows that it was asked over https."""
    connection = http.client.HTTPSConnection(
        host, port, timeout=PATIENCE_SECONDS, context=_modern()
    )
    try:
        connection.request("GET", "/account/login/")
        answer = connection.getresponse()
        leads = answer.getheader("Location", "")
    except OSError as problem:
        return error("proxy", f"{host} does not answer ({problem}).", "Look at the proxy's log.")
    finally:
        connection.close()
    if answer.status == 301 and leads.endswith("/account/login/"):
        return error(
            "proxy",
            "Pages lead to themselves: the server does not know that it was asked over https.",
            "Let the proxy set X-Forwarded-Proto, and name its address in OSLONAC_PROXY_ADDRESSES.",
        )
    return ok("proxy", "The proxy tells the server how it was asked.")


def _plain_http(host: str) -> Finding:
    connection = http.client.HTTPConnection(host, 80, timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", "/")
        answer = connection.getresponse()
        leads = answer.getheader("Location", "")
    except OSError:
        return ok("plain-http", f"{host} does not answer over plain http.")
    finally:
        connection.close()
    if 300 <= answer.status < 400 and leads.startswith("https://"):
        return ok("plain-http", f"Plain http of {host} only leads to https.")
    return error(
        "plain-http",
        f"{host} answers over plain http.",
        "Let the proxy redirect everything to https.",
    )


def _modern() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _handshake(host: str, port: int, context: ssl.SSLContext) -> None:
    """Raises OSError (of which SSLError is one) when it does not come about."""
    with (
        socket.create_connection((host, port), PATIENCE_SECONDS) as raw,
        context.wrap_socket(raw, server_hostname=host),
    ):
        return
