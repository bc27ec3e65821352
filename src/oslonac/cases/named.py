"""How a case is named where only its id is known: in the inbox."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from oslonac.access import policy
from oslonac.access.actor import Actor
from oslonac.cases import lists
from oslonac.cases.models import Case
from oslonac.notices import kinds


def register() -> None:
    """Called when the application starts."""
    kinds.register_subject("case", described)


def described(actor: Actor, ids: Collection[UUID], at: datetime) -> Mapping[UUID, kinds.Subject]:
    """Number, and the child as far as the actor's grants show it; unseen cases are left out."""
    from oslonac.cases.views.duties import whose
    from oslonac.cases.views.links import case_url

    seen = policy.reaches(actor, list(ids), at=at)
    listed = Case.objects.filter(pk__in=seen).select_related("person", "organisation")
    rows = lists.opened(actor, listed, at=at, where="inbox")
    return {row.case.pk: kinds.Subject(whose(row), case_url(row.case.pk)) for row in rows}
