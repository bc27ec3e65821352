"""Context processor: links of the user menu to the own account."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from oslonac.accounts.middleware import seconds_left


def own_links(request: HttpRequest) -> dict[str, Any]:
    if getattr(request, "actor", None) is None:
        return {"sign_in_providers": _providers(request)}
    return {
        "me_links": [{"label": _("My account"), "url": reverse("accounts:home")}],
        "leave_url": reverse("accounts:leave"),
        "idle": {
            "url": reverse("accounts:still"),
            "seconds": seconds_left(request),
            "who": str(request.actor.user_id),  # type: ignore[attr-defined]
            "sign_in": reverse("account_login"),
            "draft_key": reverse("accounts:draft_key"),
        },
    }


def _providers(request: HttpRequest) -> list[dict[str, str]]:
    from oslonac.accounts.oidc.provider import offered

    if not getattr(settings, "SOCIALACCOUNT_PROVIDERS", None):
        return []
    return [
        {
            "name": provider.name,
            "url": reverse("openid_connect_login", args=[provider.app.provider_id]),
        }
        for provider in offered(request)
    ]
