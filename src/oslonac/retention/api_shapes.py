"""What goes in and out of the operations on retention and deletion."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from oslonac.country import tag
from oslonac.directory.models import Organisation
from oslonac.kit.clock import local_day
from oslonac.retention import queries
from oslonac.retention.models import Disposal, Hold, Period
from oslonac.retention.queries import Line as ClosedFile
from oslonac.retention.rules import Category, DisposalStatus, Ground, HoldReason
from oslonac.vault import signing
from oslonac.vault.models import Erasure
from oslonac.web.api import (
    Disclosure,
    In,
    OfficeRef,
    Out,
    Revision,
    StaffRef,
    Withheld,
    office,
    staff,
)


class HoldOut(Out):
    """Nothing of this child may be destroyed while it is in force."""

    id: UUID
    revision: int
    withheld: list[Withheld]
    reason: HoldReason
    text: str | None
    ends_on: date | None
    given_by: StaffRef | None
    given_at: datetime
    ended_by: StaffRef | None
    ended_at: datetime | None
    end_text: str | None


class DisposalOut(Out):
    """A proposal to destroy a child's file, and what became of it. It names nobody but staff."""

    id: UUID
    revision: int
    case: UUID
    numbers: list[str] = Field(description="Numbers of the files it is about.")
    organisation: OfficeRef | None
    ground: Ground
    reference: str
    categories: list[str]
    period_ended_on: date | None
    documents: int
    shared_notes: int = Field(description="Encounter notes that stay: they speak of others too.")
    status: DisposalStatus
    proposed_by: StaffRef | None
    proposed_at: datetime
    answered_by: StaffRef | None
    answered_at: datetime | None
    erasure: UUID | None


class DisposalRevisionIn(In):
    revision: Revision


class DisposalAnswerIn(In):
    revision: Revision
    approved: bool


class CertificateOut(Out):
    """The signed entry of one erasure."""

    id: UUID
    at: datetime
    keys: list[UUID] = Field(description="Ids of the keys that were destroyed.")
    signed: str
    context: str
    signature: str = Field(description="Ed25519, base64.")
    public_key: str
    fingerprint: str


class ClosedFileOut(Out):
    """A closed file and when its period of keeping is over."""

    case: UUID
    number: str
    organisation: OfficeRef | None
    closed_at: datetime | None
    categories: list[str]
    period_ends_on: date | None
    over: bool
    verified: bool = Field(description="Every period comes from a source that was read.")
    unknown: list[str] = Field(description="Categories without a known period.")
    held: bool
    proposed: bool


class PeriodOut(Out):
    """How long a centre keeps a category, by its own list."""

    organisation: UUID
    category: str
    years: int
    document: str
    set_by: StaffRef | None
    set_at: datetime


class CategoryOut(Out):
    """A category of the country pack. `years` is null where no source that was read says any."""

    code: str
    title: str
    years: int | None
    start: str
    verified: bool
    source: str
    centres: list[PeriodOut]


def holds_out(seen: Disclosure, rows: Iterable[Hold]) -> list[HoldOut]:
    listed = list(rows)
    texts = seen.texts(listed, "text", "end_text")
    people = staff(pk for row in listed for pk in (row.given_by_id, row.ended_by_id))
    return [
        HoldOut(
            id=row.pk,
            revision=row.revision,
            withheld=seen.withheld(Withheld.NARRATIVE),
            reason=HoldReason(row.reason),
            ends_on=row.ends_on,
            given_by=people.get(row.given_by_id),
            given_at=row.given_at,
            ended_by=people.get(row.ended_by_id),
            ended_at=row.ended_at,
            **texts[row.pk],
        )
        for row in listed
    ]


def disposals_out(rows: Sequence[Disposal]) -> list[DisposalOut]:
    people = staff(pk for row in rows for pk in (row.proposed_by_id, row.answered_by_id))
    return [
        DisposalOut(
            id=row.pk,
            revision=row.revision,
            case=row.case_id,
            numbers=list(row.numbers),
            organisation=office(row.organisation),
            ground=Ground(row.ground),
            reference=row.reference,
            categories=list(row.categories),
            period_ended_on=row.period_ended_on,
            documents=row.documents,
            shared_notes=row.shared_notes,
            status=DisposalStatus(row.status),
            proposed_by=people.get(row.proposed_by_id),
            proposed_at=row.proposed_at,
            answered_by=people.get(row.answered_by_id),
            answered_at=row.answered_at,
            erasure=row.erasure_id,
        )
        for row in rows
    ]


def certificate_of(erasure: Erasure) -> CertificateOut:
    context, _, signed = signing.message("erasure", erasure.entry).decode().partition("\0")
    return CertificateOut(
        id=erasure.pk,
        at=erasure.at,
        keys=list(erasure.keys),
        signed=signed,
        context=context,
        signature=erasure.signature_value,
        public_key=erasure.signature_public,
        fingerprint=signing.fingerprint(erasure.signature_public),
    )


def closed_files_out(lines: Sequence[ClosedFile], *, at: datetime) -> list[ClosedFileOut]:
    today = local_day(at)
    return [
        ClosedFileOut(
            case=line.case.pk,
            number=line.case.number,
            organisation=office(line.case.organisation),
            closed_at=line.case.closed_at,
            categories=list(line.standing.categories),
            period_ends_on=line.standing.on,
            over=line.standing.is_over(today),
            verified=line.standing.verified,
            unknown=list(line.standing.unknown),
            held=line.hold is not None,
            proposed=line.disposal is not None,
        )
        for line in lines
    ]


def period_out(row: Period) -> PeriodOut:
    return PeriodOut(
        organisation=row.organisation_id,
        category=row.category,
        years=row.years,
        document=row.document,
        set_by=staff([row.set_by_id]).get(row.set_by_id),
        set_at=row.set_at,
    )


def categories_out(known: Iterable[Category], centres: Iterable[Organisation]) -> list[CategoryOut]:
    language = tag()
    own = [queries.centre_periods(each.pk) for each in centres]
    return [
        CategoryOut(
            code=each.code,
            title=each.title.get(language, each.title["en"]),
            years=each.years,
            start=each.start,
            verified=each.verified,
            source=each.source,
            centres=[period_out(rows[each.code]) for rows in own if each.code in rows],
        )
        for each in known
    ]
