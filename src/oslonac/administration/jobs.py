"""Jobs for auditors: unusual access every hour, the whole ledger every night."""

from uuid import UUID

from oslonac.access.actor import SYSTEM
from oslonac.access.roles import ALLOWED, Permission, Role, codes_of
from oslonac.accounts.models import User
from oslonac.accounts.queries import actor_for, memberships_in_force
from oslonac.administration import actions
from oslonac.audit import unusual
from oslonac.kit.clock import now
from oslonac.kit.jobs import job
from oslonac.notices.actions import notify


@job(cron="7 * * * *")
def look_for_unusual_reading() -> str | None:
    """Keep what is new and tell whoever reads the ledger."""
    at = now()
    found = unusual.notice(at=at)
    for row in found:
        notify(checkers(), "unusual.noticed", at=at, record=row, key=f"unusual:{row.pk}")
    return f"{len(found)} findings" if found else None


@job(cron="40 1 * * *")
def verify_every_night() -> str:
    """Walk the whole ledger; a broken one is told at once."""
    return _verified(None)


@job()
def verify_ledger(user_id: str) -> str:
    """The same when somebody asked for it on a page."""
    return _verified(User.objects.filter(pk=UUID(user_id)).first())


def _verified(user: User | None) -> str:
    at = now()
    actor = actor_for(user, at=at) if user is not None else SYSTEM
    verdict = actions.verify_ledger(actor=actor, at=at)
    if not verdict.intact:
        notify(checkers(), "ledger.broken", at=at, urgent=True, key=f"ledger.broken:{at:%Y-%m-%d}")
    return f"{verdict.linked} events, {verdict.found} breaks"


def checkers() -> list[UUID]:
    """Everybody who reads the ledger by a post in force."""
    able = [role for role in Role if Permission.LEDGER_READ in ALLOWED[role]]
    rows = memberships_in_force(now()).filter(role__in=codes_of(*able))
    return list(rows.values_list("user_id", flat=True).distinct())
