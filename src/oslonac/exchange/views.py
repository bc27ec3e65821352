"""Pages of exports. A file is sent at once and not kept."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from oslonac.access.roles import Permission
from oslonac.access.rules import Level
from oslonac.accounts.acting import ActingRequest
from oslonac.accounts.guards import permitted
from oslonac.accounts.stepup import require as require_fresh
from oslonac.audit.actions import RepeatedDifferently
from oslonac.cases import queries as cases
from oslonac.cases.models import Case
from oslonac.exchange import actions, making, queries, tables
from oslonac.exchange.forms import ExportForm
from oslonac.exchange.rules import Form, Kind
from oslonac.kit.clock import local_day
from oslonac.kit.errors import Denied, Hidden, Invalid, Refused
from oslonac.kit.ids import uuid7
from oslonac.web.refusals import complain_of_key
from oslonac.web.shapes import Link

_SHOWN = 100


@permitted(Permission.SIGNED_IN)
def index(request: ActingRequest) -> HttpResponse:
    """One's own exports, and what can be exported from here."""
    if not request.actor.permissions & {Permission.EXPORT_MAKE, Permission.LEDGER_READ}:
        raise Denied(Permission.EXPORT_MAKE.value)
    rows = list(queries.own(request.actor)[:_SHOWN])
    texts = queries.texts_of(request.actor, rows, at=request.at)
    context = {
        "page_title": _("Exports"),
        "table": tables.exports(rows, texts),
        "may_caseload": Permission.EXPORT_MAKE in request.actor.permissions,
        "may_ledger": Permission.LEDGER_READ in request.actor.permissions,
    }
    return render(request, "exchange/index.html", context)


@permitted(Permission.SIGNED_IN)
def new(request: ActingRequest, kind: str) -> Any:
    """A caseload or the ledger."""
    if kind not in (Kind.CASELOAD, Kind.LEDGER):
        raise Hidden("export", kind)
    actions.require_export(request.actor, Kind(kind), None, at=request.at)
    return _export(request, Kind(kind), None)


@permitted(Permission.CASE_READ)
def of_case(request: ActingRequest, case_id: UUID) -> Any:
    """One case file."""
    case = cases.case(request.actor, case_id, at=request.at, level=Level.EXISTENCE)
    actions.require_export(request.actor, Kind.CASE, case, at=request.at)
    return _export(request, Kind.CASE, case)


def _export(request: ActingRequest, kind: Kind, case: Case | None) -> Any:
    today = local_day(request.at)
    initial = {"request_key": str(uuid7()), "form": Form.ZIP, "since": today, "until": today}
    form = ExportForm(request.POST or None, kind=kind, initial=initial)
    if request.method == "POST":
        require_fresh(request, "export.made")
        if form.is_valid():
            try:
                return making.send(
                    actor=request.actor, at=request.at, kind=kind, case=case, said=form.cleaned_data
                )
            except Invalid as invalid:
                for name, sentence in invalid.fields.items():
                    form.add_error(name if name in form.fields else None, str(sentence))
            except RepeatedDifferently:
                complain_of_key(form)
            except Refused as refused:
                field = refused.field if refused.field in form.fields else None
                form.add_error(field, str(refused.message))
    back = _back(case)
    context = {
        "page_title": _("Export"),
        "crumbs": [Link(_("Exports"), reverse("exchange:index")), Link(str(kind.label))],
        "title": _("Export: %(what)s") % {"what": kind.label},
        "number": case.number if case else "",
        "form": form,
        "back": back,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "exchange/new.html", context, status=status)


def _back(case: Case | None) -> str:
    return reverse("cases:case", args=[case.pk]) if case else reverse("exchange:index")
