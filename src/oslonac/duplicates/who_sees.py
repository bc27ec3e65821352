"""Who sees which of two records, who answers for them, and what joining them changes for whom.

Joining moves no grant: whoever sees one record goes on seeing that one. What can change is told
before it is done, and recorded: facts written later under the joined id, outside any case, stand
on the survivor; and whoever a block keeps from one is kept from both.

Belongs here: reading grants and blocks of both sides. Does not: the decision (`actions`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from oslonac.access import policy, reader
from oslonac.access.actions import Closing
from oslonac.access.actor import Actor
from oslonac.access.models import Block, Grant
from oslonac.access.roles import Permission
from oslonac.access.rules import Reason, RecordKind
from oslonac.access.shared_blocks import Part
from oslonac.cases.models import Case, Encounter
from oslonac.people.models import Appearance
from oslonac.vault.row_policy import Bypass


@dataclass(frozen=True)
class Seers:
    """Principals with a grant on either side: of one alone, of the other alone, of both.

    `unnamed`: how many of them are houses, which are counted and never named. `blocked`: how many
    people, offices or sides are kept from one of the records today.
    """

    one: tuple[Grant, ...]
    other: tuple[Grant, ...]
    both: tuple[Grant, ...]
    unnamed: int
    blocked: int


@reader.bypass(Bypass.GRANTS)
def seers(one: UUID, other: UUID, *, at: datetime) -> Seers:
    """Who sees which part today, by any record in which it appears."""
    sides = [_grants(one, at), _grants(other, at)]
    first, second = sides
    both = first.keys() & second.keys()
    houses = {
        row.principal for side in sides for row in side.values() if row.reason == Reason.PLACEMENT
    }
    records = [_records_of(one), _records_of(other)]
    blocked = [
        set(
            Block.objects.filter(policy.in_force(at), record_id__in=ids).values_list(
                "principal", flat=True
            )
        )
        for ids in records
    ]

    def named(side: dict[UUID, Grant], keys: Iterable[UUID]) -> tuple[Grant, ...]:
        return tuple(side[key] for key in sorted(set(keys) - houses))

    return Seers(
        one=named(first, first.keys() - both),
        other=named(second, second.keys() - both),
        both=named(first, both),
        unnamed=len(houses),
        blocked=len(blocked[0] | blocked[1]),
    )


def _records_of(person_id: UUID) -> list[UUID]:
    rows = Appearance.objects.filter(person=person_id)
    return list(rows.values_list("record_id", flat=True))


def _grants(person_id: UUID, at: datetime) -> dict[UUID, Grant]:
    """One grant a principal: which of several says why does not matter here."""
    rows = Grant.objects.filter(policy.in_force(at), record_id__in=_records_of(person_id))
    rows = rows.select_related("organisation").order_by("starts_at", "pk")
    found: dict[UUID, Grant] = {}
    for row in rows:
        known = found.get(row.principal)
        if known is None or row.reason == Reason.PLACEMENT:
            found[row.principal] = row
    return found


@reader.bypass(Bypass.MATCHING)
def offices_of(person_ids: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """Ids of the centres that answer for each person: of cases, and of encounters."""
    rows = list(
        Appearance.objects.filter(person__in=list(person_ids)).values_list(
            "person_id", "record_kind", "record_id"
        )
    )
    cases = Case.objects.in_bulk([pk for _p, kind, pk in rows if kind == RecordKind.CASE])
    met = Encounter.objects.in_bulk([pk for _p, kind, pk in rows if kind == RecordKind.ENCOUNTER])
    found: dict[UUID, set[UUID]] = {pk: set() for pk in person_ids}
    for person_id, _kind, record_id in rows:
        if record_id in cases:
            found[person_id].add(cases[record_id].organisation_id)
        elif record_id in met:
            found[person_id].add(met[record_id].responsible_id)
    return found


def answers_for(actor: Actor, permission: Permission, *person_ids: UUID) -> bool:
    """Whether the actor holds a post with this permission at a centre that answers for one of
    them: sight alone gives no authority."""
    if actor.channel == "system":
        return True
    offices = {each for some in offices_of(person_ids).values() for each in some}
    return any(actor.may_at(permission, office) for office in offices)


@reader.bypass(Bypass.GRANTS)
def part(person_id: UUID) -> Part:
    """A person's records as the blocks on them need to know them."""
    rows = Appearance.objects.filter(person=person_id).order_by("pk")
    listed = list(rows.values_list("record_kind", "record_id", "is_subject"))
    subjects = dict(
        Appearance.objects.filter(
            record_id__in=[pk for _kind, pk, _own in listed], is_subject=True
        ).values_list("record_id", "person_id")
    )
    return Part(
        person_id,
        own=tuple(Closing(kind, pk, person_id) for kind, pk, own in listed if own),
        appears=tuple(Closing(kind, pk, subjects.get(pk)) for kind, pk, _own in listed),
    )
