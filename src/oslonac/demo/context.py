"""The cast on the sign-in page."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from oslonac.accounts.queries import shown_name
from oslonac.demo.cast import CAST, Member, in_own_script

_SIGN_IN_PAGES = frozenset({"account_login"})


def cast(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `demo_cast`, on the sign-in page only."""
    match = getattr(request, "resolver_match", None)
    if match is None or match.view_name not in _SIGN_IN_PAGES:
        return {}
    return {
        "demo_cast": [card(member) for member in CAST],
        "demo_scenarios_url": reverse("demo:scenarios"),
    }


def card(member: Member) -> dict[str, str]:
    """One of the cast as pages show it."""
    return {
        "code": member.code,
        "name": shown_name(in_own_script(member.name, member.role)),
        "title": gettext(member.title),
        "sentence": gettext(member.sentence),
        "url": reverse("demo:sign_in", args=[member.code]),
    }
