"""The pages of tracing that are read: the list of searches, a request, both sides of a candidate.

The steps on them stand in `steps`.
"""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from oslonac.access.roles import Permission
from oslonac.access.rules import Level
from oslonac.accounts.acting import ActingRequest
from oslonac.accounts.guards import permitted
from oslonac.accounts.queries import names_of
from oslonac.audit.actions import record_read
from oslonac.people.queries import dossier
from oslonac.tracing import lines, queries, rules
from oslonac.tracing.models import Candidate
from oslonac.tracing.queries import Sides
from oslonac.tracing.rules import CandidateStatus, TraceStatus
from oslonac.tracing.steps import home, index_link
from oslonac.web.shapes import Link

traces = permitted(Permission.TRACING_WORK)


@traces
def index(request: ActingRequest) -> HttpResponse:
    """Requests the reader works on, or was asked about."""
    status = request.GET.get("status", "")
    rows = list(queries.visible_to(request.actor, at=request.at).prefetch_related("traces"))
    listed = [(row, queries.status_of(row.traces.all())) for row in rows]
    live = [pair for pair in listed if pair[1] != TraceStatus.CLOSED]
    chosen = [pair for pair in listed if pair[1] == TraceStatus.CLOSED] if status else live
    shown = lines.of_requests(request.actor, chosen, at=request.at)
    tabs = [
        Link(_("Running"), reverse("tracing:index"), current=not status, count=len(live)),
        Link(
            _("Closed"),
            reverse("tracing:index") + "?status=closed",
            current=bool(status),
            count=len(listed) - len(live),
        ),
    ]
    context = {
        "page_title": _("Family tracing"),
        "rows": shown,
        "tabs": tabs,
        "closed": bool(status),
    }
    return render(request, "tracing/index.html", context)


@traces
def page(request: ActingRequest, request_id: UUID) -> HttpResponse:
    """One request: who asks, who is sought, who may be meant."""
    found = queries.request(request.actor, request_id, at=request.at)
    record_read(
        actor=request.actor,
        at=request.at,
        subject=found,
        fields=["story", "contact", "separated_where", "consent_note", "shown_name"],
    )
    own = request.actor.may_at(Permission.TRACING_WORK, found.organisation_id)
    traced = queries.trace_lines(request.actor, found, at=request.at)
    context = {
        "page_title": _("Request %(reference)s") % {"reference": found.reference},
        "crumbs": [index_link(), Link(found.reference)],
        "found": found,
        "own": own and found.withdrawn_at is None,
        "seeker": queries.seeker_of(found, found.reach),
        "texts": queries.texts_of(found),
        "facts": lines.facts_of(found, names_of([found.responsible_id])),
        "traces": [lines.of_trace(each) for each in traced],
        "live": any(each.trace.status in rules.LIVE for each in traced),
        "stages": lines.stages(queries.status_of([each.trace for each in traced])),
    }
    return render(request, "tracing/request.html", context)


@traces
def candidate(request: ActingRequest, candidate_id: UUID) -> HttpResponse:
    """Both sides beside each other, as far as the reader sees each."""
    found, sides = queries.candidate(request.actor, candidate_id, at=request.at)
    record_read(
        actor=request.actor,
        at=request.at,
        subject=found,
        case_id=found.case_id,
        fields=["reasons", "note", "shown_name"],
    )
    line = queries.candidate_lines(request.actor, [found], at=request.at)[0]
    asked = found.trace.request
    context = {
        "page_title": _("Possible matches"),
        "crumbs": [index_link(), Link(asked.reference, home(asked)), Link(_("Possible matches"))],
        "line": lines.of_candidate(line),
        "found": found,
        "sides": sides,
        "may": _may(request, found, sides),
        "left": lines.side(
            _("Account of the person who is searching"), dossier(found.trace.person, sides.request)
        ),
        "right": lines.side(_("As registered here"), dossier(found.person, sides.case))
        if sides.case.shows(Level.IDENTITY)
        else None,
        "checks": lines.checks(found, sides),
        "visits": lines.visits(found) if sides.case.shows(Level.IDENTITY) else [],
        "reunion": getattr(found, "reunion", None),
    }
    return render(request, "tracing/candidate.html", context)


def _may(request: ActingRequest, found: Candidate, sides: Sides) -> dict[str, bool]:
    """Which steps are offered; the actions decide."""
    actor, asked = request.actor, found.trace.request
    office = actor.may_at(Permission.TRACING_WORK, asked.organisation_id)
    office = office and asked.withdrawn_at is None
    centre = sides.case.shows(Level.IDENTITY) and actor.may_at(
        Permission.TRACING_WORK, found.case.organisation_id
    )
    status, reunited = found.status, hasattr(found, "reunion")
    checking = status in (CandidateStatus.ASKED, CandidateStatus.VERIFIED) and not reunited
    return {
        "ask": office and status == CandidateStatus.PROPOSED,
        "dismiss": office and status in (CandidateStatus.PROPOSED, CandidateStatus.ASKED),
        "check_seeker": office and checking,
        "check_sought": centre and checking,
        "share": centre and status == CandidateStatus.VERIFIED and found.shared_at is None,
        "reunify": centre and status == CandidateStatus.VERIFIED and not reunited,
    }
