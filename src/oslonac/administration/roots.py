"""Pages of the chain: its open gap, the signed roots of the days, verification."""

import json
from typing import Any

from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from oslonac.access.roles import Permission
from oslonac.accounts.acting import ActingRequest
from oslonac.accounts.guards import permitted
from oslonac.administration import actions
from oslonac.audit import chain, roots
from oslonac.audit.models import Event, Link, Root
from oslonac.vault.signing import fingerprint
from oslonac.web.middleware import direction
from oslonac.web.pdf import render_pdf
from oslonac.web.shapes import Cell, Column, Fact, Table

SHOWN = 62
# What a page may walk while somebody waits; a larger ledger is walked by the worker.
MOST_ON_A_PAGE = 200_000


def gap_facts() -> list[Fact]:
    """How far the chain has come. Cheap: counts only what waits."""
    last = Link.objects.aggregate(last=Max("sequence"), at=Max("sealed_at"))
    gap = chain.gap()
    sealed = date_format(localtime(last["at"]), "DATETIME_FORMAT") if last["at"] else _("never")
    waiting = str(gap.waiting)
    if gap.waiting:
        since = ngettext(
            "the oldest for %(count)s second",
            "the oldest for %(count)s seconds",
            gap.oldest_seconds,
        ) % {"count": gap.oldest_seconds}
        waiting = f"{waiting}, {since}"
    return [
        Fact(_("Linked"), str(last["last"] or 0)),
        Fact(_("Waiting"), waiting),
        Fact(_("Last linked"), sealed),
    ]


@permitted(Permission.LEDGER_READ)
def index(request: ActingRequest) -> HttpResponse:
    """Signed roots of the last days, to be compared with what was published."""
    rows = list(Root.objects.order_by("-day")[:SHOWN])
    columns = [Column(_("Day")), Column(_("Events")), Column(_("Root")), Column(_("Signed"))]
    context = {
        "page_title": _("Signed day roots of the activity log"),
        "table": Table(
            _("Roots"), columns, [_row(row) for row in rows], _("No day has ended yet.")
        ),
        "fingerprints": _fingerprints(rows),
        "gap": chain.gap(),
        "chain": gap_facts(),
        "back": reverse("administration:ledger"),
    }
    return render(request, "administration/roots.html", context)


def _row(root: Root) -> list[Cell | str]:
    count = root.last - root.first + 1
    span = f"{root.first} – {root.last}" if count else ""
    return [
        Cell(date_format(root.day, "DATE_FORMAT")),
        Cell(str(count), note=span),
        Cell(grouped(bytes(root.root).hex())),
        date_format(localtime(root.made_at), "DATETIME_FORMAT"),
    ]


def grouped(digits: str) -> str:
    """Hexadecimal in groups of eight, to be compared by eye."""
    return " ".join(digits[start : start + 8] for start in range(0, len(digits), 8))


def _fingerprints(rows: list[Root]) -> list[str]:
    return [fingerprint(public) for public in sorted({row.signature["public"] for row in rows})]


@permitted(Permission.LEDGER_READ)
def file(request: ActingRequest) -> HttpResponse:
    """Every root as the JSON that `oslonac audit verify --roots` reads. Says nothing of anybody."""
    text = json.dumps(roots.publication(list(Root.objects.order_by("day"))), indent=1)
    response = HttpResponse(text, content_type="application/json")
    name = f"ledger-roots-{localtime(request.at):%Y%m%d}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@permitted(Permission.LEDGER_READ)
def paper(request: ActingRequest) -> HttpResponse:
    """The last roots as a PDF, to be signed by hand, filed, or handed to somebody else."""
    language = get_language() or "en"
    rows = list(Root.objects.order_by("-day")[:SHOWN])
    printed = date_format(localtime(request.at), "DATETIME_FORMAT")
    data: dict[str, Any] = {
        "lang": language.split("-")[0],
        "dir": direction(language),
        "organisation": "Oslonac",
        "title": _("Signed day roots of the activity log"),
        "number": date_format(localtime(request.at), "DATE_FORMAT"),
        "printed": _("Printed %(moment)s") % {"moment": printed},
        "confidential": _(
            "This contains no names. Keep it where the operators of the database have no access."
        ),
        "page": _("Page {page} of {pages}"),
        "identity": {
            "name": _("Signed day roots of the activity log"),
            "other_names": [],
            "facts": [[_("Fingerprint of the signing key"), each] for each in _fingerprints(rows)],
            "flags": [],
        },
        "sections": [
            {
                "title": _("Days"),
                "empty": _("No day has ended yet."),
                "columns": [_("Day"), _("Events"), _("Root")],
                "rows": [
                    [
                        date_format(row.day, "DATE_FORMAT"),
                        str(row.last - row.first + 1),
                        grouped(bytes(row.root).hex()),
                    ]
                    for row in rows
                ],
            }
        ],
    }
    response = HttpResponse(render_pdf("case_summary", data), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="ledger-roots.pdf"'
    return response


@permitted(Permission.LEDGER_READ)
def verify(request: ActingRequest) -> HttpResponse:
    """POST walks the ledger and shows the verdict; a large one is left to the worker."""
    if request.method != "POST":
        return redirect("administration:ledger")
    context: dict[str, Any] = {
        "page_title": _("Activity log"),
        "back": reverse("administration:ledger"),
    }
    last = Link.objects.order_by("-sequence").only("sequence").first()
    if last is not None and last.sequence > MOST_ON_A_PAGE:
        from oslonac.administration.jobs import verify_ledger

        verify_ledger.defer(user_id=str(request.actor.user_id))
        context["last"] = Event.objects.filter(name="ledger.verified").order_by("-at").first()
        return render(request, "administration/verifying.html", context)
    context["verdict"] = actions.verify_ledger(actor=request.actor, at=request.at)
    return render(request, "administration/verdict.html", context)
