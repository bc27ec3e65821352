"""The routes of django-allauth that we use, each with what it takes; the others do not exist.

Sign-up, e-mail addresses and password reset by e-mail are left out: accounts
are made by administrators, and a forgotten password is answered with a new one-time password.
Names are allauth's own, because it reverses them.
"""

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import path
from django.views.decorators.debug import sensitive_post_parameters

from oslonac.accounts.guards import public, signed_in
from oslonac.accounts.oidc import views as openid
from oslonac.accounts.stepup import asked_again
from oslonac.accounts.views import password, sign_out


def guarded(view: Any) -> Any:
    """What changes how one signs in asks again: for the second factor, once there is one."""
    return signed_in(asked_again(view))


login = sensitive_post_parameters("login", "password")(account.login)

urlpatterns = [
    path("login/", public(login), name="account_login"),
    path("logout/", public(sign_out), name="account_logout"),
    path("inactive/", public(account.account_inactive), name="account_inactive"),
    path("reauthenticate/", signed_in(account.reauthenticate), name="account_reauthenticate"),
    path("password/change/", password, name="account_change_password"),
    path("second-factor/", signed_in(mfa.index), name="mfa_index"),
    # Reached between the password and the code, when nobody is signed in yet.
    path("second-factor/code/", public(mfa.authenticate), name="mfa_authenticate"),
    path("second-factor/again/", signed_in(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("second-factor/app/", guarded(totp.activate_totp), name="mfa_activate_totp"),
    path("second-factor/app/end/", guarded(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("login/passkey/", public(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path("second-factor/passkeys/", signed_in(passkeys.list_webauthn), name="mfa_list_webauthn"),
    path("second-factor/passkeys/new/", guarded(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path(
        "second-factor/passkeys/again/",
        signed_in(passkeys.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path(
        "second-factor/passkeys/<int:pk>/remove/",
        guarded(passkeys.remove_webauthn),
        name="mfa_remove_webauthn",
    ),
    # Outside an installation with a provider these answer 404.
    path("oidc/<slug:provider_id>/login/", public(openid.login), name="openid_connect_login"),
    path(
        "oidc/<slug:provider_id>/login/callback/",
        public(openid.callback),
        name="openid_connect_callback",
    ),
    path(
        "second-factor/codes/",
        guarded(codes.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path(
        "second-factor/codes/new/",
        guarded(codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "second-factor/codes/download/",
        guarded(codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
]
