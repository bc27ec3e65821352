"""Pages of the own sessions: list, sign out, stay signed in, quick exit, unlink."""

from typing import Any, cast
from uuid import UUID

from allauth.account.internal.flows.logout import logout
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from oslonac.accounts import actions
from oslonac.accounts import sessions as sign_ins
from oslonac.accounts.acting import ActingRequest
from oslonac.accounts.guards import public, signed_in
from oslonac.accounts.middleware import seconds_left
from oslonac.accounts.models import SignIn, User
from oslonac.accounts.views import emptied
from oslonac.audit.actions import record_read
from oslonac.kit.errors import Hidden


def lines(rows: list[SignIn], present: str = "") -> list[dict[str, Any]]:
    """Sessions in words, with what a form needs to end them."""
    places = sign_ins.places(rows)
    return [
        {
            "id": row.pk,
            "device": row.device or _("unknown device"),
            "place": places[row.pk],
            "since": date_format(localtime(row.opened_at), "DATETIME_FORMAT"),
            "seen": date_format(localtime(row.seen_at), "DATETIME_FORMAT"),
            "present": sign_ins.is_present(row, present),
        }
        for row in rows
    ]


@signed_in
def sessions(request: ActingRequest) -> HttpResponse:
    """Where I am signed in."""
    user = cast(User, request.user)
    rows = lines(sign_ins.running(user), request.session.session_key or "")
    record_read(actor=request.actor, at=request.at, subject=user, fields=["address"])
    context = {
        "page_title": _("Devices where you are signed in"),
        "rows": rows,
        "others": [row for row in rows if not row["present"]],
    }
    return render(request, "accounts/sessions.html", context)


@signed_in
def end_one(request: ActingRequest, sign_in_id: UUID) -> HttpResponse:
    """POST ends one of one's own sessions."""
    row = SignIn.objects.filter(pk=sign_in_id, user=cast(User, request.user)).first()
    if row is None:
        raise Hidden("session", sign_in_id)
    if request.method == "POST":
        sign_ins.end_session(actor=request.actor, at=request.at, sign_in=row)
        messages.success(request, _("The device is signed out."))
    return redirect("accounts:sessions")


@signed_in
def end_others(request: ActingRequest) -> HttpResponse:
    """POST ends every session but this one."""
    if request.method == "POST":
        count = sign_ins.end_sessions(
            actor=request.actor,
            at=request.at,
            user=cast(User, request.user),
            keep=request.session.session_key or "",
        )
        text = ngettext(
            "%(count)s other device is signed out.",
            "%(count)s other devices are signed out.",
            count,
        )
        messages.success(request, text % {"count": count})
    return redirect("accounts:sessions")


@signed_in
def unlink(request: ActingRequest) -> HttpResponse:
    """POST takes the organisation's sign-in off this account."""
    if request.method == "POST":
        actions.unlink_provider(actor=request.actor, at=request.at, user=cast(User, request.user))
        messages.success(request, _("The sign-in of your organisation is no longer linked."))
    return redirect("accounts:home")


@public
def still(request: HttpRequest) -> HttpResponse:
    """How long this session lasts, for the warning before it ends. GET does not prolong it; POST
    does. Answers everybody: a page whose session ended asks whether it may go on."""
    actor = getattr(request, "actor", None)
    if actor is None:
        return JsonResponse(
            {"seconds": 0, "who": "", "token": ""}, headers={"Cache-Control": "no-store"}
        )
    content = {
        "seconds": seconds_left(request),
        "who": str(actor.user_id),
        "token": get_token(request),
    }
    return JsonResponse(content)


@public
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Leaving fast ends the session, so that the way back leads to the sign-in and no further."""
    if request.user.is_authenticated:
        request.closing_reason = "left_fast"  # type: ignore[attr-defined]
        logout(request, show_message=False)
    return emptied(HttpResponse(status=204))
