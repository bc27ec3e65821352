"""Who acts in a request, and the answer to what was refused."""

import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from oslonac.access.actor import Actor
from oslonac.access.roles import Role
from oslonac.accounts.queries import actor_for
from oslonac.audit.actions import record_refusal
from oslonac.directory.models import Organisation
from oslonac.kit.clock import now
from oslonac.kit.errors import Denied, Hidden, Refused

log = logging.getLogger(__name__)
NOBODY = Actor(user_id=None)


class Acting:
    """Sets `request.actor` (None when nobody is signed in), `request.at` and `request.me`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.at = now()
        request.actor = None
        user = request.user
        if user.is_authenticated and user.is_active:
            request.actor = actor_for(user, at=request.at)
            request.me = SimpleLazyObject(lambda: _me(request))
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Hidden and unknown records answer alike; what was refused is an event."""
        if isinstance(error, Hidden):
            refuse(request.actor, f"{error.kind}.hidden", error.kind, error.record_id)
            return render(request, "404.html", status=404)
        if isinstance(error, Denied):
            refuse(request.actor, f"{error.permission}.denied"[:60], "", error.record)
            return render(request, "403.html", status=403)
        if isinstance(error, Refused):
            context = {"message": error.message}
            return render(request, "refused.html", context, status=409)
        return None


def refuse(actor: Actor | None, what: str, kind: str, record_id: object) -> None:
    """Record a refusal; only well-formed ids reach the ledger."""
    record_refusal(
        actor=actor or NOBODY,
        at=now(),
        what=what,
        kind=kind,
        record_id=record_id if isinstance(record_id, UUID) else None,
    )


def _me(request: HttpRequest) -> Any:
    from oslonac.accounts.me import Me

    actor = request.actor
    post = actor.posts[0] if actor.posts else None
    organisation = Organisation.objects.filter(pk=post.organisation_id).first() if post else None
    return Me(
        name=request.user.get_full_name(),
        organisation=str(organisation or ""),
        role=str(Role(post.role).label) if post else _("no post at present"),
    )
