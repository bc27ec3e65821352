"""Who works where a child lives or lived, by the grants that placements gave: naming them in a list
of grants would say where the child is.

Belongs here: which holders and givers of grants are not named to a reader. Does not: the grants
themselves (`access`), pages of one case (`cases.houses`).
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from oslonac.access import policy, reader
from oslonac.access.actor import Actor
from oslonac.access.models import Grant
from oslonac.access.rules import Reach, Reason
from oslonac.accounts.models import Membership
from oslonac.vault.row_policy import Bypass


@dataclass(frozen=True)
class Untold:
    """`staff`: by record, people whom this reader is not told; records that tell nothing are
    absent."""

    staff: Mapping[UUID, frozenset[UUID]]

    def holder(self, row: Grant) -> bool:
        """Whether the holder of a grant is not named: the house, or somebody of it."""
        if row.record_id not in self.staff:
            return False
        return row.reason == Reason.PLACEMENT or self.person(row, row.grantee_id)

    def person(self, row: Grant, user_id: UUID | None) -> bool:
        return user_id in self.staff.get(row.record_id, ())


NOBODY_UNTOLD = Untold({})


@reader.bypass(Bypass.GRANTS)
def of_records(record_ids: Iterable[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Everybody with a post, now or before, at a house that a placement gave sight, by record."""
    given = Grant.objects.filter(record_id__in=list(record_ids), reason=Reason.PLACEMENT)
    houses: dict[UUID, set[UUID]] = defaultdict(set)
    for record_id, house in given.values_list("record_id", "organisation_id"):
        if house is not None:
            houses[house].add(record_id)
    found: dict[UUID, set[UUID]] = defaultdict(set)
    posts = Membership.objects.filter(organisation_id__in=list(houses))
    for house, user_id in posts.values_list("organisation_id", "user_id"):
        for record_id in houses[house]:
            found[record_id].add(user_id)
    return {pk: frozenset(people) for pk, people in found.items()}


def untold(
    actor: Actor, rows: Iterable[Grant], *, at: datetime, restricted: Container[UUID] | None = None
) -> Untold:
    """Whom of these grants the reader is not told. `restricted`: ids of records whose whereabouts
    are; None takes all for restricted."""
    ids = list({row.record_id for row in rows})
    reaches = policy.reaches(actor, ids, at=at)
    silent = [
        pk
        for pk in ids
        if not reaches.get(pk, Reach()).tells_where(restricted is None or pk in restricted)
    ]
    staff = of_records(silent)
    return Untold({pk: staff.get(pk, frozenset()) - {actor.user_id} for pk in silent})
