"""Reading blocks: who is blocked from a record."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from oslonac.access import policy, reader
from oslonac.access.actor import Actor
from oslonac.access.models import Block, Grant, Tie
from oslonac.access.roles import Permission
from oslonac.access.rules import Scope
from oslonac.accounts.queries import memberships_in_force
from oslonac.cases.models import Case
from oslonac.vault.row_policy import Bypass

# Events that a reader whom a block names is not told: they would say from whom the child is kept
# safe, and why.
UNTOLD = frozenset({"block.set", "block.lifted", "conflict.declared", "tie.noted"})


def on_record(record_id: UUID, *, at: datetime) -> list[Block]:
    """Blocks in force on a record, the latest first."""
    rows = Block.objects.filter(policy.in_force(at), record_id=record_id)
    return list(rows.select_related("key", "organisation").order_by("-starts_at", "-pk"))


def around(actor: Actor, record_id: UUID, *, at: datetime) -> tuple[list[Block], set[UUID]]:
    """In one query: the blocks on a record, and the children closed to the actor wherever they
    appear (`people.queries.closed_to`)."""
    named = Q(principal__in=actor.principals, scope=Scope.ALL)
    rows = list(
        Block.objects.filter(policy.in_force(at), Q(record_id=record_id) | named)
        .select_related("key", "organisation")
        .order_by("-starts_at", "-pk")
    )
    mine = set(actor.principals)
    closed = {
        row.person_id
        for row in rows
        if row.scope == Scope.ALL and row.principal in mine and row.person_id is not None
    }
    return [row for row in rows if row.record_id == record_id], closed


def may_know(actor: Actor, case: Case) -> bool:
    """Whether the reader is told who is kept away: those who may set and lift it, and whoever
    manages the case. Never somebody whom a block names."""
    if case.reach.kept_off:
        return False
    leads = actor.may_at(Permission.GRANTS_MANAGE, case.organisation_id)
    return leads or (actor.user_id is not None and actor.user_id == case.manager_id)


@reader.bypass(Bypass.GRANTS)
def kept(rows: Sequence[Block], user_ids: Collection[UUID], *, at: datetime) -> dict[UUID, Scope]:
    """Of some people, those whom the blocks name, in the widest scope: in person, as staff of an
    office, by whom they stand with."""
    found: dict[UUID, Scope] = {}
    if not rows or not user_ids:
        return found
    offices = _in_offices({row.organisation_id for row in rows} - {None}, user_ids, at)
    sides = _beside({row.stands_with for row in rows} - {None}, user_ids, at)
    for row in rows:
        named = {row.user_id} & set(user_ids)
        named |= offices.get(row.organisation_id, set()) | sides.get(row.stands_with, set())
        for user_id in named:
            if user_id is not None and found.get(user_id) != Scope.ALL:
                found[user_id] = Scope(row.scope)
    return found


def _in_offices(
    offices: Collection, user_ids: Collection[UUID], at: datetime
) -> dict[UUID | None, set[UUID]]:
    found: dict[UUID | None, set[UUID]] = {}
    if offices:
        posts = memberships_in_force(at).filter(organisation_id__in=offices, user_id__in=user_ids)
        for office, user_id in posts.values_list("organisation_id", "user_id"):
            found.setdefault(office, set()).add(user_id)
    return found


def _beside(
    persons: Collection, user_ids: Collection[UUID], at: datetime
) -> dict[UUID | None, set[UUID]]:
    found: dict[UUID | None, set[UUID]] = {}
    if persons:
        guards = Grant.objects.filter(
            policy.in_force(at), acts_for__in=persons, grantee_id__in=user_ids
        )
        ties = Tie.objects.filter(policy.in_force(at), person_id__in=persons, user_id__in=user_ids)
        pairs = [*guards.values_list("acts_for", "grantee_id")]
        pairs += [*ties.values_list("person_id", "user_id")]
        for person_id, user_id in pairs:
            if user_id is not None:
                found.setdefault(person_id, set()).add(user_id)
    return found
