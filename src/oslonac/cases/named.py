"""How a case is named where only its id is known (the inbox), and a step where only its slug is
(the procedures)."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from oslonac.access.actor import Actor
from oslonac.cases import lists
from oslonac.cases.models import Case
from oslonac.notices import kinds
from oslonac.protocols import wording


def register() -> None:
    """Called when the application starts."""
    kinds.register_subject("case", described)
    kinds.register(
        kinds.Kind("case.assigned", _("A case was assigned to you"), "case"),
        kinds.Kind("transfer.asked", _("Your centre is asked to take over a case"), "send"),
        kinds.Kind("transfer.answered", _("A transfer that you proposed was answered"), "send"),
    )
    wording.register_forms(form_title)


def form_title(slug: str) -> Any:
    """What the form of a step is called; None for one that is none of casework's."""
    from oslonac.cases.steps import registry

    step = registry.find(slug, on_record=False) or registry.find(slug, on_record=True)
    return step.title if step else None


def described(actor: Actor, ids: Collection[UUID], at: datetime) -> Mapping[UUID, kinds.Subject]:
    """Number, and the child as far as the actor's grants show it; unseen cases are left out."""
    from oslonac.cases.duties.views.duties import whose
    from oslonac.cases.views.links import case_url

    listed = Case.objects.filter(pk__in=ids).select_related("person", "organisation")
    rows = lists.opened(actor, listed, at=at, where="inbox", named_only=True)
    return {
        row.case.pk: kinds.Subject(whose(row), case_url(row.case.pk))
        for row in rows
        if row.reach.level
    }
