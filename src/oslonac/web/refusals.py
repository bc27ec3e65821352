"""Requests that were too large or could not be kept, in sentences: pages, forms, the API.

Django answers a body above its limits with a bare 400. Belongs here: the view in its place, and
telling a form that its file did not arrive. Does not: the limits (settings), taking files off the
wire (`vault.uploads`).
"""

import sys
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from oslonac.kit.faults import Fault, fault_of
from oslonac.kit.ids import uuid7
from oslonac.vault import uploads

TOO_LARGE = 413


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What came cannot be read (400), or there was too much of it (413)."""
    too_large = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    status = TOO_LARGE if too_large else 400
    if request.path.startswith("/api/"):
        code = "request.too_large" if too_large else "request.bad"
        said = {"type": "about:blank", "status": status, "code": code, "detail": _words(too_large)}
        return JsonResponse(said, status=status, content_type="application/problem+json")
    return render(request, f"{status}.html", {"message": _words(too_large)}, status=status)


def broken(request: HttpRequest) -> HttpResponse:
    """Something failed on our side. Of a page or a paper nothing was to be saved, so nothing is
    said of it; the template takes no context of the request, which may be what failed.

    Django calls it while the error is being handled: a full disk and a database that does not
    answer are said to be that, for trying again at once does not help then."""
    reading = request.method in ("GET", "HEAD")
    fault = fault_of(sys.exc_info()[1])
    status = _STATUS_OF[fault]
    told = {Fault.DISK_FULL: _disk_full, Fault.NO_DATABASE: _no_database}.get(fault)
    message = told() if told else ""
    context = {"reading": reading, "message": message, "status": status}
    response = HttpResponse(render_to_string("500.html", context), status=status)
    if fault is Fault.NO_DATABASE:
        response["Retry-After"] = "10"
    response["Cache-Control"] = "no-store"
    return response


_STATUS_OF = {Fault.DISK_FULL: 507, Fault.NO_DATABASE: 503, Fault.OURS: 500}


def _disk_full() -> str:
    return _(
        "The disk of the server is full, so nothing new can be saved. Tell the person who runs the "
        "system. It works again as soon as there is room."
    )


def _no_database() -> str:
    return _("The database does not answer at the moment. Wait a little and try again.")


def _words(too_large: bool) -> str:
    if not too_large:
        return _("The request cannot be read. Nothing was changed.")
    return _(
        "The form is larger than %(size)s, which is too large. Nothing was changed. Go "
        "back: what you typed is still there. Shorten it, or add a long text as a "
        "document."
    ) % {"size": filesizeformat(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)}


def complain_of_upload(request: HttpRequest, form: forms.BaseForm) -> None:
    """Where the file of a form was refused on its way, say that beside the field, not that the
    field is empty."""
    problem = uploads.problem_of(request)
    if not problem:
        return
    for name, field in form.fields.items():
        if isinstance(field, forms.FileField):
            form.errors.pop(name, None)
            form.add_error(name, _of_file(problem))


def complain_of_key(form: forms.BaseForm) -> None:
    """Somebody went back to a form that was saved and changed what was typed: say so, and give it
    a fresh key, so that what was typed can be saved after all."""
    sent: Any = form.data
    sent = sent.copy()
    sent["request_key"] = str(uuid7())
    form.data = sent
    form.add_error(
        None, _("This form was already saved once. Look at what was saved before saving again.")
    )


def _of_file(problem: str) -> Any:
    if problem == uploads.TOO_LARGE:
        return _(
            "This file is larger than %(size)s. It was not saved. Make it smaller, or "
            "split it, and choose it again."
        ) % {"size": filesizeformat(settings.OSLONAC_UPLOAD_BYTES)}
    return _("The file was not uploaded. Choose it again.")
