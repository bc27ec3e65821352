"""Giving and ending grants. Only called inside an action of a higher package, which records
the event; nothing here is reachable from a route."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from oslonac.access import sight
from oslonac.access.actor import Actor, holders_of
from oslonac.access.models import Grant
from oslonac.access.rules import Basis, Level, Reason
from oslonac.vault.sight import Beyond


@sight.beyond(Beyond.GRANTS)
def grant_user(
    *,
    actor: Actor,
    at: datetime,
    kind: str,
    record_id: UUID,
    user_id: UUID,
    level: Level,
    reason: Reason,
    basis: Basis = Basis.LEGAL_DUTY,
    whereabouts: bool = False,
    until: datetime | None = None,
) -> Grant:
    """Let one person see a record from `at` until `until` (open-ended when None)."""
    return Grant.objects.create(
        record_kind=kind,
        record_id=record_id,
        principal=user_id,
        grantee_id=user_id,
        level=level,
        whereabouts=whereabouts,
        reason=reason,
        basis=basis,
        given_by_id=actor.user_id,
        starts_at=at,
        ends_at=until,
    )


@sight.beyond(Beyond.GRANTS)
def grant_role(
    *,
    actor: Actor,
    at: datetime,
    kind: str,
    record_id: UUID,
    organisation_id: UUID,
    role: str,
    level: Level,
    reason: Reason,
    basis: Basis = Basis.LEGAL_DUTY,
    whereabouts: bool = False,
    until: datetime | None = None,
) -> Grant:
    """Let whoever holds `role` at an organisation see a record."""
    return Grant.objects.create(
        record_kind=kind,
        record_id=record_id,
        principal=holders_of(role, organisation_id),
        organisation_id=organisation_id,
        role=role,
        level=level,
        whereabouts=whereabouts,
        reason=reason,
        basis=basis,
        given_by_id=actor.user_id,
        starts_at=at,
        ends_at=until,
    )


@sight.beyond(Beyond.GRANTS)
def end_grants(
    *,
    actor: Actor,
    at: datetime,
    record_id: UUID,
    reasons: tuple[Reason, ...],
    user_id: UUID | None = None,
    organisation_id: UUID | None = None,
) -> int:
    """End running grants on a record by reason (and grantee or organisation). How many ended."""
    running = Grant.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=at), record_id=record_id, reason__in=reasons
    )
    if user_id is not None:
        running = running.filter(grantee_id=user_id)
    if organisation_id is not None:
        running = running.filter(organisation_id=organisation_id)
    return running.update(ends_at=at, ended_by_id=actor.user_id)
