"""Assessments: begun, written by one or several people, completed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Router

from oslonac.access.roles import Permission
from oslonac.cases.api.base import disclosure, disclosure_of, find, part
from oslonac.cases.models import Assessment
from oslonac.cases.rules import AloneWithChild, AssessmentKind, AssessmentStatus
from oslonac.planning import actions as planning
from oslonac.web.api import (
    ApiRequest,
    Disclosure,
    Id,
    In,
    Moment,
    Narrative,
    Out,
    Revision,
    StaffRef,
    operation,
    performed,
    shape_of,
    staff,
)

router = Router(tags=["Assessments"])


class AssessmentOut(Out):
    """An assessment. Its texts are null where narratives are withheld."""

    id: UUID
    revision: int
    kind: AssessmentKind
    status: AssessmentStatus
    begun_at: datetime
    begun_by: StaffRef | None
    completed_at: datetime | None
    completed_by: StaffRef | None
    alone_with_child: str
    safety: str | None
    needs: str | None
    strengths: str | None
    family: str | None
    health: str | None
    child_view: str | None
    conclusion: str | None


class AssessmentIn(In):
    kind: AssessmentKind = AssessmentKind.INITIAL
    happened_at: Moment | None = None


class AssessmentTextsIn(In):
    """Parts that are left out stay as they are; an empty text empties a part."""

    revision: Revision
    alone_with_child: AloneWithChild | None = None
    safety: Narrative | None = None
    needs: Narrative | None = None
    strengths: Narrative | None = None
    family: Narrative | None = None
    health: Narrative | None = None
    child_view: Narrative | None = None
    conclusion: Narrative | None = None


def _written(body: AssessmentTextsIn) -> dict[str, Any]:
    texts = body.model_dump(include=set(Assessment.TEXTS), exclude_none=True)
    alone = body.alone_with_child.value if body.alone_with_child else ""
    return {"revision": body.revision, "alone_with_child": alone, **texts}


def assessments_out(disclosure: Disclosure, rows: Iterable[Assessment]) -> list[AssessmentOut]:
    listed = list(rows)
    texts = disclosure.texts(listed, *Assessment.TEXTS)
    people = staff(pk for row in listed for pk in (row.begun_by_id, row.completed_by_id))
    return [
        AssessmentOut(
            id=row.pk,
            revision=row.revision,
            kind=AssessmentKind(row.kind),
            status=AssessmentStatus(row.status),
            begun_at=row.begun_at,
            begun_by=people.get(row.begun_by_id),
            completed_at=row.completed_at,
            completed_by=people.get(row.completed_by_id),
            alone_with_child=row.alone_with_child,
            **texts[row.pk],
        )
        for row in listed
    ]


@shape_of(Assessment)
def assessment_out(request: ApiRequest, row: Assessment) -> AssessmentOut:
    disclosure = disclosure_of(request, row.case_id)
    shown = assessments_out(disclosure, [row])[0]
    disclosure.record(row, case_id=row.case_id)
    return shown


@operation(router, "GET", "/cases/{case_id}/assessments", Permission.CASE_READ)
def list_assessments(request: ApiRequest, case_id: Id) -> list[AssessmentOut]:
    """Lists the assessments of a case, oldest first."""
    case = find(request, case_id)
    seen = disclosure(request, case)
    shown = assessments_out(seen, case.assessments.order_by("begun_at", "id"))
    seen.record(case, case_id=case.pk)
    return shown


@operation(router, "POST", "/cases/{case_id}/assessments", planning.begin_assessment, status=201)
def begin_assessment(request: ApiRequest, case_id: Id, body: AssessmentIn) -> AssessmentOut:
    """Starts an assessment. Only one of each kind can be open."""
    return performed(
        request,
        planning.begin_assessment,
        case=find(request, case_id),
        kind=body.kind.value,
        happened_at=body.happened_at,
    )


@operation(router, "PUT", "/cases/{case_id}/assessments/{assessment_id}", planning.save_assessment)
def save_assessment(
    request: ApiRequest, case_id: Id, assessment_id: Id, body: AssessmentTextsIn
) -> AssessmentOut:
    """Saves a draft of the assessment."""
    row = part(request, case_id, Assessment, assessment_id)
    return performed(request, planning.save_assessment, assessment=row, **_written(body))


@operation(
    router,
    "POST",
    "/cases/{case_id}/assessments/{assessment_id}/completion",
    planning.complete_assessment,
)
def complete_assessment(
    request: ApiRequest, case_id: Id, assessment_id: Id, body: AssessmentTextsIn
) -> AssessmentOut:
    """Completes an assessment. A conclusion and the person's own view are required."""
    row = part(request, case_id, Assessment, assessment_id)
    return performed(request, planning.complete_assessment, assessment=row, **_written(body))
