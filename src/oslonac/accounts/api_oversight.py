"""Operations for auditors and supervisors: the ledger of events, the grants in force."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from ninja import Query, Router
from pydantic import Field, WithJsonSchema

from oslonac.access import policy
from oslonac.access.models import Grant
from oslonac.access.roles import Permission
from oslonac.access.rules import Basis, Reason, RecordKind
from oslonac.accounts.api_disclosure import OfficeRef, StaffRef, office, staff
from oslonac.accounts.api_operations import ApiRequest, operation
from oslonac.accounts.api_problems import shape_of
from oslonac.accounts.api_types import LevelName, Out, Page, PageIn, level_name, paged
from oslonac.accounts.house_staff import NOBODY_UNTOLD, Untold, untold
from oslonac.audit.models import Event, Outcome
from oslonac.kit.text import clean_line

router = Router(tags=["Oversight"])

EventOutcome = Annotated[
    Outcome, WithJsonSchema({"type": "string", "enum": list(Outcome.values), "title": "Outcome"})
]
GrantBasis = Annotated[
    Basis, WithJsonSchema({"type": "string", "enum": list(Basis.values), "title": "Legal basis"})
]
GrantReason = Annotated[
    Reason, WithJsonSchema({"type": "string", "enum": list(Reason.values), "title": "Reason"})
]


class EventOut(Out):
    """One event of the ledger. `data` holds codes, ids, dates and counts only."""

    id: UUID
    name: str
    outcome: EventOutcome
    at: datetime
    recorded_at: datetime
    actor_id: UUID | None
    organisation_id: UUID | None
    role: str
    channel: str = Field(description="page, api, device or system.")
    record_kind: str
    record_id: UUID | None
    case_id: UUID | None
    fields: list[str]
    data: dict[str, Any]


class EventFilter(PageIn):
    """Which events; whatever is left out does not narrow."""

    actor_id: UUID | None = None
    record_id: UUID | None = None
    case_id: UUID | None = None
    name: Annotated[str, Field(max_length=60)] = ""
    outcome: EventOutcome | None = None


class GrantOut(Out):
    """Who sees a record, to which level, why, and until when."""

    id: UUID
    record_kind: RecordKind
    record_id: UUID
    person: StaffRef | None = Field(
        description="The person, when the grant names one; null for carers at a placement, "
        "where naming them would tell whereabouts."
    )
    organisation: OfficeRef | None = Field(
        description="Null for a person, and where naming the house would tell whereabouts."
    )
    role: str = Field(description="With `organisation`: everybody with this role there.")
    level: LevelName
    whereabouts: bool
    reason: GrantReason
    basis: GrantBasis
    ground: str = Field(description="Code of `legal_grounds`; empty for a duty and for consent.")
    consent_id: UUID | None = Field(description="The consent it is based on, and ends with.")
    given_by: StaffRef | None
    starts_at: datetime
    ends_at: datetime | None


def events_out(rows: Sequence[Event]) -> list[EventOut]:
    return [EventOut.model_validate(row, from_attributes=True) for row in rows]


def grants_out(rows: Sequence[Grant], hidden: Untold = NOBODY_UNTOLD) -> list[GrantOut]:
    """`hidden`: who is not named, see `house_staff`."""
    people = staff(pk for row in rows for pk in (row.grantee_id, row.given_by_id))
    return [
        GrantOut(
            id=row.pk,
            record_kind=RecordKind(row.record_kind),
            record_id=row.record_id,
            person=None if hidden.holder(row) else people.get(row.grantee_id),
            organisation=None if hidden.holder(row) else office(row.organisation),
            role=row.role,
            level=level_name(row.level),
            whereabouts=row.whereabouts,
            reason=Reason(row.reason),
            basis=Basis(row.basis),
            ground=row.ground,
            consent_id=row.consent_id,
            given_by=None if hidden.person(row, row.given_by_id) else people.get(row.given_by_id),
            starts_at=row.starts_at,
            ends_at=row.ends_at,
        )
        for row in rows
    ]


@shape_of(Grant)
def grant_out(request: ApiRequest, row: Grant) -> GrantOut:
    return grants_out([row])[0]


@operation(router, "GET", "/ledger/events", Permission.LEDGER_READ)
def list_events(request: ApiRequest, filters: Query[EventFilter]) -> Page[EventOut]:
    """Lists what was done, read and refused, newest first."""
    rows = Event.objects.all()
    # A block closes a record to auditors as well: their own family.
    if closed := list(policy.closed_to(request.actor, at=request.at)):
        rows = rows.exclude(case_id__in=closed).exclude(record_id__in=closed)
    for column in ("actor_id", "record_id", "case_id", "outcome"):
        if (value := getattr(filters, column)) is not None:
            rows = rows.filter(**{column: value})
    if name := clean_line(filters.name):
        rows = rows.filter(name=name)
    return paged(rows, filters, events_out, order=("-id",))  # type: ignore[return-value]


@operation(router, "GET", "/grants", Permission.GRANTS_READ)
def list_grants(request: ApiRequest, filters: Query[PageIn]) -> Page[GrantOut]:
    """Lists the grants in force, newest first.

    Auditors see all of them, others those on records that a grant shows them. The place where a
    person lives is named only to readers with access to the whereabouts.
    """
    rows = Grant.objects.filter(policy.in_force(request.at))
    rows = rows.exclude(record_id__in=policy.closed_to(request.actor, at=request.at))
    if not policy.may(request.actor, Permission.LEDGER_READ):
        own = policy.grants_of(request.actor, at=request.at)
        rows = rows.filter(Exists(own.filter(record_id=OuterRef("record_id"))))
    rows = rows.select_related("organisation")

    def shown(found: Sequence[Grant]) -> list[GrantOut]:
        return grants_out(found, untold(request.actor, found, at=request.at))

    return paged(rows, filters, shown, order=("-id",))  # type: ignore[return-value]
