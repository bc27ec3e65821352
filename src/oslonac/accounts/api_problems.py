"""Errors of the API as problem details (RFC 9457): `application/problem+json`.

Every error that an action, a query or the framework raises has one shape here. Texts are whole
sentences; programs read `code`. No text repeats what was sent: it may name a child.
"""

import logging
import traceback
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import Field

from oslonac.accounts.api_types import Out
from oslonac.accounts.middleware import refuse
from oslonac.audit.actions import RepeatedDifferently
from oslonac.kit.errors import Denied, Hidden, Invalid, NotFresh, Refused, Stale
from oslonac.kit.faults import Fault, fault_of
from oslonac.kit.text import clean_line

log = logging.getLogger(__name__)
S = TypeVar("S", bound=Callable[..., Out])
LONGEST_FIELD_NAME = 100
MOST_ERRORS = 50


class ProblemOut(Out):
    """What went wrong, by RFC 9457."""

    type: str = Field(description="Stable URI reference of the kind of problem.")
    title: str = Field(description="The kind of problem in a few words.")
    status: int = Field(description="HTTP status code.")
    detail: str = Field(description="A sentence for the person who acts.")
    code: str = Field(description="Stable code for programs; a rule's own code for `refused`.")
    errors: dict[str, str] = Field(
        default_factory=dict, description="One sentence for each field, by its dotted path."
    )
    revision: int | None = Field(None, description="For `stale`: the revision that stands now.")
    current: dict[str, Any] | None = Field(
        None, description="For `stale`: the record as it stands now."
    )


Sentence = Any
PROBLEMS: dict[str, tuple[int, Sentence, Sentence]] = {
    "bad-json": (
        400,
        lazy("Invalid JSON"),
        lazy("The request cannot be read as JSON in UTF-8. Nothing was changed."),
    ),
    "bad-form": (
        400,
        lazy("Invalid form data"),
        lazy("The request cannot be read as multipart/form-data. Nothing was kept."),
    ),
    "bad-request-key": (
        400,
        lazy("Invalid request key"),
        lazy("An Idempotency-Key is 1 to 80 visible ASCII characters. Nothing was changed."),
    ),
    "unauthenticated": (
        401,
        lazy("Not signed in"),
        lazy("Sign in, or send a valid token. Nothing was changed."),
    ),
    "second-factor-owed": (
        403,
        lazy("Second factor missing"),
        lazy("You need a second factor to sign in. Set it up in the browser first."),
    ),
    "step-up-needed": (
        403,
        lazy("Confirm your identity again"),
        lazy(
            "Confirm your identity first: open /account/confirm/ in the same session, then "
            "send the request again. A token cannot do this. Nothing was changed."
        ),
    ),
    "csrf": (
        403,
        lazy("Missing form token"),
        lazy("A request with a session cookie needs the X-CSRFToken header. Nothing was changed."),
    ),
    "denied": (
        403,
        lazy("Not permitted"),
        lazy("Your role does not allow this. The attempt was recorded."),
    ),
    "not-found": (
        404,
        lazy("Not found"),
        lazy("There is no such record, or you do not have access to it."),
    ),
    "no-such-method": (
        405,
        lazy("Method not allowed"),
        lazy("This address does not allow this method. Nothing was changed."),
    ),
    "stale": (
        409,
        lazy("Changed by somebody else"),
        lazy(
            "Somebody changed this record after you read it. Nothing was changed. The "
            "current record is in `current`."
        ),
    ),
    "refused": (409, lazy("Not allowed by a rule"), ""),
    "too-large": (
        413,
        lazy("Too large"),
        lazy("The request is larger than this server takes. Nothing was changed."),
    ),
    "not-json": (
        415,
        lazy("Not JSON"),
        lazy("Send the request as application/json. Nothing was changed."),
    ),
    "not-form": (
        415,
        lazy("Not a form"),
        lazy("Send the request as multipart/form-data, with a part named file. Nothing was kept."),
    ),
    "invalid": (
        422,
        lazy("Not valid"),
        lazy("Some of the data is not valid; see `errors`. Nothing was changed."),
    ),
    "key-reused": (
        422,
        lazy("Request key already used"),
        lazy("This Idempotency-Key was used for another request. Nothing was changed."),
    ),
    "too-fast": (
        429,
        lazy("Too many requests"),
        lazy(
            "Too many requests. Nothing was changed. Try again after the number of seconds "
            "in Retry-After."
        ),
    ),
    "internal": (
        500,
        lazy("Server error"),
        lazy("An error occurred on the server. Nothing was changed; please try again."),
    ),
    "unavailable": (
        503,
        lazy("Database not available"),
        lazy("The database does not answer at the moment. Nothing was changed; try again later."),
    ),
    "disk-full": (
        507,
        lazy("Disk full"),
        lazy("The disk of the server is full. Nothing was changed, nor can it be for now."),
    ),
}


class ApiError(Exception):
    """An error of the protocol, by its name in PROBLEMS."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def problem(
    kind: str,
    *,
    detail: object = "",
    code: str = "",
    errors: Mapping[str, object] | None = None,
    **more: Any,
) -> HttpResponse:
    """The response for one kind of problem."""
    status, title, standard = PROBLEMS[kind]
    body: dict[str, Any] = {
        "type": f"/problems/{kind}",
        "title": str(title),
        "status": status,
        "detail": str(detail or standard),
        "code": code or kind.replace("-", "_"),
    }
    if errors:
        body["errors"] = {name: str(sentence) for name, sentence in errors.items()}
    response = JsonResponse(body | more, status=status, content_type="application/problem+json")
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="oslonac"'
    return response


# How a record looks in an answer, by model; filled by the packages' api modules.
SHAPES: dict[type[Model], Callable[..., Out]] = {}


def shape_of(model: type[Model]) -> Callable[[S], S]:
    """Register how records of a model are shown: `shape(request, record)`."""

    def register(shape: S) -> S:
        SHAPES[model] = shape
        return shape

    return register


def shaped(request: HttpRequest, record: Any) -> Any:
    """A record in its shape. Raises Hidden for what a repeated request may not see any more."""
    if record is None:
        raise Hidden("record", None)
    return SHAPES[type(record)](request, record)


def install(api: NinjaAPI) -> None:
    """Let the API answer every error of ours, and of the framework, as a problem."""
    handlers: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
        ApiError: lambda _request, error: problem(error.kind),
        AuthenticationError: lambda _request, _error: problem("unauthenticated"),
        RequestDataTooBig: lambda _request, _error: problem("too-large"),
        HttpError: lambda _request, error: problem("bad-json"),
        Http404: lambda _request, _error: problem("not-found"),
        ValidationError: _on_validation,
        Invalid: lambda _request, error: problem("invalid", errors=error.fields),
        RepeatedDifferently: lambda _request, _error: problem("key-reused"),
        Refused: _on_refused,
        NotFresh: _on_not_fresh,
        Stale: _on_stale,
        Denied: _on_denied,
        Hidden: _on_hidden,
        Exception: _on_anything,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


def _on_refused(request: HttpRequest, error: Refused) -> HttpResponse:
    errors = {error.field: error.message} if error.field else None
    return problem("refused", detail=error.message, code=error.code, errors=errors)


def _on_stale(request: HttpRequest, error: Stale) -> HttpResponse:
    more: dict[str, Any] = {"revision": getattr(error.current, "revision", None)}
    if type(error.current) in SHAPES:
        more["current"] = shaped(request, error.current).model_dump()
    return problem("stale", **more)


def _on_not_fresh(request: Any, error: NotFresh) -> HttpResponse:
    """After RFC 9470; 403 and not its 401, which programs take for a session that ended."""
    response = problem("step-up-needed", max_age=settings.OSLONAC_STEP_UP_MINUTES * 60)
    challenge = 'Bearer realm="oslonac", error="insufficient_user_authentication"'
    response["WWW-Authenticate"] = f"{challenge}, max_age={settings.OSLONAC_STEP_UP_MINUTES * 60}"
    return response


def _on_denied(request: Any, error: Denied) -> HttpResponse:
    refuse(request.actor, f"{error.permission}.denied"[:60], "", error.record)
    return problem("denied")


def _on_hidden(request: Any, error: Hidden) -> HttpResponse:
    refuse(request.actor, f"{error.kind}.hidden"[:60], error.kind, error.record_id)
    return problem("not-found")


def _on_anything(request: HttpRequest, error: Exception) -> HttpResponse:
    # The message of an unexpected error may quote a value; where it happened says enough.
    where = " < ".join(
        f"{frame.name}:{frame.lineno}"
        for frame in reversed(traceback.extract_tb(error.__traceback__)[-6:])
    )
    log.error("%s in the API: %s", type(error).__name__, where)
    kinds = {Fault.DISK_FULL: "disk-full", Fault.NO_DATABASE: "unavailable"}
    return problem(kinds.get(fault_of(error), "internal"))


def _on_validation(request: HttpRequest, error: ValidationError) -> HttpResponse:
    found = {_path(each["loc"]): _sentence(each) for each in error.errors[:MOST_ERRORS]}
    return problem("invalid", errors=found)


def _path(location: Any) -> str:
    """`("body", "body", "goals", 0, "outcome")` is `goals.0.outcome`."""
    parts = [str(part) for part in location]
    start = 2 if parts[:1] in (["body"], ["query"]) and len(parts) > 2 else 1
    name = clean_line(".".join(parts[start:]))[:LONGEST_FIELD_NAME]
    return name or "body"


def _sentence(error: Mapping[str, Any]) -> str:
    kind, limits = error["type"], error.get("ctx", {})
    if kind == "missing":
        return _("This field is required.")
    if kind == "extra_forbidden":
        return _("There is no such field.")
    if kind in ("enum", "literal_error"):
        return _("Choose one of: %(choices)s.") % {"choices": limits.get("expected", "")}
    if kind in ("string_too_long", "too_long"):
        return _("This is too long: at most %(limit)s.") % {"limit": limits.get("max_length")}
    if kind in ("string_too_short", "too_short"):
        return _("Please write something here.")
    if kind in ("greater_than_equal", "less_than_equal"):
        return _("This number is too small or too large.")
    if kind.startswith(("date", "timezone")) or "date" in kind:
        return _("Use an ISO 8601 date, or a date and time with its offset.")
    if kind.startswith("uuid"):
        return _("This is not a valid id.")
    return _("This value has the wrong type.")
