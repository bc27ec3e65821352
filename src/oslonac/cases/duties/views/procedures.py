"""Moving all cases of a centre to the current versions of the procedures: what changes, then the
decision."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from oslonac.access.roles import Permission
from oslonac.accounts.acting import ActingRequest
from oslonac.accounts.guards import permitted
from oslonac.audit.actions import RepeatedDifferently
from oslonac.cases import actions
from oslonac.cases.duties import moving
from oslonac.cases.duties.actions.moving import AT_ONCE
from oslonac.cases.duties.page import moved
from oslonac.cases.models import Case
from oslonac.cases.views.links import case_url
from oslonac.kit.errors import Invalid
from oslonac.kit.ids import uuid7
from oslonac.protocols import catalogue
from oslonac.protocols.versions import Change, Kind
from oslonac.web.fields import LongText
from oslonac.web.messages import toast
from oslonac.web.refusals import complain_of_key
from oslonac.web.shapes import Cell, Column, Table


class MoveForm(forms.Form):
    request_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=70)
    reason = forms.CharField(
        label=gettext_lazy("Reasons, and on whose authority"), widget=LongText(rows=4)
    )


@dataclass(frozen=True)
class Ahead:
    """What moving some cases would change: by sentence how often, and case by case."""

    cases: Sequence[Case]
    left: int
    summary: Sequence[tuple[str, int]]
    table: Table


@permitted(Permission.CASE_APPROVE)
def move(request: ActingRequest) -> HttpResponse:
    """Show what changes for the next cases; move them when it was sent."""
    actor, at = request.actor, request.at
    waiting = moving.behind_at(actor, moving.led_by(actor), at=at)
    form = MoveForm(
        request.POST if request.method == "POST" else None, initial={"request_key": str(uuid7())}
    )
    if form.is_bound and form.is_valid():
        try:
            done, left = actions.move_many(
                actor=actor,
                at=at,
                cases=waiting,
                reason=form.cleaned_data["reason"],
                request_key=form.cleaned_data["request_key"] or str(uuid7()),
            )
        except Invalid as invalid:
            for name, sentence in invalid.fields.items():
                form.add_error(name if name in form.fields else None, str(sentence))
        except RepeatedDifferently:
            complain_of_key(form)
        else:
            toast(request, _told(done, left))
            return HttpResponseRedirect(reverse("cases:procedures"))
    context = {
        "page_title": _("Versions of the procedures"),
        "form": form,
        "ahead": _ahead(waiting, at) if waiting else None,
        "at_once": AT_ONCE,
    }
    return render(request, "cases/procedures.html", context, status=422 if form.errors else 200)


def _told(done: int, left: int) -> str:
    said = ngettext("%(n)d case was moved.", "%(n)d cases were moved.", done) % {"n": done}
    if not left:
        return said
    more = ngettext(
        "%(n)d was changed by somebody else and was not moved. Check it again.",
        "%(n)d were changed by somebody else and were not moved. Check them again.",
        left,
    )
    return f"{said} {more % {'n': left}}"


def _ahead(waiting: Sequence[Case], at: datetime) -> Ahead:
    shown = waiting[:AT_ONCE]
    counts: Counter[str] = Counter()
    rows = []
    for case in shown:
        changes = [c for m in moving.moves(case, at) for c in m.duties]
        counts.update({_kind(change) for change in changes})
        rows.append(
            (
                Cell(case.number, case_url(case.pk)),
                str(case.organisation),
                _("nothing changes") if not changes else str(len(changes)),
            )
        )
    columns = (Column(_("Case")), Column(_("Centre")), Column(_("Changes"), numeric=True))
    table = Table(_("Cases, the oldest first"), columns, rows, show_caption=True)
    return Ahead(shown, len(waiting) - len(shown), counts.most_common(), table)


def _kind(change: Change) -> str:
    """A change without what differs from case to case, so that the same can be counted."""
    if change.kind in (Kind.ADDED, Kind.DUE):
        texts = {Kind.ADDED: _("New task: %(what)s"), Kind.DUE: _("New deadline: %(what)s")}
        return texts[change.kind] % {"what": catalogue.title(change.activity)}
    return moved.sentence(change)
