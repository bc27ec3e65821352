"""Who works where: the offices that take part and their staff, looked up by code."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from oslonac.access.actor import Actor
from oslonac.access.roles import Role
from oslonac.accounts.models import Membership, User
from oslonac.accounts.queries import actor_for
from oslonac.demo.organisations import CENTRES
from oslonac.directory.models import Organisation, Place


@dataclass(frozen=True)
class Staff:
    """A member of staff: user, the actor they are, first post."""

    user: User
    actor: Actor
    organisation_id: UUID
    role: str
    code: str

    @property
    def pk(self) -> UUID:
        return self.user.pk


@dataclass
class World:
    """Everything a story may refer to. `now` is the moment of the build."""

    now: datetime
    organisations: dict[str, Organisation] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    cast: dict[str, Staff] = field(default_factory=dict)
    posts: dict[tuple[str, str], list[Staff]] = field(default_factory=lambda: defaultdict(list))

    @property
    def centres(self) -> list[Organisation]:
        return [self.organisations[code] for code in CENTRES]

    def staff(self, organisation: Organisation | str, role: str) -> list[Staff]:
        code = organisation if isinstance(organisation, str) else organisation.code
        return self.posts[code, role]

    def managers(self, organisation: Organisation) -> list[Staff]:
        """Case managers of a centre; those of the cast count twice: their pages shall be full."""
        rows = self.staff(organisation, Role.CASE_MANAGER)
        return rows + [row for row in rows if row.code]

    def lead(self, organisation: Organisation | str) -> Staff:
        """The supervisor of a centre."""
        return self.staff(organisation, Role.SUPERVISOR)[0]


def look_around(now: datetime) -> World:
    """The world as the database holds it."""
    world = World(now=now)
    world.organisations = {row.code: row for row in Organisation.objects.all()}
    world.places = {row.code: row for row in Place.objects.all()}
    rows = Membership.objects.filter(user__is_demo=True).select_related(
        "user", "user__key", "organisation"
    )
    for row in rows.order_by("user_id", "id"):
        member = Staff(
            user=row.user,
            actor=actor_for(row.user, at=now),
            organisation_id=row.organisation_id,
            role=row.role,
            code=row.user.demo_code,
        )
        world.posts[row.organisation.code, row.role].append(member)
        if member.code:
            world.cast[member.code] = member
    return world
