"""Handing a pushed message to the service of a browser's maker (RFC 8030).

The address comes from the browser, so it is a stranger's: only hosts of OSLONAC_PUSH_SERVICES, only
https, only to public addresses (an installation inside a closed network says otherwise by
OSLONAC_PUSH_PRIVATE=1), to the very address that was checked, and never on to where an answer might
lead.
"""

import http.client
import ipaddress
import logging
import socket
import ssl
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

from django.conf import settings

from oslonac.notices import webpush
from oslonac.notices.sender_key import sender_key

log = logging.getLogger(__name__)
TIMEOUT_SECONDS = 10
LONGEST_ADDRESS = 1000
KEPT_SECONDS = 24 * 3600  # how long the service keeps it for a browser that is off


class Answer(StrEnum):
    TAKEN = "taken"
    GONE = "gone"  # the browser does not take messages any more
    LATER = "later"


class BadEndpoint(webpush.BadSubscription):
    """An address that no push service has."""


def checked(endpoint: str) -> tuple[str, int]:
    """Host and port of an address we may post to. Raises BadEndpoint. Asks no name server."""
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        raise BadEndpoint("no address") from None
    plain = settings.OSLONAC_PUSH_PRIVATE and parts.scheme == "http"
    if not parts.hostname or (parts.scheme != "https" and not plain):
        raise BadEndpoint("not https")
    if parts.username or parts.password or len(endpoint) > LONGEST_ADDRESS:
        raise BadEndpoint("not the address of a push service")
    if not _is_push_service(parts.hostname):
        raise BadEndpoint("the address of no push service that is permitted here")
    return parts.hostname, port or (80 if plain else 443)


def _is_push_service(host: str) -> bool:
    return any(
        host == each or (each.startswith(".") and host.endswith(each))
        for each in settings.OSLONAC_PUSH_SERVICES
    )


def post(endpoint: str, keys: webpush.Keys, text: bytes, *, at: datetime, urgent: bool) -> Answer:
    """Send one message. Raises BadSubscription when it could never be sent."""
    host, port = checked(endpoint)
    body = webpush.encrypt(text, keys)
    headers = {
        "Authorization": webpush.authorization(
            endpoint, sender_key(), settings.OSLONAC_PUSH_CONTACT, at
        ),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(KEPT_SECONDS),
        "Urgency": "high" if urgent else "normal",
        # One message waits for a browser that is off, not one for each time.
        "Topic": "oslonac",
    }
    parts = urlsplit(endpoint)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    try:
        connection = _connect(host, port, parts.scheme)
    except ssl.SSLError as error:
        log.warning(
            "A push service showed no valid certificate: %s (%s)",
            host,
            getattr(error, "reason", ""),
        )
        return Answer.LATER
    except OSError:
        return Answer.LATER
    try:
        connection.request("POST", path or "/", body, headers)
        return answer(connection.getresponse().status)
    except (OSError, http.client.HTTPException):
        return Answer.LATER
    finally:
        connection.close()


def answer(status: int) -> Answer:
    """What a status of a push service means."""
    if 200 <= status < 300:
        return Answer.TAKEN
    # 404 and 410: the subscription ended. 400, 401, 403, 413: it will never work.
    if status in (404, 410) or (400 <= status < 500 and status not in (408, 425, 429)):
        return Answer.GONE
    return Answer.LATER


def _connect(host: str, port: int, scheme: str) -> http.client.HTTPConnection:
    """A connection to an address that was looked at. Raises OSError, BadEndpoint."""
    address = _address(host, port)
    if scheme == "http":
        plain = http.client.HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
        plain.sock = socket.create_connection(address, TIMEOUT_SECONDS)
        return plain
    context = ssl.create_default_context()
    connection = http.client.HTTPSConnection(host, port, timeout=TIMEOUT_SECONDS, context=context)
    raw = socket.create_connection(address, TIMEOUT_SECONDS)
    connection.sock = context.wrap_socket(raw, server_hostname=host)
    return connection


def _address(host: str, port: int) -> tuple[str, int]:
    """Where a host name leads. A name that leads to this network as well is refused whole."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(info[4][0]) for info in found]
    if not settings.OSLONAC_PUSH_PRIVATE:
        for each in addresses:
            if not ipaddress.ip_address(each.split("%")[0]).is_global:
                raise BadEndpoint("leads into this network")
    if not addresses:
        raise OSError("no address")
    return addresses[0], port
