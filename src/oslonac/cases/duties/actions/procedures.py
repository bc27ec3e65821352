"""What people decide about the procedures of a case: a step done, a clock stopped, restarted or
given more time.

Belongs here: recording it, with reason and authority. Does not: what follows from it (the
procedures say), moving a case to other versions (`moving`).
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from oslonac.access.actor import Actor
from oslonac.access.roles import Permission, archetype_of
from oslonac.audit.actions import action
from oslonac.cases.actions.base import not_future, record_event, require_case, require_centre
from oslonac.cases.models import Case, Decision
from oslonac.cases.rules import DecisionKind, DecisionStatus
from oslonac.cases.situation import has_own_form, situation
from oslonac.kit.calendars import Unit
from oslonac.kit.clock import local_day
from oslonac.kit.errors import Denied, Hidden, Invalid, Refused
from oslonac.people.actions import clean_reason
from oslonac.protocols import catalogue, editions
from oslonac.protocols.authors import OUTSIDE, STANDS_IN
from oslonac.protocols.dcr.enabling import Missing
from oslonac.protocols.dcr.time import LONGEST
from oslonac.protocols.models import Obligation, State
from oslonac.protocols.protocol import Protocol
from oslonac.vault.sealing import seal


def may_record(actor: Actor, roles: Sequence[str], centre: UUID | None) -> bool:
    """Whether the actor may record a step that is asked of these roles in a case of `centre`.
    System: always. Roles that the country does not know have no holders: whoever works on the case
    at the centre records for them."""
    if actor.channel == "system":
        return True
    known = [archetype for archetype in map(archetype_of, roles) if archetype is not None]
    if not known:
        return centre is not None and actor.may_at(Permission.CASE_WORK, centre)
    for role in known:
        if role in OUTSIDE and actor.holds(role):
            return True
        if role in STANDS_IN and centre and actor.holds(*STANDS_IN[role], at=centre):
            return True
    return False


def addressed(protocol: Protocol, activity: str) -> tuple[str, ...]:
    """The roles that a procedure asks an activity of."""
    return tuple(who.role for who in protocol.graph.activities[activity].who)


@action("step.done", Permission.STEP_RECORD)
def record_step(
    *,
    actor: Actor,
    at: datetime,
    case: Case,
    activity: str,
    evidence: str,
    happened_at: datetime,
    subject: str = "",
    outcome: str = "",
    all_the_same: bool = False,
) -> Decision:
    """Record that a step without a form of its own was done, or how else a step ended (`outcome`),
    with what shows it.

    A step that waits for another is refused (`step.blocked`, saying what is missing) unless it
    was done `all_the_same`; the evidence then says why.
    """
    require_case(actor, case, at=at)
    protocol = _protocol_of(case, activity)
    step = protocol.steps[activity]
    if outcome and outcome not in step.outcomes:
        raise Invalid({"outcome": _("This step cannot end like this.")})
    if has_own_form(step) and not outcome:
        raise Refused("step.own_form", _("This step has its own form. Use that form."))
    if not may_record(actor, addressed(protocol, activity), case.organisation_id):
        raise Denied("step.asked_of_others", record=case.pk)
    happened = not_future(happened_at, at, "happened_at")
    now = situation(case, at)
    if step.each and subject not in set(now.subjects(activity)):
        raise Invalid({"activity": _("Choose what the step is about.")})
    missing = now.missing(activity, subject)
    if missing and not all_the_same:
        sentence = _("This may not be done yet: %(why)s.") % {"why": catalogue.missing(missing)}
        raise Refused("step.blocked", sentence, field="all_the_same")
    decision = _decide(actor, at, case, DecisionKind.STEP, activity, evidence, "evidence")
    data: dict[str, Any] = {"activity": activity, "happened_at": happened}
    data |= {step.each: subject, "subject": subject} if step.each else {}
    data |= {"outcome": outcome} if outcome else {}
    if missing:
        data |= {"all_the_same": True, "overridden": overridden(missing)}
    record_event(
        "step.done",
        actor=actor,
        at=at,
        case=case,
        subject=decision,
        fields=["reason"],
        data=data,
    )
    return decision


def overridden(missing: Sequence[Missing]) -> list[str]:
    """The steps that were open when a step was done all the same, each once."""
    return list(dict.fromkeys(each.activity for each in missing if each.activity))


def _protocol_of(case: Case, activity: str) -> Protocol:
    """The procedure of the case that an activity belongs to. Hidden for one nobody records."""
    try:
        protocol = editions.procedure_of(case.procedures_id).owner(activity)
    except KeyError:
        raise Hidden("activity", activity) from None
    if protocol.steps[activity].observed:
        raise Hidden("activity", activity)
    return protocol


@action("clock.suspended", Permission.CASE_DECIDE)
def suspend_clock(
    *, actor: Actor, at: datetime, case: Case, obligation: Obligation, reason: str
) -> Decision:
    """Stop the clock of an obligation until it is restarted; the reason is kept."""
    _require_clock(actor, case, obligation, at, State.OPEN)
    if obligation.due_at is None or obligation.due_at < at:
        raise Refused("clock.not_running", _("Only a running deadline can be suspended."))
    return _change(actor, at, case, "clock.suspended", obligation, reason, {})


@action("clock.resumed", Permission.CASE_DECIDE)
def resume_clock(
    *, actor: Actor, at: datetime, case: Case, obligation: Obligation, reason: str
) -> Decision:
    """Restart a stopped clock: as much time is left as when it was stopped."""
    _require_clock(actor, case, obligation, at, State.PAUSED)
    return _change(actor, at, case, "clock.resumed", obligation, reason, {})


@action("clock.extended", Permission.CASE_APPROVE)
def extend_clock(
    *,
    actor: Actor,
    at: datetime,
    case: Case,
    obligation: Obligation,
    reason: str,
    amount: int | None = None,
    unit: str = "",
    until: date | None = None,
) -> Decision:
    """Give an obligation more time: an amount on top, or a new last day. Those who lead decide."""
    require_centre(actor, case, Permission.CASE_APPROVE, at=at)
    _require_clock(actor, case, obligation, at, State.OPEN)
    if obligation.due_at is None:
        raise Refused("clock.no_term", _("This has no deadline to extend."))
    data = _longer(amount, unit) if until is None else _later(until, obligation)
    return _change(actor, at, case, "clock.extended", obligation, reason, data)


def _longer(amount: int | None, unit: str) -> dict[str, Any]:
    if amount is None:
        raise Invalid({"amount": _("Enter how much longer, or until which day.")})
    if unit not in set(Unit):
        raise Invalid({"unit": _("Choose one.")})
    if not 0 < amount <= LONGEST[Unit(unit)]:
        raise Invalid({"amount": _("This is not a valid deadline.")})
    return {"amount": amount, "unit": unit}


def _later(until: date, obligation: Obligation) -> dict[str, Any]:
    assert obligation.due_at is not None  # noqa: S101  (the caller asked)
    if until <= local_day(obligation.due_at):
        raise Invalid({"until": _("The new deadline must be later than the current one.")})
    if until.year > localtime(obligation.due_at).year + 10:
        raise Invalid({"until": _("This is not a valid deadline.")})
    return {"until": until}


def _require_clock(
    actor: Actor, case: Case, obligation: Obligation, at: datetime, state: State
) -> None:
    require_centre(actor, case, Permission.CASE_DECIDE, at=at)
    if obligation.case_id != case.pk:
        raise Hidden("obligation", obligation.pk)
    if obligation.state != state:
        raise Refused(
            "clock.state",
            _("This deadline is not suspended.")
            if state == State.PAUSED
            else _("This is already done, suspended or no longer needed."),
        )


def _change(
    actor: Actor,
    at: datetime,
    case: Case,
    name: str,
    obligation: Obligation,
    reason: str,
    data: Mapping[str, Any],
) -> Decision:
    decision = _decide(actor, at, case, DecisionKind.CLOCK, obligation.activity, reason, "reason")
    activity = obligation.key.partition(":")[0]
    subject = str(obligation.subject_id) if obligation.subject_id else ""
    record_event(
        name,
        actor=actor,
        at=at,
        case=case,
        subject=decision,
        fields=["reason"],
        data={"activity": activity, "subject": subject, **data},
    )
    return decision


def _decide(
    actor: Actor, at: datetime, case: Case, kind: str, code: str, reason: str, field: str
) -> Decision:
    decision = Decision(
        case=case,
        key=case.key,
        kind=kind,
        code=code[:60],
        decided_by_id=actor.user_id,
        decided_at=at,
        status=DecisionStatus.IN_FORCE,
    )
    seal(decision, case.key, reason=clean_reason(reason, field))
    decision.save(force_insert=True)
    return decision
