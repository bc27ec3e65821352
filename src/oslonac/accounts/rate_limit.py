"""Rate limits per person and program, so that nobody can copy the whole register.

Limits stand in settings (OSLONAC_PACE) and in docs/security/limits.md. A limit is a bucket that
empties with each request and fills by the second, so that a morning's rush passes and a script does
not. Counted in the memory of each process of the web server: no write for each read, and at worst
as many times the limit as there are processes. Whoever is held back is told for how long; the first
time in ten minutes is an event, so that whoever looks at the ledger sees it.

Belongs here: counting and refusing. Does not: guessing passwords (django-allauth), questions to
other offices (`cases.search`), unusual reading (`audit`), none of which is about speed.
"""

import hashlib
import logging
import threading
import time
from collections import OrderedDict
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from oslonac.accounts.middleware import API, Answer, problem, refuse

log = logging.getLogger(__name__)
MOST_KEPT = 20_000  # askers remembered at once; the longest quiet are forgotten first
TOLD_EVERY_SECONDS = 600
# Never held back: what ends a session or asks how long it lasts.
FREE = frozenset({"accounts:still", "accounts:leave", "account_logout", "set_language"})
READING = ("GET", "HEAD")


class Buckets:
    """`take` empties a bucket by one. Safe among threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, most: int, seconds: int, at: float) -> float:
        """0 when there was something left, else the seconds until there is."""
        with self._lock:
            level, before = self._levels.pop(key, (float(most), at))
            level = min(float(most), level + (at - before) * most / seconds)
            enough = level >= 1
            self._levels[key] = (level - 1 if enough else level, at)
            while len(self._levels) > MOST_KEPT:
                self._levels.popitem(last=False)
            return 0.0 if enough else (1 - level) * seconds / most


buckets = Buckets()


class RateLimitMiddleware:
    """Middleware, after the one that says who acts."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        limits = settings.OSLONAC_RATE_LIMITS
        name = request.resolver_match.view_name
        if not limits or name in FREE:
            return None
        kind = kind_of(request.method, f"{name} {request.resolver_match.route}")
        who, at = asker(request), time.monotonic()
        wait = buckets.take(f"{kind}:{who}", *limits[kind], at)
        if not wait:
            return None
        if not buckets.take(f"told:{who}", 1, TOLD_EVERY_SECONDS, at):
            self._tell(request, kind)
        return _held_back(request, max(1, round(wait + 0.5)))

    def _tell(self, request: Any, kind: str) -> None:
        log.warning("Asked faster than is permitted: %s", kind)
        if request.actor is not None:
            refuse(request.actor, "pace.exceeded", "", None)


def kind_of(method: str, route: str) -> str:
    """`search`, `read` or `write`: what a request is counted as."""
    if "search" in route or "match" in route:
        return "search"
    return "read" if method in READING else "write"


def asker(request: Any) -> str:
    """A person, a program by its token, or the address of somebody unknown; never in the clear."""
    if request.actor is not None:
        return str(request.actor.user_id)
    said = request.headers.get("Authorization", "")
    if not said:
        from allauth.account.adapter import get_adapter

        said = f"address {get_adapter().get_client_ip(request)}"
    return hashlib.sha256(said.encode()).hexdigest()


def _held_back(request: Any, seconds: int) -> HttpResponse:
    if request.path.startswith(API):
        said = _(
            "Too many requests. Nothing was changed. Try again after the number of seconds "
            "in Retry-After."
        )
        answer: HttpResponse = problem(429, "pace.exceeded", said)
    else:
        answer = render(request, "429.html", status=429)
    answer["Retry-After"] = str(seconds)
    return answer
