"""Updating the obligation rows of one case from its procedure, inside the action that
changed the case. Writes only rows that differ."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from oslonac.access.actor import holders_of
from oslonac.protocols import rising
from oslonac.protocols.models import Obligation, State
from oslonac.protocols.rules import Duty

_COMPARED = (
    "activity",
    "state",
    "principal",
    "user_id",
    "organisation_id",
    "role",
    "subject_id",
    "since",
    "due_at",
    "done_at",
    "source",
    "verified",
    "why",
)


def refresh(case_id: UUID, duties: Sequence[Duty]) -> int:
    """Insert, update or remove rows so that they equal `duties`. How many were written."""
    return refresh_many({case_id: duties})[case_id]


def refresh_many(duties_of: Mapping[UUID, Sequence[Duty]]) -> Mapping[UUID, int]:
    """The same for many cases, in as many statements as for one. How many rows by case."""
    rows = {
        (row.case_id, row.key): row
        for row in Obligation.objects.filter(case_id__in=list(duties_of))
    }
    added, changed = [], []
    taken = _taken(duties_of)
    columns_changed: set[str] = set()  # each costs every changed row a branch in the statement
    for case_id, duties in duties_of.items():
        for duty in duties:
            values = columns(duty, taken)
            row = rows.pop((case_id, duty.key), None)
            if row is None:
                added.append(Obligation(case_id=case_id, key=duty.key, **values))
            elif other := [name for name in _COMPARED if getattr(row, name) != values[name]]:
                for name in other:
                    setattr(row, name, values[name])
                changed.append(row)
                columns_changed.update(other)
    Obligation.objects.bulk_create(added, batch_size=1_000)
    if changed:
        Obligation.objects.bulk_update(changed, sorted(columns_changed), batch_size=500)
    if rows:
        # The procedure no longer derives these: an event arrived late and changed the past.
        Obligation.objects.filter(pk__in=[row.pk for row in rows.values()]).delete()
    return Counter(row.case_id for row in (*added, *changed, *rows.values()))


def _taken(duties_of: Mapping[UUID, Sequence[Duty]]) -> frozenset[rising.Post]:
    """The posts that somebody holds where open duties are asked of a post."""
    asked = [
        (duty.organisation_id, duty.centre_id)
        for duties in duties_of.values()
        for duty in duties
        if duty.user_id is None and duty.organisation_id and not (duty.done_at or duty.void)
    ]
    return rising.held(rising.offices_of(asked))


def columns(duty: Duty, taken: Collection[rising.Post]) -> dict[str, Any]:
    """A duty as column values of an Obligation row. What nobody holds the post for rises."""
    state = State.VOID if duty.void else State.DONE if duty.done_at else State.OPEN
    if duty.suspended:
        state = State.PAUSED
    principal = duty.user_id
    if principal is None and duty.organisation_id is not None:
        office, role = duty.organisation_id, duty.role
        if state in (State.OPEN, State.PAUSED):
            office, role = rising.post_for(role, office, duty.centre_id, taken)
        principal = holders_of(role, office)
    return {
        "activity": duty.activity,
        "state": state,
        "principal": principal,
        "user_id": duty.user_id,
        "organisation_id": duty.organisation_id,
        "role": duty.role,
        "subject_id": duty.subject_id,
        "since": duty.since,
        "due_at": duty.due_at,
        "done_at": duty.done_at,
        "source": duty.source,
        "verified": duty.verified,
        "why": [str(event_id) for event_id in duty.why],
    }
