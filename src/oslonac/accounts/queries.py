"""Reading users: the actor behind a user, names for pages."""

from collections.abc import Iterable, Sequence
from contextvars import ContextVar
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from oslonac.access import policy, reader, roles
from oslonac.access.actor import Actor, Post, actor_of
from oslonac.access.roles import ALLOWED, Permission, Role
from oslonac.accounts.models import ApiToken, Membership, User, token_digest
from oslonac.kit.clock import local_day
from oslonac.kit.script import for_page
from oslonac.vault.binding import genuine
from oslonac.vault.row_policy import Bypass
from oslonac.vault.sealing import open_many


def memberships_in_force(at: datetime) -> QuerySet[Membership]:
    """Memberships that hold on the local day of `at`."""
    day = local_day(at)
    return Membership.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day, user__is_active=True
    )


# Of an organisation a page says the name; its mandate and notes are most of its row.
_UNSAID = ("mandate", "aliases", "notes", "covers", "offers")


def posts_of(user: User, *, at: datetime) -> QuerySet[Membership]:
    """A user's memberships in force, the first one first, with the organisation's name."""
    rows = memberships_in_force(at).filter(user=user).select_related("organisation")
    return rows.defer(*(f"organisation__{name}" for name in _UNSAID)).order_by("starts_on", "id")


def actor_for(
    user: User,
    *,
    at: datetime,
    channel: str = "page",
    stale: bool = False,
    held: Sequence[Membership] | None = None,
) -> Actor:
    """The actor that a user is at a moment: one post per membership in force, and the persons
    they stand with. `held`: the memberships, where the caller read them already (`posts_of`)."""
    rows = held
    if rows is None:
        rows = list(memberships_in_force(at).filter(user=user).order_by("starts_on", "id"))
    # A role that the pack no longer knows gives nothing; nor does a post that nobody gave.
    posts = [
        Post(m.organisation_id, role, m.role)
        for m in genuine(rows)
        if (role := roles.archetype_of(m.role)) is not None
    ]
    with reader.bypass(Bypass.SIGN_IN):
        sides = policy.sides_of(user.pk, at=at)
    return actor_of(user.pk, posts, channel=channel, stale=stale, sides=sides)


def user_by_token(token: str, *, at: datetime) -> User | None:
    """The active user whose unexpired token this is."""
    found = (
        ApiToken.objects.select_related("user")
        .filter(
            digest=token_digest(token),
            revoked_at__isnull=True,
            expires_at__gt=at,
            user__is_active=True,
        )
        .first()
    )
    return found.user if found and genuine([found, found.user])[1:] else None


# Whom the reader of this request is not told by name, and who that reader is.
_withheld: ContextVar[tuple[UUID | None, frozenset[UUID]]] = ContextVar(
    "withheld", default=(None, frozenset())
)


def withhold_names(reader: UUID, ids: Iterable[UUID]) -> None:
    """From here to the end of the request these colleagues and organisations are not named to
    this reader."""
    _withheld.set((reader, withheld(reader) | (frozenset(ids) - {reader})))


def name_everybody() -> None:
    """A request begins: nobody is withheld yet."""
    _withheld.set((None, frozenset()))


def withheld(reader: UUID | None) -> frozenset[UUID]:
    """Ids of colleagues and organisations that a reader is not told in this request."""
    whose, found = _withheld.get()
    return found if whose == reader and reader is not None else frozenset()


def names_of(user_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Display names by user id; staff names are shown to any signed-in colleague, but for those
    that would tell the reader where a child is."""
    wanted = {user_id for user_id in user_ids if user_id is not None}
    unnamed = withheld(reader.current().user_id) & wanted
    users = list(User.objects.filter(pk__in=wanted - unnamed).select_related("key"))
    keys = {user.key_id: user.key for user in users}
    opened = open_many(users, "name", keys=keys)
    named = {pk: shown_name(texts["name"]) for pk, texts in opened.items()}
    return named | dict.fromkeys(unnamed, _("who cares for it"))


def shown_name(name: str) -> str:
    """A member of staff's name in the script of the page, where both spellings are certain."""
    return for_page(name, get_language() or "en")


def office_name(organisation: Any) -> str:
    """The name of an organisation that a record names, unless it would tell the reader where a
    child is; empty for none."""
    if organisation is None:
        return ""
    if organisation.pk in withheld(reader.current().user_id):
        return _("who cares for it")
    return str(organisation)


def may_ever(user: User, permission: Permission, *, at: datetime) -> bool:
    """Whether any post of the user at a moment holds the permission."""
    able = [role for role in Role if permission in ALLOWED[role]]
    return memberships_in_force(at).filter(user=user, role__in=roles.codes_of(*able)).exists()


def holders(organisation_id: UUID, *wanted: str, at: datetime) -> QuerySet[User]:
    """Active users who hold one of the roles, or one that may do the same, at an organisation."""
    held = memberships_in_force(at).filter(
        organisation_id=organisation_id, role__in=roles.codes_of(*wanted)
    )
    return User.objects.filter(pk__in=held.values("user_id")).order_by("pk")
