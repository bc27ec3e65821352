"""Checking both sides, sharing the contact, reunification, follow-up visits."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from oslonac.access import actions as grants
from oslonac.access import reader
from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.access.rules import Basis, Level, Reason, RecordKind
from oslonac.audit.actions import action
from oslonac.cases.actions.base import not_future, record_event, require_centre
from oslonac.cases.models import Decision
from oslonac.cases.rules import DecisionKind, DecisionStatus
from oslonac.directory.models import Place
from oslonac.kit.choices import chosen
from oslonac.kit.clock import local_day
from oslonac.kit.errors import Invalid, Refused
from oslonac.kit.revisions import swap
from oslonac.notices.actions import end, notify
from oslonac.people.actions import clean_reason, clean_text
from oslonac.tracing import queries, rules
from oslonac.tracing.actions.base import move, person_acting, require_candidate, require_request
from oslonac.tracing.models import Candidate, Check, FollowUp, Reunion
from oslonac.tracing.rules import (
    CandidateStatus,
    FollowUpOutcome,
    Method,
    Outcome,
    Side,
    TraceStatus,
    Wish,
)
from oslonac.vault.row_policy import Bypass
from oslonac.vault.sealing import seal


@action("tracing.checked", Permission.TRACING_WORK)
@reader.bypass(Bypass.TRACING)
def check(
    *,
    actor: Actor,
    at: datetime,
    candidate: Candidate,
    revision: int,
    side: str,
    outcome: str,
    method: str,
    wish: str,
    note: str,
) -> Check:
    """One side was checked and asked. The seeker's by the office of the request, the other's by
    the centre of the case. When both are confirmed and both want contact, it is verified; when a
    later check says otherwise, no longer.
    """
    side = chosen(Side, side, "side")
    _require_side(actor, candidate, Side(side), at)
    require_candidate(candidate, CandidateStatus.ASKED, CandidateStatus.VERIFIED)
    if hasattr(candidate, "reunion"):
        sentence = _("They already live together again. There is nothing left to check.")
        raise Refused("tracing.reunified", sentence)
    key = candidate.trace.request.key if side == Side.SEEKER else candidate.key
    made = Check(
        candidate=candidate,
        key=key,
        side=side,
        outcome=chosen(Outcome, outcome, "outcome"),
        method=chosen(Method, method, "method"),
        wish=chosen(Wish, wish, "wish"),
        checked_by_id=person_acting(actor),
        checked_at=at,
    )
    seal(made, key, note=clean_reason(note, "note"))
    made.save(force_insert=True)
    _conclude(actor, at, candidate, revision)
    record_event(
        "tracing.checked",
        actor=actor,
        at=at,
        case=candidate.case,
        subject=made,
        fields=["note"],
        data={
            "side": side,
            "outcome": made.outcome,
            "wish": made.wish,
            "method": made.method,
            "candidate": candidate,
        },
    )
    return made


def _require_side(actor: Actor, candidate: Candidate, side: Side, at: datetime) -> None:
    if side == Side.SEEKER:
        require_request(actor, candidate.trace.request, at=at)
    else:
        require_centre(actor, candidate.case, Permission.TRACING_WORK, at=at, level=Level.IDENTITY)


def _conclude(actor: Actor, at: datetime, candidate: Candidate, revision: int) -> None:
    """What the checks so far come to, for the candidate and for the search."""
    found = queries.checks_of(candidate)
    both = rules.verified(found)
    status = CandidateStatus.VERIFIED if both else CandidateStatus.ASKED
    if rules.refuted(found):
        status = CandidateStatus.DISMISSED
        end("tracing.asked", candidate.case_id, at=at)
    was = CandidateStatus(candidate.status)
    swap(candidate, revision, status=status)
    if both:
        move(candidate.trace, TraceStatus.VERIFIED, at=at)
        if was != CandidateStatus.VERIFIED:
            told = [candidate.trace.request.responsible_id]
            notify(
                told, "tracing.verified", at=at, record=candidate.trace.request, by=actor.user_id
            )
    elif candidate.trace.status == TraceStatus.VERIFIED:
        move(candidate.trace, TraceStatus.IN_PROGRESS, at=at)
        _take_back(actor, at, candidate)


def _take_back(actor: Actor, at: datetime, candidate: Candidate) -> None:
    """A side is no longer confirmed, or no longer wants contact: what was shared ends."""
    request = candidate.trace.request
    ended = grants.end_grants(
        actor=actor,
        at=at,
        record_id=candidate.case_id,
        reasons=(Reason.TRACING,),
        user_id=request.responsible_id,
    )
    if ended:
        swap(candidate, candidate.revision, shared_at=None)


@action("tracing.shared", Permission.TRACING_WORK)
@reader.bypass(Bypass.TRACING)
def share(*, actor: Actor, at: datetime, candidate: Candidate, revision: int) -> Candidate:
    """Lets the office of the request see whom to call; only after both sides were checked."""
    require_centre(actor, candidate.case, Permission.TRACING_WORK, at=at, level=Level.IDENTITY)
    require_candidate(candidate, CandidateStatus.VERIFIED)
    request = candidate.trace.request
    if not request.may_share:
        raise Refused(
            "tracing.no_sharing",
            _(
                "The person who is searching agreed to a search, but not to being named to "
                "others. Ask them again."
            ),
        )
    swap(candidate, revision, shared_at=at)
    grants.grant_user(
        actor=actor,
        at=at,
        kind=RecordKind.CASE,
        record_id=candidate.case_id,
        user_id=request.responsible_id,
        level=Level.CONTACT,
        reason=Reason.TRACING,
        basis=Basis.CONSENT,
    )
    notify([request.responsible_id], "tracing.shared", at=at, record=request, by=actor.user_id)
    record_event(
        "tracing.shared",
        actor=actor,
        at=at,
        case=candidate.case,
        subject=candidate,
        data={"to": request.responsible_id},
    )
    return candidate


@action("tracing.reunified", Permission.TRACING_WORK)
@reader.bypass(Bypass.TRACING)
def reunify(
    *,
    actor: Actor,
    at: datetime,
    candidate: Candidate,
    revision: int,
    happened_at: datetime,
    first_follow_up: date,
    note: str,
    child_view: str,
    place: Place | None = None,
) -> Reunion:
    """Records that they live together again, on a decision in the child's best interests."""
    require_centre(actor, candidate.case, Permission.TRACING_WORK, at=at, level=Level.IDENTITY)
    require_candidate(candidate, CandidateStatus.VERIFIED)
    when = not_future(happened_at, at, "happened_at")
    if first_follow_up <= local_day(when):
        raise Invalid({"first_follow_up": _("The first visit must be after the day they met.")})
    reunion = Reunion(
        candidate=candidate,
        key=candidate.case.key,
        decision=_decision(candidate),
        happened_at=when,
        place=place,
        recorded_by_id=person_acting(actor),
    )
    texts = {
        "note": clean_reason(note, "note"),
        "child_view": clean_text(child_view, "child_view", required=True),
    }
    seal(reunion, reunion.key, **texts)
    swap(candidate, revision)
    reunion.save(force_insert=True)
    FollowUp.objects.create(reunion=reunion, key=reunion.key, due_on=first_follow_up)
    move(candidate.trace, TraceStatus.REUNIFIED, at=at)
    notify(
        [candidate.trace.request.responsible_id],
        "tracing.reunified",
        at=at,
        record=candidate.trace.request,
        by=actor.user_id,
    )
    record_event(
        "tracing.reunified",
        actor=actor,
        at=at,
        case=candidate.case,
        subject=reunion,
        fields=list(texts),
        data={"happened_at": when, "first_follow_up": first_follow_up},
    )
    return reunion


def _decision(candidate: Candidate) -> Decision:
    found = (
        Decision.objects.filter(
            case_id=candidate.case_id,
            kind=DecisionKind.BEST_INTEREST,
            status=DecisionStatus.IN_FORCE,
        )
        .order_by("-decided_at")
        .first()
    )
    if found is None:
        raise Refused(
            "tracing.best_interest",
            _("First record the decision on the child's best interests in the case."),
        )
    return found


@action("tracing.followed_up", Permission.TRACING_WORK)
@reader.bypass(Bypass.TRACING)
def follow_up(
    *,
    actor: Actor,
    at: datetime,
    follow_up: FollowUp,
    revision: int,
    outcome: str,
    note: str,
    next_on: date | None = None,
) -> FollowUp:
    """Records a visit to a reunited family, and plans the next one."""
    case = follow_up.reunion.candidate.case
    require_centre(actor, case, Permission.TRACING_WORK, at=at, level=Level.IDENTITY)
    if follow_up.done_at is not None:
        raise Refused("tracing.follow_up_done", _("This visit is already recorded."))
    outcome = chosen(FollowUpOutcome, outcome, "outcome")
    if next_on is not None and next_on <= local_day(at):
        raise Invalid({"next_on": _("The next visit must be in the future.")})
    if next_on is None and outcome != FollowUpOutcome.WELL:
        raise Invalid({"next_on": _("If things are not going well, plan another visit.")})
    seal(follow_up, follow_up.key, note=clean_reason(note, "note"))
    swap(
        follow_up,
        revision,
        outcome=outcome,
        note=follow_up.note,
        done_at=at,
        done_by_id=actor.user_id,
    )
    if next_on is not None:
        FollowUp.objects.create(reunion=follow_up.reunion, key=follow_up.key, due_on=next_on)
    record_event(
        "tracing.followed_up",
        actor=actor,
        at=at,
        case=case,
        subject=follow_up,
        fields=["note"],
        data={"outcome": outcome, "next_on": next_on},
    )
    return follow_up
