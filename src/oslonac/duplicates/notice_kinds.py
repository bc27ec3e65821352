"""Kinds of notices about pairs, and how a pair is named in the inbox."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oslonac.access.actor import Actor
from oslonac.duplicates.models import Pair
from oslonac.matching.index import scope
from oslonac.notices import kinds

_L = gettext_lazy
KINDS = (
    kinds.Kind(
        "duplicate.asked", _L("Somebody asks whether two records are one person."), "people"
    ),
    kinds.Kind(
        "duplicate.answered", _L("Your question about two records has an answer."), "people"
    ),
    kinds.Kind(
        "merge.requested",
        _L("A request to join two records is waiting for your decision."),
        "people",
    ),
    kinds.Kind("merge.refused", _L("Your request to join two records was refused."), "people"),
    kinds.Kind("person.merged", _L("Your request to join two records was approved."), "check"),
)


def register() -> None:
    """Called once, when the application is ready."""
    kinds.register(*KINDS)
    kinds.register_subject("pair", _described)


def _described(actor: Actor, ids: Collection[UUID], at: datetime) -> Mapping[UUID, kinds.Subject]:
    """Pairs without a name, to whoever still sees both records."""
    rows = list(Pair.objects.filter(pk__in=ids).values_list("pk", "one_id", "other_id"))
    seen = scope.of(actor, at=at).among({pk for _p, *pair in rows for pk in pair})
    return {
        pk: kinds.Subject(_("Two records"), reverse("duplicates:pair", args=[pk]))
        for pk, one, other in rows
        if one in seen and other in seen
    }
