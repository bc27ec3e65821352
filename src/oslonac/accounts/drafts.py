"""Keys for what somebody typed and has not saved, given to signed-in pages, gone with signing out.

The text itself never comes here: the browser keeps it, sealed (docs/adr/0035). A key belongs to one
person in one browser. It outlasts a session that merely ended, so that the same person finds the
text again; it is gone when they sign out themselves, and with it what the browser still holds.

Belongs here: these keys, and saying which drafts a request has saved. Does not: how a browser keeps
them (web/static/web/js/store.js), when forms are kept (drafts.js there).
"""

import base64
import re
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.contrib.messages.constants import ERROR
from django.db import IntegrityError, transaction
from django.http import HttpResponse, HttpResponseBadRequest, JsonResponse
from django.views.decorators.http import require_POST

from oslonac.accounts.acting import ActingRequest
from oslonac.accounts.guards import signed_in
from oslonac.accounts.middleware import API, Answer
from oslonac.accounts.models import DraftKey, User
from oslonac.vault.sealing import open_one, seal

SESSION = "draft_key"  # in the session: the row that this session was given
COOKIE = "drafts_saved"  # read by drafts.js on the next page
FIELD = "draft"  # the name under which a form says which draft it sends
KEPT_DAYS = 7  # as DAYS of store.js: what is older is thrown away
MOST_BROWSERS = 20  # of one person; the longest unused goes first
_BROWSER = re.compile(r"[0-9a-f]{32}")
_DRAFTS = re.compile(r"[A-Za-z0-9_-]{43}(\.[A-Za-z0-9_-]{43}){0,7}")
_MOST_SAID = 8


@signed_in
@require_POST
def key(request: ActingRequest) -> HttpResponse:
    """The secret of whoever is signed in, for the browser that asks; made when there is none."""
    browser = request.POST.get("browser", "")
    if not _BROWSER.fullmatch(browser):
        return HttpResponseBadRequest()
    user: User = request.user  # type: ignore[assignment]
    row = _row(user, browser, request.at)
    if request.session.get(SESSION) != str(row.pk):
        request.session[SESSION] = str(row.pk)
    return JsonResponse({"key": open_one(row, "secret")}, headers={"Cache-Control": "no-store"})


def _row(user: User, browser: str, at: datetime) -> DraftKey:
    rows = DraftKey.objects.filter(user=user, browser=browser).select_related("key")
    row = rows.first()
    if row is None:
        row = DraftKey(key=user.key, user=user, browser=browser, used_at=at)
        seal(row, user.key, secret=base64.b64encode(secrets.token_bytes(32)).decode())
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:  # two pages opened at once
            return rows.get()
        old = DraftKey.objects.filter(user=user).order_by("-used_at", "-pk")[MOST_BROWSERS:]
        DraftKey.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()
    elif at - row.used_at > timedelta(hours=1):
        DraftKey.objects.filter(pk=row.pk).update(used_at=at)
    return row


def destroy(request: Any) -> None:
    """Whoever signs out leaves nothing: what this browser still holds of theirs opens no more."""
    if given := request.session.get(SESSION):
        DraftKey.objects.filter(pk=given).delete()


def forget_unused(at: datetime) -> int:
    """Remove keys whose drafts are too old to be kept. How many."""
    old = DraftKey.objects.filter(used_at__lt=at - timedelta(days=KEPT_DAYS + 1))
    return old.delete()[0]


class DraftsSaved:
    """Tells the browser which draft a form has just saved, so that it is not offered again.

    Saved is what was answered without an error; until the browser hears so, it keeps the draft.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        response = self.get_response(request)
        if self._saved(request, response) and _DRAFTS.fullmatch(request.POST.get(FIELD, "")):
            before = request.COOKIES.get(cookie_name(), "")
            said = before.split(".") if _DRAFTS.fullmatch(before) else []
            said += request.POST[FIELD].split(".")
            response.set_cookie(
                cookie_name(),
                ".".join(said[-_MOST_SAID:]),
                max_age=KEPT_DAYS * 86400,
                secure=settings.SESSION_COOKIE_SECURE,
                samesite="Strict",
            )
        return response

    def _saved(self, request: Any, response: HttpResponse) -> bool:
        if request.method != "POST" or request.actor is None or request.path.startswith(API):
            return False
        led_away = getattr(request, "owes_a_step", False)
        return response.status_code < 400 and not led_away and not _says_error(request)


def cookie_name() -> str:
    """Bound to this host where https is, as all our cookies."""
    return f"__Host-{COOKIE}" if settings.SESSION_COOKIE_SECURE else COOKIE


def _says_error(request: Any) -> bool:
    """Whether the view left a sentence of failure for the next page."""
    stored = get_messages(request)
    queued = getattr(stored, "_queued_messages", [])
    return any(message.level >= ERROR for message in queued)
