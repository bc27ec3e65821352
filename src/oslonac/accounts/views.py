"""The own account: permissions, sign-in security, API tokens, signing out."""

from typing import Any, cast
from uuid import UUID

from allauth.account.internal.flows.logout import logout
from allauth.account.views import LogoutView, password_change
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from oslonac.access import roles
from oslonac.accounts import actions, drafts, sessions, stepup
from oslonac.accounts.acting import ActingRequest
from oslonac.accounts.forms import TokenForm
from oslonac.accounts.guards import signed_in
from oslonac.accounts.middleware import must_have_second_factor
from oslonac.accounts.models import ApiToken, User
from oslonac.accounts.oidc.provider import offered
from oslonac.accounts.queries import memberships_in_force
from oslonac.kit.errors import Hidden, Refused
from oslonac.kit.ids import uuid7


def sign_out(request: ActingRequest) -> HttpResponse:
    """GET asks, POST signs out."""
    if request.method == "POST" and request.user.is_authenticated:
        drafts.destroy(request)
        logout(request)
        return emptied(redirect("account_login"))
    response: HttpResponse = LogoutView.as_view()(request)
    return response


def emptied(response: HttpResponse) -> HttpResponse:
    """Tells the browser to empty its cache of this site. Its storage stays: it holds the choice
    of colours, and the subscription to pushed messages, which must outlast a session."""
    response["Clear-Site-Data"] = '"cache"'
    return response


@signed_in
def password(request: ActingRequest) -> HttpResponse:
    """Change one's own password; an account without one (the demonstration's) has nothing to."""
    if not _own(request).has_usable_password():
        raise Refused("password.none", _("This account signs in without a password."))
    response: HttpResponse = password_change(request)
    return response


@signed_in
def confirm(request: ActingRequest) -> HttpResponse:
    """GET asks whoever acts to prove that it is they; POST goes on to where they were heading.

    The proof itself was checked on the way in (`middleware.Acting`).
    """
    wanted = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    if request.method == "POST" and not request.actor.stale:
        return redirect(wanted if safe else "/")
    return stepup.ask(request)


@signed_in
def home(request: ActingRequest) -> HttpResponse:
    """Who I am here, how my sign-in is guarded."""
    posts = memberships_in_force(request.at).filter(user=_own(request))
    kinds = set(Authenticator.objects.filter(user=_own(request)).values_list("type", flat=True))
    context = {
        "page_title": _("My account"),
        "posts": [_post(post) for post in posts.select_related("organisation")],
        "has_password": _own(request).has_usable_password(),
        "has_app": bool(kinds & {Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN}),
        "must_have_app": must_have_second_factor(),
        "tokens_running": _running(request).count(),
        "passkeys": Authenticator.objects.filter(
            user=_own(request), type=Authenticator.Type.WEBAUTHN
        ).count(),
        "sessions_running": len(sessions.running(_own(request))),
        "providers": offered(request),
        "linked": SocialAccount.objects.filter(user=_own(request)).exists(),
    }
    return render(request, "accounts/home.html", context)


def _post(post: Any) -> dict[str, str]:
    since = _("since %(day)s") % {"day": date_format(post.starts_on, "DATE_FORMAT")}
    if post.ends_on:
        since += " · " + _("until %(day)s") % {"day": date_format(post.ends_on, "DATE_FORMAT")}
    return {
        "label": roles.label(post.role),
        "value": str(post.organisation),
        "note": since,
    }


def _own(request: ActingRequest) -> User:
    """Whoever is signed in; a guarded view is never called without."""
    return cast(User, request.user)


def _running(request: ActingRequest) -> Any:
    return ApiToken.objects.filter(
        user=_own(request), revoked_at__isnull=True, expires_at__gt=request.at
    )


@signed_in
def tokens(request: ActingRequest) -> HttpResponse:
    """List and make; the secret is on the answer to the making and nowhere else."""
    made, secret = None, ""
    form = TokenForm(request.POST or None, initial={"request_key": str(uuid7())})
    if request.method == "POST" and form.is_valid():
        made = actions.make_token(
            actor=request.actor,
            at=request.at,
            user=_own(request),
            label=form.cleaned_data["label"],
            request_key=form.cleaned_data["request_key"],
        )
        secret = getattr(made, "secret", "")
        form = TokenForm(initial={"request_key": str(uuid7())})
    rows = ApiToken.objects.filter(user=_own(request)).order_by("-made_at")[:50]
    context = {
        "page_title": _("API tokens"),
        "form": form,
        "made": made,
        "secret": secret,
        "tokens": [_token_line(row, request) for row in rows],
    }
    response = render(request, "accounts/tokens.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


def _token_line(token: ApiToken, request: ActingRequest) -> dict[str, Any]:
    running = token.revoked_at is None and token.expires_at > request.at
    if token.revoked_at:
        state = _("ended on %(day)s") % {"day": _day(token.revoked_at)}
    elif running:
        state = _("valid until %(day)s") % {"day": _day(token.expires_at)}
    else:
        state = _("expired on %(day)s") % {"day": _day(token.expires_at)}
    made = _("made on %(day)s") % {"day": _day(token.made_at)}
    return {"token": token, "running": running, "state": state, "made": made}


def _day(moment: Any) -> str:
    return date_format(localtime(moment), "DATE_FORMAT")


@signed_in
def end_token(request: ActingRequest, token_id: UUID) -> HttpResponse:
    """POST ends one of one's own tokens."""
    token = ApiToken.objects.filter(pk=token_id, user=_own(request)).first()
    if token is None:
        raise Hidden("token", token_id)
    if request.method == "POST":
        actions.revoke_token(actor=request.actor, at=request.at, token=token)
        messages.success(
            request, _("“%(label)s” cannot be used any more.") % {"label": token.label}
        )
    return redirect("accounts:tokens")
