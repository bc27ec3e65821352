"""Opening a case in an emergency, and the list of emergencies for those who review them."""

import unicodedata
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oslonac.access import policy, reader
from oslonac.access.roles import Permission
from oslonac.accounts.acting import ActingRequest
from oslonac.accounts.guards import permitted
from oslonac.accounts.middleware import refuse
from oslonac.accounts.queries import names_of
from oslonac.audit.actions import RepeatedDifferently
from oslonac.cases import actions, moments
from oslonac.cases.models import Emergency
from oslonac.cases.trust.rules import EmergencyOutcome
from oslonac.cases.views.links import case_url
from oslonac.kit.errors import Hidden, Invalid, Refused
from oslonac.kit.ids import uuid7
from oslonac.protocols.models import Obligation, State
from oslonac.vault.row_policy import Bypass
from oslonac.web.fields import LongText
from oslonac.web.messages import toast
from oslonac.web.refusals import complain_of_key
from oslonac.web.shapes import Cell, Column, Flag, Link, Table

PAGE = 50


class OpenForm(forms.Form):
    """The exact number and the reason; nothing is searched."""

    number = forms.CharField(
        max_length=20,
        label=gettext_lazy("Number of the case"),
        help_text=gettext_lazy("The full number, for example 2026-0417."),
    )
    reason = forms.CharField(
        widget=LongText(rows=4),
        label=gettext_lazy("What the emergency is"),
        help_text=gettext_lazy("The case manager and the supervisors of the centre read it."),
    )
    minutes = forms.IntegerField(label=gettext_lazy("For how many minutes"), min_value=1)
    whereabouts = forms.BooleanField(
        required=False, label=gettext_lazy("I need to know where the person is")
    )
    request_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=70)


@permitted(Permission.GLASS_BREAK)
def open_case(request: ActingRequest) -> HttpResponse:
    """The form, and the opening itself after a fresh proof of who asks."""
    if request.method != "POST":
        first = {
            "number": request.GET.get("number", "")[:20].replace("\x00", ""),
            "minutes": settings.OSLONAC_EMERGENCY_MINUTES,
            "request_key": str(uuid7()),
        }
        return _show(request, OpenForm(initial=first))
    form = OpenForm(request.POST)
    if not form.is_valid():
        return _show(request, form, 422)
    said = dict(form.cleaned_data)
    try:
        emergency = actions.break_glass(
            actor=request.actor,
            at=request.at,
            number=_digits(said["number"]),
            reason=said["reason"],
            minutes=said["minutes"],
            whereabouts=said["whereabouts"],
            request_key=said["request_key"] or str(uuid7()),
        )
    except Hidden as hidden:
        refuse(request.actor, "emergency.opened.hidden", hidden.kind, hidden.record_id)
        form.add_error("number", _("You cannot open a case with this number."))
        return _show(request, form, 422)
    except Invalid as invalid:
        for name, sentence in invalid.fields.items():
            form.add_error(name if name in form.fields else None, str(sentence))
        return _show(request, form, 422)
    except RepeatedDifferently:
        complain_of_key(form)
        return _show(request, form, 422)
    except Refused as refused:
        form.add_error(refused.field or None, str(refused.message))
        return _show(request, form, 422)
    toast(
        request,
        _(
            "You can see the case until %(moment)s. The case manager and the supervisors "
            "get a notice."
        )
        % {"moment": moments.short(emergency.until)},
    )
    return redirect("cases:case", case_id=emergency.case_id)


def _digits(typed: str) -> str:
    """Digits of any script as 0 to 9, so that a number read out in Arabic can be typed so."""
    return "".join(
        str(unicodedata.decimal(char)) if char.isdecimal() else char for char in typed.strip()
    )


def _show(request: ActingRequest, form: OpenForm, status: int = 200) -> HttpResponse:
    context = {
        "page_title": _("Emergency"),
        "crumbs": [Link(_("Today"), reverse("today:page")), Link(_("Emergency"))],
        "form": form,
        "most": settings.OSLONAC_EMERGENCY_MOST_MINUTES,
    }
    return render(request, "cases/emergency.html", context, status=status)


@permitted(Permission.GRANTS_READ)
def listing(request: ActingRequest) -> HttpResponse:
    """Emergencies: those not reviewed first. Auditors see all, leads those of their records."""
    rows = visible(request.actor, request.at)
    with reader.bypass(Bypass.NUMBERS):
        page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
        context = {
            "page_title": _("Emergencies"),
            "page_obj": page,
            "waiting": rows.filter(outcome=EmergencyOutcome.WAITING).count(),
            "table": _table(request, list(page)),
        }
    return render(request, "cases/emergencies.html", context)


def visible(actor: Any, at: Any) -> Any:
    """Emergencies the actor may know of, the unreviewed ones first, then the latest."""
    rows = Emergency.objects.select_related("case", "organisation")
    if Permission.LEDGER_READ in actor.permissions:
        rows = rows.exclude(case_id__in=policy.closed_to(actor, at=at))
    else:
        rows = rows.filter(case_id__in=policy.grants_of(actor, at=at).values("record_id"))
    waiting = Q(outcome=EmergencyOutcome.WAITING)
    return rows.order_by(ExpressionWrapper(~waiting, BooleanField()), "-opened_at", "pk")


def _table(request: ActingRequest, rows: list[Emergency]) -> Table:
    names = names_of(pk for row in rows for pk in (row.user_id, row.reviewed_by_id))
    seen = policy.reaches(request.actor, [row.case_id for row in rows], at=request.at)
    due = _deadlines(rows)
    columns = [_("Case"), _("Who"), _("Opened"), _("Until"), _("Review")]
    return Table(
        _("Emergencies"),
        [Column(name) for name in columns],
        [_line(row, names, row.case_id in seen, due.get(row.pk), request.at) for row in rows],
        _("No case was opened in an emergency."),
    )


def _deadlines(rows: list[Emergency]) -> dict[Any, Any]:
    found = Obligation.objects.filter(
        case_id__in=[row.case_id for row in rows],
        subject_id__in=[row.pk for row in rows],
        state=State.OPEN,
    )
    return dict(found.values_list("subject_id", "due_at"))


def _line(row: Emergency, names: Any, open_: bool, due: Any, at: Any) -> list[Cell | str]:
    url = case_url(row.case_id, "emergencies") if open_ else ""
    outcome = EmergencyOutcome(row.outcome)
    kinds: Any = {"waiting": "warn", "justified": "ok", "unjustified": "alert"}
    note = ""
    if outcome == EmergencyOutcome.WAITING and due is not None:
        note = moments.due(due, at, by_law=False)
    elif row.reviewed_by_id:
        note = names.get(row.reviewed_by_id, "")
    return [
        Cell(row.case.number, url),
        Cell(names.get(row.user_id, ""), note=str(row.organisation or "")),
        Cell(
            moments.short(row.opened_at),
            note=_("and where the person is") if row.whereabouts else "",
        ),
        moments.short(row.until),
        Cell("", note=note, flag=Flag(str(outcome.label), kinds.get(row.outcome, "warn"))),
    ]
