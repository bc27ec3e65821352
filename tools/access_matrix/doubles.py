"""Records that may be one person, in every state, and what patterns ask about a child."""

from datetime import datetime
from uuid import UUID

from oslonac.access.roles import Role
from oslonac.accounts.models import User
from oslonac.accounts.queries import actor_for
from oslonac.duplicates import actions
from oslonac.links.models import Part, Signal
from oslonac.links.rules import SignalKind
from oslonac.people.models import Person
from oslonac.vault.sealing import seal


def write_pairs(
    crew: dict[Role, User], at: datetime, people: tuple[Person, Person, Person, Person]
) -> dict[str, UUID]:
    """Pairs among four people of a centre: to decide, asked about, waiting for a second person,
    joined. The third and the fourth become one."""
    by = {"actor": actor_for(crew[Role.SUPERVISOR], at=at), "at": at}
    child, waits, first, second = people
    open_, asked, requested, joined = (
        actions.name_pair(person=each, other=against, **by)
        for each, against in ((child, waits), (first, waits), (child, first), (first, second))
    )
    actions.ask(pair=asked, revision=asked.revision, question="Brothers?", **by)
    for pair, survivor in ((requested, child), (joined, first)):
        actions.request_merge(
            pair=pair,
            revision=pair.revision,
            survivor=survivor.pk,
            why="Same scar.",
            sight_read=True,
            **by,
        )
    joined.refresh_from_db()
    head = actor_for(crew[Role.HEAD], at=at)
    actions.confirm_merge(pair=joined, revision=joined.revision, sight_read=True, actor=head, at=at)
    return {
        "pair_id": open_.pk,
        "pair_id.asked": asked.pk,
        "pair_id.requested": requested.pk,
        "pair_id.joined": joined.pk,
    }


def write_questions(at: datetime, child: Person, number: int) -> dict[str, UUID]:
    """One question to look at and one answered, as rows: the job that finds them looks at many
    files. `number` tells the files of two centres apart."""
    found: dict[str, UUID] = {}
    for name, status in (("signal_id", "open"), ("signal_id.answered", "answered")):
        row = Signal(
            key=child.key,
            kind=SignalKind.PHONE,
            mark=f"{number}{status}",
            parts=1,
            found_at=at,
            status=status,
            answered_at=None if status == "open" else at,
        )
        seal(row, child.key, why="")
        row.save(force_insert=True)
        Part.objects.create(signal=row, person=child)
        found[name] = row.pk
    return found
