"""Devices on which an account was signed in before, so that strangers cannot lock the owner out.

Six wrong passwords close an account for ten minutes; whoever knows a login name could so keep its
owner away from work. A device on which the owner signed in before therefore has tries of its own:
a cookie says so, signed by us and bound to the account. Strangers use up the tries of strangers
(OWASP, "Slow Down Online Guessing Attacks with Device Cookies").

The cookie opens nothing and names nobody: it holds a keyed hash and a random number for each of
the last accounts of a shared device. Belongs here: the cookie. Does not: the limits (settings).
"""

import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

_SALT = "oslonac.device"
MOST_ACCOUNTS = 8
DAYS = 365


def number(request: HttpRequest, username: str) -> str:
    """The number of this device for an account (`User.username`, a keyed hash), or ""."""
    return _read(request).get(_tag(username), "")


def remember(request: HttpRequest, response: HttpResponse, username: str) -> None:
    """From now on this device is known to the account."""
    kept = _read(request)
    drawn = kept.pop(_tag(username), "") or secrets.token_hex(16)
    kept = dict(list(kept.items())[-(MOST_ACCOUNTS - 1) :]) | {_tag(username): drawn}
    response.set_cookie(
        settings.OSLONAC_DEVICE_COOKIE_NAME,
        signing.dumps(kept, salt=_SALT),
        max_age=DAYS * 86400,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _tag(username: str) -> str:
    return salted_hmac(_SALT, username, algorithm="sha256").hexdigest()[:24]


def _read(request: HttpRequest) -> dict[str, str]:
    given = request.COOKIES.get(settings.OSLONAC_DEVICE_COOKIE_NAME, "")
    try:
        found: Any = signing.loads(given, salt=_SALT, max_age=DAYS * 86400)
    except signing.BadSignature:
        return {}
    return found if isinstance(found, dict) else {}
