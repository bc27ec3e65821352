"""Who acts in a request, how long a session lasts, what must be done first, and the answer to
what was refused."""

import dataclasses
import logging
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from oslonac.access import reader, roles
from oslonac.accounts import sessions, stepup
from oslonac.accounts.journal import NOBODY, OPENED, OWES_PASSWORD, PROVED, SEEN
from oslonac.accounts.me import Me
from oslonac.accounts.models import Membership
from oslonac.accounts.queries import actor_for, name_everybody, posts_of, shown_name
from oslonac.audit.actions import record_refusal
from oslonac.kit.clock import now
from oslonac.kit.errors import Denied, Hidden, NotFresh, Refused

log = logging.getLogger(__name__)
Answer = Callable[[HttpRequest], HttpResponse]
API = "/api/"
# Asked by open pages in the background: it must not keep a session alive.
STILL = "/account/still/"
# The session is written again only when this much has passed: not on every page.
SEEN_EVERY_SECONDS = 120
# What stays open to somebody who still owes a step; names of routes.
OPEN_ROUTES = frozenset(
    {
        "account_login",
        "account_logout",
        "account_change_password",
        "account_reauthenticate",
        "mfa_activate_totp",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "mfa_add_webauthn",
        "accounts:confirm",
        "accounts:still",
        "accounts:leave",
        "set_language",
    }
)


class SessionLimits:
    """Ends a session that was left alone, or that has lasted longer than a working day."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SEEN in request.session:
            moment = now().timestamp()
            if reason := self._over(request, moment):
                request.closing_reason = reason  # type: ignore[attr-defined]
                logout(request)
                return self._ended(request)
            quiet = request.path == STILL and request.method == "GET"
            if moment - request.session[SEEN] > SEEN_EVERY_SECONDS and not quiet:
                request.session[SEEN] = moment
                sessions.seen(request.session.session_key, now())
        return self.get_response(request)

    def _over(self, request: HttpRequest, moment: float) -> str:
        if moment - request.session[SEEN] > settings.OSLONAC_SESSION_IDLE_MINUTES * 60:
            return "idle"
        if moment - request.session[OPENED] > settings.OSLONAC_SESSION_HOURS * 3600:
            return "too_long"
        return ""

    def _ended(self, request: HttpRequest) -> HttpResponse:
        if request.path == STILL:
            return JsonResponse({"seconds": 0, "who": "", "token": ""})
        text = _("You were signed out because you were inactive. What you saved is kept.")
        if request.path.startswith(API):
            return problem(401, "session.ended", text)
        messages.info(request, text)
        return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")


def seconds_left(request: HttpRequest) -> int:
    """How long the session lasts if nothing is done; a POST to `STILL` begins anew."""
    if SEEN not in request.session:
        return settings.OSLONAC_SESSION_IDLE_MINUTES * 60
    moment = now().timestamp()
    if request.method == "POST" and request.path == STILL:
        request.session[SEEN] = moment
        sessions.seen(request.session.session_key, now())
    idle = request.session[SEEN] + settings.OSLONAC_SESSION_IDLE_MINUTES * 60
    end = request.session[OPENED] + settings.OSLONAC_SESSION_HOURS * 3600
    return max(0, int(min(idle, end) - moment))


class Acting:
    """Sets `request.actor` (None when nobody is signed in), `request.at` and `request.me`."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.at = now()
        request.actor = None
        name_everybody()
        user = request.user
        if user.is_authenticated and user.is_active:
            stale = not stepup.is_fresh(request)
            held = list(posts_of(user, at=request.at))
            request.actor = actor_for(user, at=request.at, stale=stale, held=held)
            request.me = SimpleLazyObject(lambda: _me(request, held))
        with reader.acting(request.actor, request.at):
            return self.get_response(request)

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """A write that comes back with a proof of identity (the form token was checked before)."""
        if request.actor is None or request.path.startswith(API) or not stepup.offered(request):
            return None
        if error := stepup.take(request):
            return stepup.ask(request, error)
        request.actor = dataclasses.replace(request.actor, stale=False)
        return None

    def process_exception(self, request: Any, error: Exception) -> HttpResponse | None:
        """Hidden and unknown records answer alike; what was refused is an event."""
        if isinstance(error, Hidden):
            refuse(request.actor, f"{error.kind}.hidden", error.kind, error.record_id)
            return render(request, "404.html", status=404)
        if isinstance(error, NotFresh):
            return stepup.ask(request)
        if isinstance(error, Denied):
            refuse(request.actor, f"{error.permission}.denied"[:60], "", error.record)
            return render(request, "403.html", status=403)
        if isinstance(error, Refused):
            context = {"message": error.message}
            return render(request, "refused.html", context, status=409)
        return None


class OwedSteps:
    """Leads to what must be done before anything else: a password of one's own, then a second
    factor."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if request.actor is None or request.resolver_match.view_name in OPEN_ROUTES:
            return None
        if request.session.get(OWES_PASSWORD):
            return self._lead(
                request,
                "account_change_password",
                "password.owed",
                _("You were given a one-time password. Choose your own password first."),
            )
        if owes_second_factor(request):
            enrolled = stepup.second_factors(request.user)
            route = "accounts:confirm" if enrolled else "mfa_activate_totp"
            return self._lead(
                request,
                route,
                "second_factor.owed",
                _("You need a second factor to sign in. Set it up first."),
            )
        return None

    def _lead(self, request: Any, route: str, code: str, text: str) -> HttpResponse:
        if request.path.startswith(API):
            return problem(403, code, text)
        request.owes_a_step = True  # nothing of what was sent has been looked at
        wanted = request.get_full_path() if request.method == "GET" else "/"
        url = f"{reverse(route)}?{urlencode({'next': wanted})}"
        if request.headers.get("HX-Request"):  # a part of a page cannot hold this
            return HttpResponse(status=204, headers={"HX-Redirect": url})
        return redirect(url)


def must_have_second_factor() -> bool:
    """Whether this installation asks for a second factor: of everybody, since whoever manages
    users opens the way to those who see cases. A demonstration does not."""
    return bool(settings.OSLONAC_SECOND_FACTOR)


def owes_second_factor(request: Any) -> bool:
    """Whether this session must not go on without one. A token's owner is asked elsewhere."""
    return must_have_second_factor() and not request.session.get(PROVED)


def problem(status: int, code: str, detail: str) -> JsonResponse:
    """An RFC 9457 answer; of the type about:blank, whose title is that of the status."""
    content = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    content |= {"code": code, "detail": detail}
    return JsonResponse(content, status=status, content_type="application/problem+json")


def refuse(actor: Any, what: str, kind: str, record_id: object) -> None:
    """Record a refusal; only well-formed ids reach the ledger."""
    record_refusal(
        actor=actor or NOBODY,
        at=now(),
        what=what,
        kind=kind,
        record_id=record_id if isinstance(record_id, UUID) else None,
    )


def _me(request: Any, held: Sequence[Membership]) -> Me:
    """Name and first post. The organisation comes with the membership: the directory is a
    package above this one."""
    post = next(iter(held), None)
    return Me(
        name=shown_name(request.user.get_full_name()),
        organisation=str(post.organisation) if post else "",
        role=roles.label(post.role) if post else _("no post at present"),
    )
