"""How django-allauth is told our decisions: nobody signs up by themselves, secrets are sealed."""

import base64
import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from oslonac.accounts import known_device, sessions, telling
from oslonac.accounts.devices import device_of
from oslonac.accounts.journal import refused
from oslonac.accounts.models import User
from oslonac.kit.clock import now
from oslonac.vault import keyring

log = logging.getLogger(__name__)
_SEALED_AS = "mfa.authenticator"
_WRONG = _("The login name or the password is wrong. Try again.")


class ClosedSignUp(DefaultAccountAdapter):
    """Accounts are made by administrators (`oslonac user make`, the users page)."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _WRONG,
        "incorrect_password": _("This password is wrong."),
        "too_many_login_attempts": _(
            "Too many attempts for this account. Wait ten minutes, sign in with a passkey, "
            "or use a device on which you signed in before."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """A device that the account knows has tries of its own, which strangers cannot use up;
        nor does it share those of its address."""
        username = str(credentials.get("username", ""))
        device = known_device.number(request, username)
        if not device:
            super().pre_authenticate(request, **credentials)
            return
        self._login_failed_rl_usage = ratelimit.consume(
            request, app="allauth.account", action="login_failed_known", key=f"{username}:{device}"
        )
        if not self._login_failed_rl_usage:
            raise self.validation_error("too_many_login_attempts")

    def validation_error(self, code: str, *args: Any) -> Any:
        """Tries above a limit are a line in the log; in the ledger stand those before them."""
        if code == "too_many_login_attempts":
            log.warning("Tries to sign in above the limit were refused.")
        return super().validation_error(code, *args)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """A device that the account did not know is told to its owner, and known from now on."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if not known_device.number(request, user.username) and sessions.signed_in_before(user):
            device = device_of(request.headers.get("User-Agent", ""))
            with transaction.atomic():
                telling.told(user.pk, telling.NEW_DEVICE, now(), device=device)
        known_device.remember(request, response, user.username)
        return response

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Refused sign-ins are events; whose account it was is an id, or nothing."""
        user = User.objects.filter(username=credentials.get("username", "")).first()
        refused(user)

    def get_user_search_fields(self) -> list[str]:
        return []


class SecondFactor(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is wrong or has expired. Enter the newest code."),
        "rate_limited": _("Too many attempts. Wait ten minutes."),
    }

    def get_totp_label(self, user: Any) -> str:
        return "Oslonac"

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        """How a device lists the passkey; it stays on the person's own device."""
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        name = user.get_full_name()
        return entity | {"name": name, "display_name": name}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": "Oslonac"}

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        return str(_("Passkey"))

    def encrypt(self, text: str) -> str:
        """Secrets of authenticator apps and recovery codes, under the key file's active key."""
        kek_id, sealed = keyring.current().wrap(text.encode(), _SEALED_AS)
        return f"{kek_id}:{base64.b64encode(sealed).decode()}"

    def decrypt(self, encrypted_text: str) -> str:
        kek_id, _colon, sealed = encrypted_text.partition(":")
        opened = keyring.current().unwrap(kek_id, base64.b64decode(sealed), _SEALED_AS)
        return opened.decode()
