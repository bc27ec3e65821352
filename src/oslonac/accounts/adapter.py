"""How django-allauth is told our decisions: nobody signs up by themselves."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest


class ClosedSignUp(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SecondFactor(DefaultMFAAdapter):
    def get_totp_label(self, user: Any) -> str:
        return "Oslonac"
