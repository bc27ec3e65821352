"""Operations on pairs of records: the list, both beside each other, deciding, joining, undoing."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Router
from pydantic import Field

from oslonac.access.roles import Permission
from oslonac.audit.actions import record_read
from oslonac.duplicates import actions, queries
from oslonac.duplicates.beside import READ, beside
from oslonac.duplicates.models import Pair, Remark
from oslonac.duplicates.rules import Agreement, FoundBy, PairStatus, Said
from oslonac.duplicates.steps import STEPS
from oslonac.people.queries import person as visible_person
from oslonac.steps.operations import add_operations
from oslonac.web.api import (
    ApiRequest,
    Id,
    In,
    Narrative,
    OfficeRef,
    Out,
    office,
    operation,
    performed,
    shape_of,
)

router = Router(tags=["Records of one person"])
Written = Annotated[Narrative, Field(min_length=1)]
SightRead = Annotated[
    bool, Field(description="The decider has read who sees which record, before and after.")
]


class PairOut(Out):
    """Two records that may be one person's. No name: both are read through `/persons`."""

    id: UUID
    revision: int
    one: UUID
    other: UUID
    status: PairStatus
    probability: float
    evidence: list[str] = Field(description="Kinds of evidence, for and against, without a value.")
    found_by: FoundBy
    found_at: datetime
    returned: bool = Field(description="Found to be two before; something changed since.")
    survivor: UUID | None
    apart: str
    requested_at: datetime | None
    decided_at: datetime | None


class HalfOut(Out):
    """A record of yours that may be somebody's whom you do not see: whom to ask, no more."""

    person: UUID
    ask: list[OfficeRef]


class PairsOut(Out):
    pairs: list[PairOut]
    elsewhere: list[HalfOut]


class LineOut(Out):
    """One fact on both sides."""

    kind: str
    label: str
    one: list[str]
    other: list[str]
    agreement: Agreement
    words: list[str]


class RemarkOut(Out):
    id: UUID
    kind: Said
    text: str
    said_at: datetime


class ComparedOut(PairOut):
    """A pair with both records beside each other."""

    lines: list[LineOut]
    warnings: list[str]
    why: str
    remarks: list[RemarkOut]


class PairIn(In):
    one: UUID
    other: UUID


def _values(pair: Pair) -> dict[str, object]:
    return {
        "id": pair.pk,
        "revision": pair.revision,
        "one": pair.one_id,
        "other": pair.other_id,
        "status": PairStatus(pair.status),
        "probability": round(pair.probability, 4),
        "evidence": pair.evidence,
        "found_by": FoundBy(pair.found_by),
        "found_at": pair.found_at,
        "returned": pair.returned,
        "survivor": pair.survivor_id,
        "apart": pair.apart,
        "requested_at": pair.requested_at,
        "decided_at": pair.decided_at,
    }


@shape_of(Pair)
def pair_out(request: ApiRequest, row: Pair) -> PairOut:
    return PairOut.model_validate(_values(queries.pair(request.actor, row.pk, at=request.at)))


@shape_of(Remark)
def remark_out(request: ApiRequest, row: Remark) -> RemarkOut:
    found = queries.pair(request.actor, row.pair_id, at=request.at)
    text = {each.pk: text for each, text in queries.remarks_of(found)}[row.pk]
    record_read(actor=request.actor, at=request.at, subject=found, fields=["text"])
    return RemarkOut(id=row.pk, kind=Said(row.kind), text=text, said_at=row.said_at)


@operation(router, "GET", "/duplicates", Permission.PERSONS_COMPARE)
def list_duplicates(request: ApiRequest, status: PairStatus | None = None) -> PairsOut:
    """Lists pairs of which you can see both records, the likeliest first.

    Also whom to ask about records elsewhere, as far as the policy allows. That somebody was told
    is recorded.
    """
    wanted = (status.value,) if status else ()
    pairs = queries.visible_to(request.actor, at=request.at, statuses=wanted)
    halves = queries.halves(request.actor, at=request.at) if status is None else []
    return PairsOut(
        pairs=[PairOut.model_validate(_values(each)) for each in pairs],
        elsewhere=[
            HalfOut(
                person=each.person_id,
                ask=[ref for one in each.offices if (ref := office(one)) is not None],
            )
            for each in halves
        ],
    )


@operation(router, "POST", "/duplicates", actions.name_pair, status=201)
def name_duplicate(request: ApiRequest, body: PairIn) -> PairOut:
    """Adds a pair of records to the list by hand."""
    return performed(
        request,
        actions.name_pair,
        person=visible_person(request.actor, body.one, at=request.at),
        other=visible_person(request.actor, body.other, at=request.at),
    )


@operation(router, "GET", "/duplicates/{pair_id}", Permission.PERSONS_COMPARE)
def compare_duplicate(request: ApiRequest, pair_id: Id) -> ComparedOut:
    """Shows both records, one fact per line, with the evidence in sentences."""
    found = queries.pair(request.actor, pair_id, at=request.at)
    both = beside(request.actor, found, at=request.at)
    for side in (both.left, both.right):
        record_read(actor=request.actor, at=request.at, subject=side.person, fields=READ)
    why, remarks = queries.texts_of(found), queries.remarks_of(found)
    if why or remarks:
        record_read(actor=request.actor, at=request.at, subject=found, fields=["why", "text"])
    values = _values(found) | {
        "probability": round(both.probability, 4),
        "lines": [
            {
                "kind": each.kind,
                "label": each.label,
                "one": each.left,
                "other": each.right,
                "agreement": each.agreement,
                "words": each.words,
            }
            for each in both.lines
        ],
        "warnings": both.warnings,
        "why": why,
        "remarks": [
            {"id": row.pk, "kind": Said(row.kind), "text": text, "said_at": row.said_at}
            for row, text in remarks
        ],
    }
    return ComparedOut.model_validate(values)


add_operations(router, STEPS)
