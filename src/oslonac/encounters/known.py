"""Before a new person is recorded: who may already be known.

Belongs here: people the actor may see who are like the one described; for forms as they are
typed, and for records that arrive from elsewhere. Does not: people the actor may not see
(`elsewhere`), writing anything.
"""

from datetime import date, datetime
from uuid import UUID

from oslonac.access.actor import Actor
from oslonac.encounters.actions.intake import Said
from oslonac.matching.index import actions, scope, service
from oslonac.people import merging
from oslonac.search.asking import Hit, hits

MOST = 4
LEAST = 0.3  # of a name: what is less alike is not worth an interruption
SHORTEST = 2


def of_said(
    actor: Actor,
    said: Said,
    *,
    at: datetime,
    where: str = "known_already",
    leave_out: frozenset[UUID] = frozenset(),
) -> list[Hit]:
    """People of the register, open to the actor, who may be the one described; the likeliest
    first, names recorded as read under `where`. Nobody for a description without a name.

    The same for a form and for a record that was written on a device while it was offline: ask
    with what was said, then either write it with `Said.known` or leave it as a person of its own.
    """
    names = [name for name in said.names if len(name.strip()) >= SHORTEST]
    if not names:
        return []
    found = service.known_already(
        names,
        within=scope.of(actor, at=at),
        born=born(said),
        sex=said.sex if said.sex in ("female", "male") else "",
        country=said.citizenship,
        languages=frozenset(said.languages),
        leave_out=leave_out,
        top=MOST,
    )
    alike = [each for each in found if each.name_probability >= LEAST]
    return hits(actor, alike, at=at, where=where) if alike else []


def again(actor: Actor, person_id: UUID, said: Said, *, at: datetime) -> list[Hit]:
    """The same for somebody who is written down already: without the person and without those
    who were said to be others."""
    apart = actions.distinct_from([person_id]) | set(merging.group(person_id))
    return of_said(actor, said, at=at, leave_out=frozenset(apart))


def born(said: Said) -> tuple[date, date] | None:
    """The days between which every account of a birth lies."""
    if not said.births:
        return None
    return min(each.first for each in said.births), max(each.last for each in said.births)
