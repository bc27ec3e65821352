"""The access list: who may see which record and why. No names of people in cases."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from oslonac.access import policy, roles
from oslonac.access.models import Grant
from oslonac.access.roles import Permission
from oslonac.access.rules import Basis, Level, Reason, RecordKind
from oslonac.accounts.acting import ActingRequest
from oslonac.accounts.guards import permitted
from oslonac.accounts.queries import names_of
from oslonac.administration import queries
from oslonac.administration.forms import GrantFilter
from oslonac.kit.text import clean_line
from oslonac.web.shapes import Cell, Column, Flag, Table

PAGE_SIZE = 50


@permitted(Permission.GRANTS_READ)
def index(request: ActingRequest) -> HttpResponse:
    """Grants of a case or of a user, as far as the reader may know of them."""
    form = GrantFilter(request.GET or {})
    form.fields["person"].offer(queries.people_to_choose(request.actor, at=request.at))  # type: ignore[attr-defined]
    form.is_valid()
    said = form.cleaned_data
    everything = queries.checks_everything(request.actor)
    case, person = clean_line(said.get("case", "")), said.get("person", "")
    reason, ended = said.get("reason", ""), said.get("ended", False)
    # Nobody reads a country's grants from the top: until asked, an auditor is shown the ones
    # that broke the glass.
    first_look = everything and not (case or person or reason)
    if first_look:
        reason, ended = Reason.BREAK_GLASS.value, True
    rows = queries.grants(
        request.actor, at=request.at, case=case, person=person, reason=reason, ended=ended
    )
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page_title": _("Access list"),
        "form": form,
        "page_obj": page,
        "count": page.paginator.count,
        "everything": everything,
        "first_look": first_look,
        "table": _table(request, list(page.object_list)),
    }
    return render(request, "administration/grants.html", context)


def _table(request: ActingRequest, rows: list[Grant]) -> Table:
    numbers = queries.case_numbers(row.record_id for row in rows)
    names = names_of(
        user_id for row in rows for user_id in (row.grantee_id, row.given_by_id, row.ended_by_id)
    )
    visible = policy.reaches(request.actor, [row.record_id for row in rows], at=request.at)
    columns = [
        Column(_("Record")),
        Column(_("Who")),
        Column(_("Why")),
        Column(_("What they can see")),
        Column(_("Since")),
        Column(_("Until")),
    ]
    hidden = queries.unnamed(request.actor, rows, at=request.at)
    shown = [
        _line(
            row,
            numbers,
            visible=row.record_id in visible,
            request=request,
            holder=_somewhere() if hidden.holder(row) else _grantee(row, names),
            names={pk: name for pk, name in names.items() if not hidden.person(row, pk)},
        )
        for row in rows
    ]
    return Table(_("Access list"), columns, shown, _("No entries match these filters."))


def _line(
    row: Grant,
    numbers: Any,
    *,
    names: Any,
    visible: bool,
    request: ActingRequest,
    holder: Cell,
) -> list[Cell | str]:
    since = _moment(row.starts_at)
    giver = names.get(row.given_by_id, "")
    over = row.ends_at is not None and row.ends_at <= request.at
    level = str(Level(row.level).label)
    if row.whereabouts:
        level += " · " + _("and where the person is")
    alarm = Flag(_("emergency"), "alert") if row.reason == Reason.BREAK_GLASS else None
    return [
        _record(row, numbers, visible),
        holder,
        Cell(str(Reason(row.reason).label), note=str(Basis(row.basis).label), flag=alarm),
        level,
        Cell(since, note=_("by %(name)s") % {"name": giver} if giver else ""),
        _until(row, names, over),
    ]


def _record(row: Grant, numbers: Any, visible: bool) -> Cell:
    if row.record_kind != RecordKind.CASE:
        return Cell(str(RecordKind(row.record_kind).label), note=str(row.record_id)[-8:])
    number = numbers.get(row.record_id, "")
    return Cell(number, _case_url(row) if visible else "")


def _case_url(row: Grant) -> str:
    """The case's own page, where whoever may end a grant finds that step."""
    try:
        return reverse("cases:case", args=[row.record_id])
    except NoReverseMatch:
        return ""


def _grantee(row: Grant, names: Any) -> Cell:
    if row.grantee_id:
        return Cell(names.get(row.grantee_id, ""))
    return Cell(roles.label(row.role), note=str(row.organisation))


def _somewhere() -> Cell:
    return Cell(_("The carers where the person is placed (place not shown)"))


def _until(row: Grant, names: Any, over: bool) -> Cell:
    if row.ends_at is None:
        return Cell(_("no end date"))
    ender = names.get(row.ended_by_id, "")
    note = _("ended by %(name)s") % {"name": ender} if ender else ""
    return Cell(_moment(row.ends_at), note=note, flag=Flag(_("ended"), "calm") if over else None)


def _moment(moment: Any) -> str:
    return date_format(localtime(moment), "DATETIME_FORMAT")
