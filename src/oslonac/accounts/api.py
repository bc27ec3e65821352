"""Operations on your own account: who am I, my tokens."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.utils.translation import gettext as _
from ninja import Router
from pydantic import Field

from oslonac.access.roles import Permission
from oslonac.accounts import actions
from oslonac.accounts.api_disclosure import OfficeRef, office
from oslonac.accounts.api_operations import ApiRequest, operation, perform
from oslonac.accounts.api_problems import shape_of
from oslonac.accounts.api_types import Id, In, Out
from oslonac.accounts.models import ApiToken, Membership, User
from oslonac.accounts.queries import memberships_in_force
from oslonac.kit.errors import Hidden, Refused

router = Router(tags=["Me"])


class PostOut(Out):
    """A role held at an organisation at present."""

    organisation: OfficeRef
    role: str = Field(description="A role of the country: a code of the list `roles`.")


class MeOut(Out):
    """Whoever asks, and what their posts permit."""

    id: UUID
    name: str
    language: str = Field(description="Language of one's own choice: en, sr-latn, sr, or empty.")
    posts: list[PostOut]
    permissions: list[Permission]


class TokenOut(Out):
    """A token for programs. Its secret is shown in the answer that makes it, and never again."""

    id: UUID
    label: str
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    secret: str | None = None


class TokenIn(In):
    label: Annotated[str, Field(min_length=1, max_length=80, description="What the token is for.")]


def _self(request: ApiRequest) -> User:
    user: User = request.user  # type: ignore[assignment]
    return user


@operation(router, "GET", "/me", Permission.SIGNED_IN)
def get_me(request: ApiRequest) -> MeOut:
    """Tells who is signed in, with which posts and permissions."""
    user = _self(request)
    posts = memberships_in_force(request.at).filter(user=user).select_related("organisation")
    return MeOut(
        id=user.pk,
        name=user.get_full_name(),
        language=user.language,
        posts=[_post(each) for each in posts.order_by("starts_on", "id")],
        permissions=sorted(request.actor.permissions),
    )


def _post(membership: Membership) -> PostOut:
    place = office(membership.organisation)
    assert place is not None  # noqa: S101 - a membership always has one
    return PostOut(organisation=place, role=membership.role)


@shape_of(ApiToken)
def token_out(request: ApiRequest, token: ApiToken) -> TokenOut:
    return TokenOut(
        id=token.pk,
        label=token.label,
        made_at=token.made_at,
        expires_at=token.expires_at,
        revoked_at=token.revoked_at,
        secret=getattr(token, "secret", None),
    )


@operation(router, "GET", "/me/tokens", Permission.SIGNED_IN)
def list_my_tokens(request: ApiRequest) -> list[TokenOut]:
    """Lists your own API tokens, newest first."""
    rows = ApiToken.objects.filter(user=_self(request)).order_by("-made_at", "-id")
    return [token_out(request, row) for row in rows[:200]]


@operation(router, "POST", "/me/tokens", actions.make_token, status=201)
def make_my_token(request: ApiRequest, body: TokenIn) -> TokenOut:
    """Creates an API token for a program that acts as you.

    Valid for 90 days. Only for a signed-in browser session: a stolen token must not be able to
    outlive its revocation. A repeated request does not show the secret again.
    """
    if request.by_token:
        raise Refused(
            "token.by_token", _("A token cannot create another token. Sign in in the browser.")
        )
    user = _self(request)
    made = perform(request, actions.make_token, user=user, label=body.label)
    return token_out(request, made)


@operation(router, "POST", "/me/tokens/{token_id}/revocation", actions.revoke_token)
def revoke_my_token(request: ApiRequest, token_id: Id) -> TokenOut:
    """Revokes one of your own tokens at once."""
    token = ApiToken.objects.filter(pk=token_id, user=_self(request)).first()
    if token is None:
        raise Hidden("token", token_id)
    return token_out(request, perform(request, actions.revoke_token, token=token))
