"""allauth's OpenID Connect provider, keeping nothing of what it is told but a keyed subject."""

import secrets
from typing import Any

from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.http import HttpRequest, HttpResponse

from oslonac.accounts.oidc.views import Adapter
from oslonac.vault.sealing import keyed


class OurProvider(OpenIDConnectProvider):
    """Found by allauth under the name of this module."""

    oauth2_adapter_class = Adapter

    def redirect(
        self,
        request: HttpRequest,
        process: str,
        next_url: str | None = None,
        data: Any = None,
        **kwargs: Any,
    ) -> HttpResponse:
        """Out to the provider with a nonce, which the ID token must repeat. Scope and parameters
        are ours: allauth would also take them from the address of the request."""
        nonce = secrets.token_urlsafe(24)
        asked = {"scope": self.get_scope(), "auth_params": {"nonce": nonce}}
        response: HttpResponse = super().redirect(
            request, process, next_url, data, nonce=nonce, **(kwargs | asked)
        )
        return response

    def get_default_scope(self) -> list[str]:
        return ["openid"]

    def extract_uid(self, data: dict[str, Any]) -> str:
        subject = super().extract_uid(data)
        return keyed("login", f"oidc:{self.server_url}:{subject}").hex()

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        return []


provider_classes = [OurProvider]


def offered(request: HttpRequest) -> list[OurProvider]:
    """The providers this installation is configured with: none or one."""
    from allauth.socialaccount.adapter import get_adapter

    found: list[OurProvider] = get_adapter(request).list_providers(request)
    return found
