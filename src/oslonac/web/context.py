"""Context processor: what base.html needs on every page.

Add `oslonac.web.context.page` to the template context processors. A view may override any of
these names in its own context.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language

from oslonac.access.roles import Permission
from oslonac.kit.translations import translation_checked
from oslonac.web.middleware import LANGUAGE_TAGS
from oslonac.web.navigation import links_for

THEMES = ("light", "dark")


@dataclass(frozen=True)
class Me:
    """Who is signed in, as the user menu shows it."""

    name: str
    organisation: str = ""
    role: str = ""


def page(request: HttpRequest) -> dict[str, Any]:
    # Set by theme.js, and bound to this host where https is, as all our cookies.
    theme = request.COOKIES.get("__Host-theme" if request.is_secure() else "theme", "")
    return {
        "demo": bool(getattr(settings, "OSLONAC_DEMO", False)),
        "theme": theme if theme in THEMES else "",
        "html_lang": LANGUAGE_TAGS.get(get_language() or "en", get_language() or "en"),
        "nav": links_for(request),
        "me": _me(request),
        "search_url": _url("search:page") if _may_search(request) else "",
        "search_quick_url": _url("search:quick"),
        "emergency_url": _url("cases:emergency") if _may(request, Permission.GLASS_BREAK) else "",
        "sign_out_url": _url("account_logout") or _url("logout"),
        "language_url": _url("set_language"),
        # Each language in its own words: whoever seeks theirs may not read the present one.
        "languages": [(c, LANGUAGE_TAGS.get(c, c), str(name)) for c, name in settings.LANGUAGES],
        "language_unchecked": _unchecked(request),
        "home_url": _url("home") or "/",
        "quick_exit_url": getattr(settings, "OSLONAC_QUICK_EXIT_URL", "https://www.wikipedia.org/"),
    }


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _may_search(request: HttpRequest) -> bool:
    """Whoever opens no case is offered no search for one."""
    actor = getattr(request, "actor", None)
    return actor is None or Permission.CASE_READ in actor.permissions


def _may(request: HttpRequest, permission: Permission) -> bool:
    actor = getattr(request, "actor", None)
    return actor is not None and permission in actor.permissions


def _unchecked(request: HttpRequest) -> bool:
    """Whether to tell an editor that no native speaker has checked this language yet."""
    actor = getattr(request, "actor", None)
    edits = actor is not None and Permission.DIRECTORY_WRITE in actor.permissions
    return edits and not translation_checked(get_language() or "en")


def _me(request: HttpRequest) -> Me | None:
    """Reads `request.me` when a package set it (a Me), else what the user object offers."""
    given = getattr(request, "me", None)
    if given is not None:
        return given
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    return Me(name=user.get_full_name() or user.get_username())
