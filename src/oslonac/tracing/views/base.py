"""What the tracing pages share: crumbs, a form with its step, a button without a form."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from oslonac.access.roles import Permission
from oslonac.accounts.acting import ActingRequest
from oslonac.accounts.guards import permitted
from oslonac.kit.errors import Invalid, Refused, Stale
from oslonac.tracing import forms, queries
from oslonac.tracing.models import Candidate, TracingRequest
from oslonac.web.messages import toast
from oslonac.web.shapes import Link

traces = permitted(Permission.TRACING_WORK)


def crumbs(*more: Link) -> list[Link]:
    return [Link(_("Family tracing"), reverse("tracing:index")), *more]


def own_request(request: ActingRequest, request_id: UUID) -> TracingRequest:
    return queries.request(request.actor, request_id, at=request.at)


def home(of: TracingRequest | Candidate) -> str:
    name = "request" if isinstance(of, TracingRequest) else "candidate"
    return reverse(f"tracing:{name}", args=[of.pk])


def press(
    request: ActingRequest, found: Candidate, write: Callable[[], Any], done: str
) -> HttpResponse:
    """A button without a form. Whatever refuses it is said on the page it was pressed on."""
    try:
        write()
    except Refused as refused:
        toast(request, str(refused.message), level=30)
    except Stale:
        toast(request, _("Somebody else has changed this. Check it before you continue."), level=30)
    else:
        toast(request, done)
    return redirect(home(found))


def step(
    request: ActingRequest,
    form: forms.TracingForm,
    title: str,
    submit: str,
    of: TracingRequest | Candidate,
    write: Callable[[dict[str, Any]], Any],
    done: str,
    note: str = "",
) -> HttpResponse:
    """Show a form, or take its step: errors beside the fields, what was typed stays."""
    if form.is_bound and form.is_valid():
        said = dict(form.cleaned_data)
        said["revision"] = said["revision"] or 0
        try:
            result = tried(form, lambda: write(said))
        except Stale as stale:
            form.add_error(None, _("Somebody else has changed this. Check it, then save again."))
            now_at = getattr(stale.current, "revision", 0)
            form.data = {**request.POST.dict(), "revision": str(now_at)}
        else:
            if result is not None:
                toast(request, done)
                return redirect(home(of))
    asked = of if isinstance(of, TracingRequest) else of.trace.request
    trail = crumbs(Link(asked.reference, home(asked)), Link(title))
    return form_page(request, form, title, submit, home(of), trail, note)


def tried(form: Any, write: Callable[[], Any]) -> Any:
    """The action's result, or None with the refusal beside its field. Raises Stale."""
    try:
        return write()
    except Invalid as invalid:
        for name, sentence in invalid.fields.items():
            form.add_error(name if name in form.fields else None, str(sentence))
    except Refused as refused:
        field = refused.field if refused.field in form.fields else None
        form.add_error(field, str(refused.message))
    return None


def form_page(
    request: ActingRequest,
    form: forms.TracingForm,
    title: str,
    submit: str,
    back: str,
    crumbs: list[Link],
    note: str = "",
) -> HttpResponse:
    context = {
        "page_title": title,
        "title": title,
        "form": form,
        "submit": submit,
        "back": back,
        "crumbs": crumbs,
        "note": note,
    }
    status = 422 if form.is_bound else 200
    return render(request, "tracing/form.html", context, status=status)
