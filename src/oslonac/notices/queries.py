"""Reading the inbox, and who can get notices."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from oslonac.access.actor import Actor
from oslonac.access.roles import Role
from oslonac.accounts.models import User
from oslonac.accounts.queries import memberships_in_force
from oslonac.kit.clock import local_day
from oslonac.notices.models import Absence, Notice

LEADS = (Role.SUPERVISOR, Role.HEAD)


def inbox(actor: Actor) -> QuerySet[Notice]:
    """What this person was told, latest first."""
    return Notice.objects.filter(user=actor.user_id).order_by("-raised_at", "-id")


def unseen(actor: Actor) -> QuerySet[Notice]:
    """What this person has not looked at and what still stands."""
    return Notice.objects.filter(user=actor.user_id, seen_at__isnull=True, over_at__isnull=True)


def unseen_count(actor: Actor) -> int:
    """For the bell. One probe of a partial index."""
    return unseen(actor).count()


def away(user_ids: Iterable[UUID], *, at: datetime) -> set[UUID]:
    """Those of some users who are away on the local day of `at`."""
    day = local_day(at)
    wanted: Collection[UUID] = set(user_ids)
    found = Absence.objects.filter(
        user_id__in=wanted, starts_on__lte=day, ends_on__gte=day, ended_at__isnull=True
    )
    return set(found.values_list("user_id", flat=True))


def led_by(actor: Actor, *, at: datetime) -> QuerySet[User]:
    """Colleagues of the offices that the actor leads."""
    offices = [post.organisation_id for post in actor.posts if post.role in LEADS]
    held = memberships_in_force(at).filter(organisation_id__in=offices)
    return User.objects.filter(pk__in=held.values("user_id")).exclude(pk__in=actor.principals)


def absences(user_ids: Iterable[UUID], *, at: datetime) -> QuerySet[Absence]:
    """Absences that last or are to come."""
    day = local_day(at)
    return Absence.objects.filter(
        user_id__in=set(user_ids), ends_on__gte=day, ended_at__isnull=True
    ).order_by("starts_on", "id")
