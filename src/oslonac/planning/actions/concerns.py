"""Concerns and suspicions. A suspicion ends only by a decision (scenario 13)."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.audit.actions import action
from oslonac.cases import rules, suspicions
from oslonac.cases.actions.base import record_event, require_case, require_centre
from oslonac.cases.actions.raising import raise_in_case
from oslonac.cases.models import Case, Concern
from oslonac.country.values import Task
from oslonac.directory import kinds
from oslonac.directory.models import Organisation
from oslonac.kit.choices import chosen
from oslonac.kit.clock import local_day
from oslonac.kit.errors import Invalid
from oslonac.kit.revisions import swap
from oslonac.people.actions import clean_reason
from oslonac.vault.sealing import sealed


@action("concern.raised", Permission.CONCERN_RAISE)
def raise_concern(
    *, actor: Actor, at: datetime, case: Case, kind: str, detail: str = ""
) -> Concern:
    """Say what endangers the child. Informal information is legitimate grounds."""
    require_case(actor, case, at=at)
    return raise_in_case(actor=actor, at=at, case=case, kind=kind, detail=detail)


@action("concern.notified", Permission.CASE_ASSESS)
def notify_concern(
    *, actor: Actor, at: datetime, concern: Concern, revision: int, body: Organisation
) -> Concern:
    """Record that a body was informed. Suspicion alone is enough. Of trafficking only the body that
    identifies victims counts, where the country has one."""
    identifying = kinds.doing(Task.IDENTIFIES_VICTIMS)
    require_case(actor, concern.case, at=at)
    rules.check_notified_body(
        trafficking=suspicions.is_trafficking(concern.kind),
        identifies_victims=not identifying or body.kind in identifying,
    )
    swap(concern, revision, notified_body=body, notified_at=at)
    record_event(
        "concern.notified",
        actor=actor,
        at=at,
        case=concern.case,
        subject=concern,
        data={"concern": concern, "body": body},
    )
    return concern


@action("concern.decided", Permission.CASE_DECIDE)
def decide_concern(
    *,
    actor: Actor,
    at: datetime,
    concern: Concern,
    revision: int,
    decision: str,
    reason: str,
    safety_offered: str = "",
    review_on: date | None = None,
) -> Concern:
    """Decide on a concern: confirmed, watched, not confirmed or resolved; always with reasons.

    For a suspicion the decision also says whether safety was offered (`accepted`, `declined`,
    `not_needed`), and watching needs a review day.
    """
    require_centre(actor, concern.case, Permission.CASE_DECIDE, at=at)
    value = chosen(rules.ConcernDecision, decision, "decision")
    then = rules.STATUS_AFTER[value]
    rules.check_step(concern.status, then, rules.ConcernStatus)
    text = clean_reason(reason, "reason")
    if concern.is_suspicion and safety_offered not in SAFETY_ANSWERS:
        raise Invalid({"safety_offered": _("Choose whether safety was offered, and the answer.")})
    if then == rules.ConcernStatus.MONITORED and concern.is_suspicion and review_on is None:
        raise Invalid({"review_on": _("Choose the review date.")})
    if review_on is not None and review_on < local_day(at):
        raise Invalid({"review_on": _("This day has passed.")})
    rules.check_decision(decision=value, untold=suspicions.untold_of([concern]))
    swap(
        concern,
        revision,
        status=then,
        decision=value,
        safety_offered=safety_offered,
        review_on=review_on,
        decided_by_id=actor.user_id,
        decided_at=at,
        **sealed(concern, decision_reason=text),
    )
    record_event(
        "concern.decided",
        actor=actor,
        at=at,
        case=concern.case,
        subject=concern,
        fields=["decision", "decision_reason"],
        data={
            "concern": concern,
            "decision": value,
            "safety_offered": safety_offered,
            "review_on": review_on,
        },
    )
    return concern


SAFETY_ANSWERS = ("accepted", "declined", "not_needed")
