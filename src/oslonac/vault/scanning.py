"""Looking for malware through ClamAV's daemon, where one is set up.

  OSLONAC_CLAMAV               path of its socket, or host:port
  OSLONAC_CLAMAV_UNREACHABLE   what happens to a file when it does not answer:
                               refuse (default) or quarantine

The daemon's INSTREAM command (clamd(8)): `zINSTREAM` NUL, then each chunk with its length as four
big-endian bytes, a length of zero at the end; one line is answered. The content goes through the
socket only, never into a file.
"""

import socket
import struct
from dataclasses import dataclass
from enum import StrEnum
from typing import IO

from oslonac.vault.streams import CHUNK

PATIENCE_SECONDS = 60


class Verdict(StrEnum):
    CLEAN = "clean"
    FOUND = "found"
    NOT_SCANNED = "not_scanned"  # no scanner is set up
    UNREACHABLE = "unreachable"


@dataclass(frozen=True)
class Scan:
    """`detail`: the name of what was found, or why there was no answer."""

    verdict: Verdict
    detail: str = ""


def scan(content: IO[bytes], address: str | None = None) -> Scan:
    """Send a clear stream to the scanner that settings (or `address`) name."""
    from django.conf import settings

    where = settings.OSLONAC_CLAMAV if address is None else address
    if not where:
        return Scan(Verdict.NOT_SCANNED)
    try:
        with _connected(where) as connection:
            return _ask(connection, content)
    except OSError as problem:
        return Scan(Verdict.UNREACHABLE, type(problem).__name__)


def answers(address: str) -> bool:
    """Whether the daemon is there (its PING command)."""
    try:
        with _connected(address) as connection:
            connection.sendall(b"zPING\0")
            return _line(connection) == "PONG"
    except OSError:
        return False


def _connected(where: str) -> socket.socket:
    if where.startswith("/"):
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.settimeout(PATIENCE_SECONDS)
            connection.connect(where)
        except OSError:
            connection.close()
            raise
        return connection
    host, _, port = where.rpartition(":")
    return socket.create_connection((host or "127.0.0.1", int(port)), PATIENCE_SECONDS)


def _ask(connection: socket.socket, content: IO[bytes]) -> Scan:
    connection.sendall(b"zINSTREAM\0")
    try:
        while chunk := content.read(CHUNK):
            connection.sendall(struct.pack("!I", len(chunk)) + chunk)
        connection.sendall(struct.pack("!I", 0))
    except (BrokenPipeError, ConnectionResetError):
        pass  # it ends early when a file is above its own limit, and says so
    return _judge(_line(connection))


def _line(connection: socket.socket) -> str:
    said = b""
    while b"\0" not in said and len(said) < CHUNK:
        part = connection.recv(4096)
        if not part:
            break
        said += part
    return said.split(b"\0")[0].decode(errors="replace").strip()


def _judge(line: str) -> Scan:
    what = line.removeprefix("stream: ")
    if what == "OK":
        return Scan(Verdict.CLEAN)
    if what.endswith(" FOUND"):
        return Scan(Verdict.FOUND, what.removesuffix(" FOUND")[:80])
    return Scan(Verdict.UNREACHABLE, what[:80] or "no answer")
