"""Muting the reminders of one obligation for a while, with a reason; and resuming them.

A mute silences only whoever mutes. Those above hear what they would have heard, are told of the
mute at once, and see it on their first page until it ends.
"""

from datetime import date, datetime, time

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from oslonac.access.actor import Actor
from oslonac.access.roles import Permission, Role
from oslonac.accounts.models import User
from oslonac.audit.actions import action, record
from oslonac.cases.actions.base import require_case
from oslonac.cases.models import Case
from oslonac.kit.choices import chosen
from oslonac.kit.clock import local_day
from oslonac.kit.errors import Hidden, Invalid, Refused
from oslonac.kit.revisions import swap
from oslonac.notices.actions import Holders, notify
from oslonac.people.actions import clean_reason
from oslonac.protocols.models import Mute, MuteReason, Obligation, State
from oslonac.protocols.reminders import kinds, sending
from oslonac.vault.sealing import seal


@action("reminders.muted", Permission.CASE_READ)
def mute_reminders(
    *,
    actor: Actor,
    at: datetime,
    case: Case,
    obligation: Obligation,
    until: date,
    reason: str,
    note: str = "",
) -> Mute:
    """No reminders of an obligation for oneself until the end of a day. `note` is sealed under
    the case's key; for "another reason" it must say which."""
    require_case(actor, case, at=at)
    if obligation.case_id != case.pk:
        raise Hidden("obligation", obligation.pk)
    if not is_mine(actor, obligation):
        raise Refused(
            "reminders.not_yours", _("Only the person responsible gets reminders of this.")
        )
    if obligation.state != State.OPEN:
        raise Refused("reminders.not_open", _("There are no more reminders of this."))
    why = chosen(MuteReason, reason, "reason")
    said = clean_reason(note, "note", required=why is MuteReason.OTHER)
    Mute.objects.filter(
        case_id=case.pk, obligation=obligation.key, user=actor.user_id, ended_at__isnull=True
    ).update(ended_at=at)
    mute = Mute(
        key=case.key,
        case_id=case.pk,
        obligation=obligation.key,
        user=User.objects.get(pk__in=[actor.user_id]),
        reason=why,
        starts_at=at,
        until=_end(until, at),
    )
    seal(mute, case.key, note=said)
    mute.save(force_insert=True)
    Obligation.objects.filter(pk=obligation.pk).update(remind_at=at)
    record(
        "reminders.muted",
        actor=actor,
        at=at,
        subject=mute,
        case_id=case.pk,
        fields=["note"] if said else [],
        data={"activity": obligation.activity, "until": until, "reason": why.value},
    )
    _tell_those_above(actor, at, case, obligation, mute)
    return mute


@action("reminders.unmuted", Permission.CASE_READ)
def unmute_reminders(*, actor: Actor, at: datetime, case: Case, mute: Mute, revision: int) -> Mute:
    """Hear the reminders again: one's own mute, or as the one above."""
    require_case(actor, case, at=at)
    if mute.case_id != case.pk:
        raise Hidden("mute", mute.pk)
    if mute.user_id != actor.user_id and not leads(actor, case):
        raise Refused(
            "reminders.not_yours",
            _("Only the person who muted this, or a supervisor or head, can end it."),
        )
    swap(mute, revision, ended_at=mute.ended_at or at)
    muted = Obligation.objects.filter(case_id=case.pk, key=mute.obligation, state=State.OPEN)
    muted.filter(due_at__isnull=False).update(remind_at=at)
    activity = muted.values_list("activity", flat=True).first() or ""
    record(
        "reminders.unmuted",
        actor=actor,
        at=at,
        subject=mute,
        case_id=case.pk,
        data={"activity": activity},
    )
    return mute


def is_mine(actor: Actor, obligation: Obligation) -> bool:
    """Whether the reminders of an obligation go to the actor first."""
    return obligation.principal is not None and obligation.principal in actor.principals


def leads(actor: Actor, case: Case) -> bool:
    """Whether the actor is the one above for a case."""
    return actor.holds(Role.SUPERVISOR, Role.HEAD, at=case.organisation_id)


def _end(until: date, at: datetime) -> datetime:
    """The end of a local day. Raises Invalid for one that has passed or is too far off."""
    today = local_day(at)
    if until < today:
        raise Invalid({"until": _("This day has passed.")})
    longest = sending.plan().longest_mute
    if until > today + longest:
        sentence = _("Reminders can be muted for at most %(days)d days.") % {"days": longest.days}
        raise Invalid({"until": sentence})
    return datetime.combine(until, time(23, 59), localtime(at).tzinfo)


def _tell_those_above(
    actor: Actor, at: datetime, case: Case, obligation: Obligation, mute: Mute
) -> None:
    notify(
        Holders(case.organisation_id, (Role.SUPERVISOR,)),
        kinds.MUTED,
        at=at,
        key=f"mute:{mute.pk}",
        record=case,
        by=actor.user_id,
        data={
            "activity": obligation.activity,
            "due": obligation.due_at.isoformat() if obligation.due_at else "",
            "binding": obligation.verified,
        },
    )
