"""Who is responsible for a duty, who supervises them, and who of them is present.

The one above is whoever holds the case's grants for supervising it: the supervisor and the head
of the responsible centre. Nobody is reminded of a case that they may not see.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from oslonac.access import policy
from oslonac.access.models import Grant
from oslonac.access.roles import Role
from oslonac.access.rules import Reason
from oslonac.accounts.models import User
from oslonac.accounts.queries import actor_for, holders, memberships_in_force
from oslonac.notices.queries import away
from oslonac.protocols.models import Mute, Obligation
from oslonac.protocols.reminders.plan import Level, People

ABOVE = {Role.SUPERVISOR: Level.SUPERVISOR, Role.HEAD: Level.HEAD}
Key = tuple[UUID, str]


class Crowd:
    """The people of a batch of duties, looked up once for all of them."""

    def __init__(self, duties: Sequence[Obligation], *, at: datetime) -> None:
        self.at = at
        self.cases = sorted({duty.case_id for duty in duties})
        self._holders: dict[tuple[UUID, str], list[UUID]] = {}
        self._above = self._led_by()
        self.mutes = mutes_of(duties, at=at)
        chains = {duty.pk: self._chain(duty) for duty in duties}
        everybody = {user for chain in chains.values() for each in chain.values() for user in each}
        self._sees = self._who_sees(everybody)
        self._people = {duty.pk: self._there(duty, chains[duty.pk]) for duty in duties}

    def of(self, duty: Obligation) -> People:
        return self._people[duty.pk]

    def _there(self, duty: Obligation, chain: dict[Level, list[UUID]]) -> People:
        present = {u for users in chain.values() for u in users if duty.case_id in self._sees[u]}
        muted = {mute.user_id for mute in self.mutes.get((duty.case_id, duty.key), ())}
        return People(chain, present, muted)

    def _chain(self, duty: Obligation) -> dict[Level, list[UUID]]:
        chain = {level: list(users) for level, users in self._above.get(duty.case_id, {}).items()}
        if duty.user_id:
            chain[Level.RESPONSIBLE] = [duty.user_id]
        elif duty.organisation_id:
            chain[Level.RESPONSIBLE] = self._holding(duty.organisation_id, duty.role)
        return chain

    def _led_by(self) -> dict[UUID, dict[Level, list[UUID]]]:
        found: dict[UUID, dict[Level, list[UUID]]] = {}
        rows = Grant.objects.filter(
            policy.in_force(self.at),
            record_id__in=self.cases,
            reason=Reason.SUPERVISION,
            role__in=list(ABOVE),
        )
        for case_id, office, role in rows.values_list("record_id", "organisation_id", "role"):
            if office is not None:
                level = found.setdefault(case_id, {}).setdefault(ABOVE[Role(role)], [])
                level += self._holding(office, role)
        return found

    def _holding(self, office: UUID, role: str) -> list[UUID]:
        key = (office, role)
        if key not in self._holders:
            rows = holders(office, role, at=self.at)
            self._holders[key] = list(rows.values_list("pk", flat=True))
        return self._holders[key]

    def _who_sees(self, users: set[UUID]) -> dict[UUID, set[UUID]]:
        """Cases of the batch by those who may see them; nothing for whoever is not there."""
        gone = users - present(users, at=self.at)
        found: dict[UUID, set[UUID]] = {user: set() for user in gone}
        for user in User.objects.filter(pk__in=users - gone):
            actor = actor_for(user, at=self.at)
            found[user.pk] = set(policy.reaches(actor, self.cases, at=self.at))
        return found


def present(users: Iterable[UUID], *, at: datetime) -> set[UUID]:
    """Those who hold a post and are not away."""
    wanted = set(users)
    held = memberships_in_force(at).filter(user_id__in=wanted)
    return set(held.values_list("user_id", flat=True)) - away(wanted, at=at)


def mutes_of(duties: Iterable[Obligation], *, at: datetime) -> dict[Key, list[Mute]]:
    """Mutes in force, by case and obligation."""
    found: dict[Key, list[Mute]] = {}
    rows = Mute.objects.filter(
        case_id__in={duty.case_id for duty in duties},
        ended_at__isnull=True,
        starts_at__lte=at,
        until__gt=at,
    )
    for mute in rows.order_by("starts_at"):
        found.setdefault((mute.case_id, mute.obligation), []).append(mute)
    return found
