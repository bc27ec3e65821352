"""Steps of tracing: on a request, on the search for one person, on a candidate, on a visit."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.access.rules import Level
from oslonac.accounts.acting import ActingRequest
from oslonac.cases import queries as cases
from oslonac.cases.models import Case
from oslonac.directory.models import Organisation
from oslonac.kit.errors import Denied
from oslonac.steps.forms import NoQuestions
from oslonac.steps.step import Doing, Rest, Step, Target, register
from oslonac.tracing import actions, forms, queries
from oslonac.tracing.models import Candidate, FollowUp, Trace, TracingRequest
from oslonac.tracing.rules import Side
from oslonac.web.shapes import Link

REVISION = "TraceRevisionIn"


def index_link() -> Link:
    return Link(_now("Family tracing"), reverse("tracing:index"))


def home(of: TracingRequest | Candidate) -> str:
    name = "request" if isinstance(of, TracingRequest) else "candidate"
    return reverse(f"tracing:{name}", args=[of.pk])


def _trail(asked: Callable[[Any], TracingRequest]) -> Callable[[Doing], list[Link]]:
    def crumbs(doing: Doing) -> list[Link]:
        found = asked(doing.of)
        return [index_link(), Link(found.reference, home(found))]

    return crumbs


def _candidate(actor: Actor, candidate_id: Any, at: datetime) -> Candidate:
    found, sides = queries.candidate(actor, candidate_id, at=at)
    found.sides = sides  # type: ignore[attr-defined]
    return found


REQUEST = Target(
    name="tracing_request",
    model=TracingRequest,
    find=lambda actor, pk, at: queries.request(actor, pk, at=at),
    home=home,
    crumbs=_trail(lambda found: found),
    page="tracing/<uuid:request_id>/",
    rest="/tracing/requests/{request_id}/",
)
TRACE = Target(
    name="trace",
    model=Trace,
    find=lambda actor, pk, at: queries.trace(actor, pk, at=at),
    home=lambda trace: home(trace.request),
    crumbs=_trail(lambda trace: trace.request),
    page="tracing/searches/<uuid:trace_id>/",
    rest="/tracing/searches/{trace_id}/",
)
CANDIDATE = Target(
    name="candidate",
    model=Candidate,
    find=_candidate,
    home=home,
    crumbs=_trail(lambda found: found.trace.request),
    page="tracing/candidates/<uuid:candidate_id>/",
    rest="/tracing/candidates/{candidate_id}/",
    case_id=lambda doing: doing.of.case_id,
)
VISIT = Target(
    name="follow_up",
    model=FollowUp,
    find=lambda actor, pk, at: queries.follow_up(actor, pk, at=at),
    home=lambda visit: home(visit.reunion.candidate),
    crumbs=_trail(lambda visit: visit.reunion.candidate.trace.request),
    page="tracing/visits/<uuid:follow_up_id>/",
    rest="/tracing/visits/{follow_up_id}",
)


def _child_who_asks(request: ActingRequest) -> Case | None:
    """The case named by `?case=`, when its child asks."""
    if "case" not in request.GET:
        return None
    return cases.case(request.actor, request.GET["case"], at=request.at, level=Level.IDENTITY)


NOBODY_YET = Target(
    name="tracing",
    model=None,
    find=lambda actor, pk, at: None,
    asked=_child_who_asks,
    home=lambda case: reverse("tracing:index"),
    crumbs=lambda doing: [index_link()],
    page="tracing/",
)


def _office(actor: Actor) -> Organisation:
    """The office under whose name the actor works on searches."""
    for post in actor.posts:
        if actor.may_at(Permission.TRACING_WORK, post.organisation_id):
            return Organisation.objects.get(pk=post.organisation_id)
    raise Denied(Permission.TRACING_WORK.value)


def _open(doing: Doing, data: dict[str, Any]) -> TracingRequest:
    separated = data.pop("separated_on")
    data.pop("button")
    return actions.open_request(
        actor=doing.actor,
        at=doing.at,
        request_key=doing.request_key,
        organisation=_office(doing.actor),
        case=doing.of,
        names=forms.lines_of(data.pop("names", "")),
        separated=(separated.first, separated.last) if separated else None,
        **data,
    )


def _seek(doing: Doing, data: dict[str, Any]) -> Trace:
    born = data.pop("born")
    data.pop("button")
    made = actions.seek(
        actor=doing.actor,
        at=doing.at,
        request_key=doing.request_key,
        request=doing.of,
        names=forms.lines_of(data.pop("names")),
        birth=(born.first, born.last) if born else None,
        calendar=born.calendar.value if born else "gregorian",
        **data,
    )
    actions.look_again(actor=doing.actor, at=doing.at, request=doing.of)
    return made


def _latest(side: Side) -> Callable[[Doing], dict[str, Any]]:
    """What the last check of this side says, for whoever sees the side."""

    def saved(doing: Doing) -> dict[str, Any]:
        sides = doing.of.sides
        seen = sides.request if side == Side.SEEKER else sides.case
        for check, note in queries.check_lines(doing.of):
            if check.side == side:
                found = {name: getattr(check, name) for name in ("outcome", "method", "wish")}
                return found | ({"note": note} if seen.shows(Level.IDENTITY) else {})
        return {}

    return saved


def _check(side: Side, title: Any) -> Step:
    return Step(
        action=actions.check,
        on=CANDIDATE,
        slug=f"check-{side.value}",
        address=f"check/{side.value}/",
        title=title,
        form=forms.CheckForm,
        given={"side": side},
        saved=_latest(side),
        reveals=("note",),
        done=_("The check is recorded."),
        save=_("Save the check"),
    )


STEPS = register(
    Step(
        action=actions.open_request,
        on=NOBODY_YET,
        slug="new",
        title=_("Record a relative's search request"),
        form=forms.RequestForm,
        run=_open,
        done=_("The request is recorded. Now describe who is sought."),
        then=lambda made: reverse("tracing:seek", args=[made.pk]),
    ),
    Step(
        action=actions.seek,
        on=REQUEST,
        slug="seek",
        title=_("Who is sought?"),
        form=forms.SoughtForm,
        run=_seek,
        done=_("Recorded and compared with the register."),
        save=_("Save and compare"),
    ),
    Step(
        action=actions.look_again,
        on=REQUEST,
        slug="look",
        title=_("Compare with the register again"),
        form=NoQuestions,
        press=True,
        rest=Rest("comparison", "compare_with_register", status=200),
        done=_("Compared with the current register."),
    ),
    Step(
        action=actions.withdraw_request,
        on=REQUEST,
        slug="withdraw",
        title=_("Withdraw the request"),
        form=NoQuestions,
        rest=Rest("withdrawal", "withdraw_tracing_request", REVISION),
        help=_("All searches of this request end, and other offices no longer see it."),
        done=_("Withdrawn. All its searches are closed and other offices no longer see it."),
        save=_("Withdraw the request"),
    ),
    Step(
        action=actions.close_search,
        on=TRACE,
        slug="close",
        title=_("End this search"),
        form=forms.CloseForm,
        rest=Rest("closing", "close_search", "TraceCloseIn"),
        saved=lambda doing: {"why": doing.of.closed_why},
        done=_("The search has ended. It can be opened again."),
        save=_("End the search"),
    ),
    Step(
        action=actions.reopen_search,
        on=TRACE,
        slug="reopen",
        title=_("Open the search again"),
        form=NoQuestions,
        rest=Rest("reopening", "reopen_search", REVISION),
        done=_("The search is open again."),
        save=_("Open again"),
    ),
    Step(
        action=actions.ask_about,
        on=CANDIDATE,
        slug="ask",
        title=_("Ask the case manager"),
        form=NoQuestions,
        press=True,
        rest=Rest("question", "ask_case_manager", REVISION),
        done=_(
            "The case manager gets a notice. You will get a notice when both sides are checked."
        ),
    ),
    Step(
        action=actions.dismiss,
        on=CANDIDATE,
        slug="dismiss",
        title=_("Somebody else"),
        form=forms.WhyForm,
        rest=Rest("dismissal", "dismiss_candidate", "DismissalIn"),
        then=lambda found: home(found.trace.request),
        done=_("Saved as not the right person. The match will not be proposed again."),
        save=_("Not the right person"),
    ),
    _check(Side.SEEKER, _("Check the person who is searching")),
    _check(Side.SOUGHT, _("Check with the person sought")),
    Step(
        action=actions.share,
        on=CANDIDATE,
        slug="share",
        title=_("Show the other office whom to call"),
        form=NoQuestions,
        press=True,
        rest=Rest("sharing", "share_contact", REVISION),
        done=_("The office with the request can now see whom to call."),
    ),
    Step(
        action=actions.reunify,
        on=CANDIDATE,
        slug="reunify",
        title=_("Living together again"),
        form=forms.ReunionForm,
        rest=Rest("reunification", "reunify_family", "ReunionIn", status=201),
        done=_("Recorded. The first visit is planned."),
    ),
    Step(
        action=actions.follow_up,
        on=VISIT,
        slug="follow-up",
        address="",
        title=_("Visit after reunification"),
        form=forms.FollowUpForm,
        rest=Rest("", "record_visit", "FollowUpIn"),
        done=_("The visit is recorded."),
    ),
)
