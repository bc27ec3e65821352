"""The actor: a signed-in person with their current memberships, or the system."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from uuid import NAMESPACE_URL, UUID, uuid5

from oslonac.access.roles import ALLOWED, Permission, Role

_HOLDERS = uuid5(NAMESPACE_URL, "oslonac:role-holders")
_SIDES = uuid5(NAMESPACE_URL, "oslonac:stands-with-person")
_OFFICES = uuid5(NAMESPACE_URL, "oslonac:staff-of-office")


@dataclass(frozen=True)
class Post:
    """One membership: a role at an organisation. `role` is what the role may do, `code` the
    country's own role; they are the same where the country names none."""

    organisation_id: UUID
    role: Role
    code: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "code", str(self.code or self.role))


def holders_of(role: str, organisation_id: UUID) -> UUID:
    """The principal "whoever holds this role there", so that grants survive staff changes."""
    return uuid5(_HOLDERS, f"{organisation_id}:{role}")


def principals_of(post: Post) -> list[UUID]:
    """Grants name holders of the country's role, or of everything that may do the same."""
    return [
        holders_of(name, post.organisation_id) for name in dict.fromkeys((post.code, post.role))
    ]


def stands_with(person_id: UUID) -> UUID:
    """The principal "whoever stands with this person": guardian, lawyer, family, themselves."""
    return uuid5(_SIDES, str(person_id))


def staff_of(organisation_id: UUID) -> UUID:
    """The principal "everybody who works there", whatever their role."""
    return uuid5(_OFFICES, str(organisation_id))


@dataclass(frozen=True)
class Actor:
    """`principals` are the ids that grants and blocks may name for this actor; `sides`: the ids
    of persons the actor stands with (see `access.models.Tie`). `stale`: whoever acts has not
    proved lately that it is they (see `accounts.stepup`); code without a session is never stale."""

    user_id: UUID | None
    posts: tuple[Post, ...] = ()
    channel: str = "page"
    stale: bool = False
    sides: tuple[UUID, ...] = ()
    permissions: frozenset[Permission] = field(init=False)
    principals: tuple[UUID, ...] = field(init=False)

    def __post_init__(self) -> None:
        held: set[Permission] = set()
        for post in self.posts:
            held |= ALLOWED[post.role]
        names = [] if self.user_id is None else [self.user_id]
        names += [each for post in self.posts for each in principals_of(post)]
        names += [staff_of(office) for office in self.organisation_ids]
        names += [stands_with(person_id) for person_id in self.sides]
        object.__setattr__(self, "permissions", frozenset(held))
        object.__setattr__(self, "principals", tuple(names))

    @property
    def organisation_ids(self) -> tuple[UUID, ...]:
        return tuple(dict.fromkeys(post.organisation_id for post in self.posts))

    def post_for(self, permission: Permission) -> Post | None:
        """The membership under which the actor does something that needs `permission`."""
        for post in self.posts:
            if permission in ALLOWED[post.role]:
                return post
        return self.posts[0] if self.posts else None

    def first_at(self, organisation_id: UUID) -> "Actor":
        """The same person, whose posts at an organisation come first: what somebody with two posts
        does in a case is done under the one at the centre that is responsible for it."""
        ordered = sorted(self.posts, key=lambda post: post.organisation_id != organisation_id)
        return replace(self, posts=tuple(ordered)) if tuple(ordered) != self.posts else self

    def may_at(self, permission: Permission, organisation_id: UUID) -> bool:
        """Whether a membership at this very organisation gives the permission."""
        return any(
            post.organisation_id == organisation_id and permission in ALLOWED[post.role]
            for post in self.posts
        )

    def holds(self, *roles: Role, at: UUID | None = None) -> bool:
        """Whether any membership is one of `roles` (at one organisation, when given)."""
        return any(
            post.role in roles and (at is None or post.organisation_id == at) for post in self.posts
        )


def actor_of(
    user_id: UUID,
    posts: Iterable[Post],
    *,
    channel: str = "page",
    stale: bool = False,
    sides: Iterable[UUID] = (),
) -> Actor:
    return Actor(user_id, tuple(posts), channel, stale, tuple(sides))


@dataclass(frozen=True)
class SystemActor(Actor):
    """The system acting by itself (loading a pack, demo data, clocks): every permission."""

    user_id: UUID | None = None
    channel: str = "system"

    def __post_init__(self) -> None:
        object.__setattr__(self, "permissions", frozenset(Permission))
        object.__setattr__(self, "principals", ())

    def may_at(self, permission: Permission, organisation_id: UUID) -> bool:
        return True


SYSTEM = SystemActor()
