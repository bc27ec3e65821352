"""The two addresses of the provider's sign-in: out to it, and back with a code.

allauth's flow (state, PKCE, code for token), with what we add: the issuer is the one that was
configured, the ID token is verified whole (`id_token`), and a provider that is away leads back to
the sign-in page with a sentence.
"""

from functools import cached_property
from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404, HttpRequest, HttpResponse
from requests import RequestException

from oslonac.accounts import stepup
from oslonac.accounts.oidc import configuration, id_token

_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class Adapter(OpenIDConnectOAuth2Adapter):
    """Knows the provider from its discovery document. `nonce` is that of the sign-in under way."""

    nonce = ""

    @cached_property
    def openid_config(self) -> dict[str, Any]:
        """Raises OAuth2Error when the document is another issuer's (OIDC Discovery 1.0, 4.3)."""
        found = _json(self.get_provider().server_url)
        if str(found.get("issuer", "")).rstrip("/") != configuration.server():
            raise OAuth2Error("The discovery document is of another issuer.")
        if not all(configuration.is_safe(str(found.get(name, ""))) for name in _ENDPOINTS):
            raise OAuth2Error("An address in the discovery document is not https.")
        return found

    def _decode_id_token(self, app: Any, token: str) -> dict[str, Any]:
        try:
            return id_token.verified(
                token,
                keys=_json(self.openid_config["jwks_uri"]),
                issuer=self.openid_config["issuer"],
                client=app.client_id,
                nonce=self.nonce,
            )
        except id_token.BadToken as error:
            raise OAuth2Error("Invalid ID token.") from error

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        # Without an ID token allauth would ask the address of the user's claims, unsigned.
        if not isinstance(kwargs["response"].get("id_token"), str):
            raise OAuth2Error("No ID token.")
        return super().complete_login(request, app, token, **kwargs)


class Callback(OAuth2CallbackView):
    """Hands the nonce of this sign-in, kept in the session beside its state, to the adapter."""

    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, response = super()._get_state(request, provider)
        self.adapter.nonce = (state or {}).get("nonce", "")
        return state, response


def _json(address: str) -> dict[str, Any]:
    with get_adapter().get_requests_session() as session:
        answer = session.get(address)
        answer.raise_for_status()
        found = answer.json()
    if not isinstance(found, dict):
        raise OAuth2Error("The provider's answer cannot be read.")
    return found


def _answered(view: type[Any], request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        adapter = Adapter(request, provider_id)
        provider = adapter.get_provider()
    except SocialApp.DoesNotExist:
        raise Http404 from None
    try:
        response: HttpResponse = view.adapter_view(adapter)(request)
    except (OAuth2Error, RequestException) as error:  # before allauth's own handling begins
        from allauth.core.exceptions import ImmediateHttpResponse

        try:
            get_adapter().on_authentication_error(request, provider, exception=error)
        except ImmediateHttpResponse as led:
            return led.response
        raise
    return response


def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """POST leads to the provider. Linking it to an open account asks again who that is."""
    if getattr(request, "actor", None) is not None:
        stepup.require(request, "sign_in.linked")
    return _answered(OAuth2LoginView, request, provider_id)


def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """The provider leads back here with a code, or with an error."""
    return _answered(Callback, request, provider_id)
