"""The event ledger for auditors: what was done, read and refused, and whether the chain holds.

Pages go backwards from an event instead of by number: event ids are in the order of time, so
the newest page costs the same whether the ledger holds a thousand events or ten million.
"""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Max, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from oslonac.access.roles import Permission, Role
from oslonac.accounts.acting import ActingRequest
from oslonac.accounts.guards import permitted
from oslonac.accounts.queries import names_of
from oslonac.administration import actions, queries
from oslonac.administration.forms import LedgerFilter
from oslonac.audit.actions import ACTIONS, record_read
from oslonac.audit.models import Event, Link, Outcome
from oslonac.cases.models import Case
from oslonac.directory.models import Organisation
from oslonac.kit.text import clean_line
from oslonac.web.shapes import Cell, Column, Fact, Flag, Table

PAGE_SIZE = 60
# What is not a named action: sessions, reads, loading a pack.
OTHER_EVENTS = (
    "password.changed", "pack.loaded", "sealed.read", "second_factor.added",
    "second_factor.removed", "second_factor.renewed", "session.closed", "session.opened",
    "session.refused",
)  # fmt: skip
_MARKED = {Outcome.READ: "calm", Outcome.DENIED: "alert"}


@permitted(Permission.LEDGER_READ)
def index(request: ActingRequest) -> HttpResponse:
    """Latest events first, narrowed down by case, person, action, outcome and day."""
    names = sorted({*ACTIONS, *OTHER_EVENTS})
    form = LedgerFilter(
        request.GET or {}, names, queries.people_to_choose(request.actor, at=request.at)
    )
    form.is_valid()
    said = form.cleaned_data
    number = clean_line(said.get("case", ""))
    case = Case.objects.filter(number=number).first() if number else None
    rows = _narrowed(said, case)
    found = list(_before(rows, request.GET.get("before", ""))[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    if case is not None:  # whoever checks is seen as well
        record_read(
            actor=request.actor, at=request.at, subject=case, fields=["ledger"], case_id=case.pk
        )
    context = {
        "page_title": _("Ledger"),
        "form": form,
        "case_number": case.number if case else "",
        "unknown_case": bool(number and case is None),
        "looked_url": _url(request.GET, outcome=Outcome.READ.value) if case else "",
        "table": _table(shown),
        "older_url": _url(request.GET, before=str(shown[-1].pk)) if len(found) > PAGE_SIZE else "",
        "newest_url": _url(request.GET) if request.GET.get("before") else "",
        "chain": chain_facts(),
    }
    return render(request, "administration/ledger.html", context)


def _narrowed(said: dict[str, Any], case: Case | None) -> QuerySet[Event]:
    rows = Event.objects.all()
    if said.get("case"):
        rows = rows.filter(queries.about_case(case.pk)) if case else rows.none()
    if said.get("person"):
        rows = rows.filter(actor_id=said["person"])
    if said.get("name"):
        rows = rows.filter(name=said["name"])
    if said.get("outcome"):
        rows = rows.filter(outcome=said["outcome"])
    if said.get("day"):
        first, last = day_bounds(said["day"])
        rows = rows.filter(at__gte=first, at__lt=last)
    return rows.order_by("-pk")


def _before(rows: QuerySet[Event], typed: str) -> QuerySet[Event]:
    try:
        return rows.filter(pk__lt=UUID(typed)) if typed else rows
    except ValueError:
        return rows


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The beginning of a local day and of the next; 23 or 25 hours apart when clocks change."""
    zone = ZoneInfo(settings.TIME_ZONE)
    return (
        datetime.combine(day, time(), zone),
        datetime.combine(day + timedelta(days=1), time(), zone),
    )


def _url(query: QueryDict, **changes: str) -> str:
    kept = query.copy()
    kept.pop("before", None)
    for name, value in changes.items():
        kept[name] = value
    return f"{reverse('administration:ledger')}?{kept.urlencode()}"


def _table(rows: list[Event]) -> Table:
    names = names_of(row.actor_id for row in rows)
    organisations = Organisation.objects.in_bulk({row.organisation_id for row in rows} - {None})
    numbers = queries.case_numbers([row.case_id for row in rows] + [row.record_id for row in rows])
    columns = [
        Column(_("When")), Column(_("Who")), Column(_("What")), Column(_("Record")),
        Column(_("Outcome")),
    ]  # fmt: skip
    shown = [_line(row, names, organisations, numbers) for row in rows]
    return Table(_("Events"), columns, shown, _("No event fits."))


def _line(row: Event, names: Any, organisations: Any, numbers: Any) -> list[Cell | str]:
    moment = f"{date_format(localtime(row.at), 'DATE_FORMAT')}, {localtime(row.at):%H:%M:%S}"
    who = names.get(row.actor_id, "") or (
        _("the system") if row.channel == "system" else _("nobody signed in")
    )
    role = str(Role(row.role).label) if row.role in Role.values else row.role
    organisation = str(organisations.get(row.organisation_id, ""))
    outcome = Outcome(row.outcome)
    kind: Any = _MARKED.get(outcome)
    return [
        Cell(moment, note=row.channel if row.channel != "page" else ""),
        Cell(who, note=", ".join(filter(None, [role, organisation]))),
        Cell(row.name, note=_details(row)),
        _record(row, numbers),
        Cell("", flag=Flag(str(outcome.label), kind)) if kind else str(outcome.label),
    ]


def _details(row: Event) -> str:
    """Field names and codes; an event holds nothing else."""
    said = [", ".join(row.fields)] if row.fields else []
    said += [f"{key}: {queries.as_plain(value)}" for key, value in row.data.items()]
    return " · ".join(said)


def _record(row: Event, numbers: Any) -> Cell:
    number = numbers.get(row.case_id) or numbers.get(row.record_id)
    note = row.record_kind if row.record_kind != "case" else ""
    if number:
        return Cell(number, f"{reverse('administration:ledger')}?case={number}", note=note)
    return Cell(str(row.record_id)[-8:] if row.record_id else "", note=note)


def chain_facts() -> list[Fact]:
    """How far the chain has come. Cheap: counts only what waits."""
    last = Link.objects.aggregate(last=Max("sequence"), xid=Max("xid"), at=Max("sealed_at"))
    waiting = Event.objects.filter(xid__gt=last["xid"] or 0).count()
    sealed = date_format(localtime(last["at"]), "DATETIME_FORMAT") if last["at"] else _("never")
    return [
        Fact(_("Linked"), str(last["last"] or 0)),
        Fact(_("Waiting"), str(waiting)),
        Fact(_("Last linked"), sealed),
    ]


@permitted(Permission.LEDGER_READ)
def verify(request: ActingRequest) -> HttpResponse:
    """POST walks the chain and shows the verdict."""
    if request.method != "POST":
        return redirect("administration:ledger")
    context = {
        "page_title": _("Ledger"),
        "verdict": actions.verify_ledger(actor=request.actor, at=request.at),
        "back": reverse("administration:ledger"),
    }
    return render(request, "administration/verdict.html", context)
