"""What goes in and out of the operations on consents, blocks, emergencies and the own file."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from oslonac.access.models import Block
from oslonac.access.rules import BlockReason, Scope, TieKind
from oslonac.cases.models import Consent, Emergency
from oslonac.cases.trust.rules import Capacity, ChildAnswer, ConsentStatus, EmergencyOutcome
from oslonac.web.api import (
    Code,
    Disclosure,
    In,
    LevelName,
    Line,
    Moment,
    Narrative,
    OfficeRef,
    Out,
    Revision,
    StaffRef,
    level_name,
    office,
    staff,
)


class ConsentOut(Out):
    """What was said about showing the case to one receiver, and whether it holds."""

    id: UUID
    revision: int
    purpose: str
    receiver: OfficeRef | None
    level: LevelName
    whereabouts: bool
    status: ConsentStatus
    holds: bool
    child_answer: ChildAnswer
    adult: str
    band: str = Field(description="Code of `consent_bands`: the age rule that was applied.")
    scope: str | None
    exception: str | None
    language: str
    given_at: datetime
    until: datetime | None
    withdrawn_at: datetime | None
    recorded_by: StaffRef | None


class ConsentIn(In):
    purpose: Annotated[Code, Field(min_length=1)]
    receiver: UUID
    level: LevelName
    whereabouts: bool = False
    agreed: bool = True
    child_answer: ChildAnswer
    adult: Annotated[str, Field(max_length=12, description="A capacity, or empty.")] = ""
    adult_name: Line = ""
    exception: Narrative = ""
    language: Annotated[Code, Field(min_length=1)]
    interpreter: Line = ""
    scope: Narrative = ""
    given_at: Moment
    until: Moment | None = None


class ConsentWithdrawalIn(In):
    revision: Revision
    by: Capacity = Capacity.CHILD


class BlockOut(Out):
    """Who is kept from what, and why. Exactly one of user, organisation, stands_with is filled."""

    id: UUID
    scope: Scope
    reason: BlockReason
    why: str | None
    user: StaffRef | None
    organisation: OfficeRef | None
    stands_with: UUID | None = Field(description="Person: everybody with a tie to them.")
    declared: bool
    given_by: StaffRef | None
    starts_at: datetime
    ends_at: datetime | None


class BlockIn(In):
    scope: Scope
    reason: BlockReason
    why: Annotated[Narrative, Field(min_length=1)]
    user: UUID | None = None
    organisation: UUID | None = None
    person: UUID | None = None
    until: Moment | None = None


class BlockLiftIn(In):
    why: Annotated[Narrative, Field(min_length=1)]


class ConflictIn(In):
    reason: BlockReason
    why: Narrative = ""
    person: UUID | None = None


class ConflictOut(Out):
    """The case is closed to whoever asked; that is all they are told of it."""

    closed: bool = True


class TieIn(In):
    user: UUID
    person: UUID
    kind: TieKind


class TieOut(Out):
    id: UUID
    kind: TieKind


class EmergencyOut(Out):
    """A case opened for minutes without a duty in it, and its review."""

    id: UUID
    revision: int
    case: UUID
    user: StaffRef | None
    whereabouts: bool
    opened_at: datetime
    until: datetime
    outcome: EmergencyOutcome
    reason: str | None
    review: str | None
    reviewed_by: StaffRef | None
    reviewed_at: datetime | None


class EmergencyIn(In):
    number: Annotated[str, Field(min_length=1, max_length=20, description="The whole number.")]
    reason: Annotated[Narrative, Field(min_length=1)]
    minutes: Annotated[int, Field(ge=1, le=120)] = 30
    whereabouts: bool = False


def consents_out(shown: Disclosure, rows: Iterable[Consent], at: datetime) -> list[ConsentOut]:
    listed = list(rows)
    told = shown.texts(listed, "scope", "exception")
    people = staff(row.recorded_by_id for row in listed)
    return [
        ConsentOut(
            id=row.pk,
            revision=row.revision,
            purpose=row.purpose,
            receiver=office(row.receiver),
            level=level_name(row.level),
            whereabouts=row.whereabouts,
            status=ConsentStatus(row.status),
            holds=row.status == ConsentStatus.GIVEN and (row.until is None or row.until > at),
            child_answer=ChildAnswer(row.child_answer),
            adult=row.adult,
            band=row.band,
            language=row.language,
            given_at=row.given_at,
            until=row.until,
            withdrawn_at=row.withdrawn_at,
            recorded_by=people.get(row.recorded_by_id),
            **told[row.pk],
        )
        for row in listed
    ]


def blocks_out(shown: Disclosure, rows: Iterable[Block]) -> list[BlockOut]:
    listed = list(rows)
    told = shown.texts(listed, "why")
    people = staff(pk for row in listed for pk in (row.user_id, row.given_by_id))
    return [
        BlockOut(
            id=row.pk,
            scope=Scope(row.scope),
            reason=BlockReason(row.reason),
            user=people.get(row.user_id),
            organisation=office(row.organisation),
            stands_with=row.stands_with,
            declared=row.declared,
            given_by=people.get(row.given_by_id),
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            **told[row.pk],
        )
        for row in listed
    ]


def emergencies_out(shown: Disclosure, rows: Iterable[Emergency]) -> list[EmergencyOut]:
    listed = list(rows)
    told = shown.texts(listed, "reason", "review")
    people = staff(pk for row in listed for pk in (row.user_id, row.reviewed_by_id))
    return [
        EmergencyOut(
            id=row.pk,
            revision=row.revision,
            case=row.case_id,
            user=people.get(row.user_id),
            whereabouts=row.whereabouts,
            opened_at=row.opened_at,
            until=row.until,
            outcome=EmergencyOutcome(row.outcome),
            reviewed_by=people.get(row.reviewed_by_id),
            reviewed_at=row.reviewed_at,
            **told[row.pk],
        )
        for row in listed
    ]
