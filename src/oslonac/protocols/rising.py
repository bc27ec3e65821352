"""Whom a duty rises to when nobody holds the post it is asked of.

A duty without a holder would be on nobody's list. It rises to whoever leads the office it is asked
of, else to whoever leads the centre responsible for the case: who took a case first tries to solve
what others leave open (S002 L1587-1593). Belongs here: finding the substitute, and what a page says
of it. Does not: who may take the step (the actions).
"""

from collections.abc import Collection, Iterable, Iterator
from uuid import UUID

from django.db.models import Count

from oslonac.access.actor import holders_of
from oslonac.access.roles import Role
from oslonac.accounts.queries import memberships_in_force
from oslonac.kit.clock import now
from oslonac.protocols.models import Obligation, State

LEADS = (Role.SUPERVISOR, Role.HEAD)

Post = tuple[UUID, str]


def held(offices: Collection[UUID]) -> frozenset[Post]:
    """Posts that somebody holds at these offices today."""
    if not offices:
        return frozenset()
    rows = memberships_in_force(now()).filter(organisation_id__in=offices)
    return frozenset(rows.values_list("organisation_id", "role").distinct())


def everywhere() -> frozenset[Post]:
    """Posts that somebody holds today, of all offices."""
    return frozenset(memberships_in_force(now()).values_list("organisation_id", "role").distinct())


def unheld() -> list[tuple[UUID, str, int]]:
    """Posts that open duties are asked of and nobody holds: office, role, how many duties."""
    taken = everywhere()
    asked = (
        Obligation.objects.filter(state=State.OPEN, user_id=None, organisation_id__isnull=False)
        .values_list("organisation_id", "role")
        .annotate(n=Count("pk"))
        .order_by("-n", "role")
    )
    return [(office, role, n) for office, role, n in asked if (office, role) not in taken]


def post_for(role: str, office: UUID, centre: UUID | None, taken: Collection[Post]) -> Post:
    """The post that answers for a duty: the one it is asked of, or the first above it that
    somebody holds. Where nobody holds any, it stays where it was asked."""
    for post in ((office, role), *substitutes(office, centre)):
        if post in taken:
            return post
    return office, role


def substitutes(office: UUID, centre: UUID | None) -> Iterator[Post]:
    for place in dict.fromkeys((office, centre)):
        if place is not None:
            for role in LEADS:
                yield place, role.value


def rose_to(principal: UUID | None, role: str, office: UUID | None, centre: UUID) -> Post | None:
    """The post that a duty rose to, read off its principal; None when it did not rise."""
    if principal is None or office is None or principal == holders_of(role, office):
        return None
    for post in substitutes(office, centre):
        if principal == holders_of(post[1], post[0]):
            return post
    return None


def offices_of(pairs: Iterable[tuple[UUID | None, UUID | None]]) -> frozenset[UUID]:
    return frozenset(each for pair in pairs for each in pair if each is not None)
