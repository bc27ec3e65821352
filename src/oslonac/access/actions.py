"""Giving and ending grants, setting and removing blocks. Only called inside an action of a higher
package, which records the event; nothing here is reachable from a route."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from oslonac.access import policy, reader
from oslonac.access.actor import Actor, holders_of, staff_of, stands_with
from oslonac.access.models import Block, Grant, Tie
from oslonac.access.rules import OWN, Basis, BlockReason, Level, Reason, Scope
from oslonac.kit.clock import now
from oslonac.vault.models import DataKey
from oslonac.vault.row_policy import Bypass
from oslonac.vault.sealing import seal


@reader.bypass(Bypass.GRANTS)
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
    consent_id: UUID | None = None,
    ground: str = "",
    acts_for: UUID | None = None,
) -> Grant:
    """Let one person see a record from `at` until `until` (open-ended when None).

    `consent_id`: the consent it rests on, and ends with. `ground`: the legal ground by its code.
    `acts_for`: the person the holder stands with by this grant.
    """
    return Grant.objects.create(
        record_kind=kind,
        record_id=record_id,
        principal=user_id,
        grantee_id=user_id,
        level=level,
        whereabouts=whereabouts,
        reason=reason,
        basis=basis,
        consent_id=consent_id,
        ground=ground,
        acts_for=acts_for,
        given_by_id=actor.user_id,
        starts_at=at,
        ends_at=until,
    )


@reader.bypass(Bypass.GRANTS)
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


@reader.bypass(Bypass.GRANTS)
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


@reader.bypass(Bypass.GRANTS)
def end_resting_on(*, actor: Actor, at: datetime, consent_id: UUID) -> list[Grant]:
    """End every running grant that rests on a consent; the grants, so that holders are told."""
    running = list(
        Grant.objects.select_for_update().filter(
            Q(ends_at__isnull=True) | Q(ends_at__gt=at), consent_id=consent_id
        )
    )
    Grant.objects.filter(pk__in=[row.pk for row in running]).update(
        ends_at=at, ended_by_id=actor.user_id
    )
    return running


@dataclass(frozen=True)
class Who:
    """Whom a block names: exactly one of a user, everybody of an organisation, whoever stands
    with a person."""

    user_id: UUID | None = None
    organisation_id: UUID | None = None
    person_id: UUID | None = None

    @property
    def principal(self) -> UUID:
        if self.user_id is not None:
            return self.user_id
        if self.organisation_id is not None:
            return staff_of(self.organisation_id)
        if self.person_id is not None:
            return stands_with(self.person_id)
        raise ValueError("a block names somebody")


@dataclass(frozen=True)
class Closing:
    """A record to close, and the child whose record it is."""

    kind: str
    record_id: UUID
    person_id: UUID | None


@reader.bypass(Bypass.GRANTS)
def block(
    *,
    actor: Actor,
    at: datetime,
    who: Who,
    records: Iterable[Closing],
    key: DataKey,
    scope: Scope,
    reason: BlockReason,
    why: str,
    related_id: UUID | None = None,
    until: datetime | None = None,
) -> list[Block]:
    """Keep somebody from records, or from the whereabouts in them. The first row carries `why`,
    sealed under `key`; the others name it as their cause."""
    rows: list[Block] = []
    for closing in records:
        row = Block(
            key=key,
            record_kind=closing.kind,
            record_id=closing.record_id,
            principal=who.principal,
            user_id=who.user_id,
            organisation_id=who.organisation_id,
            stands_with=who.person_id,
            scope=scope,
            reason=reason,
            person_id=closing.person_id,
            related_id=related_id,
            declared=who.user_id is not None and who.user_id == actor.user_id,
            given_by_id=actor.user_id,
            starts_at=at,
            ends_at=until,
        )
        row.cause = rows[0].pk if rows else row.pk
        seal(row, key, why=why if not rows else "")
        rows.append(row)
    return Block.objects.bulk_create(rows)


@reader.bypass(Bypass.GRANTS)
def lift(*, actor: Actor, at: datetime, rows: Iterable[Block], why: str) -> int:
    """End running blocks, with the reason. How many ended."""
    listed = [row for row in rows if row.ends_at is None or row.ends_at > at]
    for row in listed:
        row.ends_at, row.ended_by_id = at, actor.user_id
        seal(row, row.key, lifted_why=why)
    Block.objects.bulk_update(listed, ["ends_at", "ended_by", "lifted_why"])
    return len(listed)


@reader.bypass(Bypass.GRANTS)
def carry_blocks(
    *, person_ids: Collection[UUID], person_id: UUID, kind: str, record_id: UUID, is_subject: bool
) -> None:
    """A person came into another record: what was closed because of them is closed there too.

    Blocks on a child follow the child into records of its own; a conflict of interest with
    somebody follows that person into every record, and so does a tie that is one by itself. A
    block that ends on a day holds there until that day.
    `person_ids`: everybody who is this person (records joined as one), themselves included.
    """
    follows = Q(related_id__in=person_ids, scope=Scope.ALL)
    if is_subject:
        follows |= Q(person_id__in=person_ids)
    here = set(Block.objects.filter(record_id=record_id).values_list("principal", "scope", "cause"))
    rows = []
    running = Q(ends_at__isnull=True) | Q(ends_at__gt=now())
    for found in Block.objects.filter(running, follows).order_by("starts_at", "pk"):
        mark = (found.principal, found.scope, found.cause)
        if mark in here:
            continue
        here.add(mark)
        rows.append(copied(found, Closing(kind, record_id, person_id if is_subject else None)))
    Block.objects.bulk_create(rows)


def copied(found: Block, closing: Closing) -> Block:
    """The same block on another record; its reason stands in the row it names as its cause."""
    return Block(
        key_id=found.key_id,
        record_kind=closing.kind,
        record_id=closing.record_id,
        principal=found.principal,
        user_id=found.user_id,
        organisation_id=found.organisation_id,
        stands_with=found.stands_with,
        scope=found.scope,
        reason=found.reason,
        cause=found.cause,
        person_id=closing.person_id,
        related_id=found.related_id,
        declared=found.declared,
        given_by_id=found.given_by_id,
        starts_at=found.starts_at,
        ends_at=found.ends_at,
    )


@reader.bypass(Bypass.GRANTS)
def tie(*, actor: Actor, at: datetime, user_id: UUID, person_id: UUID, kind: str) -> Tie:
    """Note that a user is, belongs to or represents a person; once while it holds."""
    running = Tie.objects.filter(policy.in_force(at), user=user_id, person_id=person_id, kind=kind)
    return running.first() or Tie.objects.create(
        user_id=user_id, person_id=person_id, kind=kind, noted_by_id=actor.user_id, starts_at=at
    )


def own_persons(user_id: UUID, *, at: datetime) -> set[UUID]:
    """Persons whose records are a conflict of interest for a user: themselves, their family,
    those close to them."""
    rows = Tie.objects.filter(policy.in_force(at), user=user_id, kind__in=OWN)
    return set(rows.values_list("person_id", flat=True))
