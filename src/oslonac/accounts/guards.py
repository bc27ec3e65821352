"""Every route declares what it takes: `permitted(Permission.X)` or `public`.

A test walks all routes and fails on one without.
"""

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from oslonac.access import policy
from oslonac.access.roles import Permission

View = Callable[..., HttpResponse]
PUBLIC = "public"


def permitted(permission: Permission) -> Callable[[View], View]:
    """The view answers only to a signed-in actor who holds `permission`."""

    def wrap(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.actor is None:
                from django.contrib.auth.views import redirect_to_login

                return redirect_to_login(request.get_full_path())
            policy.require(request.actor, permission)
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return wrap


def public(view: View) -> View:
    """The view answers to anybody, by decision."""
    view.permission = PUBLIC  # type: ignore[attr-defined]
    return view
