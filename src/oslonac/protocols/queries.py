"""Reading obligations. Callers have checked the case, or pass an actor's principals."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from oslonac.access import policy
from oslonac.access.actor import Actor
from oslonac.protocols.models import Obligation, State


def of_case(case_id: UUID) -> QuerySet[Obligation]:
    return Obligation.objects.filter(case_id=case_id).order_by("due_at", "key")


def open_for(actor: Actor, *, at: datetime) -> QuerySet[Obligation]:
    """Open obligations of the actor, on cases that a grant shows them, soonest first."""
    visible = policy.grants_of(actor, at=at).filter(record_id=OuterRef("case_id"))
    return Obligation.objects.filter(
        Exists(visible), principal__in=actor.principals, state=State.OPEN
    ).order_by("due_at", "key")


def overdue_in(
    actor: Actor, organisation_ids: Iterable[UUID], *, at: datetime
) -> QuerySet[Obligation]:
    """Overdue obligations of colleagues, for those who lead: late by law first, then guidance."""
    visible = policy.grants_of(actor, at=at).filter(record_id=OuterRef("case_id"))
    return (
        Obligation.objects.filter(
            Exists(visible),
            organisation_id__in=list(organisation_ids),
            state=State.OPEN,
            due_at__lt=at,
        )
        .exclude(principal__in=actor.principals)
        .order_by("-verified", "due_at", "key")
    )
