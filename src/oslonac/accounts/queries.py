"""Reading users: the actor behind a user, names for pages."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet

from oslonac.access import policy, sight
from oslonac.access.actor import Actor, Post, actor_of
from oslonac.access.roles import ALLOWED, Permission, Role
from oslonac.accounts.models import ApiToken, Membership, User
from oslonac.vault.sealing import open_many
from oslonac.vault.sight import Beyond


def memberships_in_force(at: datetime) -> QuerySet[Membership]:
    """Memberships that hold on the local day of `at`."""
    day = at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    return Membership.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day, user__is_active=True
    )


def actor_for(user: User, *, at: datetime, channel: str = "page", stale: bool = False) -> Actor:
    """The actor that a user is at a moment: one post per membership in force, and the persons
    they stand with."""
    rows = memberships_in_force(at).filter(user=user).order_by("starts_on", "id")
    posts = [Post(m.organisation_id, Role(m.role)) for m in rows]
    with sight.beyond(Beyond.SIGN_IN):
        sides = policy.sides_of(user.pk, at=at)
    return actor_of(user.pk, posts, channel=channel, stale=stale, sides=sides)


def user_by_token(token: str, *, at: datetime) -> User | None:
    """The active user whose unexpired token this is."""
    found = (
        ApiToken.objects.select_related("user")
        .filter(
            digest=sha256(token.encode()).digest(),
            revoked_at__isnull=True,
            expires_at__gt=at,
            user__is_active=True,
        )
        .first()
    )
    return found.user if found else None


def names_of(user_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Display names by user id; staff names are shown to any signed-in colleague."""
    wanted = {user_id for user_id in user_ids if user_id is not None}
    users = list(User.objects.filter(pk__in=wanted).select_related("key"))
    keys = {user.key_id: user.key for user in users}
    return {pk: opened["name"] for pk, opened in open_many(users, "name", keys=keys).items()}


def may_ever(user: User, permission: Permission, *, at: datetime) -> bool:
    """Whether any post of the user at a moment holds the permission."""
    able = [role for role in Role if permission in ALLOWED[role]]
    return memberships_in_force(at).filter(user=user, role__in=able).exists()


def holders(organisation_id: UUID, *roles: Role, at: datetime) -> QuerySet[User]:
    """Active users who hold one of the roles at an organisation."""
    held = memberships_in_force(at).filter(organisation_id=organisation_id, role__in=roles)
    return User.objects.filter(pk__in=held.values("user_id")).order_by("pk")
