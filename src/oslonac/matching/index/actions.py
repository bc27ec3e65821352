"""What people decide about likeness: that two of the register are two."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.access.rules import Level
from oslonac.audit.actions import action, record
from oslonac.kit.errors import Refused
from oslonac.matching.index.models import Distinct
from oslonac.people import queries
from oslonac.people.models import Person


@action("person.distinct", Permission.PERSON_WRITE)
def say_distinct(*, actor: Actor, at: datetime, person: Person, other: Person) -> Distinct:
    """Record that two people of the register are two. Both must be open to whoever says so."""
    if person.pk == other.pk:
        raise Refused("distinct.self", _("This is one record. Choose two."))
    for each in (person, other):
        queries.require(actor, each.pk, Level.CASE, at=at)
    one, two = sorted((person, other), key=lambda each: each.pk)
    row, _new = Distinct.objects.get_or_create(
        one=one, other=two, defaults={"said_by_id": actor.user_id, "said_at": at}
    )
    record("person.distinct", actor=actor, at=at, subject=row, data={"persons": [one, two]})
    return row


def distinct_from(person_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Everybody who was said to be somebody else than one of these."""
    listed = list(person_ids)
    rows = Distinct.objects.filter(Q(one__in=listed) | Q(other__in=listed))
    found = {pk for pair in rows.values_list("one", "other") for pk in pair}
    return frozenset(found - set(listed))
