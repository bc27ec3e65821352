"""Kinds of notices about a search, and how a request is named in the inbox."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oslonac.access import policy
from oslonac.access.actor import Actor
from oslonac.notices import kinds
from oslonac.tracing.models import TracingRequest

_L = gettext_lazy
KINDS = (
    kinds.Kind(
        "tracing.asked",
        _L(
            "Somebody may be searching for a person in your case. Check before you speak "
            "with the person."
        ),
        "people",
    ),
    kinds.Kind("tracing.verified", _L("Both sides of a search are checked and agree."), "check"),
    kinds.Kind(
        "tracing.shared", _L("You can now see whom to call about a person you search for."), "eye"
    ),
    kinds.Kind("tracing.reunified", _L("A family that was sought lives together again."), "check"),
)


def register() -> None:
    """Called once, when the application is ready."""
    kinds.register(*KINDS)
    kinds.register_subject("tracingrequest", _described)


def _described(actor: Actor, ids: Collection[UUID], at: datetime) -> Mapping[UUID, kinds.Subject]:
    """Requests by their reference, to whoever still sees them."""
    seen = policy.reaches(actor, list(ids), at=at)
    rows = TracingRequest.objects.filter(pk__in=seen).values_list("pk", "reference")
    return {
        pk: kinds.Subject(
            _("Request %(reference)s") % {"reference": reference},
            reverse("tracing:request", args=[pk]),
        )
        for pk, reference in rows
    }
