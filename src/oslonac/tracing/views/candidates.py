"""Both sides of a candidate compared, and the steps on it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from oslonac.access.roles import Permission
from oslonac.access.rules import Level
from oslonac.accounts.acting import ActingRequest
from oslonac.audit.actions import record_read
from oslonac.people.queries import dossier
from oslonac.tracing import actions, forms, lines, queries
from oslonac.tracing.models import Candidate
from oslonac.tracing.queries import Sides
from oslonac.tracing.rules import CandidateStatus, Side
from oslonac.tracing.views.base import crumbs, home, press, step, traces
from oslonac.web.shapes import Link


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
        "crumbs": crumbs(Link(asked.reference, home(asked)), Link(_("Possible matches"))),
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


@traces
@require_POST
def ask(request: ActingRequest, candidate_id: UUID) -> HttpResponse:
    """Ask the child's case manager."""
    found, _sides = queries.candidate(request.actor, candidate_id, at=request.at)
    return press(
        request,
        found,
        lambda: actions.ask_about(
            actor=request.actor, at=request.at, candidate=found, revision=found.revision
        ),
        _("The case manager gets a notice. You will get a notice when both sides are checked."),
    )


@traces
@require_POST
def share(request: ActingRequest, candidate_id: UUID) -> HttpResponse:
    """Let the other office know whom to call."""
    found, _sides = queries.candidate(request.actor, candidate_id, at=request.at)
    return press(
        request,
        found,
        lambda: actions.share(
            actor=request.actor, at=request.at, candidate=found, revision=found.revision
        ),
        _("The office with the request can now see whom to call."),
    )


@traces
def dismiss(request: ActingRequest, candidate_id: UUID) -> HttpResponse:
    """Somebody else after all."""
    found, _sides = queries.candidate(request.actor, candidate_id, at=request.at)
    form = forms.WhyForm(request.POST or None, revision=found.revision)
    return step(
        request,
        form,
        _("Somebody else"),
        _("Not the right person"),
        found.trace.request,
        lambda said: actions.dismiss(actor=request.actor, at=request.at, candidate=found, **said),
        _("Saved as not the right person. The match will not be proposed again."),
    )


@traces
def check_seeker(request: ActingRequest, candidate_id: UUID) -> HttpResponse:
    """How whoever seeks was checked, and what they want."""
    return _check(request, candidate_id, Side.SEEKER)


@traces
def check_sought(request: ActingRequest, candidate_id: UUID) -> HttpResponse:
    """How the child was checked, and what it wants."""
    return _check(request, candidate_id, Side.SOUGHT)


def _check(request: ActingRequest, candidate_id: UUID, side: Side) -> HttpResponse:
    found, _sides = queries.candidate(request.actor, candidate_id, at=request.at)
    form = forms.CheckForm(request.POST or None, revision=found.revision)
    title = (
        _("Check the person who is searching")
        if side == Side.SEEKER
        else _("Check with the person sought")
    )
    return step(
        request,
        form,
        title,
        _("Save the check"),
        found,
        lambda said: actions.check(
            actor=request.actor, at=request.at, candidate=found, side=side, **said
        ),
        _("The check is recorded."),
    )


@traces
def reunify(request: ActingRequest, candidate_id: UUID) -> HttpResponse:
    """They live together again."""
    found, _sides = queries.candidate(request.actor, candidate_id, at=request.at)
    form = forms.ReunionForm(request.POST or None, revision=found.revision)
    return step(
        request,
        form,
        _("Living together again"),
        _("Save"),
        found,
        lambda said: actions.reunify(actor=request.actor, at=request.at, candidate=found, **said),
        _("Recorded. The first visit is planned."),
    )


@traces
def follow_up(request: ActingRequest, follow_up_id: UUID) -> HttpResponse:
    """How a reunited family is."""
    visit = queries.follow_up(request.actor, follow_up_id, at=request.at)
    form = forms.FollowUpForm(request.POST or None, revision=visit.revision)
    return step(
        request,
        form,
        _("Visit after reunification"),
        _("Save"),
        visit.reunion.candidate,
        lambda said: actions.follow_up(actor=request.actor, at=request.at, follow_up=visit, **said),
        _("The visit is recorded."),
    )
