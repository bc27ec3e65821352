"""The checks. Each raises; `may` answers instead, so a button and an action cannot disagree."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from oslonac.access.actor import Actor
from oslonac.access.models import Grant
from oslonac.access.roles import Permission
from oslonac.access.rules import Level, Reach, Reason
from oslonac.kit.errors import Denied, Hidden


def require(actor: Actor, permission: Permission) -> None:
    """Raise Denied unless one of the actor's roles holds the permission."""
    if permission not in actor.permissions:
        raise Denied(permission.value)


def require_at(
    actor: Actor, permission: Permission, organisation_id: UUID, *, record: UUID
) -> None:
    """Raise Denied unless a post at this organisation holds the permission."""
    if not actor.may_at(permission, organisation_id):
        raise Denied(f"{permission.value}.elsewhere", record=record)


def may(actor: Actor, permission: Permission) -> bool:
    return permission in actor.permissions


def in_force(at: datetime) -> Q:
    """Filter on grants that hold at a moment."""
    return Q(starts_at__lte=at) & (Q(ends_at__isnull=True) | Q(ends_at__gt=at))


def grants_of(actor: Actor, *, at: datetime) -> QuerySet[Grant]:
    return Grant.objects.filter(in_force(at), principal__in=actor.principals)


def reach(actor: Actor, record_id: UUID, *, at: datetime) -> Reach:
    """How far the actor sees into one record."""
    found = Reach()
    rows = grants_of(actor, at=at).filter(record_id=record_id)
    for level, whereabouts in rows.values_list("level", "whereabouts"):
        found |= Reach(level, whereabouts)
    return found


def reaches(actor: Actor, record_ids: list[UUID], *, at: datetime) -> dict[UUID, Reach]:
    """The same for many records in one query; unseen ids are absent."""
    found: dict[UUID, Reach] = {}
    rows = grants_of(actor, at=at).filter(record_id__in=record_ids)
    for record_id, level, whereabouts in rows.values_list("record_id", "level", "whereabouts"):
        found[record_id] = found.get(record_id, Reach()) | Reach(level, whereabouts)
    return found


def require_level(actor: Actor, kind: str, record_id: UUID, level: Level, *, at: datetime) -> Reach:
    """The actor's reach. Hidden when there is no grant at all, Denied when it falls short."""
    if actor.channel == "system":
        return Reach(Level.IDENTITY, whereabouts=True)
    found = reach(actor, record_id, at=at)
    if not found.level:
        raise Hidden(kind, record_id)
    if not found.shows(level):
        raise Denied(f"level.{level.name.lower()}", record=record_id)
    return found


def telling_where(actor: Actor, rows: Iterable[Grant], *, at: datetime) -> set[UUID]:
    """Ids of grants whose holder is the house that cares for the child, on records whose
    whereabouts the actor does not see: naming the holder would say where the child is."""
    placed = [row for row in rows if row.reason == Reason.PLACEMENT]
    found = reaches(actor, [row.record_id for row in placed], at=at)
    return {row.pk for row in placed if not found.get(row.record_id, Reach()).whereabouts}


def granted(
    actor: Actor, *, at: datetime, outer: str = "pk", level: int = Level.EXISTENCE
) -> Exists:
    """Condition for a queryset: a grant in force names the actor and the row's `outer` id."""
    return Exists(grants_of(actor, at=at).filter(record_id=OuterRef(outer), level__gte=level))
