"""Lists of cases: mine, my team's, shared with me, closed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.accounts.acting import ActingRequest
from oslonac.accounts.guards import permitted
from oslonac.cases import lists, moments
from oslonac.cases.duties import moving
from oslonac.cases.duties.views import duties
from oslonac.cases.rules import CaseStatus, Priority
from oslonac.cases.views.links import case_url
from oslonac.people.queries import NAMELESS
from oslonac.web.shapes import Cell, Column, Flag, Kind, Link, Table

PRIORITY_KINDS: dict[str, Kind] = {"immediate": "alert", "urgent": "warn", "regular": "calm"}


@permitted(Permission.CASE_READ)
def mine(request: ActingRequest) -> HttpResponse:
    """Cases one answers for in person: as case manager or as guardian."""
    return _listing(
        request,
        "mine",
        _("My cases"),
        _("No case is assigned to you."),
        _("A case appears here when it is assigned to you, or when you become a guardian."),
    )


@permitted(Permission.CASE_READ)
def team(request: ActingRequest) -> HttpResponse:
    """Cases of the teams one leads or belongs to."""
    return _listing(
        request,
        "team",
        _("My team's cases"),
        _("You have no access to cases of a team."),
        _("Heads and supervisors see all cases of their centre here."),
    )


@permitted(Permission.CASE_READ)
def shared(request: ActingRequest) -> HttpResponse:
    """Cases that others answer for and share."""
    return _listing(
        request,
        "shared",
        _("Shared with me"),
        _("No cases are shared with you."),
        _(
            "Cases appear here if you met the person first, were asked for a service, or "
            "have an activity in the plan."
        ),
    )


@permitted(Permission.CASE_READ)
def closed(request: ActingRequest) -> HttpResponse:
    """Closed cases one may still see."""
    return _listing(
        request,
        "closed",
        _("Closed cases"),
        _("You have no access to closed cases."),
        _("A closed case can be opened again if the person needs help."),
    )


def _listing(request: ActingRequest, which: str, title: str, none: str, why: str) -> HttpResponse:
    actor, at = request.actor, request.at
    filters = read_filters(request.GET, closed=which == "closed")
    found = (
        lists.closed(actor, filters, at=at)
        if which == "closed"
        else lists.cases(actor, which, filters, at=at)
    )
    page = lists.page_of(found, request.GET.get("page"))
    rows = lists.opened(actor, page, at=at, where="case_list")
    narrowed = filters != read_filters({}, closed=which == "closed")
    context = {
        "page_title": title,
        "title": title,
        "tabs": _tabs(which),
        "page": page,
        "total": page.paginator.count,
        "table": table_of(
            request.actor, rows, at, title, team=which != "mine", closed=which == "closed"
        ),
        "filters": filters,
        "narrowed": narrowed,
        "plain_url": request.path,
        "none": _("No cases match these filters.") if narrowed else none,
        "none_why": "" if narrowed else why,
        "behind": moving.count_behind(actor) if which == "team" else 0,
        **_choices(actor, which, at),
    }
    return render(request, "cases/list.html", context)


def read_filters(query: Any, *, closed: bool = False) -> lists.Filters:
    """Filters from the address; what makes no sense is left out."""
    status = query.get("status", CaseStatus.OPEN.value)
    manager = query.get("manager", "")
    order = query.get("order", "due")
    priority = query.get("priority", "")
    if status == "all" or closed:
        status = ""
    elif status not in CaseStatus.values:
        status = CaseStatus.OPEN.value
    return lists.Filters(
        priority=priority if priority in Priority.values else "",
        status=status,
        late=query.get("late") == "1",
        manager=manager if manager == "none" or _is_id(manager) else "",
        order=order if order in lists.ORDERS else "due",
    )


def _is_id(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True


def _choices(actor: Any, which: str, at: datetime) -> dict[str, Any]:
    managers: list[tuple[str, str]] = []
    if which == "team" and Permission.TEAM_READ in actor.permissions:
        managers = [
            (str(pk) if pk else "none", name or _("not assigned"))
            for pk, name, _n in lists.team_managers(actor, at=at)
        ]
    return {
        "priorities": Priority.choices,
        "managers": managers,
        "orders": [
            ("due", _("closed last") if which == "closed" else _("next due")),
            ("number", _("number")),
            ("opened", _("opened last")),
        ],
        "statuses": []
        if which == "closed"
        else [*((str(v), str(w)) for v, w in CaseStatus.choices), ("all", _("all"))],
    }


def _tabs(which: str) -> list[Link]:
    names = {
        "mine": _("Mine"),
        "team": _("Team"),
        "shared": _("Shared with me"),
        "closed": _("Closed"),
    }
    return [Link(name, reverse(f"cases:{key}"), key == which) for key, name in names.items()]


def table_of(
    actor: Actor,
    rows: Sequence[lists.Row],
    at: datetime,
    caption: str,
    *,
    team: bool,
    closed: bool = False,
) -> Table:
    """The table of cases; on a phone each row is a card."""
    columns = [Column(_("Case")), Column(_("Who")), Column(_("Priority"))]
    columns += [Column(_("Closed")) if closed else Column(_("Next"))]
    columns += [Column(_("Alone with the person"))]
    columns += [Column(_("Responsible"))] if team else []
    return Table(caption, columns, [_row(row, at, team, closed, actor) for row in rows])


def _row(row: lists.Row, at: datetime, team: bool, closed: bool, actor: Actor) -> list[Cell | str]:
    case = row.case
    who = Cell(row.name, note=_age_words(row))
    if row.name == NAMELESS:
        who = Cell(_age_words(row) or _("you do not have access"), note=_("name not shown"))
    priority = Cell("", flag=Flag(str(case.get_priority_display()), PRIORITY_KINDS[case.priority]))
    last = Cell(
        moments.ago(case.last_alone_at, at, _("never yet")),
        note=moments.day(case.last_alone_at) if case.last_alone_at else "",
    )
    cells: list[Cell | str] = [Cell(case.number, case_url(case.pk)), who, priority]
    if closed:
        cells.append(moments.day(case.closed_at) if case.closed_at else "")
    else:
        cells.append(duties.next_cell(row, at, actor))
    cells.append(last)
    if team:
        cells.append(Cell(row.manager or _("not assigned"), note=str(case.organisation)))
    return cells


def _age_words(row: lists.Row) -> str:
    return _("%(age)s years") % {"age": row.age} if row.age is not None else ""
