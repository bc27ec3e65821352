"""Operations of administrators on users, posts and their tokens."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from django.apps import apps
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import Field

from oslonac.access.roles import Permission
from oslonac.access.rules import Level, Reach
from oslonac.accounts import actions
from oslonac.accounts.api import TokenOut, token_out
from oslonac.accounts.api_disclosure import Disclosure, OfficeRef, office
from oslonac.accounts.api_operations import ApiRequest, operation, perform
from oslonac.accounts.api_problems import shape_of
from oslonac.accounts.api_types import Day, Id, In, Line, Out, Page, PageIn, Revision, paged
from oslonac.accounts.models import ApiToken, Membership, User
from oslonac.kit.errors import Hidden, Invalid, Refused
from oslonac.vault.sealing import open_many

router = Router(tags=["Users"])
_CONTENT = Reach(Level.IDENTITY)

RoleCode = Annotated[
    str, Field(max_length=20, description="A role of the country: a code of the list `roles`.")
]


class MembershipOut(Out):
    """A post: a role at an organisation from a day until a day, both included."""

    id: UUID
    revision: int
    user_id: UUID
    organisation: OfficeRef | None
    role: RoleCode
    starts_on: date
    ends_on: date | None


class UserOut(Out):
    """A user, with posts past and present."""

    id: UUID
    revision: int
    name: str | None
    login: str | None
    email: str | None
    phone: str | None
    language: str
    is_active: bool
    memberships: list[MembershipOut]


class UserLineOut(Out):
    """A user in a list."""

    id: UUID
    revision: int
    name: str
    is_active: bool


class OneTimePasswordOut(Out):
    """The password to hand over; shown in this answer and never again."""

    id: UUID
    one_time_password: str | None


class UserIn(In):
    login: Annotated[Line, Field(min_length=1)]
    name: Annotated[Line, Field(min_length=1)]
    password: Annotated[
        str | None,
        Field(min_length=1, max_length=200, description="Without one nobody can sign in with one."),
    ] = None
    email: Line = ""
    phone: Line = ""
    language: Literal["", "en", "sr-latn", "sr"] = ""


class UserChangeIn(In):
    revision: Revision
    name: Annotated[Line, Field(min_length=1)]
    is_active: bool


class MembershipIn(In):
    organisation: UUID
    role: RoleCode
    starts_on: Day
    ends_on: Day | None = None


class MembershipEndIn(In):
    revision: Revision
    ends_on: Annotated[Day, Field(description="The last day of the post.")]


def _user(user_id: UUID) -> User:
    found = User.objects.filter(pk=user_id).select_related("key").first()
    if found is None:
        raise Hidden("user", user_id)
    return found


@shape_of(Membership)
def membership_out(request: ApiRequest, row: Membership) -> MembershipOut:
    return MembershipOut(
        id=row.pk,
        revision=row.revision,
        user_id=row.user_id,
        organisation=office(row.organisation),
        role=row.role,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
    )


@shape_of(User)
def user_out(request: ApiRequest, user: User) -> UserOut:
    disclosure = Disclosure(request, _CONTENT)
    texts = disclosure.texts([user], "name", "login", "email", "phone")
    disclosure.record(user)
    posts = user.memberships.select_related("organisation").order_by("starts_on", "id")
    return UserOut(
        id=user.pk,
        revision=user.revision,
        language=user.language,
        is_active=user.is_active,
        memberships=[membership_out(request, each) for each in posts],
        **texts[user.pk],
    )


@operation(router, "GET", "/users", Permission.USERS_MANAGE)
def list_users(request: ApiRequest, page: Query[PageIn]) -> Page[UserLineOut]:
    """Lists all users, oldest first."""

    def show(rows: Sequence[User]) -> list[UserLineOut]:
        names = open_many(rows, "name")
        return [
            UserLineOut(
                id=row.pk,
                revision=row.revision,
                name=names[row.pk]["name"],
                is_active=row.is_active,
            )
            for row in rows
        ]

    return paged(User.objects.all(), page, show, order=("id",))  # type: ignore[return-value]


@operation(router, "POST", "/users", actions.make_user, status=201)
def make_user(request: ApiRequest, body: UserIn) -> UserOut:
    """Creates a user without posts.

    Nobody without a post sees or may do anything but read the directory's public parts.
    """
    if body.password is not None:
        try:
            validate_password(body.password)
        except ValidationError as problems:
            raise Invalid({"password": " ".join(problems.messages)}) from None
    return user_out(request, perform(request, actions.make_user, **body.model_dump()))


@operation(router, "GET", "/users/{user_id}", Permission.USERS_MANAGE)
def get_user(request: ApiRequest, user_id: Id) -> UserOut:
    """Shows a user with contacts and posts."""
    return user_out(request, _user(user_id))


@operation(router, "PUT", "/users/{user_id}", actions.change_user)
def change_user(request: ApiRequest, user_id: Id, body: UserChangeIn) -> UserOut:
    """Renames a user, or switches one off or on again."""
    done = perform(request, actions.change_user, user=_user(user_id), **body.model_dump())
    return user_out(request, done)


@operation(router, "POST", "/users/{user_id}/memberships", actions.give_membership, status=201)
def give_membership(request: ApiRequest, user_id: Id, body: MembershipIn) -> MembershipOut:
    """Gives a user a role at an organisation from a day on."""
    user = _user(user_id)
    offices = apps.get_model("directory", "Organisation")._default_manager
    if not offices.filter(pk=body.organisation).exists():
        raise Invalid({"organisation": _("There is no such organisation.")})
    given = perform(
        request,
        actions.give_membership,
        user=user,
        organisation_id=body.organisation,
        role=body.role,
        starts_on=body.starts_on,
        ends_on=body.ends_on,
    )
    return membership_out(request, given)


@operation(
    router,
    "POST",
    "/users/{user_id}/memberships/{membership_id}/ending",
    actions.end_membership,
)
def end_membership(
    request: ApiRequest, user_id: Id, membership_id: Id, body: MembershipEndIn
) -> MembershipOut:
    """Sets the last day of a post."""
    row = Membership.objects.filter(pk=membership_id, user=_user(user_id)).first()
    if row is None:
        raise Hidden("membership", membership_id)
    ended = perform(request, actions.end_membership, membership=row, **body.model_dump())
    return membership_out(request, ended)


@operation(router, "POST", "/users/{user_id}/password-handover", actions.hand_over_password)
def hand_over_password(request: ApiRequest, user_id: Id) -> OneTimePasswordOut:
    """Makes a one-time password for a user, and ends all of the user's sessions.

    Only for a signed-in browser session. A repeated request does not show it again.
    """
    user = _user(user_id)
    _in_the_browser(request)
    done = perform(request, actions.hand_over_password, user=user)
    secret = getattr(done, "one_time_password", None)
    return OneTimePasswordOut(id=done.pk, one_time_password=secret)


@operation(router, "POST", "/users/{user_id}/second-factor-removal", actions.take_off_second_factor)
def take_off_second_factor(request: ApiRequest, user_id: Id) -> UserOut:
    """Removes a lost second factor. The next sign-in asks for a new one.

    Only for a signed-in browser session.
    """
    user = _user(user_id)
    _in_the_browser(request)
    return user_out(request, perform(request, actions.take_off_second_factor, user=user))


def _in_the_browser(request: ApiRequest) -> None:
    if request.by_token:
        raise Refused(
            "account.by_token", _("A token cannot change how people sign in. Do it in the browser.")
        )


@operation(router, "GET", "/users/{user_id}/tokens", Permission.USERS_MANAGE)
def list_tokens(request: ApiRequest, user_id: Id) -> list[TokenOut]:
    """Lists the tokens of a user, without their secrets, the newest first."""
    rows = ApiToken.objects.filter(user=_user(user_id)).order_by("-made_at", "-id")
    return [token_out(request, row) for row in rows[:200]]


@operation(router, "POST", "/users/{user_id}/tokens/{token_id}/revocation", Permission.USERS_MANAGE)
def revoke_token(request: ApiRequest, user_id: Id, token_id: Id) -> TokenOut:
    """Ends a token of a user at once."""
    token = ApiToken.objects.filter(pk=token_id, user=_user(user_id)).first()
    if token is None:
        raise Hidden("token", token_id)
    return token_out(request, perform(request, actions.revoke_token, token=token))
