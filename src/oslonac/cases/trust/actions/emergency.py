"""Opening a case in an emergency, without a task in it: for some minutes, with a notice to the
case manager and the supervisors, and a review by somebody else."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from oslonac.access import actions as grants
from oslonac.access import policy, reader
from oslonac.access.actor import Actor
from oslonac.access.models import Grant
from oslonac.access.roles import Permission, Role
from oslonac.access.rules import Basis, Level, Reason, RecordKind
from oslonac.accounts.models import User
from oslonac.audit.actions import action
from oslonac.cases.actions.base import record_event, require_centre
from oslonac.cases.models import Case, Emergency
from oslonac.cases.trust import rules as trust_rules
from oslonac.cases.trust.rules import EmergencyOutcome
from oslonac.kit import statuses
from oslonac.kit.choices import chosen
from oslonac.kit.errors import Denied, Hidden, Invalid, Refused
from oslonac.kit.revisions import swap
from oslonac.notices.actions import Holders, Recipient, end, notify
from oslonac.people.actions import clean_reason
from oslonac.vault.row_policy import Bypass
from oslonac.vault.sealing import seal, sealed

OPENED, REVIEWED = "emergency.opened", "emergency.reviewed"
LEADS = (Role.SUPERVISOR, Role.HEAD)


@action("emergency.opened", Permission.GLASS_BREAK, fresh=True)
def break_glass(
    *,
    actor: Actor,
    at: datetime,
    number: str,
    reason: str,
    minutes: int = trust_rules.EMERGENCY_MINUTES,
    whereabouts: bool = False,
) -> Emergency:
    """Open the case with this very number, with names, for some minutes.

    Hidden for a number that no case has and for a case that is blocked to the actor alike. The
    case manager and those who lead the centre are told in the same moment.
    """
    length = trust_rules.emergency_length(minutes, most=settings.OSLONAC_EMERGENCY_MOST_MINUTES)
    text = clean_reason(reason, "reason")
    if len(text) < trust_rules.SHORTEST_REASON:
        raise Invalid({"reason": _("Write in a sentence what the emergency is.")})
    case = _named(actor, number, at)
    found = policy.reach(actor, case.pk, at=at)
    if found.shows(Level.IDENTITY) and (found.whereabouts or not whereabouts):
        raise Refused("emergency.open_already", _("You already have access to this case."))
    if actor.user_id is None:
        raise Denied("emergency.of_a_person", record=case.pk)
    user = User.objects.get(pk=actor.user_id)
    grant = grants.grant_user(
        actor=actor,
        at=at,
        kind=RecordKind.CASE,
        record_id=case.pk,
        user_id=user.pk,
        level=Level.IDENTITY,
        whereabouts=whereabouts,
        reason=Reason.BREAK_GLASS,
        basis=Basis.VITAL_INTEREST,
        until=at + length,
    )
    emergency = _kept(actor, at, case, grant, user, text)
    record_event(
        "emergency.opened",
        actor=actor,
        at=at,
        case=case,
        subject=emergency,
        fields=["reason"],
        data={"emergency": emergency, "until": emergency.until, "whereabouts": whereabouts},
    )
    told: list[Recipient] = [Holders(case.organisation_id, LEADS)]
    told += [case.manager_id] if case.manager_id else []
    key = f"{OPENED}:{emergency.pk}"
    notify(told, OPENED, at=at, record=case, by=actor.user_id, key=key, urgent=True)
    return emergency


def _named(actor: Actor, number: str, at: datetime) -> Case:
    with reader.bypass(Bypass.EMERGENCY):
        case = Case.objects.select_related("person", "key").filter(number=number.strip()).first()
    if case is None or case.pk in set(policy.closed_to(actor, at=at)):
        raise Hidden("case", None)
    return case


def _kept(
    actor: Actor, at: datetime, case: Case, grant: Grant, user: User, reason: str
) -> Emergency:
    post = actor.post_for(Permission.GLASS_BREAK)
    emergency = Emergency(
        case=case,
        key=case.key,
        grant_id=grant.pk,
        user=user,
        organisation_id=post.organisation_id if post else None,
        whereabouts=grant.whereabouts,
        opened_at=at,
        until=grant.ends_at or at,
    )
    seal(emergency, case.key, reason=reason)
    emergency.save(force_insert=True)
    return emergency


@action("emergency.given_back", Permission.GLASS_BREAK)
def give_back(*, actor: Actor, at: datetime, emergency: Emergency, revision: int) -> Emergency:
    """Ends one's own emergency before its time."""
    if emergency.user_id != actor.user_id:
        raise Denied("emergency.of_another", record=emergency.case_id)
    if emergency.until <= at:
        raise Refused("emergency.over", _("This emergency access has already ended."))
    case = emergency.case  # read while it is still shown
    swap(emergency, revision, until=at)
    with reader.bypass(Bypass.GRANTS):
        Grant.objects.filter(pk=emergency.grant_id).update(ends_at=at, ended_by_id=actor.user_id)
    record_event(
        "emergency.given_back",
        actor=actor,
        at=at,
        case=case,
        subject=emergency,
        data={"emergency": emergency},
    )
    return emergency


@action("emergency.reviewed", Permission.CASE_APPROVE)
def review_emergency(
    *, actor: Actor, at: datetime, emergency: Emergency, revision: int, outcome: str, review: str
) -> Emergency:
    """Reviews an emergency opening, as a head or supervisor of the responsible centre."""
    case = emergency.case
    require_centre(actor, case, Permission.CASE_APPROVE, at=at, open_only=False)
    if emergency.user_id == actor.user_id:
        raise Refused(
            "emergency.own", _("You cannot review your own emergency access. Ask a colleague.")
        )
    then = chosen(EmergencyOutcome, outcome, "outcome")
    said = _("This was already reviewed.")
    code = "emergency.reviewed"
    statuses.step(trust_rules.NEXT, emergency.outcome, then, code, said, field="outcome")
    text = clean_reason(review, "review")
    swap(
        emergency,
        revision,
        outcome=then,
        reviewed_by_id=actor.user_id,
        reviewed_at=at,
        **sealed(emergency, review=text),
    )
    record_event(
        "emergency.reviewed",
        actor=actor,
        at=at,
        case=case,
        subject=emergency,
        fields=["outcome", "review"],
        data={"emergency": emergency, "outcome": then},
    )
    if then != EmergencyOutcome.FOLLOW_UP:
        end(OPENED, case.pk, at=at)
    key = f"{REVIEWED}:{emergency.pk}:{then}"
    notify(emergency.user_id, REVIEWED, at=at, record=case, by=actor.user_id, key=key)
    return emergency
