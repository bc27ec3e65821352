"""Forms for sign-in, password and second factor: django-allauth's flows with our texts."""

from typing import Any

from allauth.account import forms as account_forms
from allauth.account.internal.flows import login as login_flow
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from django import forms
from django.contrib.auth.hashers import check_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from oslonac.accounts.models import login_key
from oslonac.kit.text import clean_line

LONGEST_LOGIN = 254


class SignInForm(account_forms.LoginForm):
    """allauth sees the keyed hash of the login name, never the name as typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("Login name"),
            max_length=LONGEST_LOGIN,
            widget=forms.TextInput(
                {
                    "autocomplete": "username",
                    "autocapitalize": "none",
                    "spellcheck": "false",
                    "dir": "auto",
                }
            ),
        )
        self.fields["password"].widget.attrs.pop("placeholder", None)
        self.fields["password"].label = _("Password")
        self.order_fields(["login", "password"])

    def clean_login(self) -> str:
        return clean_line(self.cleaned_data["login"])

    def user_credentials(self) -> dict[str, Any]:
        return {
            "username": login_key(self.cleaned_data["login"]),
            "password": self.cleaned_data["password"],
        }

    def _login_with_password(
        self, request: HttpRequest, redirect_url: str | None, credentials: dict[str, Any]
    ) -> HttpResponse:
        # A password typed a moment ago is as good as one asked for again: enrolling a second
        # factor right after it must not ask twice.
        self._login.redirect_url = redirect_url
        login_flow.record_authentication(
            request, self._login.user, method="password", reauthenticated=True
        )
        response: HttpResponse = login_flow.perform_login(request, self._login)
        request.session.set_expiry(0)  # ends with the browser
        return response


class PasswordForm(account_forms.ChangePasswordForm):
    """Changing one's own password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {
            "oldpassword": _("Current password"),
            "password1": _("New password"),
            "password2": _("Repeat the new password"),
        }
        for name, label in words.items():
            self.fields[name].label = label
            self.fields[name].widget.attrs.pop("placeholder", None)
        self.fields["password1"].help_text = _(
            "At least 12 characters. Four words that have nothing to do with each other "
            "are easy to remember and hard to guess."
        )

    def clean_oldpassword(self) -> str:
        # Django's own check would rewrite the hash and lose the mark of a handed-over password.
        typed: str = self.cleaned_data["oldpassword"]
        if not check_password(typed, self.user.password):
            raise forms.ValidationError(_("The current password is wrong."))
        return typed

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        new = cleaned.get("password1")
        if new and new == cleaned.get("oldpassword"):
            self.add_error("password1", _("This is your current password. Choose another one."))
        return cleaned


class ReauthenticateForm(account_forms.ReauthenticateForm):
    """The password once more, before something that guards the account."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("Password")
        self.fields["password"].widget.attrs.pop("placeholder", None)


def _code_field(form: forms.Form, label: Any, help_text: Any) -> None:
    field = form.fields["code"]
    field.label, field.help_text = label, help_text
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code"}


class _OnceOnly:
    """A code of the app is good once, as long as it would be taken (RFC 6238, 5.2).

    allauth forgets a used code 30 seconds later; here it is remembered as long as one is taken.
    """

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP:  # type: ignore[attr-defined]
            try:
                use_up(self.user, code)  # type: ignore[attr-defined]
            except ValidationError:
                self._emit_authentication_failed(self.authenticator)  # type: ignore[attr-defined]
                raise
        return code


def use_up(user: Any, code: str) -> None:
    """Raises ValidationError when this code was used already."""
    key = f"totp.used:{user.pk}:{normalize_user_code(code)}"
    seconds = mfa_settings.TOTP_PERIOD * (2 * mfa_settings.TOTP_TOLERANCE + 2)
    if not cache.add(key, 1, timeout=seconds):
        raise get_adapter().validation_error("incorrect_code")


class CodeForm(_OnceOnly, mfa_forms.AuthenticateForm):
    """The second step of a sign-in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code_field(self, _("Code"), _("Six digits from the app, or one of your recovery codes."))


class CodeAgainForm(_OnceOnly, mfa_forms.ReauthenticateForm):
    """A code in an open session."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code_field(self, _("Code"), _("Six digits from the app, or one of your recovery codes."))


class AppForm(totp_forms.ActivateTOTPForm):
    """The first code of a new authenticator app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code_field(
            self,
            _("Code from the app"),
            _(
                "Six digits; a new code every 30 seconds. If the codes do not work, let the "
                "phone set its clock automatically."
            ),
        )

    def clean_code(self) -> str:
        code: str = super().clean_code()
        use_up(self.user, code)
        return code


class TokenForm(forms.Form):
    """A new API token."""

    request_key = forms.CharField(widget=forms.HiddenInput)
    label = forms.CharField(
        label=_("What is the token for?"),
        max_length=80,
        help_text=_(
            "The program and the computer it runs on, so that you know which token to end."
        ),
    )
