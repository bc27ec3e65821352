"""How django-allauth handles a sign-in from the provider."""

import logging
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from oslonac.accounts import bound_factors
from oslonac.accounts.journal import refused

log = logging.getLogger(__name__)


class LinkedOnly(DefaultSocialAccountAdapter):
    """Nobody signs up, nobody is matched by e-mail: only a link made beforehand signs in."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        connecting = sociallogin.state.get("process") == "connect"
        if connecting:
            if sociallogin.is_existing and sociallogin.user != request.user:
                messages.error(request, _("This sign-in is linked to another account."))
                raise ImmediateHttpResponse(redirect("accounts:home"))
            return
        linked = sociallogin.is_existing and bound_factors.is_genuine(sociallogin.account)
        if not linked or not sociallogin.user.is_active:
            refused(sociallogin.user if sociallogin.is_existing else None)
            messages.error(
                request,
                _(
                    "No account is linked with this sign-in. Sign in with your login name first "
                    "and link it under “My account”."
                ),
            )
            raise ImmediateHttpResponse(redirect("account_login"))

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Any = None,
        extra_context: Any = None,
    ) -> None:
        refused(None)
        log.warning("The organisation's sign-in failed: %s", type(exception or error).__name__)
        messages.error(
            request,
            _("Your organisation's sign-in did not work. Nothing was changed; try again."),
        )
        raise ImmediateHttpResponse(redirect("account_login"))

    def get_requests_session(self) -> Any:
        """Follows no redirect: what is configured is where the secret and the code go."""
        session = super().get_requests_session()
        session.max_redirects = 0
        return session

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return reverse("accounts:home")
