"""The pages of questions: the list, one question, answering it."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from oslonac.access.roles import Permission
from oslonac.accounts.acting import ActingRequest
from oslonac.accounts.guards import permitted
from oslonac.audit.actions import record, record_read
from oslonac.audit.models import Outcome
from oslonac.duplicates.who_sees import answers_for
from oslonac.links import queries, shown
from oslonac.links.queries import Asked
from oslonac.links.rules import SignalKind, SignalStatus
from oslonac.web.shapes import Link

PAGE = 25
asks = permitted(Permission.PERSONS_COMPARE)
TABS = {"": (SignalStatus.OPEN,), "closed": (SignalStatus.ANSWERED, SignalStatus.DISMISSED)}


@asks
def index(request: ActingRequest) -> HttpResponse:
    """Questions whose every file the reader sees."""
    actor, at = request.actor, request.at
    tab = request.GET.get("show", "")
    tab = tab if tab in TABS else ""
    kind = request.GET.get("kind", "")
    listed = queries.visible_to(actor, at=at)
    chosen = [
        each
        for each in listed
        if each.signal.status in TABS[tab]
        and (kind not in SignalKind.values or each.signal.kind == kind)
    ]
    page = Paginator(chosen, PAGE).get_page(request.GET.get("page"))
    rows = shown.of_asked(actor, list(page), at=at)
    _note_read(request, list(page))
    context = {
        "page_title": _("Links between cases"),
        "rows": rows,
        "page": page,
        "tab": tab,
        "kind": kind,
        "kinds": [("", _("all questions")), *SignalKind.choices],
        "tabs": [
            Link(
                label,
                reverse("signals:index") + (f"?show={name}" if name else ""),
                current=tab == name,
                count=sum(each.signal.status in TABS[name] for each in listed),
            )
            for name, label in (("", _("To check")), ("closed", _("Answered or dismissed")))
        ],
    }
    return render(request, "signals/index.html", context)


def _note_read(request: ActingRequest, asked: list[Asked]) -> None:
    ids = sorted({str(pk) for each in asked for pk in each.people})
    if ids:
        record(
            "sealed.read",
            actor=request.actor,
            at=request.at,
            kind="signals_list",
            fields=["shown_name"],
            data={"persons": ids},
            outcome=Outcome.READ,
        )


@asks
def signal(request: ActingRequest, signal_id: UUID) -> HttpResponse:
    """One question: why it is asked, the files it is about, what was answered."""
    actor, at = request.actor, request.at
    asked = queries.signal(actor, signal_id, at=at)
    question = shown.of_asked(actor, [asked], at=at)[0]
    _note_read(request, [asked])
    why = queries.why_of(asked)
    if why:
        record_read(actor=actor, at=at, subject=asked.signal, fields=["why"])
    may = answers_for(actor, Permission.PERSONS_COMPARE, *asked.people)
    context = {
        "page_title": _("Question"),
        "crumbs": [
            Link(_("Links between cases"), reverse("signals:index")),
            Link(_("Question")),
        ],
        "question": question,
        "answered": shown.answered(asked.signal, why),
        "may_answer": may and asked.signal.status == SignalStatus.OPEN,
        "may_reopen": may and asked.signal.status != SignalStatus.OPEN,
    }
    return render(request, "signals/signal.html", context)
