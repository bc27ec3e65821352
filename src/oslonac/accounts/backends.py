"""Signing in with a login name that is stored only as a keyed hash."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import check_password
from django.http import HttpRequest

from oslonac.access import reader
from oslonac.accounts.hashers import is_handed_over
from oslonac.accounts.models import User, login_key
from oslonac.vault.binding import genuine
from oslonac.vault.row_policy import Bypass


def _as_handed_over(password: str, user: User) -> str:
    """A one-time password holds no blanks: those that came with it when it was copied are not
    part of it. A password that somebody chose is taken as typed."""
    return password.strip() if is_handed_over(user.password) else password


class LoginName(BaseBackend):
    """Django authentication backend.

    `login` is what was typed; `username` is its keyed hash, which is all that django-allauth is
    ever given, so that neither sessions nor counters of tries hold a login name.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        login: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        if login is not None:
            username = login_key(login)
        if not username or password is None:
            return None
        user = User.objects.filter(username=username).first()
        if user is None:
            User().set_password(password)  # the same time as for a user who exists
            return None
        # Not `user.check_password`: it would rewrite the hash and with it the mark that this
        # password was handed over.
        right = check_password(_as_handed_over(password, user), user.password)
        return user if right and user.is_active and genuine([user]) else None

    def get_user(self, user_id: Any) -> User | None:
        with reader.bypass(Bypass.SIGN_IN):
            found = User.objects.filter(pk=user_id, is_active=True).select_related("key").first()
        return found if found is not None and genuine([found]) else None
