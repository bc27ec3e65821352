"""The case itself: opening it, its state, who manages it, its timeline."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Query, Router
from pydantic import Field

from oslonac.access import policy
from oslonac.access.roles import Permission
from oslonac.access.rules import Level, Reach
from oslonac.accounts.api_oversight import EventOut, events_out
from oslonac.audit.models import Event, Outcome
from oslonac.cases import actions
from oslonac.cases.api.base import find, optional_user, organisation, user, values
from oslonac.cases.models import Case
from oslonac.cases.queries import encounter as visible_encounter
from oslonac.cases.rules import CaseStatus, Pathway, Priority
from oslonac.cases.trust import houses
from oslonac.cases.trust.blocks import UNTOLD
from oslonac.kit.clock import local_day
from oslonac.people.api_shapes import AgeOut, PersonRef, age_out, person_refs
from oslonac.people.queries import person as visible_person
from oslonac.people.rules import Accompaniment, Sex
from oslonac.web.api import (
    ApiRequest,
    Disclosure,
    Id,
    In,
    Moment,
    Narrative,
    OfficeRef,
    Out,
    Page,
    PageIn,
    Revision,
    StaffRef,
    Withheld,
    office,
    operation,
    paged,
    performed,
    shape_of,
    staff,
)

router = Router(tags=["Cases"])
PARTS = (
    Withheld.CONTACT,
    Withheld.CASE,
    Withheld.NARRATIVE,
    Withheld.IDENTITY,
    Withheld.WHEREABOUTS,
)


class ChildOut(PersonRef):
    """The child that a case is about."""

    sex: Sex
    born_from: date | None
    born_to: date | None
    age: AgeOut | None
    citizenship: str
    languages: list[str]


class CaseOut(Out):
    """A case, as far as the grants of whoever asks go: `withheld` names what is null for that."""

    id: UUID
    number: str
    revision: int
    withheld: list[Withheld]
    organisation: OfficeRef | None
    manager: StaffRef | None = None
    status: CaseStatus | None = None
    pathway: Pathway | None = None
    priority: Priority | None = None
    accompaniment: Accompaniment | None = None
    informed_at: datetime | None = Field(
        None, description="When the information reached the centre; the law counts from here."
    )
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    closing_reason: str | None = None
    whereabouts_restricted: bool | None = None
    next_due_at: datetime | None = Field(None, description="The soonest open obligation.")
    last_alone_at: datetime | None = Field(
        None, description="When somebody last spoke with the person alone."
    )
    encounter_id: UUID | None = None
    child: ChildOut | None = None


class CaseIn(In):
    person: UUID
    organisation: Annotated[UUID, Field(description="The competent centre.")]
    priority: Priority
    reason: Annotated[Narrative, Field(min_length=1)]
    encounter: UUID | None = None
    informed_at: Moment | None = None
    pathway: Pathway = Pathway.FULL
    manager: UUID | None = None


class AssignmentIn(In):
    revision: Revision
    manager: UUID


class PriorityIn(In):
    revision: Revision
    priority: Priority
    reason: Annotated[Narrative, Field(min_length=1)]


class PathwayIn(In):
    revision: Revision
    reason: Annotated[Narrative, Field(min_length=1)]


class WhereaboutsIn(In):
    revision: Revision
    restricted: bool


@shape_of(Case)
def case_out(request: ApiRequest, row: Case) -> CaseOut:
    reach = policy.reach(request.actor, row.pk, at=request.at)
    shown, disclosure = one_case(request, row, reach)
    disclosure.record(row, case_id=row.pk)
    return shown


def one_case(request: ApiRequest, row: Case, reach: Reach) -> tuple[CaseOut, Disclosure]:
    """A case in its shape and the sight that opened it; the caller records the read."""
    disclosure = Disclosure(request, reach)
    parts: dict[str, Any] = {}
    if disclosure.shows(Level.CONTACT):
        parts["manager"] = staff([row.manager_id]).get(row.manager_id)
    if disclosure.shows(Level.CASE):
        parts |= _open_part(request, row, disclosure)
    shown = CaseOut(
        id=row.pk,
        number=row.number,
        revision=row.revision,
        withheld=disclosure.withheld(*PARTS),
        organisation=office(row.organisation),
        **parts,
    )
    return shown, disclosure


_PLAIN = [
    "status",
    "pathway",
    "priority",
    "accompaniment",
    "informed_at",
    "opened_at",
    "closed_at",
    "closing_reason",
    "whereabouts_restricted",
    "next_due_at",
    "last_alone_at",
    "encounter_id",
]


def _open_part(request: ApiRequest, row: Case, disclosure: Disclosure) -> dict[str, Any]:
    person = row.person
    child = ChildOut(
        **person_refs(disclosure, [person])[person.pk].model_dump(),
        sex=Sex(person.sex),
        born_from=person.born_from,
        born_to=person.born_to,
        age=age_out(person, local_day(request.at)),
        citizenship=person.citizenship,
        languages=person.languages,
    )
    return {name: getattr(row, name) for name in _PLAIN} | {"child": child}


def shown_cases(
    request: ApiRequest, rows: Iterable[Case]
) -> tuple[list[CaseOut], dict[UUID, set[str]]]:
    """Cases of a list, and which fields were opened of which."""
    listed = list(rows)
    reaches = policy.reaches(request.actor, [row.pk for row in listed], at=request.at)
    answers, opened = [], {}
    for row in listed:
        shown, disclosure = one_case(request, row, reaches.get(row.pk, Reach()))
        answers.append(shown)
        if disclosure.opened:
            opened[row.pk] = disclosure.opened
    return answers, opened


@operation(router, "POST", "/cases", actions.open_case, status=201)
def open_case(request: ApiRequest, body: CaseIn) -> CaseOut:
    """Opens a case of a person at a centre, with its priority and the reason for it."""
    encounter = None
    if body.encounter is not None:
        encounter = visible_encounter(
            request.actor, body.encounter, at=request.at, level=Level.CASE
        )
    return performed(
        request,
        actions.open_case,
        person=visible_person(request.actor, body.person, at=request.at),
        organisation=organisation(body.organisation, "organisation"),
        encounter=encounter,
        manager=optional_user(body.manager, "manager"),
        **values(body, "person", "organisation", "encounter", "manager"),
    )


@operation(router, "GET", "/cases/{case_id}", Permission.CASE_READ)
def get_case(request: ApiRequest, case_id: Id) -> CaseOut:
    """Shows a case you have access to."""
    return case_out(request, find(request, case_id, level=Level.EXISTENCE))


@operation(router, "GET", "/cases/{case_id}/timeline", Permission.CASE_READ)
def get_timeline(request: ApiRequest, case_id: Id, page: Query[PageIn]) -> Page[EventOut]:
    """Lists what was done in a case, in the order in which it was recorded.

    Events and names that would show where the person is are left out without access to that.
    """
    case = find(request, case_id)
    rows = Event.objects.filter(case_id=case.pk, outcome=Outcome.DONE)
    if case.reach.kept_off:
        rows = rows.exclude(name__in=UNTOLD)

    def shown(found: Sequence[Event]) -> list[EventOut]:
        return events_out(houses.silenced(request.actor, case, found))

    return paged(rows, page, shown, order=("at", "id"))  # type: ignore[return-value]


@operation(router, "POST", "/cases/{case_id}/assignment", actions.assign_case)
def assign_case(request: ApiRequest, case_id: Id, body: AssignmentIn) -> CaseOut:
    """Assigns a case manager of the responsible centre."""
    return performed(
        request,
        actions.assign_case,
        case=find(request, case_id),
        revision=body.revision,
        manager=user(body.manager, "manager"),
    )


@operation(router, "POST", "/cases/{case_id}/priority", actions.change_priority)
def change_priority(request: ApiRequest, case_id: Id, body: PriorityIn) -> CaseOut:
    """Changes the priority, with the reason. The deadlines follow."""
    return performed(request, actions.change_priority, case=find(request, case_id), **values(body))


@operation(router, "POST", "/cases/{case_id}/pathway", actions.change_pathway)
def change_pathway(request: ApiRequest, case_id: Id, body: PathwayIn) -> CaseOut:
    """Moves a transit case to the full path. Everything done so far is kept."""
    return performed(request, actions.change_pathway, case=find(request, case_id), **values(body))


@operation(router, "POST", "/cases/{case_id}/whereabouts", actions.restrict_whereabouts)
def restrict_whereabouts(request: ApiRequest, case_id: Id, body: WhereaboutsIn) -> CaseOut:
    """Restricts the whereabouts to grants that include them, or removes the restriction."""
    return performed(
        request, actions.restrict_whereabouts, case=find(request, case_id), **values(body)
    )
