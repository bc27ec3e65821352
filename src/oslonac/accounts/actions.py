"""Making users, posts and tokens."""

import secrets
from datetime import date, datetime, timedelta
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from oslonac.access import policy, roles
from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.accounts import sessions, telling
from oslonac.accounts.hashers import HandedOver, fresh_password
from oslonac.accounts.models import ApiToken, Membership, User, login_key, token_digest
from oslonac.audit.actions import action, record
from oslonac.kit.errors import Denied, Invalid, Refused
from oslonac.kit.lookalikes import look_alikes, mixes_scripts
from oslonac.kit.revisions import swap
from oslonac.kit.text import clean_line
from oslonac.vault.models import DataKey
from oslonac.vault.sealing import seal, sealed

TOKEN_DAYS = 90


@action("user.made", Permission.USERS_MANAGE, fresh=True)
def make_user(
    *,
    actor: Actor,
    at: datetime,
    login: str,
    name: str,
    password: str | None = None,
    email: str = "",
    phone: str = "",
    language: str = "",
) -> User:
    """A new user without posts. Without a password nobody can sign in with one."""
    login, name = clean_line(login), clean_line(name)
    if not login:
        raise Invalid({"login": _("Enter the login name.")})
    if not name:
        raise Invalid({"name": _("Enter the person's name.")})
    if User.objects.by_login(login) is not None:
        raise Invalid({"login": _("This login name is already in use.")})
    if mixes_scripts(login) or any(map(User.objects.by_login, look_alikes(login))):
        raise Invalid(
            {
                "login": _(
                    "This login name looks like another one, because it has letters of two "
                    "scripts that look alike. Write it in one script, or choose another."
                )
            }
        )
    key = DataKey.make()
    key.save(force_insert=True)
    user = User(key=key, username=login_key(login), language=language)
    seal(user, key, name=name, login=login, email=clean_line(email), phone=clean_line(phone))
    user.set_password(password)
    user.save(force_insert=True)
    record("user.made", actor=actor, at=at, subject=user, fields=["name", "login"])
    return user


@action("user.changed", Permission.USERS_MANAGE, fresh=True)
def change_user(
    *, actor: Actor, at: datetime, user: User, revision: int, name: str, is_active: bool
) -> User:
    """Rename, switch off or on again. Raises Stale when somebody changed the user first."""
    if not clean_line(name):
        raise Invalid({"name": _("Enter the person's name.")})
    if not is_active and user.pk == actor.user_id:
        raise Invalid({"is_active": _("You cannot switch off your own account.")})
    swap(user, revision, is_active=is_active, **sealed(user, name=clean_line(name)))
    if not is_active:
        sessions.end_after_change(user, at=at)
    record(
        "user.changed",
        actor=actor,
        at=at,
        subject=user,
        fields=["name", "is_active"],
        data={"is_active": is_active},
    )
    return user


@action("password.handed_over", Permission.USERS_MANAGE, fresh=True)
def hand_over_password(*, actor: Actor, at: datetime, user: User) -> User:
    """A new one-time password; `user.one_time_password` holds it, this once. Ends all sessions."""
    secret = fresh_password()
    user.password = make_password(secret, hasher=HandedOver.algorithm)
    user.save(update_fields=["password"])
    sessions.end_after_change(user, at=at)
    user.one_time_password = secret  # type: ignore[attr-defined]
    record("password.handed_over", actor=actor, at=at, subject=user)
    telling.told(user.pk, telling.CHANGED, at, what="password.handed_over")
    return user


@action("second_factor.taken_off", Permission.USERS_MANAGE, fresh=True)
def take_off_second_factor(*, actor: Actor, at: datetime, user: User) -> User:
    """For somebody who lost phone and recovery codes; the next sign-in asks for a new one."""
    if user.pk == actor.user_id:
        raise Refused("second_factor.own", _("Ask another administrator to do this for you."))
    Authenticator.objects.filter(user=user).delete()
    sessions.end_after_change(user, at=at)
    record("second_factor.taken_off", actor=actor, at=at, subject=user)
    telling.told(user.pk, telling.CHANGED, at, what="second_factor.taken_off")
    return user


@action("membership.given", Permission.USERS_MANAGE, fresh=True)
def give_membership(
    *,
    actor: Actor,
    at: datetime,
    user: User,
    organisation_id: UUID,
    role: str,
    starts_on: date,
    ends_on: date | None = None,
) -> Membership:
    """Let a user hold a role at an organisation from a day on.

    Nobody gives a post to themselves: whoever manages accounts would open any case that way.
    """
    if user.pk == actor.user_id:
        raise Refused("membership.own", _("Ask another administrator to give you a post."))
    if ends_on is not None and ends_on < starts_on:
        raise Invalid({"ends_on": _("The end is before the start.")})
    offices = Membership._meta.get_field("organisation").related_model
    if not offices._default_manager.filter(pk=organisation_id).exists():
        raise Invalid({"organisation": _("Choose an organisation of the directory.")})
    membership = Membership.objects.create(
        user=user,
        organisation_id=organisation_id,
        role=roles.chosen_role(role, "role"),
        starts_on=starts_on,
        ends_on=ends_on,
    )
    record(
        "membership.given",
        actor=actor,
        at=at,
        subject=membership,
        data={"user": user, "organisation": str(organisation_id), "role": role},
    )
    return membership


@action("membership.ended", Permission.USERS_MANAGE, fresh=True)
def end_membership(
    *, actor: Actor, at: datetime, membership: Membership, revision: int, ends_on: date
) -> Membership:
    """Set a membership's last day."""
    if ends_on < membership.starts_on:
        raise Invalid({"ends_on": _("The end is before the start.")})
    swap(membership, revision, ends_on=ends_on)
    record("membership.ended", actor=actor, at=at, subject=membership, data={"ends_on": ends_on})
    return membership


@action("token.made", Permission.SIGNED_IN, fresh=True)
def make_token(*, actor: Actor, at: datetime, user: User, label: str) -> ApiToken:
    """A token for the API, of one's own; `token.secret` holds it, this once."""
    if user.pk != actor.user_id:
        raise Denied("token.of_another", record=user.pk)
    secret = "osl_" + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        label=clean_line(label)[:80],
        digest=token_digest(secret),
        made_at=at,
        expires_at=at + timedelta(days=TOKEN_DAYS),
    )
    token.secret = secret  # type: ignore[attr-defined]
    record("token.made", actor=actor, at=at, subject=token)
    telling.told(user.pk, telling.CHANGED, at, what="token.made")
    return token


@action("token.revoked", Permission.SIGNED_IN)
def revoke_token(*, actor: Actor, at: datetime, token: ApiToken) -> ApiToken:
    """End a token at once: one's own, or anybody's by whoever manages users."""
    if token.user_id != actor.user_id:
        policy.require(actor, Permission.USERS_MANAGE)
    ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=at)
    token.refresh_from_db()
    record("token.revoked", actor=actor, at=at, subject=token)
    return token


@action("sign_in.unlinked", Permission.SIGNED_IN, fresh=True)
def unlink_provider(*, actor: Actor, at: datetime, user: User) -> None:
    """Take an organisation's sign-in off one's own account, or anybody's by who manages users."""
    if user.pk != actor.user_id:
        policy.require(actor, Permission.USERS_MANAGE)
    SocialAccount.objects.filter(user=user).delete()
    record("sign_in.unlinked", actor=actor, at=at, subject=user)
