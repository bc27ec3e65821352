"""Pages of the activity log for auditors: what was done, read and refused, by whom.

Pages go backwards from an event instead of by number, so the newest costs the same whether the
ledger holds a thousand events or ten million. Belongs here: HTTP. Does not: reading (`reading`),
roots and verification (`roots`), unusual reading (`unusual`).
"""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from oslonac.access import reader
from oslonac.access.roles import Permission
from oslonac.accounts.acting import ActingRequest
from oslonac.accounts.guards import permitted
from oslonac.accounts.stepup import asked_again
from oslonac.administration import actions, queries, reading
from oslonac.administration.forms import ByNameForm, LedgerFilter
from oslonac.administration.roots import gap_facts
from oslonac.audit.actions import record_read
from oslonac.audit.events import EVENTS, title_of
from oslonac.audit.models import Event, Outcome, Unusual
from oslonac.cases.models import Case
from oslonac.country import alphabetical
from oslonac.kit.ids import uuid7
from oslonac.kit.spreadsheets import csv_text
from oslonac.kit.text import clean_line, day_and_hour
from oslonac.vault.row_policy import Bypass
from oslonac.web.shapes import Cell, Column, Flag, Table

PAGE_SIZE = 60
# A file of more lines than this is asked for in shorter periods.
MOST_IN_A_FILE = 50_000
_MARKED = {Outcome.READ: "calm", Outcome.DENIED: "alert"}


@permitted(Permission.LEDGER_READ)
def index(request: ActingRequest) -> HttpResponse:
    """Latest events first, narrowed down by record, person, kind of event, outcome and days."""
    form = _filter(request)
    asked, case, unknown = _asked(form, request.GET)
    rows = reading.before(
        reading.open_to(reading.events(asked), request.actor, at=request.at),
        request.GET.get("before", ""),
    )
    found = list(rows[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    if case is not None:  # whoever checks is seen as well
        record_read(
            actor=request.actor, at=request.at, subject=case, fields=["ledger"], case_id=case.pk
        )
    older = _url(request.GET, before=reading.mark_of(shown[-1])) if len(found) > PAGE_SIZE else ""
    context = {
        "page_title": _("Activity log"),
        "form": form,
        "by_name": ByNameForm(initial={"request_key": str(uuid7())}),
        "case_number": case.number if case else "",
        "unknown_case": unknown,
        "several": request.GET.getlist("subject"),
        "looked_url": _url(request.GET, outcome=Outcome.READ.value) if _narrow(asked) else "",
        "file_url": f"{reverse('administration:ledger_file')}?{request.GET.urlencode()}",
        "table": _table(shown),
        "older_url": older,
        "newest_url": _url(request.GET) if request.GET.get("before") else "",
        "chain": gap_facts(),
        "unusual": Unusual.objects.filter(looked_at__isnull=True).count(),
    }
    return render(request, "administration/ledger.html", context)


def _filter(request: ActingRequest) -> LedgerFilter:
    names = sorted(((name, title_of(name)) for name in EVENTS), key=lambda n: alphabetical(n[1]))
    people = queries.people_to_choose(request.actor, at=request.at)
    form = LedgerFilter(request.GET or {}, names, people)
    form.is_valid()
    return form


def _asked(form: LedgerFilter, query: QueryDict) -> tuple[reading.Asked, Case | None, bool]:
    """What the form asks, the case it names, and whether it names one that does not exist."""
    said = form.cleaned_data
    number = clean_line(said.get("case", ""))
    with reader.bypass(Bypass.NUMBERS):
        case = Case.objects.filter(number=number).first() if number else None
    records: tuple[UUID, ...] | None = None
    if number:
        records = reading.records_of_case(case) if case else ()
    elif subjects := _ids(query.getlist("subject")):
        records = reading.records_of_people(subjects)
    asked = reading.Asked(
        records=records,
        person=said.get("person", ""),
        name=said.get("name", ""),
        outcome=said.get("outcome", ""),
        since=said.get("since"),
        until=said.get("until"),
    )
    return asked, case, bool(number and case is None)


def _ids(typed: list[str]) -> list[UUID]:
    found = []
    for each in typed[: reading.MOST_PEOPLE]:
        try:
            found.append(UUID(each))
        except ValueError:
            continue
    return found


def _narrow(asked: reading.Asked) -> bool:
    return asked.records is not None and asked.outcome != Outcome.READ


def _url(query: QueryDict, **changes: str) -> str:
    kept = query.copy()
    kept.pop("before", None)
    for name, value in changes.items():
        kept[name] = value
    return f"{reverse('administration:ledger')}?{kept.urlencode()}"


def _table(rows: list[Event]) -> Table:
    columns = [
        Column(_("When")),
        Column(_("Who")),
        Column(_("What")),
        Column(_("Record")),
        Column(_("Outcome")),
    ]
    return Table(
        _("Events"),
        columns,
        [_row(line) for line in reading.lines(rows)],
        _("No events match these filters."),
    )


def _row(line: reading.Line) -> list[Cell | str]:
    moment = day_and_hour(date_format(line.when, "DATE_FORMAT"), f"{line.when:%H:%M:%S}")
    channel = line.event.channel
    kind: Any = _MARKED.get(Outcome(line.event.outcome))
    return [
        Cell(moment, note=channel if channel != "page" else ""),
        Cell(line.who, note=line.post),
        Cell(line.what, note=line.details),
        _record(line),
        Cell("", flag=Flag(line.outcome, kind)) if kind else line.outcome,
    ]


def _record(line: reading.Line) -> Cell:
    if line.number:
        url = f"{reverse('administration:ledger')}?case={line.number}"
        return Cell(line.number, url, note=line.record)
    return Cell(line.record)


@permitted(Permission.LEDGER_READ)
@require_safe
@asked_again
def file(request: ActingRequest) -> HttpResponse:
    """The same events as a CSV, safe for spreadsheets; taking it out is an event."""
    asked, _case, _unknown = _asked(_filter(request), request.GET)
    rows = list(reading.events(asked)[: MOST_IN_A_FILE + 1])
    cut = len(rows) > MOST_IN_A_FILE
    actions.export_ledger(
        actor=request.actor, at=request.at, count=min(len(rows), MOST_IN_A_FILE), cut=cut
    )
    header = [
        _("When"),
        _("Who"),
        _("Post"),
        _("What"),
        _("Details"),
        _("Record"),
        _("Case"),
        _("Outcome"),
        _("Channel"),
        _("Event"),
    ]
    text = csv_text(header, (_cells(line) for line in reading.lines(rows[:MOST_IN_A_FILE])))
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    name = f"ledger-{request.at:%Y%m%d-%H%M}{'-cut' if cut else ''}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _cells(line: reading.Line) -> list[object]:
    return [
        line.when.isoformat(),
        line.who,
        line.post,
        line.what,
        line.details,
        line.record,
        line.number,
        line.outcome,
        line.event.channel,
        line.event.pk,
    ]


@permitted(Permission.LEDGER_READ)
def by_name(request: ActingRequest) -> HttpResponse:
    """POST finds whose file somebody asks about by name; the name goes no further than this."""
    if request.method != "POST":
        return redirect("administration:ledger")
    form = ByNameForm(request.POST)
    context: dict[str, Any] = {"page_title": _("Activity log"), "form": form}
    if not form.is_valid():
        return render(request, "administration/by_name.html", context, status=422)
    people = reading.people_called(form.cleaned_data["name"])
    actions.search_ledger(
        actor=request.actor,
        at=request.at,
        request_key=form.cleaned_data["request_key"],
        name=form.cleaned_data["name"],
        reference=form.cleaned_data["reference"],
        found=len(people),
    )
    if not people or len(people) > reading.MOST_PEOPLE:
        form.add_error("name", _too_few_or_many(people))
        return render(request, "administration/by_name.html", context, status=422)
    query = QueryDict(mutable=True)
    query.setlist("subject", [str(each) for each in people])
    return redirect(f"{reverse('administration:ledger')}?{query.urlencode()}")


def _too_few_or_many(people: list[UUID]) -> str:
    if people:
        return _("Several people match this name. Ask for the case number or another name.")
    return _("Nobody in the register has a name like this. Your search was recorded.")
