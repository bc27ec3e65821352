"""Blocks of two records that are one person: each holds for both while they are joined.

Belongs here: copying them and taking the copies away. Does not: joining records
(`oslonac.duplicates`), whose action records the event.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from oslonac.access import reader
from oslonac.access.actions import Closing, copied
from oslonac.access.actor import stands_with
from oslonac.access.models import Block
from oslonac.access.rules import Scope
from oslonac.vault.row_policy import Bypass


@dataclass(frozen=True)
class Part:
    """One of several records that are one person: its subject records, and all it appears in."""

    person_id: UUID
    own: tuple[Closing, ...]
    appears: tuple[Closing, ...]


@reader.bypass(Bypass.GRANTS)
def share_blocks(one: Part, other: Part, *, at: datetime) -> list[UUID]:
    """Two records are one person: blocks on either hold for both from now on. Ids of the copies,
    by which `unshare_blocks` takes exactly these away again."""
    rows = [*_shared(one, other, at), *_shared(other, one, at)]
    return [row.pk for row in Block.objects.bulk_create(rows)]


def _shared(source: Part, target: Part, at: datetime) -> list[Block]:
    """What closes `source`, on the records of `target`. A target without records of its own gets
    a row on the source's record that names it, so that it is closed wherever it appears."""
    running = Q(ends_at__isnull=True) | Q(ends_at__gt=at)
    on_child = Q(person_id=source.person_id)
    of_conflict = Q(related_id=source.person_id, scope=Scope.ALL)
    stands = Q(stands_with=source.person_id)
    rows: list[Block] = []
    wanted = [each.record_id for each in (*target.own, *target.appears)]
    here = set(
        Block.objects.filter(running, record_id__in=wanted).values_list(
            "record_id", "person_id", "principal", "scope"
        )
    )
    found = Block.objects.filter(running, on_child | of_conflict | stands)
    for block in found.order_by("starts_at", "pk"):
        for closing, principal, about in _places(block, source, target):
            mark = (closing.record_id, closing.person_id, principal, block.scope)
            if mark in here:
                continue
            here.add(mark)
            copy = copied(block, closing)
            copy.principal, copy.related_id = principal, about
            if block.stands_with == source.person_id:
                copy.stands_with = target.person_id
            rows.append(copy)
    return rows


def _places(
    block: Block, source: Part, target: Part
) -> Iterable[tuple[Closing, UUID, UUID | None]]:
    """Where a block of `source` holds for `target`: the record, whom it keeps away, and whom the
    conflict is about."""
    about = target.person_id if block.related_id == source.person_id else block.related_id
    if block.person_id == source.person_id:
        closings = target.own or (Closing(block.record_kind, block.record_id, target.person_id),)
        for closing in closings:
            yield closing, block.principal, about
    if block.related_id == source.person_id and block.scope == Scope.ALL:
        for closing in target.appears:
            yield closing, block.principal, about
    if block.stands_with == source.person_id:
        same = Closing(block.record_kind, block.record_id, block.person_id)
        yield same, stands_with(target.person_id), about


@reader.bypass(Bypass.GRANTS)
def unshare_blocks(ids: Iterable[UUID]) -> int:
    """Take away the copies that joining two records made. How many there still were."""
    return Block.objects.filter(pk__in=list(ids)).delete()[0]
