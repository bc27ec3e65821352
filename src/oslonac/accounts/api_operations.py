"""What all operations of the API share: the actor, the permission, the request key.

`operation` is the only way to add one: it demands a permission, so that a route without one
cannot exist. Order of checks: signed in, permitted, readable, valid, visible.
"""

import inspect
import json
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.http.request import UnreadablePostError
from django.http.response import HttpResponseBase
from ninja import Router
from ninja.parser import Parser
from ninja.responses import Status
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from oslonac.access import policy, reader
from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.accounts.api_files import check_form, described_bytes, described_form
from oslonac.accounts.api_problems import ApiError, shaped
from oslonac.accounts.api_types import In
from oslonac.accounts.middleware import must_have_second_factor
from oslonac.accounts.models import User
from oslonac.accounts.queries import actor_for, user_by_token
from oslonac.accounts.stepup import is_fresh, second_factors
from oslonac.audit.actions import events_written

F = TypeVar("F", bound=Callable[..., Any])
CHANNEL = "api"
READING = ("GET", "HEAD", "OPTIONS")
_KEY = re.compile(r"[\x21-\x7e]{1,80}")


class ApiRequest(HttpRequest):
    """A request as operations see it. `once` is the caller's Idempotency-Key, or empty."""

    actor: Actor
    at: datetime
    request_key: str
    replayed: bool
    by_token: bool
    sent: Any


class Bearer(HttpBearer):
    """A token that a person made for a program."""

    def __init__(self, permission: Permission, form: bool = False) -> None:
        super().__init__()
        self.permission, self.form = permission, form

    def authenticate(self, request: Any, token: str) -> User | None:
        user = user_by_token(token, at=request.at)
        if user is None:
            return None
        request.by_token = True
        return _admit(request, user, self.permission, self.form)


class SessionCookie(APIKeyCookie):
    """The cookie of a signed-in browser, with X-CSRFToken on every write."""

    param_name = settings.SESSION_COOKIE_NAME

    def __init__(self, permission: Permission, form: bool = False) -> None:
        super().__init__(csrf=False)  # checked below, after the kind of content
        self.permission, self.form = permission, form

    def authenticate(self, request: Any, key: str | None) -> User | None:
        if "Authorization" in request.headers or request.actor is None:
            return None
        _check_content(request, self.form)
        request.by_token = False
        if check_csrf(request) is not None:
            raise ApiError("csrf")
        return _admit(request, request.user, self.permission, self.form)


def _admit(request: Any, user: User, permission: Permission, form: bool) -> User:
    # Behind a token is nobody who could prove anything again.
    stale = settings.OSLONAC_STEP_UP and (request.by_token or not is_fresh(request))
    request.actor = actor_for(user, at=request.at, channel=CHANNEL, stale=stale)
    reader.become(request.actor, request.at)
    request.user = user
    if request.by_token:
        _check_second_factor(request, user)
    policy.require(request.actor, permission)
    request.request_key = _request_key(request)
    request.replayed = False
    _check_content(request, form)
    request.sent = None if form else _read(request)
    request.GET = _asked(request)
    return user


def _check_second_factor(request: Any, user: User) -> None:
    """A session is led to its second factor; the owner of a token must have one set up."""
    if not must_have_second_factor():
        return
    if not second_factors(user):
        raise ApiError("second-factor-owed")


def _request_key(request: HttpRequest) -> str:
    key = request.headers.get("Idempotency-Key")
    if key is None or request.method in READING:
        return ""
    if not _KEY.fullmatch(key):
        raise ApiError("bad-request-key")
    return key


def _check_content(request: HttpRequest, form: bool) -> None:
    """Nothing but JSON: a form of a foreign page cannot send that without asking first. Where a
    file comes in, a form, which the token in a header keeps foreign pages from sending."""
    if request.method in READING:
        return
    if form:
        check_form(request)
        return
    kind = (request.content_type or "").lower()
    if kind != "application/json" and _body(request):
        raise ApiError("not-json")


def _body(request: HttpRequest) -> bytes:
    try:
        return request.body
    except UnreadablePostError:
        raise ApiError("bad-json") from None


def _read(request: HttpRequest) -> Any:
    """The JSON that was sent. Raises ApiError for what is no JSON, no Unicode or far too deep."""
    if request.method in READING or not (body := _body(request)):
        return None
    try:
        sent = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
        json.dumps(sent, ensure_ascii=False).encode("utf-8")  # refuses halves of a character
    except (ValueError, RecursionError):
        raise ApiError("bad-json") from None
    return _without_nul(sent) if b"\\u0000" in body else sent


def _asked(request: HttpRequest) -> QueryDict:
    if "%00" not in request.META.get("QUERY_STRING", ""):
        return request.GET
    asked = request.GET.copy()
    for name, values in request.GET.lists():
        asked.setlist(name, _without_nul(values))
    return asked


def _without_nul(sent: Any) -> Any:
    """No text of the database can hold U+0000; it is left out, as in what is typed on pages."""
    if isinstance(sent, str):
        return sent.replace("\0", "")
    if isinstance(sent, dict):
        return {_without_nul(name): _without_nul(value) for name, value in sent.items()}
    return [_without_nul(each) for each in sent] if isinstance(sent, list) else sent


def _no_constant(name: str) -> None:
    raise ValueError(name)  # NaN and the infinities are Python's, not JSON's


class AlreadyRead(Parser):
    """Hands over the JSON that was read when the request was admitted."""

    def parse_body(self, request: HttpRequest) -> Any:
        return request.sent  # type: ignore[attr-defined]


def operation(
    router: Router,
    method: str,
    path: str,
    takes: Permission | Callable[..., Any],
    *,
    status: int = 200,
    form: type[In] | None = None,
    gives: Iterable[str] = (),
) -> Callable[[F], F]:
    """Add a view as an operation. `takes`: a permission, or the action whose permission counts.
    `form`: it takes a form of this shape with one file (`api_files.read_form`) instead of JSON.
    `gives`: it answers with bytes of one of these media types; the view returns the response.

    The first line of the docstring becomes the summary, the rest the description.
    """
    permission = takes if isinstance(takes, Permission) else takes.permission  # type: ignore[attr-defined]

    def add(view: F) -> F:
        summary, _, rest = inspect.cleandoc(view.__doc__ or "").partition("\n")
        answer = inspect.signature(view).return_annotation

        def answering(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            made = view(request, *args, **kwargs)
            return made if isinstance(made, HttpResponseBase) else Status(status, made)

        extra: dict[str, Any] = {"x-permission": permission.value}
        extra |= described_form(form) if form else {}
        extra |= described_bytes(status, gives, summary) if gives else {}

        for name in ("__module__", "__name__", "__qualname__", "__doc__"):
            setattr(answering, name, getattr(view, name))
        answering.__signature__ = inspect.signature(view)  # type: ignore[attr-defined]
        answering.permission = permission  # type: ignore[attr-defined]
        view.permission = permission  # type: ignore[attr-defined]
        router.add_api_operation(
            path,
            [method],
            answering,
            auth=[
                Bearer(permission, form is not None),
                SessionCookie(permission, form is not None),
            ],
            response={status: None if gives else answer},
            operation_id=view.__name__,
            summary=summary,
            description=rest.strip() or None,
            openapi_extra=extra,
        )
        return view

    return add


def perform(request: ApiRequest, do: Callable[..., Any], /, **arguments: Any) -> Any:
    """Carry out an action as whoever asks, once for a request key; returns its result."""
    before = events_written()
    result = do(actor=request.actor, at=request.at, request_key=request.request_key, **arguments)
    request.replayed = events_written() == before
    return result


def performed(request: ApiRequest, do: Callable[..., Any], /, **arguments: Any) -> Any:
    """The same; returns the result in its shape."""
    return shaped(request, perform(request, do, **arguments))
