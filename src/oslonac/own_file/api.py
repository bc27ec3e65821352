"""The requests of a person about their own file, and the print-out."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Router
from pydantic import Field

from oslonac.access.roles import Permission
from oslonac.access.rules import Level
from oslonac.cases.api.base import (
    disclosure,
    disclosure_of,
    find,
    part,
    values,
)
from oslonac.cases.models import OwnRequest
from oslonac.cases.trust.rules import AskStatus, Capacity, OwnAsk
from oslonac.own_file import actions, sheet, texts
from oslonac.own_file.steps import STEPS
from oslonac.people.rules import Attribute
from oslonac.steps.operations import add_operations
from oslonac.web.api import (
    ApiRequest,
    Disclosure,
    Id,
    In,
    Narrative,
    Out,
    Revision,
    StaffRef,
    operation,
    perform,
    shape_of,
    staff,
)

router = Router(tags=["Own file"])


class OwnRequestOut(Out):
    """What a person asked about their own file, and the answer."""

    id: UUID
    revision: int
    kind: OwnAsk
    asked_by: Capacity
    text: str | None
    language: str
    asked_at: datetime
    status: AskStatus
    answer: str | None
    decided_by: StaffRef | None
    decided_at: datetime | None
    statement_id: UUID | None
    told_at: datetime | None


class OwnAnswerIn(In):
    revision: Revision
    status: AskStatus
    answer: Annotated[Narrative, Field(min_length=1)]
    attribute: Attribute | None = None
    detail: Narrative = ""


class OwnPartOut(Out):
    title: str
    text: str
    columns: list[str]
    rows: list[list[str]]
    points: list[str]
    note: str


class OwnSheetOut(Out):
    """The person's own print-out, in one language."""

    language: str
    direction: str
    checked: bool = Field(description="Whether a native speaker checked the texts.")
    title: str
    intro: str
    parts: list[OwnPartOut]
    notes: list[str]


def own_requests_out(shown: Disclosure, rows: Iterable[OwnRequest]) -> list[OwnRequestOut]:
    listed = list(rows)
    told = shown.texts(listed, "text", "answer")
    people = staff(row.decided_by_id for row in listed)
    return [
        OwnRequestOut(
            id=row.pk,
            revision=row.revision,
            kind=OwnAsk(row.kind),
            asked_by=Capacity(row.asked_by),
            language=row.language,
            asked_at=row.asked_at,
            status=AskStatus(row.status),
            decided_by=people.get(row.decided_by_id),
            decided_at=row.decided_at,
            statement_id=row.statement_id,
            told_at=row.told_at,
            **told[row.pk],
        )
        for row in listed
    ]


@shape_of(OwnRequest)
def own_request_out(request: ApiRequest, row: OwnRequest) -> OwnRequestOut:
    return own_requests_out(disclosure_of(request, row.case_id), [row])[0]


@operation(router, "GET", "/cases/{case_id}/own-requests", Permission.CASE_READ)
def list_own_requests(request: ApiRequest, case_id: Id) -> list[OwnRequestOut]:
    """Lists the requests of the person about their own file, newest first."""
    case = find(request, case_id)
    rows = list(case.own_requests.order_by("-asked_at", "pk"))
    seen = disclosure(request, case)
    answer = own_requests_out(seen, rows)
    seen.record(case, case_id=case.pk)
    return answer


@operation(router, "POST", "/cases/{case_id}/own-requests/{request_id}/answer", actions.answer_own)
def answer_own(
    request: ApiRequest, case_id: Id, request_id: Id, body: OwnAnswerIn
) -> OwnRequestOut:
    """Decides on a request, with reasons. A granted correction adds a statement."""
    case = find(request, case_id)
    asked = part(request, case_id, OwnRequest, request_id)
    said = values(body, "attribute") | {"attribute": body.attribute or ""}
    row = perform(request, actions.answer_own, request=asked, **said)
    return own_requests_out(disclosure(request, case), [row])[0]


@operation(router, "GET", "/cases/{case_id}/own-file", Permission.CASE_READ)
def own_file(
    request: ApiRequest, case_id: Id, language: str = "", discreet: bool = False
) -> OwnSheetOut:
    """Print-out for the person: what is kept, why, who can see it, who opened it, their rights.

    `language`: a tag of the pack's texts; empty for the person's own. `discreet` leaves out names
    of organisations.
    """
    case = find(request, case_id, level=Level.IDENTITY)
    tag = language if language in texts.offered() else texts.nearest(case.person.languages)
    made = sheet.compose(case, texts.of(tag), at=request.at, discreet=discreet)
    seen = disclosure(request, case)
    seen.opened |= {"own_file", "names"}
    seen.record(case, case_id=case.pk)
    parts = [OwnPartOut(**part) for part in made.data()["parts"]]
    return OwnSheetOut(
        language=made.tag,
        direction=made.direction,
        checked=made.checked,
        title=made.title,
        intro=made.intro,
        parts=parts,
        notes=list(made.notes),
    )


add_operations(router, STEPS)
