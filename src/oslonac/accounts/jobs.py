"""Jobs: closing accounts whose last post ended long ago, deleting old sessions and draft keys."""

from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q

from oslonac.access.actor import SYSTEM
from oslonac.accounts import drafts, sessions
from oslonac.accounts.models import ApiToken, Membership, User
from oslonac.audit.actions import record
from oslonac.kit.clock import local_day, now
from oslonac.kit.jobs import job


@job(cron="40 2 * * *")
def forget_sessions() -> str | None:
    """Remove rows of sessions that are over; when and on which device is kept (SignIn)."""
    count, _kinds = Session.objects.filter(expire_date__lte=now()).delete()
    return f"{count} sessions forgotten" if count else None


@job(cron="45 2 * * *")
def forget_draft_keys() -> str | None:
    """Remove keys of drafts that no browser keeps any more."""
    count = drafts.forget_unused(now())
    return f"{count} draft keys forgotten" if count else None


@job(cron="25 2 * * *")
def close_ended_accounts() -> str | None:
    """Switch off accounts that held posts and hold none any more since the days of grace.

    Without a post nothing can be opened from the first day on; the grace keeps the way back in
    for somebody between two contracts. Accounts that never had a post are left alone.
    """
    at = now()
    last_day = local_day(at) - timedelta(days=settings.OSLONAC_ACCOUNT_GRACE_DAYS)
    running = Membership.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=last_day))
    ended = User.objects.filter(
        is_active=True, pk__in=Membership.objects.values("user_id")
    ).exclude(pk__in=running.values("user_id"))
    closed = 0
    for user in ended.order_by("pk"):
        with transaction.atomic():
            changed = User.objects.filter(pk=user.pk, is_active=True).update(
                is_active=False, revision=user.revision + 1
            )
            if not changed:
                continue
            sessions.end_after_change(user, at=at)
            ApiToken.objects.filter(user=user, revoked_at__isnull=True).update(revoked_at=at)
            record("account.closed", actor=SYSTEM, at=at, subject=user, fields=["is_active"])
            closed += 1
    return f"{closed} accounts closed" if closed else None
