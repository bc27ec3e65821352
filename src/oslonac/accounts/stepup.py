"""Step-up: confirming the identity again before a sensitive action.

A session proves that somebody signed in some time ago on this device; a phone left on a counter
is still signed in. Actions declared `fresh=True` (breaking the glass, exports, grants, users) and
views marked `asked_again` want a proof that is at most OSLONAC_STEP_UP_MINUTES old: the second
factor where there is one, else the password. Signing in counts, from the same moment.

Belongs here: how old the last proof is, taking a new one, the page that asks. The page repeats
what was typed in hidden fields and sends it on together with the proof, so nothing is kept in
the session and nothing is lost. Does not belong here: which actions ask (each says so itself).

- In a demonstration the cast has neither password nor second factor: a page asks to confirm.
- A program with an API token has nobody at hand to prove anything, so such actions are refused
  to tokens; see docs/reference/api.md. After RFC 9470, "OAuth 2.0 Step Up Authentication".
"""

import functools
import time
from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth as passkeys
from allauth.mfa.webauthn.internal import flows as passkey_flows
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from oslonac.accounts.forms import CodeAgainForm, ReauthenticateForm
from oslonac.accounts.models import User
from oslonac.audit.actions import record
from oslonac.kit.clock import now
from oslonac.kit.errors import NotFresh

View = Callable[..., HttpResponse]
CODE, PASSWORD, PASSKEY, CONFIRMED = (
    "stepup_code",
    "stepup_password",
    "stepup_credential",
    "stepup_confirmed",
)
_PROOFS = (CODE, PASSWORD, PASSKEY, CONFIRMED)
_STRONG = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def second_factors(user: Any) -> frozenset[str]:
    """Kinds of second factor that the user has set up; recovery codes alone are none."""
    rows = Authenticator.objects.filter(user=user, type__in=_STRONG)
    return frozenset(row.type for row in rows)


def is_fresh(request: Any) -> bool:
    """Whether this session's last proof is recent enough, and of the kind this user owes."""
    if not settings.OSLONAC_STEP_UP:
        return True
    oldest = time.time() - settings.OSLONAC_STEP_UP_MINUTES * 60
    recent = {
        each.get("method")
        for each in get_authentication_records(request, request.user)
        if each.get("at", 0) > oldest
    }
    if recent & {"mfa", "confirmed"}:
        return True
    return bool(recent & {"password", "socialaccount"}) and not second_factors(request.user)


def asked_again(view: View) -> View:
    """The view answers only after a fresh proof: for reads that carry much away (exports)."""

    @functools.wraps(view)
    def asking(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        require(request, view.__name__)
        return view(request, *args, **kwargs)

    return asking


def require(request: Any, what: str) -> None:
    """Raise NotFresh unless the last proof is recent enough."""
    if request.actor is None or request.actor.stale:
        raise NotFresh(what)


def offered(request: Any) -> bool:
    """Whether the request carries a proof from the page that asks."""
    return request.method == "POST" and any(name in request.POST for name in _PROOFS)


def take(request: Any) -> str:
    """Check the proof that came with the request and note it; a sentence when it is wrong."""
    user: User = request.user
    if not ratelimit.consume(request, action="reauthenticate", user=user):
        return _("Too many attempts. Wait ten minutes.")
    factors = second_factors(user)
    try:
        method = _checked(request, user, factors)
    except ValidationError as error:
        return " ".join(map(str, error.messages))
    at = now()
    with transaction.atomic():
        told = {"by": method}
        record("identity.confirmed", actor=request.actor, at=at, subject=user, data=told)
    return ""


def _checked(request: Any, user: User, factors: frozenset[str]) -> str:
    """The kind of proof given. Raises ValidationError."""
    if factors:
        if request.POST.get(PASSKEY) and Authenticator.Type.WEBAUTHN in factors:
            return _by_passkey(request, user)
        _valid(form := CodeAgainForm({"code": request.POST.get(CODE, "")}, user=user))
        form.save()
        return "code"
    if user.has_usable_password():
        _valid(ReauthenticateForm({"password": request.POST.get(PASSWORD, "")}, user=user))
        reauthenticate_by_password(request)
        return "password"
    if settings.OSLONAC_DEMO and user.is_demo and request.POST.get(CONFIRMED):
        record_authentication(request, user, method="confirmed", reauthenticated=True)
        return "confirmed"
    raise ValidationError(_("Sign out and in again, then try again."))


def _by_passkey(request: Any, user: User) -> str:
    credential = forms.JSONField().clean(request.POST[PASSKEY])
    passkeys.parse_authentication_response(credential)
    passkey_flows.reauthenticate(request, passkeys.complete_authentication(user, credential))
    return "passkey"


def _valid(form: forms.Form) -> None:
    if not form.is_valid():
        raise ValidationError([str(each) for errors in form.errors.values() for each in errors])


def ask(request: Any, error: str = "") -> HttpResponse:
    """The page that asks. A request that writes is repeated by it with what was typed."""
    if request.headers.get("HX-Request"):  # a part of a page cannot hold this
        return HttpResponse(status=204, headers={"HX-Redirect": _confirm_url(request)})
    factors, user = second_factors(request.user), request.user
    has_password = bool(not factors and user.has_usable_password())
    context: dict[str, Any] = {
        "page_title": _("Confirm it is you"),
        "action": request.get_full_path() if _writes(request) else _confirm_url(request),
        "kept": _kept(request),
        "files": list(request.FILES) if _writes(request) else [],
        "error": error,
        "by_code": bool(factors),  # recovery codes come with every second factor
        "by_passkey": Authenticator.Type.WEBAUTHN in factors,
        "by_password": has_password,
        "by_confirming": not factors and not has_password and settings.OSLONAC_DEMO,
        "minutes": settings.OSLONAC_STEP_UP_MINUTES,
    }
    if context["by_passkey"]:
        context["passkey"] = {"request_options": passkeys.begin_authentication(user)}
    response = render(request, "accounts/stepup.html", context, status=403)
    response.headers["Cache-Control"] = "no-store"
    return response


def _writes(request: Any) -> bool:
    return request.method == "POST" and request.resolver_match.view_name != "accounts:confirm"


def _confirm_url(request: Any) -> str:
    if request.resolver_match.view_name == "accounts:confirm":
        return str(request.get_full_path())
    wanted = request.headers.get("HX-Current-URL") or request.get_full_path()
    return f"{reverse('accounts:confirm')}?{urlencode({'next': wanted})}"


def _kept(request: Any) -> list[tuple[str, str]]:
    """What was typed, to be sent again; neither the form token nor a proof."""
    if not _writes(request):
        return []
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and name not in _PROOFS
        for value in values
    ]
