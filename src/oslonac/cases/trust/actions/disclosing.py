"""Giving access to a case by hand, and ending it.

Duties bring their own sight with them (assignment, guardian, placement). What is given by hand
to somebody outside the responsible centre is a disclosure: it rests on a recorded consent to
this very receiver, or on a legal ground with the reasons in words.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from oslonac.access import actions as grants
from oslonac.access import policy, reader
from oslonac.access.actor import Actor
from oslonac.access.models import Grant
from oslonac.access.roles import Permission
from oslonac.access.rules import BY_HAND, Basis, Level, Reason, RecordKind
from oslonac.accounts.models import User
from oslonac.accounts.queries import actor_for
from oslonac.audit.actions import action, record
from oslonac.cases import rules
from oslonac.cases.actions.base import refresh, require_centre, require_reader, require_whereabouts
from oslonac.cases.models import Case, Consent, Decision
from oslonac.cases.trust.rules import ConsentStatus
from oslonac.directory import codes
from oslonac.kit.choices import chosen
from oslonac.kit.errors import Invalid, Refused
from oslonac.notices.actions import end, notify
from oslonac.people.actions import clean_reason
from oslonac.vault.row_policy import Bypass
from oslonac.vault.sealing import seal

GIVEN = "grant.given"


@action("grant.given", Permission.GRANTS_MANAGE, fresh=True)
def give_grant(
    *,
    actor: Actor,
    at: datetime,
    case: Case,
    user: User,
    level: int,
    reason: str,
    basis: str,
    until: datetime,
    whereabouts: bool = False,
    consent: Consent | None = None,
    ground: str = "",
    explanation: str = "",
) -> Grant:
    """Let another person see a case, to a level, for a reason, until a day.

    Outside the responsible centre it needs `consent` (with basis "consent"), or a `ground` of the
    pack and an `explanation` in words.
    """
    _require_giving(actor, case, Level(level), whereabouts, at)
    require_reader(user, at=at, field="user")
    require_not_blocked(user, case, at=at, field="user")
    _check_terms(reason, until, at)
    rests_on = chosen(Basis, basis, "basis")
    if rests_on == Basis.CONSENT:
        offices = actor_for(user, at=at).organisation_ids
        consent = _checked(consent, case, offices, Level(level), whereabouts, reason, at)
        until = min(until, consent.until) if consent.until else until
        ground = ""
    else:
        consent = None
        outside = not _works_at(user, case, at)
        ground = codes.check_one("legal_grounds", ground, field="ground", required=outside)
        explanation = clean_reason(explanation, "explanation", required=outside)
    grant = grants.grant_user(
        actor=actor,
        at=at,
        kind=RecordKind.CASE,
        record_id=case.pk,
        user_id=user.pk,
        level=Level(level),
        whereabouts=whereabouts,
        reason=chosen(Reason, reason, "reason"),
        basis=rests_on,
        until=until,
        consent_id=consent.pk if consent else None,
        ground=ground,
    )
    if explanation:
        _decide(actor, at, case, ground, explanation)
    _note(actor, at, grant, user, explained=bool(explanation))
    notify(user.pk, GIVEN, at=at, record=case, by=actor.user_id, key=f"{GIVEN}:{grant.pk}")
    return grant


def _require_giving(
    actor: Actor, case: Case, level: Level, whereabouts: bool, at: datetime
) -> None:
    """Nobody lets others see more than they see themselves."""
    require_centre(actor, case, Permission.GRANTS_MANAGE, at=at, level=level, open_only=False)
    if whereabouts:
        require_whereabouts(actor, case, at=at)


def _check_terms(reason: str, until: datetime, at: datetime) -> None:
    if reason not in BY_HAND:
        raise Invalid(
            {"reason": _("Access for this reason comes with a task and cannot be given by hand.")}
        )
    if until <= at:
        raise Invalid({"until": _("The end is before the start.")})


def _note(actor: Actor, at: datetime, grant: Grant, user: User, *, explained: bool) -> None:
    record(
        "grant.given",
        actor=actor,
        at=at,
        subject=grant,
        case_id=grant.record_id,
        fields=["explanation"] if explained else [],
        data={
            "to": user,
            "level": int(grant.level),
            "reason": grant.reason,
            "until": grant.ends_at,
            "basis": grant.basis,
            "consent": str(grant.consent_id) if grant.consent_id else "",
            "ground": grant.ground,
        },
    )


def require_not_blocked(user: User, case: Case, *, at: datetime, field: str) -> None:
    """Raise Refused for somebody whom a block keeps from the whole case: sight would be none."""
    closed = policy.closed_to(actor_for(user, at=at), at=at)
    if case.pk in set(closed):
        raise Refused(
            "block.kept_away",
            _(
                "This person is blocked from this case, so access would have no effect. Choose "
                "somebody else, or remove the block with a reason first."
            ),
            field=field,
        )


def _works_at(user: User, case: Case, at: datetime) -> bool:
    return case.organisation_id in actor_for(user, at=at).organisation_ids


def _checked(
    consent: Consent | None,
    case: Case,
    offices: tuple,
    level: Level,
    whereabouts: bool,
    reason: str,
    at: datetime,
) -> Consent:
    """The consent, when it covers this sight. Raises Invalid."""
    if consent is None or consent.case_id != case.pk:
        raise Invalid({"consent": _("Choose the consent this is based on, or record one first.")})
    running = consent.status == ConsentStatus.GIVEN and (
        consent.until is None or consent.until > at
    )
    if not running:
        raise Invalid({"consent": _("This consent is no longer valid.")})
    if consent.receiver_id not in offices:
        raise Invalid({"consent": _("This person does not work for the receiver of the consent.")})
    if level > consent.level:
        raise Invalid({"level": _("The consent does not cover this much.")})
    if whereabouts and not consent.whereabouts:
        raise Invalid({"whereabouts": _("The consent does not cover where the person is.")})
    serves = codes.extras("consent_purposes").get(consent.purpose, {}).get("reasons")
    if serves is not None and reason not in serves:
        raise Invalid({"reason": _("The consent is for another purpose.")})
    return consent


def _decide(actor: Actor, at: datetime, case: Case, ground: str, explanation: str) -> None:
    decision = Decision(
        case=case,
        key=case.key,
        kind=rules.DecisionKind.DISCLOSURE,
        code=ground,
        decided_by_id=actor.user_id,
        decided_at=at,
        status=rules.DecisionStatus.IN_FORCE,
    )
    seal(decision, case.key, reason=explanation)
    decision.save(force_insert=True)


@action("grant.ended", Permission.GRANTS_MANAGE)
def end_grant(*, actor: Actor, at: datetime, case: Case, grant: Grant) -> Grant:
    """End a grant now. An assignment ends by assigning somebody else."""
    require_centre(actor, case, Permission.GRANTS_MANAGE, at=at, open_only=False)
    if grant.reason in (Reason.ASSIGNMENT, Reason.SUPERVISION):
        raise Refused(
            "grant.duty", _("This access comes with a task. Change who has the task instead.")
        )
    with reader.bypass(Bypass.GRANTS):
        ended = Grant.objects.filter(pk=grant.pk, record_id=case.pk).update(
            ends_at=at, ended_by_id=actor.user_id
        )
    if not ended:
        raise Refused("grant.elsewhere", _("This grant belongs to another record."))
    record("grant.ended", actor=actor, at=at, subject=grant, case_id=case.pk)
    end(GIVEN, case.pk, at=at)
    refresh(case)
    grant.refresh_from_db()
    return grant
