"""Every route declares the permission it needs: `permitted(Permission.X)`, `signed_in` or `public`.

A test walks all routes and fails on one without.
"""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse

from oslonac.access import policy
from oslonac.access.roles import Permission

View = Callable[..., HttpResponse]
PUBLIC = "public"


def permitted(permission: Permission, *others: Permission) -> Callable[[View], View]:
    """The view answers only to a signed-in actor who holds `permission`, or one of `others`."""

    def wrap(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.actor is None:
                return redirect_to_login(request.get_full_path())
            if request.actor.permissions.isdisjoint(others):
                policy.require(request.actor, permission)
            return view(request, *args, **kwargs)

        guarded.permissions = frozenset({permission, *others})  # type: ignore[attr-defined]
        return guarded

    return wrap


def signed_in(view: View) -> View:
    """The view answers to whoever is signed in, also between two posts: one's own account."""

    @functools.wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.actor is None:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    guarded.permission = Permission.SIGNED_IN  # type: ignore[attr-defined]
    return guarded


def public(view: View) -> View:
    """The view answers to anybody, by decision."""
    view.permission = PUBLIC  # type: ignore[attr-defined]
    return view


def permissions_of(callback: Any) -> frozenset[str]:
    """What a route's view declares, one of which is enough; empty when it declares nothing.

    A class-based view of a library may be marked on the class; an API address has one per method.
    """
    several = getattr(callback, "permissions", None)
    if several:
        return frozenset(several)
    for holder in (callback, getattr(callback, "view_class", None)):
        found = getattr(holder, "permission", None)
        if found:
            return frozenset({found})
    return frozenset()
