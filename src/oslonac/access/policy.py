"""The checks. Each raises; `may` answers instead, so a button and an action cannot disagree.

Access is what the grants in force show, less what blocks in force close. All code that reads
grants uses `grants_of`, `reach` or `reaches`, so a block applies on every route.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, UUIDField, Value
from django.db.models.functions import Cast

from oslonac.access.actor import Actor
from oslonac.access.models import Block, Grant, Tie
from oslonac.access.roles import Permission
from oslonac.access.rules import Level, Reach, Scope
from oslonac.kit.errors import Denied, Hidden

# Blocks are read in one query with grants: what a grant has besides is empty in them.
_TEXT, _ID = Value("", CharField()), Cast(Value(None), UUIDField())
_AS_A_GRANT = {
    "level": Value(0),
    "whereabouts": Value(False),
    "role": _TEXT,
    "basis": _TEXT,
    "ground": _TEXT,
    "consent_id": _ID,
    "acts_for": _ID,
    "grantee_id": _ID,
}
_RECORD, _LEVEL, _WHEREABOUTS = (
    Grant.BOUND.index(name) for name in ("record_id", "level", "whereabouts")
)


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


def blocks_of(actor: Actor, *, at: datetime, scope: Scope | None = None) -> QuerySet[Block]:
    """Blocks in force that name the actor: in person, by office, by whom they stand with."""
    found = Block.objects.filter(in_force(at), principal__in=actor.principals)
    return found if scope is None else found.filter(scope=scope)


def closed_to(actor: Actor, *, at: datetime) -> QuerySet[Block, UUID]:
    """Ids of the records that a block closes to the actor, for those who read without grants."""
    return blocks_of(actor, at=at, scope=Scope.ALL).values_list("record_id", flat=True)


def grants_of(actor: Actor, *, at: datetime) -> QuerySet[Grant]:
    """The actor's grants in force, without those on records that a block closes to them."""
    found = Grant.objects.filter(in_force(at), principal__in=actor.principals)
    # Few rows name one actor: the database hashes them once, whatever the number of grants.
    return found.exclude(record_id__in=closed_to(actor, at=at))


def sides_of(user_id: UUID, *, at: datetime) -> tuple[UUID, ...]:
    """Persons a user stands with: those they guard by a grant, those they are tied to."""
    guarded = Grant.objects.filter(in_force(at), principal=user_id, acts_for__isnull=False)
    tied = Tie.objects.filter(in_force(at), user=user_id)
    both = guarded.values_list("acts_for", flat=True).union(
        tied.values_list("person_id", flat=True)
    )
    return tuple(sorted(person_id for person_id in both if person_id is not None))


def reach(actor: Actor, record_id: UUID, *, at: datetime) -> Reach:
    """How far the actor sees into one record."""
    return reaches(actor, [record_id], at=at).get(record_id, Reach())


def reaches(actor: Actor, record_ids: list[UUID], *, at: datetime) -> dict[UUID, Reach]:
    """The same for many records, in one query; unseen ids are absent. A grant that was not given by
    this installation (`vault.binding`) counts as absent too."""
    grants = Grant.objects.filter(
        in_force(at), principal__in=actor.principals, record_id__in=record_ids
    ).annotate(scope=Value(""))
    blocks = blocks_of(actor, at=at).filter(record_id__in=record_ids).annotate(**_AS_A_GRANT)
    columns = ("scope", "mac", *Grant.BOUND)
    found: dict[UUID, Reach] = {}
    closed: set[UUID] = set()
    rows = grants.values_list(*columns).union(blocks.values_list(*columns), all=True)
    for scope, mac, *said in rows:
        record_id, level, whereabouts = said[_RECORD], said[_LEVEL], said[_WHEREABOUTS]
        if scope == Scope.ALL:
            closed.add(record_id)
        elif scope == Scope.WHEREABOUTS:
            found[record_id] = found.get(record_id, Reach()) | Reach(kept_off=True)
        elif Grant.fits(mac, said):
            found[record_id] = found.get(record_id, Reach()) | Reach(level, whereabouts)
    return {pk: seen for pk, seen in found.items() if seen.level and pk not in closed}


def blocked_persons(actor: Actor, person_ids: Iterable[UUID], *, at: datetime) -> dict[UUID, str]:
    """The widest scope in which blocks keep the actor from children, by the child's id: a child
    whose own record is closed stays closed where it appears in another's."""
    rows = blocks_of(actor, at=at).filter(person_id__in=list(person_ids))
    found: dict[UUID, str] = {}
    for person_id, scope in rows.values_list("person_id", "scope"):
        if person_id is not None and found.get(person_id) != Scope.ALL:
            found[person_id] = scope
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


def granted(
    actor: Actor, *, at: datetime, outer: str = "pk", level: int = Level.EXISTENCE
) -> Exists:
    """Condition for a queryset: a grant in force names the actor and the row's `outer` id."""
    return Exists(grants_of(actor, at=at).filter(record_id=OuterRef(outer), level__gte=level))
