"""Contacts with the child, and reviews of the plan."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Query, Router
from pydantic import Field

from oslonac.access.roles import Permission
from oslonac.cases.api.base import disclosure, disclosure_of, find, values
from oslonac.cases.models import Contact, Review
from oslonac.cases.rules import AloneWithChild, ContactKind, ReviewOutcome
from oslonac.planning import actions as planning
from oslonac.web.api import (
    ApiRequest,
    Code,
    Disclosure,
    Id,
    In,
    Line,
    Moment,
    Narrative,
    Out,
    Page,
    PageIn,
    StaffRef,
    operation,
    paged,
    performed,
    shape_of,
    staff,
)

router = Router(tags=["Contacts and reviews"])


class ContactOut(Out):
    """A conversation or visit. Texts are null where withheld."""

    id: UUID
    kind: ContactKind
    happened_at: datetime
    by: StaffRef | None
    alone_with_child: AloneWithChild
    at_residence: bool
    language: str
    interpreter: str | None
    told_story: bool = Field(description="Whether the person had to retell their story.")
    information_given: list[str]
    narrative: str | None


class ReviewOut(Out):
    """The plan looked at again."""

    id: UUID
    happened_at: datetime
    by: StaffRef | None
    outcome: ReviewOutcome
    findings: str | None
    child_view: str | None


class ContactIn(In):
    kind: ContactKind
    happened_at: Moment
    alone_with_child: AloneWithChild
    at_residence: bool = False
    language: Annotated[Code, Field(description="A code of the list `languages`.")] = ""
    interpreter: Line = ""
    told_story: bool = False
    information_given: Annotated[list[Code], Field(max_length=50)] = []
    narrative: Narrative = ""


class ReviewIn(In):
    happened_at: Moment
    outcome: ReviewOutcome
    findings: Annotated[Narrative, Field(min_length=1)]
    child_view: Annotated[Narrative, Field(min_length=1)]


def contacts_out(disclosure: Disclosure, rows: Iterable[Contact]) -> list[ContactOut]:
    listed = list(rows)
    texts = disclosure.texts(listed, "narrative", "interpreter")
    people = staff(row.by_id for row in listed)
    return [
        ContactOut(
            id=row.pk,
            kind=ContactKind(row.kind),
            happened_at=row.happened_at,
            by=people.get(row.by_id),
            alone_with_child=AloneWithChild(row.alone_with_child),
            at_residence=row.at_residence,
            language=row.language,
            told_story=row.told_story,
            information_given=row.information_given,
            **texts[row.pk],
        )
        for row in listed
    ]


def reviews_out(disclosure: Disclosure, rows: Iterable[Review]) -> list[ReviewOut]:
    listed = list(rows)
    texts = disclosure.texts(listed, "findings", "child_view")
    people = staff(row.by_id for row in listed)
    return [
        ReviewOut(
            id=row.pk,
            happened_at=row.happened_at,
            by=people.get(row.by_id),
            outcome=ReviewOutcome(row.outcome),
            **texts[row.pk],
        )
        for row in listed
    ]


@shape_of(Contact)
def contact_out(request: ApiRequest, row: Contact) -> ContactOut:
    disclosure = disclosure_of(request, row.case_id)
    shown = contacts_out(disclosure, [row])[0]
    disclosure.record(row, case_id=row.case_id)
    return shown


@shape_of(Review)
def review_out(request: ApiRequest, row: Review) -> ReviewOut:
    disclosure = disclosure_of(request, row.case_id)
    shown = reviews_out(disclosure, [row])[0]
    disclosure.record(row, case_id=row.case_id)
    return shown


@operation(router, "GET", "/cases/{case_id}/contacts", Permission.CASE_READ)
def list_contacts(request: ApiRequest, case_id: Id, page: Query[PageIn]) -> Page[ContactOut]:
    """Lists contacts with the person, newest first."""
    case = find(request, case_id)
    seen = disclosure(request, case)

    def show(rows: Sequence[Contact]) -> list[ContactOut]:
        return contacts_out(seen, rows)

    shown = paged(case.contacts.all(), page, show, order=("-happened_at", "-id"))
    seen.record(case, case_id=case.pk)
    return shown  # type: ignore[return-value]


@operation(router, "POST", "/cases/{case_id}/contacts", planning.record_contact, status=201)
def record_contact(request: ApiRequest, case_id: Id, body: ContactIn) -> ContactOut:
    """Records a conversation, call or visit: alone with the person or not, interpreter."""
    return performed(
        request,
        planning.record_contact,
        case=find(request, case_id),
        narrative=body.narrative,
        **values(body, "narrative"),
    )


@operation(router, "GET", "/cases/{case_id}/reviews", Permission.CASE_READ)
def list_reviews(request: ApiRequest, case_id: Id) -> list[ReviewOut]:
    """Lists reviews of the plan, newest first."""
    case = find(request, case_id)
    seen = disclosure(request, case)
    shown = reviews_out(seen, case.reviews.order_by("-happened_at", "-id"))
    seen.record(case, case_id=case.pk)
    return shown


@operation(router, "POST", "/cases/{case_id}/reviews", planning.record_review, status=201)
def record_review(request: ApiRequest, case_id: Id, body: ReviewIn) -> ReviewOut:
    """Records a review of the plan, its result and what the person says."""
    return performed(request, planning.record_review, case=find(request, case_id), **values(body))
