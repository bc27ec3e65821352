"""Files through the API: what comes in as a form with one file, what goes out as bytes.

A file comes as `multipart/form-data`, so that it is sealed as it arrives by the same handler as on
the pages (`vault.uploads`), never whole in memory. Belongs here: reading such a form into a shape,
what the description says of it and of answers that are no JSON. Does not: which files are taken
(`documents`), what is sealed into an export (`exchange`).
"""

from collections.abc import Iterable
from typing import Any, TypeVar

import pydantic
from django.core.exceptions import TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.utils.translation import gettext as _
from ninja.errors import ValidationError

from oslonac.accounts.api_problems import ApiError
from oslonac.accounts.api_types import In
from oslonac.kit.errors import Invalid
from oslonac.vault import uploads
from oslonac.vault.uploads import SealedUpload

S = TypeVar("S", bound=In)
FORM = "multipart/form-data"
FILE = "file"


def check_form(request: HttpRequest) -> None:
    """Raise ApiError for what is no such form, or cannot be read as one. Reads it to its end."""
    if (request.content_type or "").lower() != FORM:
        raise ApiError("not-form")
    try:
        request.POST  # noqa: B018  (reading it is what may fail)
    except (MultiPartParserError, UnreadablePostError):
        raise ApiError("bad-form") from None
    except (TooManyFieldsSent, TooManyFilesSent):
        raise ApiError("too-large") from None


def read_form(request: HttpRequest, shape: type[S]) -> tuple[S, SealedUpload]:
    """The fields of a form in their shape, and its one file. Raises ValidationError, Invalid,
    ApiError; a field or a file nobody knows is a mistake, as in JSON."""
    if uploads.problem_of(request) == uploads.TOO_LARGE:
        raise ApiError("too-large")
    sent = {
        name: values[-1].replace("\0", "")
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
    }
    try:
        said = shape.model_validate(sent)
    except pydantic.ValidationError as error:
        found: Any = error.errors(include_input=False, include_url=False)
        raise ValidationError([each | {"loc": ("body", *each["loc"])} for each in found]) from None
    if set(request.FILES) - {FILE}:
        raise Invalid({FILE: _("Send one file, in the part named file.")})
    content = request.FILES.get(FILE)
    if not isinstance(content, SealedUpload):
        raise Invalid({FILE: _("This field is required.")})
    if len(request.FILES.getlist(FILE)) > 1:
        raise Invalid({FILE: _("Send one file, in the part named file.")})
    return said, content


def described_form(shape: type[In]) -> dict[str, Any]:
    """The body of an operation that takes such a form, for the description."""
    schema = shape.model_json_schema()
    schema["properties"] |= {FILE: {"type": "string", "format": "binary", "title": "File"}}
    schema["required"] = [*schema.get("required", []), FILE]
    return {"requestBody": {"required": True, "content": {FORM: {"schema": schema}}}}


def described_bytes(status: int, kinds: Iterable[str], words: str) -> dict[str, Any]:
    """An answer of bytes: its media types, and in words what it is."""
    binary = {"schema": {"type": "string", "format": "binary"}}
    content = {kind.partition(";")[0]: binary for kind in sorted(kinds)}
    return {"responses": {status: {"description": words, "content": content}}}
