"""Pages of unusual access for the data-protection officer: what, why, and the finding."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from oslonac.access import roles
from oslonac.access.roles import Permission
from oslonac.accounts.acting import ActingRequest
from oslonac.accounts.guards import permitted
from oslonac.accounts.queries import names_of
from oslonac.administration import queries
from oslonac.administration.forms import LookedIntoForm
from oslonac.audit import unusual
from oslonac.audit.actions import RepeatedDifferently, record_read
from oslonac.audit.models import Unusual
from oslonac.audit.rules import LIMITS, Pattern
from oslonac.kit.clock import local_day
from oslonac.kit.errors import Hidden, Refused
from oslonac.kit.ids import uuid7
from oslonac.vault.sealing import open_one
from oslonac.web.refusals import complain_of_key
from oslonac.web.shapes import Cell, Column, Flag, Table

PAGE_SIZE = 50


def reason(row: Unusual) -> str:
    """Why this is shown, in a sentence with the numbers."""
    limit = LIMITS[Pattern(row.pattern)]
    said = {"count": row.count, "usual": row.usual, "least": limit.least}
    if row.pattern == Pattern.MANY_FILES:
        text = _("Opened %(count)s protected files within one hour.")
    elif row.pattern == Pattern.NO_DUTY:
        text = _("Opened %(count)s files on one day without a task in any of them.")
    elif row.pattern == Pattern.ONE_NAME:
        text = _("Searched for the same name %(count)s times within a week.")
    elif row.pattern == Pattern.AT_NIGHT:
        text = _("Opened %(count)s protected files in one night, in a role that works by day.")
    else:
        text = _("Opened a case in an emergency; nobody has reviewed it for days.")
    if row.usual is not None:
        text += " " + _("Usual: up to %(usual)s.")
    return text % said


@permitted(Permission.LEDGER_READ)
def index(request: ActingRequest) -> HttpResponse:
    """What waits, the latest first; then what was looked into."""
    rows = Unusual.objects.order_by("looked_at", "-noticed_at", "-pk")
    waiting = rows.filter(looked_at__isnull=True).order_by("-noticed_at", "-pk")
    done = rows.filter(looked_at__isnull=False).order_by("-looked_at", "-pk")
    shown = done if request.GET.get("done") else waiting
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page_title": _("Unusual access"),
        "count": waiting.count(),
        "shows_done": bool(request.GET.get("done")),
        "page_obj": page,
        "table": _table(list(page.object_list)),
    }
    return render(request, "administration/unusual.html", context)


def _table(rows: list[Unusual]) -> Table:
    names = names_of(row.reader_id for row in rows)
    columns = [Column(_("Who")), Column(_("What")), Column(_("When")), Column(_("Status"))]
    lines = [_row(row, names) for row in rows]
    return Table(_("Unusual access"), columns, lines, _("Nothing to check."))


def _row(row: Unusual, names: dict[UUID, str]) -> list[Cell | str]:
    role = roles.label(row.role)
    url = reverse("administration:unusual_one", args=[row.pk])
    flag = Flag(_("checked"), "ok") if row.looked_at else Flag(_("waiting"), "warn")
    return [
        Cell(names.get(row.reader_id, ""), url, note=role),
        Cell(str(Pattern(row.pattern).label), note=reason(row)),
        date_format(localtime(row.starts_at), "DATETIME_FORMAT"),
        Cell("", flag=flag),
    ]


def _one(unusual_id: UUID) -> Unusual:
    found = Unusual.objects.select_related("key").filter(pk=unusual_id).first()
    if found is None:
        raise Hidden("unusual", unusual_id)
    return found


@permitted(Permission.LEDGER_READ)
def one(request: ActingRequest, unusual_id: UUID) -> HttpResponse:
    """One finding with its reason; POST says that it was looked into, and what was found."""
    row = _one(unusual_id)
    form = LookedIntoForm(request.POST or None, initial={"request_key": str(uuid7())})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            unusual.look_into(
                actor=request.actor,
                at=request.at,
                request_key=said["request_key"],
                unusual=row,
                note=said["note"],
            )
        except RepeatedDifferently:
            complain_of_key(form)
        except Refused as refused:
            if refused.code == "unusual.done":  # a colleague was quicker; the page shows it
                messages.error(request, str(refused.message))
                return redirect("administration:unusual_one", row.pk)
            form.add_error("note" if refused.field else None, str(refused.message))
        else:
            messages.success(request, _("Saved as checked."))
            return redirect("administration:unusual")
    return _page(request, row, form)


def _page(request: ActingRequest, row: Unusual, form: LookedIntoForm) -> HttpResponse:
    names = names_of([row.reader_id, row.looked_by_id])
    day = local_day(row.starts_at).isoformat()
    numbers = queries.case_numbers([row.case_id])
    if row.looked_at:
        record_read(actor=request.actor, at=request.at, subject=row, fields=["note"])
    context = {
        "page_title": _("Unusual access"),
        "row": row,
        "name": names.get(row.reader_id, ""),
        "role": roles.label(row.role),
        "pattern": str(Pattern(row.pattern).label),
        "reason": reason(row),
        "case_number": numbers.get(row.case_id, "") if row.case_id else "",
        "events_url": f"{reverse('administration:ledger')}?person={row.reader_id}&since={day}",
        "looked_by": names.get(row.looked_by_id, "") if row.looked_by_id else "",
        "note": open_one(row, "note") if row.looked_at else "",
        "form": form,
    }
    return render(
        request, "administration/unusual_one.html", context, status=422 if form.errors else 200
    )
