"""Pages that correct the directory. A stale write shows both versions."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from oslonac.access.roles import Permission
from oslonac.accounts.acting import ActingRequest
from oslonac.accounts.guards import permitted
from oslonac.accounts.journal import last_change
from oslonac.audit.actions import RepeatedDifferently
from oslonac.directory import actions, queries
from oslonac.directory.forms import (
    ContactForm,
    OrganisationForm,
    contact_values,
    organisation_values,
)
from oslonac.directory.models import ContactPoint, Organisation
from oslonac.kit.errors import Hidden, Invalid, Stale
from oslonac.kit.ids import uuid7
from oslonac.web.conflicts import conflict_of
from oslonac.web.refusals import complain_of_key
from oslonac.web.shapes import Link

# Every correction says anew where it comes from.
UNSAID = {"source": "", "as_of": "", "verified": False}


def _fresh(values: dict[str, Any], revision: int) -> dict[str, Any]:
    return {**values, "revision": revision, "request_key": str(uuid7())}


def _page(
    request: ActingRequest, row: Organisation, form: Any, title: str, **more: Any
) -> HttpResponse:
    back = reverse("directory:organisation", args=[row.pk])
    context = {
        "page_title": _("Correct the directory"),
        "crumbs": [
            Link(_("Directory"), reverse("directory:index")),
            Link(str(row), back),
            Link(title),
        ],
        "title": title,
        "form": form,
        "back": back,
        **more,
    }
    status = 409 if "conflict" in more else 422 if form.errors else 200
    return render(request, "directory/edit.html", context, status=status)


def _write(form: Any, write: Callable[[], Any]) -> bool:
    """Run an action; what it cannot take is shown beside the fields. Raises Stale."""
    try:
        write()
    except Invalid as invalid:
        for name, sentence in invalid.fields.items():
            form.add_error(name if name in form.fields else None, str(sentence))
        return False
    except RepeatedDifferently:
        complain_of_key(form)
        return False
    return True


def _conflict(
    request: ActingRequest, form: Any, record: Any, values: dict[str, Any], back: str
) -> Any:
    """Both versions, as the design system's conflict; None when nothing differs any more."""
    by, moment = last_change(record.pk)
    found = conflict_of(
        form,
        values,
        what=str(record) if isinstance(record, Organisation) else record.value,
        by=by or _("Somebody"),
        when=_("%(time)s ago") % {"time": timesince(moment, request.at)} if moment else "",
        url=request.path,
        hidden={"revision": str(record.revision), "request_key": str(uuid7())},
        cancel_url=back,
    )
    return found if found.differences else None


@permitted(Permission.DIRECTORY_WRITE)
def organisation(request: ActingRequest, organisation_id: UUID) -> HttpResponse:
    """Names and state of an organisation."""
    row = queries.organisation(organisation_id)
    title = _("Correct names and state")
    if request.method != "POST":
        values = _fresh(organisation_values(row) | UNSAID, row.revision)
        return _page(request, row, OrganisationForm(initial=values, status=row.status), title)
    form = OrganisationForm(request.POST, status=row.status)
    if not form.is_valid():
        return _page(request, row, form, title)
    revision = form.cleaned_data["revision"] or 0
    request_key = form.cleaned_data["request_key"]
    try:
        saved = _write(form, lambda: _correct(request, row, form, revision, request_key))
    except Stale as stale:
        current: Any = stale.current
        back = reverse("directory:organisation", args=[row.pk])
        conflict = _conflict(request, form, current, organisation_values(current), back)
        if conflict is not None:
            return _page(request, row, form, title, conflict=conflict)
        saved = _write(form, lambda: _correct(request, row, form, current.revision, ""))
    if not saved:
        return _page(request, row, form, title)
    messages.success(request, _("The directory is updated."))
    return redirect("directory:organisation", row.pk)


def _correct(
    request: ActingRequest,
    row: Organisation,
    form: OrganisationForm,
    revision: int,
    request_key: str,
) -> None:
    actions.correct_organisation(
        actor=request.actor,
        at=request.at,
        request_key=request_key,
        organisation=row,
        revision=revision,
        **form.values(),
    )


@permitted(Permission.DIRECTORY_WRITE)
def new_contact(request: ActingRequest, organisation_id: UUID) -> HttpResponse:
    """A further number or address."""
    row = queries.organisation(organisation_id)
    title = _("Add a number or an address")
    form = ContactForm(request.POST or None, initial={"request_key": str(uuid7()), "revision": 0})
    if request.method == "POST" and form.is_valid():
        done = _write(
            form,
            lambda: actions.add_contact(
                actor=request.actor,
                at=request.at,
                request_key=form.cleaned_data["request_key"],
                organisation=row,
                **form.values(),
            ),
        )
        if done:
            messages.success(request, _("Added."))
            return redirect("directory:organisation", row.pk)
    return _page(request, row, form, title)


@permitted(Permission.DIRECTORY_WRITE)
def contact(request: ActingRequest, contact_id: UUID) -> HttpResponse:
    """Correct a number or an address."""
    record = queries.contact(contact_id)
    row = record.organisation
    title = _("Correct a number or an address")
    more = {"remove": record}
    if request.method != "POST":
        values = _fresh(contact_values(record) | UNSAID, record.revision)
        return _page(request, row, ContactForm(initial=values), title, **more)
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form, title, **more)
    try:
        saved = _write(form, lambda: _correct_contact(request, record, form))
    except Stale as stale:
        if stale.current is None:
            raise Hidden("contact", contact_id) from None
        current: Any = stale.current
        back = reverse("directory:organisation", args=[row.pk])
        conflict = _conflict(request, form, current, contact_values(current), back)
        if conflict is not None:
            return _page(request, row, form, title, conflict=conflict)
        saved = True  # the other writer wrote the very same
    if not saved:
        return _page(request, row, form, title, **more)
    messages.success(request, _("The directory is updated."))
    return redirect("directory:organisation", row.pk)


def _correct_contact(request: ActingRequest, record: ContactPoint, form: ContactForm) -> None:
    actions.correct_contact(
        actor=request.actor,
        at=request.at,
        request_key=form.cleaned_data["request_key"],
        contact=record,
        revision=form.cleaned_data["revision"] or 0,
        **form.values(),
    )


@permitted(Permission.DIRECTORY_WRITE)
def remove_contact(request: ActingRequest, contact_id: UUID) -> HttpResponse:
    """POST takes a wrong number or address off."""
    record = queries.contact(contact_id)
    row = record.organisation
    if request.method != "POST":
        return redirect("directory:edit_contact", contact_id)
    typed = request.POST.get("revision", "")
    revision = int(typed) if typed.isdigit() and len(typed) < 9 else 0
    try:
        actions.remove_contact(
            actor=request.actor, at=request.at, contact=record, revision=revision
        )
    except Stale:
        messages.error(
            request, _("Somebody changed this a moment ago. Check it again before you remove it.")
        )
        return redirect("directory:edit_contact", contact_id)
    messages.success(request, _("Removed from the directory."))
    return redirect("directory:organisation", row.pk)
