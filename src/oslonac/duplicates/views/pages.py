"""The list of pairs, and two records beside each other."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from oslonac.accounts.acting import ActingRequest
from oslonac.audit.actions import record, record_read
from oslonac.audit.models import Outcome
from oslonac.duplicates import queries, shown
from oslonac.duplicates.beside import READ, beside
from oslonac.duplicates.forms import NarrowForm
from oslonac.duplicates.models import Pair
from oslonac.duplicates.rules import DECIDABLE, PairStatus
from oslonac.duplicates.steps import index_link
from oslonac.duplicates.views.base import compares, laid_out
from oslonac.web.shapes import Link

PAGE = 25
TABS: dict[str, tuple[PairStatus, ...]] = {
    "": DECIDABLE,
    "waiting": (PairStatus.REQUESTED,),
    "joined": (PairStatus.MERGED,),
    "apart": (PairStatus.APART,),
}


@compares
def index(request: ActingRequest) -> HttpResponse:
    """Pairs of which the reader sees both records; of others only whom to ask."""
    actor, at = request.actor, request.at
    tab = request.GET.get("show", "")
    tab = tab if tab in TABS else ""
    form = NarrowForm(request.GET)
    narrowed = form.cleaned_data if form.is_valid() else {}
    listed = queries.visible_to(actor, at=at)
    rows = [row for row in listed if row.status in TABS[tab] and _kept(row, narrowed)]
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    lines = shown.of_pairs(actor, list(page), at=at)
    _note_list(request, list(page))
    halves = queries.halves(actor, at=at) if not tab else []
    context = {
        "page_title": _("Possible duplicates"),
        "page": page,
        "rows": lines,
        "tabs": [_tab(name, tab, listed) for name in TABS],
        "tab": tab,
        "form": form,
        "narrowed": any(narrowed.values()),
        "halves": [
            {
                "name": half.name or _("no name yet"),
                "person": reverse("people:person", args=[half.person_id]),
                "offices": [
                    (str(office), reverse("directory:organisation", args=[office.pk]))
                    for office in half.offices
                ],
            }
            for half in halves
        ],
    }
    return render(request, "duplicates/index.html", context)


def _kept(row: Pair, narrowed: dict[str, str]) -> bool:
    if narrowed.get("found") and row.found_by != narrowed["found"]:
        return False
    return row.probability >= float(narrowed.get("least") or 0)


def _tab(name: str, current: str, listed: list[Pair]) -> Link:
    labels = {
        "": _("To check"),
        "waiting": _("Waiting for a second person"),
        "joined": _("Joined"),
        "apart": _("Two people"),
    }
    url = reverse("duplicates:index") + (f"?show={name}" if name else "")
    count = sum(row.status in TABS[name] for row in listed)
    return Link(labels[name], url, current=name == current, count=count)


def _note_list(request: ActingRequest, rows: list[Pair]) -> None:
    if rows:
        ids = sorted({str(pk) for row in rows for pk in (row.one_id, row.other_id)})
        record(
            "sealed.read",
            actor=request.actor,
            at=request.at,
            kind="pairs_list",
            fields=["shown_name"],
            data={"persons": ids},
            outcome=Outcome.READ,
        )


@compares
def pair(request: ActingRequest, pair_id: UUID) -> HttpResponse:
    """Both records, a line a fact, what speaks for and against, and what can be decided."""
    actor, at = request.actor, request.at
    found = queries.pair(actor, pair_id, at=at)
    both = beside(actor, found, at=at)
    for side in (both.left, both.right):
        record_read(actor=actor, at=at, subject=side.person, fields=READ)
    remarks = queries.remarks_of(found)
    why = queries.texts_of(found)
    if why or remarks:
        record_read(actor=actor, at=at, subject=found, fields=["why", "text"])
    context = {
        "page_title": _("Two records"),
        "crumbs": [index_link(), Link(_("Two records"))],
        "pair": found,
        "percent": shown.percent(both.probability),
        "flags": shown.flags(found),
        "decided": shown.decided(found, why),
        "remarks": shown.remarks(remarks),
        "may": shown.may(actor, found),
        "survivor": _survivor(found, both),
    } | laid_out(both)
    return render(request, "duplicates/pair.html", context)


def _survivor(found: Pair, both: object) -> str:
    """The name of the record that goes on, where that is asked or decided."""
    for side in (both.left, both.right):  # type: ignore[attr-defined]
        if found.survivor_id == side.person.pk:
            return str(side.name)
    return ""
