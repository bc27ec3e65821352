"""Pages of tracing: the list, a request, the two sides of a candidate, and their steps."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from oslonac.access.roles import Permission
from oslonac.access.rules import Level
from oslonac.accounts.acting import ActingRequest
from oslonac.accounts.guards import permitted
from oslonac.accounts.queries import names_of
from oslonac.audit.actions import record_read
from oslonac.cases import queries as cases
from oslonac.directory.models import Organisation
from oslonac.kit.errors import Denied, Invalid, Refused, Stale
from oslonac.people.queries import dossier
from oslonac.tracing import actions, forms, lines, queries, rules
from oslonac.tracing.models import Candidate, TracingRequest
from oslonac.tracing.queries import Sides
from oslonac.tracing.rules import CandidateStatus, Side, TraceStatus
from oslonac.web.messages import toast
from oslonac.web.shapes import Link

traces = permitted(Permission.TRACING_WORK)


def _crumbs(*more: Link) -> list[Link]:
    return [Link(_("Family tracing"), reverse("tracing:index")), *more]


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
        Link(_("Closed"), reverse("tracing:index") + "?status=closed", current=bool(status),
             count=len(listed) - len(live)),
    ]  # fmt: skip
    context = {"page_title": _("Family tracing"), "rows": shown, "tabs": tabs,
               "closed": bool(status)}  # fmt: skip
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
        made = _tried(
            form,
            lambda: actions.open_request(
                actor=request.actor, at=request.at, once=said["once"],
                organisation=_office(request), case=case, names=form.written(),
                separated=(separated.first, separated.last) if separated else None,
                **{name: said[name] for name in (
                    "story", "separated_where", "may_search", "may_share", "consent_note")},
                **{name: said[name] for name in ("sex", "contact") if name in said},
            ),
        )  # fmt: skip
        if made is not None:
            toast(request, _("The request is written down. Now say who is sought."))
            return redirect("tracing:seek", made.pk)
    title = _("The child seeks somebody") if case else _("Somebody seeks a child")
    crumbs = _crumbs(Link(title))
    return _form(request, form, title, _("Save"), reverse("tracing:index"), crumbs)


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
        actor=request.actor, at=request.at, subject=found,
        fields=["story", "contact", "separated_where", "consent_note", "shown_name"],
    )  # fmt: skip
    own = request.actor.may_at(Permission.TRACING_WORK, found.organisation_id)
    traced = queries.trace_lines(request.actor, found, at=request.at)
    context = {
        "page_title": _("Request %(reference)s") % {"reference": found.reference},
        "crumbs": _crumbs(Link(found.reference)),
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
    found = _own(request, request_id)
    form = forms.SoughtForm(request.POST or None)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        born = said["born"]
        made = _tried(
            form,
            lambda: actions.seek(
                actor=request.actor, at=request.at, once=said["once"], request=found,
                names=form.written(),
                birth=(born.first, born.last) if born else None,
                calendar=born.calendar.value if born else "gregorian",
                **{name: said[name] for name in (
                    "relation", "sex", "citizenship", "language", "detail")},
            ),
        )  # fmt: skip
        if made is not None:
            actions.look_again(actor=request.actor, at=request.at, request=found)
            toast(request, _("Written down, and compared with the register."))
            return redirect("tracing:request", found.pk)
    title = _("Who is sought?")
    return _form(request, form, title, _("Save and compare"), _home(found),
                 _crumbs(Link(found.reference, _home(found)), Link(title)))  # fmt: skip


@require_POST
@traces
def look(request: ActingRequest, request_id: UUID) -> HttpResponse:
    """Compare with the register again."""
    found = _own(request, request_id)
    actions.look_again(actor=request.actor, at=request.at, request=found)
    toast(request, _("Compared with the register as it stands now."))
    return redirect("tracing:request", found.pk)


@traces
def close(request: ActingRequest, trace_id: UUID) -> HttpResponse:
    """End the search for one person."""
    trace = queries.trace(request.actor, trace_id, at=request.at)
    form = forms.CloseForm(request.POST or None, revision=trace.revision)
    return _step(
        request, form, _("End this search"), _("End the search"), trace.request,
        lambda said: actions.close_search(
            actor=request.actor, at=request.at, trace=trace, **said),
        _("The search has ended. It can be opened again."),
    )  # fmt: skip


@traces
def reopen(request: ActingRequest, trace_id: UUID) -> HttpResponse:
    """Look for somebody again."""
    trace = queries.trace(request.actor, trace_id, at=request.at)
    form = forms.NoQuestions(request.POST or None, revision=trace.revision)
    return _step(
        request, form, _("Open the search again"), _("Open again"), trace.request,
        lambda said: actions.reopen_search(
            actor=request.actor, at=request.at, trace=trace, **said),
        _("The search is open again."),
    )  # fmt: skip


@traces
def withdraw(request: ActingRequest, request_id: UUID) -> HttpResponse:
    """Whoever asked takes the request back."""
    found = _own(request, request_id)
    form = forms.NoQuestions(request.POST or None, revision=found.revision)
    return _step(
        request, form, _("Whoever asked takes it back"), _("Withdraw the request"), found,
        lambda said: actions.withdraw_request(
            actor=request.actor, at=request.at, request=found, **said),
        _("Withdrawn. All its searches are closed and nobody else sees it any more."),
        note=_("All searches of this request end, and what others were shown of it."),
    )  # fmt: skip


@traces
def candidate(request: ActingRequest, candidate_id: UUID) -> HttpResponse:
    """Both sides beside each other, as far as the reader sees each."""
    found, sides = queries.candidate(request.actor, candidate_id, at=request.at)
    record_read(
        actor=request.actor, at=request.at, subject=found, case_id=found.case_id,
        fields=["reasons", "note", "shown_name"],
    )  # fmt: skip
    line = queries.candidate_lines(request.actor, [found], at=request.at)[0]
    asked = found.trace.request
    context = {
        "page_title": _("Who is meant?"),
        "crumbs": _crumbs(Link(asked.reference, _home(asked)), Link(_("Who is meant?"))),
        "line": lines.of_candidate(line),
        "found": found,
        "sides": sides,
        "may": _may(request, found, sides),
        "left": lines.side(_("As whoever seeks tells it"),
                           dossier(found.trace.person, sides.request)),
        "right": lines.side(_("As registered here"), dossier(found.person, sides.case))
        if sides.case.shows(Level.IDENTITY) else None,
        "checks": lines.checks(found, sides),
        "visits": lines.visits(found) if sides.case.shows(Level.IDENTITY) else [],
        "reunion": getattr(found, "reunion", None),
    }  # fmt: skip
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


@require_POST
@traces
def ask(request: ActingRequest, candidate_id: UUID) -> HttpResponse:
    """Ask the child's case manager."""
    found, _sides = queries.candidate(request.actor, candidate_id, at=request.at)
    return _press(
        request, found,
        lambda: actions.ask_about(
            actor=request.actor, at=request.at, candidate=found, revision=found.revision),
        _("The case manager was asked. You will be told when both sides were checked."),
    )  # fmt: skip


@require_POST
@traces
def share(request: ActingRequest, candidate_id: UUID) -> HttpResponse:
    """Let the other office know whom to call."""
    found, _sides = queries.candidate(request.actor, candidate_id, at=request.at)
    return _press(
        request, found,
        lambda: actions.share(
            actor=request.actor, at=request.at, candidate=found, revision=found.revision),
        _("Whoever keeps the request now sees whom to call about the child."),
    )  # fmt: skip


@traces
def dismiss(request: ActingRequest, candidate_id: UUID) -> HttpResponse:
    """Somebody else after all."""
    found, _sides = queries.candidate(request.actor, candidate_id, at=request.at)
    form = forms.WhyForm(request.POST or None, revision=found.revision)
    return _step(
        request, form, _("Somebody else"), _("It is somebody else"), found.trace.request,
        lambda said: actions.dismiss(
            actor=request.actor, at=request.at, candidate=found, **said),
        _("Kept as somebody else; not proposed again."),
    )  # fmt: skip


@traces
def check(request: ActingRequest, candidate_id: UUID, side: str) -> HttpResponse:
    """Write down how one side was checked."""
    found, _sides = queries.candidate(request.actor, candidate_id, at=request.at)
    form = forms.CheckForm(request.POST or None, revision=found.revision)
    title = _("Check whoever seeks") if side == Side.SEEKER else _("Check with the child")
    return _step(
        request, form, title, _("Save the check"), found,
        lambda said: actions.check(
            actor=request.actor, at=request.at, candidate=found, side=side, **said),
        _("The check is written down."),
    )  # fmt: skip


@traces
def reunify(request: ActingRequest, candidate_id: UUID) -> HttpResponse:
    """They live together again."""
    found, _sides = queries.candidate(request.actor, candidate_id, at=request.at)
    form = forms.ReunionForm(request.POST or None, revision=found.revision)
    return _step(
        request, form, _("Living together again"), _("Save"), found,
        lambda said: actions.reunify(
            actor=request.actor, at=request.at, candidate=found, **said),
        _("Written down. The first visit is planned."),
    )  # fmt: skip


@traces
def follow_up(request: ActingRequest, follow_up_id: UUID) -> HttpResponse:
    """How a reunited family is."""
    visit = queries.follow_up(request.actor, follow_up_id, at=request.at)
    form = forms.FollowUpForm(request.POST or None, revision=visit.revision)
    return _step(
        request, form, _("Visit after reunification"), _("Save"), visit.reunion.candidate,
        lambda said: actions.follow_up(
            actor=request.actor, at=request.at, follow_up=visit, **said),
        _("The visit is written down."),
    )  # fmt: skip


def _own(request: ActingRequest, request_id: UUID) -> TracingRequest:
    return queries.request(request.actor, request_id, at=request.at)


def _home(of: TracingRequest | Candidate) -> str:
    name = "request" if isinstance(of, TracingRequest) else "candidate"
    return reverse(f"tracing:{name}", args=[of.pk])


def _press(
    request: ActingRequest, found: Candidate, write: Callable[[], Any], done: str
) -> HttpResponse:
    """A button without a form. Whatever refuses it is said on the page it was pressed on."""
    try:
        write()
    except Refused as refused:
        toast(request, str(refused.message), level=30)
    except Stale:
        toast(request, _("Somebody changed this meanwhile. Look again before you go on."), level=30)
    else:
        toast(request, done)
    return redirect(_home(found))


def _step(
    request: ActingRequest,
    form: forms.TracingForm,
    title: str,
    submit: str,
    home: TracingRequest | Candidate,
    write: Callable[[dict[str, Any]], Any],
    done: str,
    note: str = "",
) -> HttpResponse:
    """Show a form, or take its step: errors beside the fields, what was typed stays."""
    if form.is_bound and form.is_valid():
        said = dict(form.cleaned_data)
        said["revision"] = said["revision"] or 0
        try:
            result = _tried(form, lambda: write(said))
        except Stale as stale:
            form.add_error(None, _("Somebody changed this meanwhile. Look at it, then save again."))
            now_at = getattr(stale.current, "revision", 0)
            form.data = {**request.POST.dict(), "revision": str(now_at)}
        else:
            if result is not None:
                toast(request, done)
                return redirect(_home(home))
    asked = home if isinstance(home, TracingRequest) else home.trace.request
    crumbs = _crumbs(Link(asked.reference, _home(asked)), Link(title))
    return _form(request, form, title, submit, _home(home), crumbs, note)


def _tried(form: Any, write: Callable[[], Any]) -> Any:
    """The action's result, or None with the refusal beside its field. Raises Stale."""
    try:
        return write()
    except Invalid as invalid:
        for name, sentence in invalid.fields.items():
            form.add_error(name if name in form.fields else None, str(sentence))
    except Refused as refused:
        field = refused.field if refused.field in form.fields else None
        form.add_error(field, str(refused.message))
    return None


def _form(
    request: ActingRequest,
    form: forms.TracingForm,
    title: str,
    submit: str,
    back: str,
    crumbs: list[Link],
    note: str = "",
) -> HttpResponse:
    context = {"page_title": title, "title": title, "form": form, "submit": submit, "back": back,
               "crumbs": crumbs, "note": note}  # fmt: skip
    status = 422 if form.is_bound else 200
    return render(request, "tracing/form.html", context, status=status)
