"""The list of searches, a request, and the steps on it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from oslonac.access.roles import Permission
from oslonac.access.rules import Level
from oslonac.accounts.acting import ActingRequest
from oslonac.accounts.queries import names_of
from oslonac.audit.actions import record_read
from oslonac.cases import queries as cases
from oslonac.directory.models import Organisation
from oslonac.kit.errors import Denied
from oslonac.tracing import actions, forms, lines, queries, rules
from oslonac.tracing.rules import TraceStatus
from oslonac.tracing.views.base import crumbs, form_page, home, own_request, step, traces, tried
from oslonac.web.messages import toast
from oslonac.web.shapes import Link


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
def new(request: ActingRequest) -> HttpResponse:
    """Somebody asks to find somebody; `?case=` when the child of a case asks."""
    case = None
    if "case" in request.GET:
        case = cases.case(request.actor, request.GET["case"], at=request.at, level=Level.IDENTITY)
    kind = forms.RequestForm if case is None else forms.OwnRequestForm
    form = kind(request.POST or None)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        separated = said["separated_on"]
        made = tried(
            form,
            lambda: actions.open_request(
                actor=request.actor,
                at=request.at,
                request_key=said["request_key"],
                organisation=_office(request),
                case=case,
                names=form.written(),
                separated=(separated.first, separated.last) if separated else None,
                **{
                    name: said[name]
                    for name in (
                        "story",
                        "separated_where",
                        "may_search",
                        "may_share",
                        "consent_note",
                    )
                },
                **{name: said[name] for name in ("sex", "contact") if name in said},
            ),
        )
        if made is not None:
            toast(request, _("The request is recorded. Now describe who is sought."))
            return redirect("tracing:seek", made.pk)
    title = _("Start family tracing") if case else _("Record a relative's search request")
    trail = crumbs(Link(title))
    return form_page(request, form, title, _("Save"), reverse("tracing:index"), trail)


def _office(request: ActingRequest) -> Organisation:
    """The office under whose name the actor works on searches."""
    for post in request.actor.posts:
        if request.actor.may_at(Permission.TRACING_WORK, post.organisation_id):
            return Organisation.objects.get(pk=post.organisation_id)
    raise Denied(Permission.TRACING_WORK.value)


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
        "crumbs": crumbs(Link(found.reference)),
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
def seek(request: ActingRequest, request_id: UUID) -> HttpResponse:
    """Describe one person sought."""
    found = own_request(request, request_id)
    form = forms.SoughtForm(request.POST or None)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        born = said["born"]
        made = tried(
            form,
            lambda: actions.seek(
                actor=request.actor,
                at=request.at,
                request_key=said["request_key"],
                request=found,
                names=form.written(),
                birth=(born.first, born.last) if born else None,
                calendar=born.calendar.value if born else "gregorian",
                **{
                    name: said[name]
                    for name in ("relation", "sex", "citizenship", "language", "detail")
                },
            ),
        )
        if made is not None:
            actions.look_again(actor=request.actor, at=request.at, request=found)
            toast(request, _("Recorded and compared with the register."))
            return redirect("tracing:request", found.pk)
    title = _("Who is sought?")
    return form_page(
        request,
        form,
        title,
        _("Save and compare"),
        home(found),
        crumbs(Link(found.reference, home(found)), Link(title)),
    )


@traces
@require_POST
def look(request: ActingRequest, request_id: UUID) -> HttpResponse:
    """Compare with the register again."""
    found = own_request(request, request_id)
    actions.look_again(actor=request.actor, at=request.at, request=found)
    toast(request, _("Compared with the current register."))
    return redirect("tracing:request", found.pk)


@traces
def close(request: ActingRequest, trace_id: UUID) -> HttpResponse:
    """End the search for one person."""
    trace = queries.trace(request.actor, trace_id, at=request.at)
    form = forms.CloseForm(request.POST or None, revision=trace.revision)
    return step(
        request,
        form,
        _("End this search"),
        _("End the search"),
        trace.request,
        lambda said: actions.close_search(actor=request.actor, at=request.at, trace=trace, **said),
        _("The search has ended. It can be opened again."),
    )


@traces
def reopen(request: ActingRequest, trace_id: UUID) -> HttpResponse:
    """Look for somebody again."""
    trace = queries.trace(request.actor, trace_id, at=request.at)
    form = forms.NoQuestions(request.POST or None, revision=trace.revision)
    return step(
        request,
        form,
        _("Open the search again"),
        _("Open again"),
        trace.request,
        lambda said: actions.reopen_search(actor=request.actor, at=request.at, trace=trace, **said),
        _("The search is open again."),
    )


@traces
def withdraw(request: ActingRequest, request_id: UUID) -> HttpResponse:
    """Whoever asked takes the request back."""
    found = own_request(request, request_id)
    form = forms.NoQuestions(request.POST or None, revision=found.revision)
    return step(
        request,
        form,
        _("Withdraw the request"),
        _("Withdraw the request"),
        found,
        lambda said: actions.withdraw_request(
            actor=request.actor, at=request.at, request=found, **said
        ),
        _("Withdrawn. All its searches are closed and other offices no longer see it."),
        note=_("All searches of this request end, and other offices no longer see it."),
    )
