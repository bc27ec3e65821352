"""Users, their memberships and their API tokens."""

from hashlib import sha256
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from oslonac.access.rules import Level
from oslonac.kit.ids import uuid7
from oslonac.vault import keyring
from oslonac.vault.binding import Bound, BoundQuerySet
from oslonac.vault.models import SealedField, SealedModel
from oslonac.vault.row_policy import RowPolicy
from oslonac.vault.sealing import keyed, open_one
from oslonac.vault.sensitivity import Sensitivity


class UserManager(BaseUserManager.from_queryset(BoundQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)

    def by_login(self, login: str) -> "User | None":
        """The user who signs in as `login`, whatever the case it is typed in."""
        return self.filter(username=login_key(login)).first()


def login_key(login: str) -> str:
    """What is stored instead of a login name: its keyed hash, 64 hex digits."""
    return keyed("login", login).hex()


class User(Bound, SealedModel, AbstractBaseUser):
    """`username` is the keyed hash of the login name; names and contacts are sealed."""

    BOUND: ClassVar[tuple[str, ...]] = (
        "id",
        "username",
        "password",
        "is_active",
        "is_demo",
        "demo_code",
    )

    username = models.CharField(max_length=64, unique=True)
    name = SealedField()
    login = SealedField()
    email = SealedField()
    phone = SealedField()
    language = models.CharField(max_length=10, blank=True)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    # Shown under the name in demo mode's cast; a code of the demo, not personal.
    demo_code = models.CharField(max_length=30, blank=True)
    revision = models.PositiveIntegerField(default=1)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key username password last_login language is_active is_demo demo_code revision "
        "mac",
        sealed={"name login email phone": Level.IDENTITY},
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        open="colleagues know each other; names and contacts are sealed",
        key_level=0,
        key_often=True,
    )

    def __str__(self) -> str:
        return f"user {self.pk}"

    def get_full_name(self) -> str:
        return open_one(self, "name")

    def has_perm(self, *args: Any, **kwargs: Any) -> bool:
        return False  # Django's own permissions are not used; see access/


class Membership(Bound):
    """A post: a role at an organisation from a day until a day (both included)."""

    BOUND: ClassVar[tuple[str, ...]] = (
        "id",
        "user_id",
        "organisation_id",
        "role",
        "starts_on",
        "ends_on",
        "revision",
    )

    id = models.UUIDField(primary_key=True, default=uuid7)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(
        "directory.Organisation", on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(max_length=20)  # a role of the country
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id user organisation role starts_on ends_on revision mac"
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(open="who works where is known to colleagues")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="membership_ends_after_it_starts",
            )
        ]
        indexes = [models.Index(fields=["organisation", "role"], name="membership_by_post")]


def token_digest(token: str) -> bytes:
    """Under what a token is found: a keyed hash, which nobody computes from the database."""
    return keyed_digest(sha256(token.encode()).digest())


def keyed_digest(plain: bytes) -> bytes:
    """Of the SHA-256 of a token, which was all that earlier versions kept."""
    return keyring.current().keyed_hash("login", b"api token\0" + plain)


class ApiToken(Bound):
    """A bearer token. Only a keyed hash of it is kept; the token itself is shown once."""

    BOUND: ClassVar[tuple[str, ...]] = (
        "id",
        "user_id",
        "label",
        "digest",
        "made_at",
        "expires_at",
        "revoked_at",
    )

    id = models.UUIDField(primary_key=True, default=uuid7)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    label = models.CharField(_("purpose"), max_length=80)
    digest = models.BinaryField(unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id user label digest made_at expires_at revoked_at mac"
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        open="hashes of tokens, read before it is known who asks"
    )


class SignIn(SealedModel):
    """A session as its owner may see it, under the owner's own data key."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40)
    device = models.CharField(max_length=60, blank=True)
    address = SealedField()
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key user session_key device opened_at seen_at ended_at", sealed="address"
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        open="sessions are checked before it is known who asks"
    )

    class Meta:
        indexes = [
            models.Index(fields=["session_key"], name="sign_in_by_session"),
            models.Index(
                fields=["user", "-seen_at"],
                condition=models.Q(ended_at__isnull=True),
                name="sign_in_running",
            ),
        ]


class DraftKey(SealedModel):
    """The secret under which one browser keeps what a person typed and has not saved yet.

    The browser holds ciphertext alone (web/static/web/js/store.js); without this row it opens for
    nobody. `browser` is a random number the browser drew for itself.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="draft_keys")
    browser = models.CharField(max_length=32)
    secret = SealedField()
    used_at = models.DateTimeField()

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key user browser used_at", sealed="secret"
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(own="user_id")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "browser"], name="draft_key_of_a_browser")
        ]
