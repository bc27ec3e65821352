"""Signing in with a login name that the database knows only as a keyed hash."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from oslonac.accounts.models import User


class LoginName(BaseBackend):
    """Django authentication backend: `username` is what was typed."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        if username is None or password is None:
            return None
        user = User.objects.by_login(username)
        if user is None:
            User().set_password(password)  # the same time as for a user who exists
            return None
        return user if user.check_password(password) and user.is_active else None

    def get_user(self, user_id: Any) -> User | None:
        return User.objects.filter(pk=user_id, is_active=True).select_related("key").first()
