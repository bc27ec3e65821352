"""Reading pairs: those of which the reader sees both records; of the others, what the policy lets
be said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.access.rules import Level
from oslonac.audit.actions import record
from oslonac.audit.models import Outcome
from oslonac.cases.models import Case
from oslonac.country import alphabetical
from oslonac.directory.models import Organisation
from oslonac.duplicates import who_sees
from oslonac.duplicates.models import Pair, Remark
from oslonac.duplicates.rules import UNDECIDED, PairStatus
from oslonac.kit.errors import Hidden
from oslonac.matching.index import scope
from oslonac.people import merging, queries
from oslonac.people.models import Merge, Person, PersonName, Statement
from oslonac.search import policy
from oslonac.search.elsewhere import responsible_for
from oslonac.search.policy import Told
from oslonac.vault.sealing import open_many

ROWS = ("one__key", "other__key", "key", "survivor", "requested_by", "decided_by", "merge")
MOST = 2_000  # pairs read for one list: nobody reads further
MOST_HALVES = 200  # pairs of which one record is seen, looked at in one reading
ELSEWHERE = "duplicates.elsewhere"


def visible_to(actor: Actor, *, at: datetime, statuses: Sequence[str] = ()) -> list[Pair]:
    """Pairs of which the actor reads the names on both sides, the likeliest first.

    A pair that was joined by way of a third record is decided, though nobody looked at it.
    """
    rows = Pair.objects.select_related(*ROWS).order_by("-probability", "pk")
    if statuses:
        rows = rows.filter(status__in=statuses)
    within = scope.of(actor, at=at)
    if within.ids is not None:  # few enough to ask for their pairs alone
        rows = rows.filter(one__in=within.ids, other__in=within.ids)
    listed = list(rows[:MOST])
    seen = within.among({pk for row in listed for pk in (row.one_id, row.other_id)})
    shown = [row for row in listed if row.one_id in seen and row.other_id in seen]
    together = merging.groups({pk for row in shown for pk in (row.one_id, row.other_id)})
    return [
        row
        for row in shown
        if row.status == PairStatus.MERGED or together[row.one_id] != together[row.other_id]
    ]


def waiting(actor: Actor, *, at: datetime) -> int:
    """How many pairs wait for somebody, of those the actor sees."""
    return len(visible_to(actor, at=at, statuses=UNDECIDED))


def pair(actor: Actor, pair_id: Any, *, at: datetime) -> Pair:
    """One pair of which the actor reads both names. Raises Hidden."""
    try:
        key = pair_id if isinstance(pair_id, UUID) else UUID(str(pair_id))
    except ValueError:
        raise Hidden("pair", pair_id) from None
    found = Pair.objects.select_related(*ROWS).filter(pk=key).first()
    if found is None:
        raise Hidden("pair", key)
    for person_id in (found.one_id, found.other_id):
        if not queries.reach(actor, person_id, at=at).shows(Level.IDENTITY):
            raise Hidden("pair", key)
    return found


def texts_of(found: Pair) -> str:
    """Why it was decided so. The caller records the read."""
    return open_many([found], "why")[found.pk]["why"]


def remarks_of(found: Pair) -> list[tuple[Remark, str]]:
    """Questions and answers, the oldest first."""
    rows = list(found.remarks.select_related("key").order_by("said_at", "pk"))
    opened = open_many(rows, "text")
    return [(row, opened[row.pk]["text"]) for row in rows]


@dataclass(frozen=True)
class Half:
    """A pair of which the reader sees one record: of the other, the office to ask and no more."""

    person_id: UUID
    name: str
    offices: tuple[Organisation, ...]


def halves(actor: Actor, *, at: datetime) -> list[Half]:
    """Records of the reader's that may be somebody's whom they do not see, where the policy lets
    them know that a record exists and whom to ask. Recorded whenever something is told.

    Where the policy has the other office decide (relay), nothing is told here: that office sees
    the pair from its own side.
    """
    rule = policy.rule_for(actor)
    if not rule.asks:
        return []
    found = _half_seen(actor, at=at)
    with scope.past_sight():
        ids = [far for _near, far in found]
        offices = responsible_for(ids)
        protected = policy.protected(ids, at=at)
    told = [
        (near, far)
        for near, far in found
        if far in offices
        and (rule.protected if far in protected else rule.ordinary) in (Told.CONTACT, Told.PREVIEW)
        and who_sees.answers_for(actor, Permission.PERSONS_COMPARE, near)
    ]
    if not told:
        return []
    _note_told(actor, at, told)
    people = Person.objects.select_related("key").in_bulk([near for near, _far in told])
    names = queries.shown_names(people.values())
    # Each office once: how many of its records are alike is not told.
    asked: dict[UUID, dict[UUID, Organisation]] = {}
    for near, far in told:
        asked.setdefault(near, {})[offices[far].pk] = offices[far]
    return [
        Half(near, names.get(near, ""), tuple(sorted(found.values(), key=alphabetical)))
        for near, found in asked.items()
    ]


def _half_seen(actor: Actor, *, at: datetime) -> list[tuple[UUID, UUID]]:
    """(seen, not seen) of open pairs."""
    within = scope.of(actor, at=at)
    with scope.past_sight():
        rows = Pair.objects.filter(status__in=UNDECIDED).order_by("-probability", "pk")
        if within.ids is not None:
            rows = rows.filter(Q(one__in=within.ids) | Q(other__in=within.ids))
        pairs = list(rows.values_list("one_id", "other_id")[:MOST])
    seen = within.among({pk for pair in pairs for pk in pair})
    found = [
        (one, other) if one in seen else (other, one)
        for one, other in pairs
        if (one in seen) != (other in seen)
    ]
    # Whoever is seen at a lower level is no stranger; what may be said of them the pages say.
    far = [other for _near, other in found[:MOST_HALVES]]
    known = set(queries.visible_to(actor, at=at).filter(pk__in=far).values_list("pk", flat=True))
    blocked = set(
        queries.closed_to(actor, at=at)
        .filter(person_id__in=far)
        .values_list("person_id", flat=True)
    )
    return [(near, other) for near, other in found[:MOST_HALVES] if other not in known | blocked]


def _note_told(actor: Actor, at: datetime, told: Sequence[tuple[UUID, UUID]]) -> None:
    record(
        ELSEWHERE,
        actor=actor,
        at=at,
        kind="pair",
        data={"purpose": "child_present", "told": sorted({str(far) for _near, far in told})},
        outcome=Outcome.READ,
    )


@dataclass(frozen=True)
class Since:
    """What was written after two records were joined, and stays where it was written."""

    names: tuple[PersonName, ...]
    statements: tuple[Statement, ...]
    cases: tuple[Case, ...]

    def __bool__(self) -> bool:
        return bool(self.names or self.statements or self.cases)


def since(person_id: UUID, merge: Merge) -> Since:
    """Of one of the two, as far as the reader sees it."""

    def rows(model: Any, column: str) -> Any:
        found = model.objects.filter(person=person_id, **{f"{column}__gt": merge.made_at})
        if merge.undone_at is not None:
            found = found.filter(**{f"{column}__lt": merge.undone_at})
        return tuple(found.order_by(column, "pk"))

    return Since(
        names=rows(PersonName, "written_at"),
        statements=rows(Statement, "stated_at"),
        cases=rows(Case, "opened_at"),
    )
