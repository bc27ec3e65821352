"""The only addresses to which the processes of this installation may connect.

The list is what the environment names (docs/security/connections.md); everything else is refused
in the process itself, before a packet leaves, and noted in the security log. So a library that was
tampered with, or an address that somebody slipped in, reaches nobody. Held by an audit hook of
Python (PEP 578), which nothing in the process can take away again, and by the addresses that were
looked up for the names of the list: whatever connects without having looked up such a name fails.

  OSLONAC_CONNECT   further hosts, separated by commas; a leading dot takes all below

Does not belong here: what C libraries do by themselves (libpq, which connects to the configured
database alone), programs that are started (the HSM's), and a firewall, which holds those too.
"""

import ipaddress
import logging
import os
import socket
import sys
import threading
import time
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from oslonac.config import outgoing

log = logging.getLogger("oslonac.security")
# How long an address stands for a name: as long as a connection may take to be tried again.
REMEMBERED_SECONDS = 3600
_URLS = ("OSLONAC_MAIL", "OSLONAC_OIDC_SERVER", "OSLONAC_TRANSIT_URL", "DATABASE_URL")
_PAIRS = ("OSLONAC_SYSLOG", "OSLONAC_CLAMAV")  # host:port, or the path of a socket
_WATCHED = ("socket.connect", "socket.sendto", "socket.sendmsg")


class NotOnTheList(PermissionError):
    """An address that the list does not hold. An OSError: to callers the host is away."""


def hosts() -> frozenset[str]:
    """Names and addresses that the environment says are connected to, in small letters."""
    found = {urlsplit(os.environ.get(name, "").strip()).hostname or "" for name in _URLS}
    for name in _PAIRS:
        given = os.environ.get(name, "").strip()
        found.add("" if given.startswith("/") else given.rpartition(":")[0].strip("[]").lower())
    more = os.environ.get("OSLONAC_CONNECT", "").split(",")
    return frozenset(
        {*found, *(each.strip().lower() for each in more), *outgoing.push_services()}
    ) - {""}


class Guard:
    """Knows the list, and which addresses were looked up for it. Safe in threads."""

    def __init__(self, listed: Iterable[str]) -> None:
        self._listed = frozenset(listed)
        self._found: dict[str, float] = {}
        self._lock = threading.Lock()

    def names(self, host: object) -> bool:
        """Whether a host is on the list, itself or below one with a leading dot."""
        name = _text(host).lower().rstrip(".")
        return name in self._listed or any(
            each.startswith(".") and name.endswith(each) for each in self._listed
        )

    def remember(self, addresses: Iterable[str]) -> None:
        """These were looked up for a name of the list."""
        until = time.monotonic() + REMEMBERED_SECONDS
        with self._lock:
            self._found = {at: ends for at, ends in self._found.items() if ends > time.monotonic()}
            self._found |= {_plain(each): until for each in addresses}

    def allows(self, address: object) -> bool:
        """Whether a socket may go there: to this machine, to the list, to what was looked up."""
        if not isinstance(address, tuple):  # the path of a UNIX socket
            return True
        host = _plain(str(address[0]))
        try:
            parsed = ipaddress.ip_address(host)
        except ValueError:
            return host == "localhost" or self.names(host)
        if parsed.is_loopback or parsed.is_unspecified:  # to listen on, or this machine
            return True
        with self._lock:
            until = self._found.get(host, 0.0)
        return until > time.monotonic() or self.names(host)


def _text(host: object) -> str:
    return host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)


def _plain(address: str) -> str:
    """Without the zone of a link-local address, and IPv4 as itself."""
    host = address.partition("%")[0]
    try:
        parsed = ipaddress.ip_address(host)
    except ValueError:
        return host.lower()
    mapped = getattr(parsed, "ipv4_mapped", None)
    return str(mapped or parsed)


def install(listed: Iterable[str] | None = None) -> Guard:
    """Hold this process to the list, for as long as it lives."""
    guard = Guard(hosts() if listed is None else listed)
    look_up = socket.getaddrinfo

    def looking_up(host: Any, *arguments: Any, **named: Any) -> Any:
        found = look_up(host, *arguments, **named)
        if host is not None and guard.names(host):
            guard.remember(str(each[4][0]) for each in found)
        return found

    socket.getaddrinfo = looking_up  # create_connection finds it by this name

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _WATCHED:
            allowed = arguments[1] is None or guard.allows(arguments[1])
        elif event == "socket.getaddrinfo":  # a name that is asked for tells something as well
            allowed = not arguments[0] or guard.allows((_text(arguments[0]),))
        else:
            return
        if not allowed:
            log.warning("refused connection.not_listed")
            raise NotOnTheList("this host is not among those that Oslonac connects to")

    sys.addaudithook(hook)
    return guard
