"""The cast on the sign-in page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from oslonac.access import reader
from oslonac.accounts.queries import shown_name
from oslonac.demo.cast import CAST, Member, in_own_script
from oslonac.demo.mass import progress

_SIGN_IN_PAGES = frozenset({"account_login"})


def cast(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `demo_cast`, on the sign-in page only."""
    match = getattr(request, "resolver_match", None)
    if match is None or match.view_name not in _SIGN_IN_PAGES:
        return {}
    return {
        "demo_progress": _progress(),
        "demo_cast": [card(member) for member in CAST],
        "demo_scenarios_url": reverse("demo:scenarios"),
    }


def _progress() -> int:
    """How far the invented children are who follow behind the first start, in per cent."""
    with reader.system():  # the builder's own marks: kinds and numbers
        return progress(settings.OSLONAC_DEMO_CHILDREN)


def card(member: Member) -> dict[str, str]:
    """One of the cast as pages show it."""
    return {
        "code": member.code,
        "name": shown_name(in_own_script(member.name, member.role)),
        "title": gettext(member.title),
        "sentence": gettext(member.sentence),
        "url": reverse("demo:sign_in", args=[member.code]),
    }
