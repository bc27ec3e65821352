"""Places that care or cared for a person, and their staff: names that would reveal the whereabouts.

Belongs here: withholding those names from a reader who is not told where the child is, for every
page, paper and answer alike (`accounts.queries.names_of` and the API's `staff` leave them out).
Does not: the house itself, which each place that shows it leaves out.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from oslonac.access import reader
from oslonac.access.actor import Actor
from oslonac.access.models import Grant
from oslonac.access.rules import Reason
from oslonac.accounts.models import Membership
from oslonac.accounts.queries import withheld, withhold_names
from oslonac.audit.models import Event
from oslonac.cases.models import Case
from oslonac.vault.row_policy import Bypass


def keep_quiet(actor: Actor, case: Case) -> None:
    """From here to the end of the request such a house, and whoever works or worked in it, is not
    named to this reader, unless they may know where the child is."""
    if actor.user_id is None or case.reach.tells_where(case.whereabouts_restricted):
        return
    withhold_names(actor.user_id, staff_of(case) | of_case(case))


@reader.bypass(Bypass.GRANTS)
def of_case(case: Case) -> set[UUID]:
    """Organisations that a placement gave sight; the responsible centre is none, whatever it
    runs."""
    given = Grant.objects.filter(record_id=case.pk, reason=Reason.PLACEMENT)
    found = set(given.values_list("organisation_id", flat=True))
    return {pk for pk in found if pk is not None and pk != case.organisation_id}


def staff_of(case: Case) -> set[UUID]:
    """Everybody with a post, now or before, at such a house."""
    posts = Membership.objects.filter(organisation__in=of_case(case))
    return set(posts.values_list("user_id", flat=True))


def silenced(actor: Actor, case: Case, events: Sequence[Event]) -> Sequence[Event]:
    """The same events, not to be saved, without what would tell this reader where the child is:
    who of the house acted, and every id of it in what the event says."""
    if case.reach.tells_where(case.whereabouts_restricted):
        return events
    telling = {str(pk) for pk in withheld(actor.user_id)}
    for event in events:
        if {str(event.actor_id), str(event.organisation_id)} & telling:
            event.actor_id = event.organisation_id = None
        if str(event.record_id) in telling:
            event.record_id = None
        event.data = {
            name: value for name, value in event.data.items() if not _tells(value, telling)
        }
    return events


def _tells(value: Any, telling: set[str]) -> bool:
    if isinstance(value, dict):
        return any(_tells(each, telling) for each in value.values())
    if isinstance(value, list):
        return any(_tells(each, telling) for each in value)
    return str(value) in telling
