"""Reading the log of exports."""

from django.db.models import QuerySet

from oslonac.access.actor import Actor
from oslonac.cases.models import Case
from oslonac.exchange.models import Export


def own(actor: Actor) -> QuerySet[Export]:
    """What the actor took out, the latest first."""
    return Export.objects.filter(made_by_id=actor.user_id).order_by("-made_at", "-id")


def of_case(case: Case) -> QuerySet[Export]:
    """What was taken out of a case, the latest first. The caller checked the level of names: who
    received a file may say who the child is."""
    return Export.objects.filter(case=case).order_by("-made_at", "-id")
