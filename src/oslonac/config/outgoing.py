"""How e-mail and pushed messages leave this installation, from the environment.

OSLONAC_MAIL           smtp://user:password@host:587 (STARTTLS), smtps://…:465, or
                       smtp+plain://localhost:25 for a server on this machine; none: no e-mail
OSLONAC_MAIL_FROM      the sender's address
OSLONAC_ADDRESS        where people open Oslonac: what messages say; from OSLONAC_HOSTS when unset
OSLONAC_PUSH_CONTACT   mailto:… or https://…, told to push services
OSLONAC_PUSH_SERVICES  hosts of push services, separated by commas; those of the browsers when unset
OSLONAC_PUSH_PRIVATE=1 pushed messages may go to addresses inside this network
"""

import ipaddress
import os
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit


class BadMailAddress(ValueError):
    """OSLONAC_MAIL cannot be read. The message never quotes it: it holds a password."""


@dataclass(frozen=True)
class MailServer:
    host: str
    port: int
    user: str
    password: str
    use_tls: bool
    use_ssl: bool


PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}


def mail_server() -> MailServer | None:
    """The server that OSLONAC_MAIL names. Raises BadMailAddress."""
    given = os.environ.get("OSLONAC_MAIL", "").strip()
    if not given:
        return None
    try:
        parts = urlsplit(given)
        port = parts.port
    except ValueError:
        raise BadMailAddress("OSLONAC_MAIL has a port that is no number.") from None
    if parts.scheme not in PORTS or not parts.hostname:
        names = ", ".join(f"{name}://" for name in PORTS)
        raise BadMailAddress(f"OSLONAC_MAIL must begin with one of {names} and name a host.")
    if parts.scheme == "smtp+plain" and not is_here(parts.hostname):
        raise BadMailAddress(
            "OSLONAC_MAIL may say smtp+plain:// only of a server on this machine: the way to any "
            "other one is read by whoever sits on it. Write smtp:// (STARTTLS) or smtps://."
        )
    return MailServer(
        parts.hostname,
        port or PORTS[parts.scheme],
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        use_tls=parts.scheme == "smtp",
        use_ssl=parts.scheme == "smtps",
    )


def is_here(host: str) -> bool:
    """Whether a host name or address is this machine itself, so that nobody sits in between."""
    if host in ("", "localhost") or host.startswith("/"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


# Where the browsers that are in use have their push services, by their makers' own words; a
# leading dot takes every host below.
PUSH_SERVICES = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    ".push.apple.com",
    ".notify.windows.com",
)


def push_services() -> tuple[str, ...]:
    """Hosts that pushed messages may be handed to."""
    given = os.environ.get("OSLONAC_PUSH_SERVICES", "")
    return tuple(each.strip().lower() for each in given.split(",") if each.strip()) or PUSH_SERVICES


def own_address(hosts: list[str], *, https: bool) -> str:
    """Where people open Oslonac, with a slash at the end."""
    given = os.environ.get("OSLONAC_ADDRESS", "").strip()
    if not given:
        named = [host for host in hosts if not host.startswith((".", "*", "["))]
        given = f"{'https' if https else 'http'}://{named[0] if named else 'localhost'}"
    return given.rstrip("/") + "/"
