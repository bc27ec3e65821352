"""Pages of retention and deletion: closed files, proposals, destroyed files, periods."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from oslonac.access.roles import Permission
from oslonac.accounts.acting import ActingRequest
from oslonac.accounts.guards import permitted
from oslonac.audit.actions import record
from oslonac.audit.models import Outcome
from oslonac.country import alphabetical
from oslonac.directory.models import Organisation
from oslonac.kit.errors import Hidden, Refused, Stale
from oslonac.kit.ids import uuid7
from oslonac.retention import actions, papers, periods, queries, tables
from oslonac.retention.rules import DisposalStatus
from oslonac.web import downloads
from oslonac.web.messages import toast
from oslonac.web.shapes import Link

PAGE_SIZE = 50


@permitted(Permission.RETENTION_READ)
def index(request: ActingRequest) -> HttpResponse:
    """Proposals that wait, and closed files with the end of their period."""
    waiting = queries.disposals(request.actor, at=request.at, status=DisposalStatus.PROPOSED)
    lines = queries.by_need(queries.closed_files(request.actor, at=request.at))
    page = Paginator(lines, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page_title": _("Retention and deletion"),
        "waiting": tables.waiting(list(waiting)),
        "due": tables.due(list(page.object_list), request.at),
        "page_obj": page,
        "count": page.paginator.count,
        "may_set": Permission.RETENTION_APPROVE in request.actor.permissions,
    }
    return render(request, "retention/index.html", context)


@permitted(Permission.RETENTION_READ)
def proposal(request: ActingRequest, disposal_id: UUID) -> HttpResponse:
    """One proposal, and the decision on it."""
    row = queries.disposal(request.actor, disposal_id, at=request.at)
    problem = ""
    if request.method == "POST":
        try:
            return _decide(request, row)
        except Refused as refused:
            problem = str(refused.message)
        except Stale:
            problem = _("Somebody else has already decided. This is the current status.")
        row = queries.disposal(request.actor, disposal_id, at=request.at)
    here = row.organisation_id
    open_ = row.status == DisposalStatus.PROPOSED
    own = row.proposed_by_id == request.actor.user_id
    context = {
        "page_title": _("Proposal to destroy a file"),
        "crumbs": _crumbs(Link(_("Proposal"))),
        "row": row,
        "facts": tables.facts(row),
        "problem": problem,
        "request_key": str(uuid7()),
        "may_answer": open_
        and not own
        and request.actor.may_at(Permission.RETENTION_APPROVE, here),
        "may_withdraw": open_ and request.actor.may_at(Permission.RETENTION_PROPOSE, here),
        "own": open_ and own,
    }
    return render(request, "retention/proposal.html", context, status=422 if problem else 200)


def _decide(request: ActingRequest, row: Any) -> HttpResponse:
    said = request.POST.get("decision", "")
    common = {
        "actor": request.actor,
        "at": request.at,
        "disposal": row,
        "revision": int(request.POST.get("revision") or 0) if _number(request) else 0,
        "request_key": request.POST.get("request_key", "")[:80] or str(uuid7()),
    }
    if said == "withdraw":
        actions.withdraw(**common)
        toast(request, _("The proposal is withdrawn. The file is kept."))
    elif said in {"approve", "refuse"}:
        actions.answer(**common, approved=said == "approve")
        done = said == "approve"
        toast(
            request, _("The file is destroyed.") if done else _("Not approved. The file is kept.")
        )
    else:
        raise Refused("disposal.decision", _("Choose one of the buttons."))
    return redirect("retention:proposal", disposal_id=row.pk)


def _number(request: ActingRequest) -> bool:
    return request.POST.get("revision", "").isdecimal()


@permitted(Permission.RETENTION_READ)
def certificate(request: ActingRequest, disposal_id: UUID) -> HttpResponse:
    """The signed entry as a paper."""
    row = queries.disposal(request.actor, disposal_id, at=request.at)
    if row.erasure is None:
        raise Hidden("certificate", disposal_id)
    pdf = papers.certificate(row, at=request.at)
    return downloads.attachment(pdf, f"erasure-{row.numbers[0]}.pdf", "application/pdf")


@permitted(Permission.RETENTION_READ)
def disposed(request: ActingRequest) -> HttpResponse:
    """The report of what was destroyed and what was decided to be kept."""
    rows = _disposed(request)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page_title": _("Report on destroyed files"),
        "crumbs": _crumbs(Link(_("Report"))),
        "table": tables.report(list(page.object_list)),
        "page_obj": page,
        "count": page.paginator.count,
    }
    return render(request, "retention/disposed.html", context)


@permitted(Permission.RETENTION_READ)
def disposed_file(request: ActingRequest, form: str) -> HttpResponse:
    """The same as PDF, CSV or XLSX. Taking it away is an event."""
    if form not in {"pdf", "csv", "xlsx"}:
        raise Hidden("report", form)
    rows = list(_disposed(request))
    record(
        "disposals.taken",
        actor=request.actor,
        at=request.at,
        outcome=Outcome.READ,
        kind="disposal",
        data={"form": form, "rows": len(rows)},
    )
    if form == "pdf":
        return downloads.attachment(
            papers.report(rows, at=request.at), "destroyed-files.pdf", "application/pdf"
        )
    return downloads.sheet(
        papers.sheet(rows), "destroyed-files", "csv" if form == "csv" else "xlsx"
    )


def _disposed(request: ActingRequest) -> Any:
    rows = queries.disposals(request.actor, at=request.at)
    return rows.exclude(status=DisposalStatus.PROPOSED)


@permitted(Permission.RETENTION_READ)
def keeping(request: ActingRequest) -> HttpResponse:
    """The categories of the pack, and the periods of one's own centres."""
    centres = [
        each
        for each in Organisation.objects.filter(pk__in=request.actor.organisation_ids)
        if request.actor.may_at(Permission.RETENTION_READ, each.pk)
    ]
    context = {
        "page_title": _("Retention periods"),
        "crumbs": _crumbs(Link(_("Periods"))),
        "table": tables.categories(periods.categories(), sorted(centres, key=alphabetical)),
        "may_set": Permission.RETENTION_APPROVE in request.actor.permissions,
    }
    return render(request, "retention/periods.html", context)


def _crumbs(*more: Link) -> list[Link]:
    return [Link(_("Retention and deletion"), reverse("retention:index")), *more]
