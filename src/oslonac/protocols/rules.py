"""The interface between a case and the procedures that run on it. Pure."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from oslonac.kit.calendars import WorkCalendar
from oslonac.protocols.dcr.authors import Author

_NO_DATA: Mapping[str, Any] = MappingProxyType({})


# Tuples: a country's cases make millions of them in a night, and they are made in a third of the
# time that frozen dataclasses take.
class CaseEvent(NamedTuple):
    """Something that happened in a case. `at` is when it happened, not when it was written; `by`
    is who recorded it, None for the system."""

    id: UUID
    name: str
    at: datetime
    data: Mapping[str, Any] = _NO_DATA
    by: Author | None = None


class Duty(NamedTuple):
    """What a procedure says must be done. `key` is unique in a case and stable over replays.

    `role` says who is responsible; `user_id` names the person where an event did.
    `done_at` is when it was fulfilled; `void` when it no longer applies; `suspended` while a
    recorded decision has stopped its clock. `centre_id` is the centre responsible for the case,
    to which a duty rises that nobody holds the post for.
    """

    key: str
    activity: str
    role: str
    since: datetime
    due_at: datetime | None
    source: str
    verified: bool
    why: tuple[UUID, ...] = ()
    user_id: UUID | None = None
    organisation_id: UUID | None = None
    subject_id: UUID | None = None
    done_at: datetime | None = None
    void: bool = False
    suspended: bool = False
    centre_id: UUID | None = None


Facts = Mapping[str, Any]
Procedure = Callable[[Sequence[CaseEvent], Facts, WorkCalendar], list[Duty]]
