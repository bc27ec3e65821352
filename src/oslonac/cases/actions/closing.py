"""Closing with a decision and a reason, approval by another person, re-opening."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from oslonac.access import actions as grants
from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.access.rules import Reason
from oslonac.audit.actions import action
from oslonac.cases import rules, suspicions
from oslonac.cases.actions.base import record_event, require_centre
from oslonac.cases.extensions import EXTENSIONS
from oslonac.cases.models import Case, Decision
from oslonac.cases.queries import facts_of
from oslonac.directory import codes
from oslonac.kit.choices import chosen
from oslonac.kit.errors import Refused
from oslonac.kit.revisions import swap
from oslonac.people.actions import clean_reason
from oslonac.protocols import catalogue
from oslonac.vault.sealing import seal, sealed


def check_may_close(case: Case, code: str) -> None:
    """Raise Refused while something stands in the way, of any closing or of one for this reason."""
    open_suspicions = case.concerns.filter(is_suspicion=True).exclude(
        status=rules.ConcernStatus.ENDED
    )
    running = case.transfers.filter(
        status__in=[rules.TransferStatus.PROPOSED, rules.TransferStatus.DISPUTED]
    )
    rules.check_closing(
        open_suspicions=list(open_suspicions.values_list("kind", flat=True)),
        running_transfer=running.exists(),
        open_promises=case.promises.filter(status=rules.PromiseStatus.OPEN).count(),
        untold=suspicions.untold_in([case]),
    )
    _check_reason(case, code)
    for check in EXTENSIONS.closing_checks:
        check(case)


def _check_reason(case: Case, code: str) -> None:
    """What the pack asks of this reason (`needs`); of somebody surely of age nothing more."""
    if _of_age(case):
        return
    needs = codes.property_of("closure_reasons", code, "needs") or {}
    step, concern = needs.get("step", ""), needs.get("concern", "")
    rules.check_closing_reason(
        reason=codes.title("closure_reasons", code),
        step=catalogue.title(step) if step and not _recorded(case, step) else "",
        concern=codes.title("concerns", concern)
        if concern and not case.concerns.filter(kind=concern).exists()
        else "",
    )


def _of_age(case: Case) -> bool:
    return facts_of(case)["age"] == "adult"


def _recorded(case: Case, step: str) -> bool:
    """Whether a step was recorded since the case was opened, or opened again, the last time."""
    decisions = Decision.objects.filter(case=case, status=rules.DecisionStatus.IN_FORCE)
    opened = decisions.filter(kind=rules.DecisionKind.REOPENING).order_by("decided_at").last()
    found = decisions.filter(kind=rules.DecisionKind.STEP, code=step)
    return (found.filter(decided_at__gte=opened.decided_at) if opened else found).exists()


@action("closing.requested", Permission.CASE_DECIDE)
def request_closing(
    *,
    actor: Actor,
    at: datetime,
    case: Case,
    revision: int,
    code: str,
    reason: str,
    feedback_offered: bool | None = None,
) -> Decision:
    """Decide to close, with a reason. Where approval is asked for, the case closes with it."""
    require_centre(actor, case, Permission.CASE_DECIDE, at=at)
    code = codes.check_one("closure_reasons", code, field="code")
    text = clean_reason(reason, "reason")
    check_may_close(case, code)
    needs = rules.closing_needs_approval(
        reason=code,
        priority=case.priority,
        suspicions=case.concerns.filter(is_suspicion=True).exists(),
    )
    decision = Decision(
        case=case,
        key=case.key,
        kind=rules.DecisionKind.CLOSING,
        code=code,
        status=rules.DecisionStatus.REQUESTED if needs else rules.DecisionStatus.IN_FORCE,
        needs_approval=needs,
        decided_by_id=actor.user_id,
        decided_at=at,
        feedback_offered=feedback_offered,
    )
    seal(decision, case.key, reason=text)
    try:
        with transaction.atomic():
            decision.save(force_insert=True)
    except IntegrityError:
        raise Refused("closing.requested", _("Closing was already requested.")) from None
    if needs:
        swap(case, revision)
        record_event(
            "closing.requested",
            actor=actor,
            at=at,
            case=case,
            subject=decision,
            fields=["reason"],
            data={"decision": decision, "code": code},
        )
    else:
        _close(actor, at, case, revision, decision)
    return decision


@action("closing.answered", Permission.CASE_APPROVE)
def answer_closing(
    *,
    actor: Actor,
    at: datetime,
    decision: Decision,
    revision: int,
    approved: bool,
    answer: str = "",
) -> Decision:
    """Approve a closing, or return it with remarks. Never one's own."""
    case = decision.case
    require_centre(actor, case, Permission.CASE_APPROVE, at=at)
    if decision.decided_by_id == actor.user_id:
        raise Refused(
            "closing.own", _("Another person must approve this, because you asked for it.")
        )
    then = rules.DecisionStatus.IN_FORCE if approved else rules.DecisionStatus.RETURNED
    rules.check_step(decision.status, then, rules.DecisionStatus)
    text = clean_reason(answer, "answer", required=not approved)
    if approved:
        check_may_close(case, decision.code)
    swap(
        decision,
        revision,
        status=then,
        answered_by_id=actor.user_id,
        answered_at=at,
        **sealed(decision, answer=text),
    )
    record_event(
        "closing.answered",
        actor=actor,
        at=at,
        case=case,
        subject=decision,
        fields=["status", "answer"],
        data={"decision": decision, "approved": approved},
    )
    if approved:
        case.refresh_from_db()
        _close(actor, at, case, case.revision, decision)
    return decision


@action("closing.withdrawn", Permission.CASE_DECIDE)
def withdraw_closing(*, actor: Actor, at: datetime, decision: Decision, revision: int) -> Decision:
    """Take back a closing that waits for approval."""
    require_centre(actor, decision.case, Permission.CASE_DECIDE, at=at)
    rules.check_step(decision.status, rules.DecisionStatus.WITHDRAWN, rules.DecisionStatus)
    swap(decision, revision, status=rules.DecisionStatus.WITHDRAWN)
    record_event(
        "closing.answered",
        actor=actor,
        at=at,
        case=decision.case,
        subject=decision,
        data={"decision": decision, "approved": False},
    )
    return decision


def _close(actor: Actor, at: datetime, case: Case, revision: int, decision: Decision) -> None:
    swap(case, revision, status=rules.CaseStatus.CLOSED, closed_at=at, closing_reason=decision.code)
    for plan in case.plans.exclude(status=rules.PlanStatus.ENDED):
        swap(plan, plan.revision, status=rules.PlanStatus.ENDED, ended_at=at)
    for finish in EXTENSIONS.on_closed:
        finish(actor=actor, at=at, case=case)
    # Sight that rested on the work ends with it; the responsible centre keeps the file.
    grants.end_grants(
        actor=actor,
        at=at,
        record_id=case.pk,
        reasons=(
            Reason.PLAN,
            Reason.REFERRAL,
            Reason.PLACEMENT,
            Reason.CONFERENCE,
            Reason.FIRST_CONTACT,
        ),
    )
    record_event(
        "case.closed",
        actor=actor,
        at=at,
        case=case,
        subject=case,
        data={"code": decision.code, "decision": decision},
    )


@action("case.reopened", Permission.CASE_DECIDE)
def reopen_case(
    *, actor: Actor, at: datetime, case: Case, revision: int, code: str, priority: str, reason: str
) -> Case:
    """Open a closed case again, with a reason and a fresh priority."""
    require_centre(actor, case, Permission.CASE_DECIDE, at=at, open_only=False)
    rules.check_step(case.status, rules.CaseStatus.OPEN, rules.CaseStatus)
    listed = codes.check_one("reopening_reasons", code, field="code")
    decision = Decision(
        case=case,
        key=case.key,
        kind=rules.DecisionKind.REOPENING,
        code=listed,
        status=rules.DecisionStatus.IN_FORCE,
        decided_by_id=actor.user_id,
        decided_at=at,
    )
    seal(decision, case.key, reason=clean_reason(reason, "reason"))
    decision.save(force_insert=True)
    swap(
        case,
        revision,
        status=rules.CaseStatus.OPEN,
        closed_at=None,
        closing_reason="",
        priority=chosen(rules.Priority, priority, "priority"),
    )
    record_event(
        "case.reopened",
        actor=actor,
        at=at,
        case=case,
        subject=case,
        data={"code": listed, "priority": case.priority, "pathway": case.pathway},
    )
    return case
