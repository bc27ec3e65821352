"""Intake in one request: encounter and people; at risk and a case; and requests from others."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from django.utils.translation import gettext as _
from ninja import Router
from pydantic import Field

from oslonac.access.roles import Permission
from oslonac.cases.api.base import optional_user, organisation, place, values
from oslonac.cases.api.case import CaseOut
from oslonac.cases.duties import requests
from oslonac.cases.rules import Pathway, Priority
from oslonac.encounters import actions as encounters
from oslonac.encounters.api.encounters import EncounterIn, EncounterOut, found_encounter
from oslonac.kit.calendars import Calendar
from oslonac.kit.clock import local_day
from oslonac.kit.errors import Invalid
from oslonac.people.actions import birth_interval
from oslonac.people.queries import person as visible_person
from oslonac.people.rules import RelationKind, Sex
from oslonac.web.api import (
    ApiRequest,
    Code,
    Id,
    In,
    Line,
    Narrative,
    Out,
    Revision,
    operation,
    performed,
)

router = Router(tags=["Intake"])


class BirthSaidIn(In):
    """A birth as somebody said it: a date as far as known, or an age in completed years."""

    calendar: Calendar = Calendar.GREGORIAN
    year: Annotated[int | None, Field(ge=1, le=9999)] = None
    month: Annotated[int, Field(ge=0, le=12, description="0 when it is not known.")] = 0
    day: Annotated[int, Field(ge=0, le=31, description="0 when it is not known.")] = 0
    age: Annotated[int | None, Field(ge=0, le=120, description="Instead of a year.")] = None
    words: Annotated[Line, Field(description="How it was said.")] = ""


class SaidIn(In):
    """What was said of one person. Whatever is left out was not asked."""

    names: Annotated[list[Line], Field(max_length=10)] = []
    births: Annotated[list[BirthSaidIn], Field(max_length=5)] = []
    sex: Sex | None = None
    citizenship: Annotated[Code, Field(description="A code of the list `citizenships`.")] = ""
    languages: Annotated[
        list[Code], Field(max_length=10, description="The first language first.")
    ] = []
    known: Annotated[
        UUID | None, Field(description="The person of the register it is; nothing is overwritten.")
    ] = None
    not_same: Annotated[
        list[UUID], Field(max_length=20, description="People who are alike and are others.")
    ] = []


class MetTooIn(In):
    """Somebody met together with the child."""

    said: SaidIn = Field(default_factory=SaidIn)
    relation: Annotated[
        RelationKind | None, Field(description="The claimed relation of this person.")
    ] = None
    present: bool = True
    leads: Annotated[bool, Field(description="Leads the travel group.")] = False


class IntakeIn(EncounterIn):
    child: SaidIn | None = None
    others: Annotated[list[MetTooIn], Field(max_length=50)] = []
    travel_together: bool = False
    group_label: Line = ""


class ChildIn(In):
    revision: Revision
    child: SaidIn


class ToCaseIn(In):
    revision: Annotated[Revision, Field(description="The revision of the encounter.")]
    organisation: Annotated[UUID, Field(description="The competent centre.")]
    priority: Priority
    pathway: Pathway = Pathway.FULL
    reason: Annotated[Narrative, Field(min_length=1)]
    person: Annotated[UUID | None, Field(description="Another person of the encounter.")] = None
    manager: UUID | None = None
    reporter_told: bool = False


class AskedOut(Out):
    """Something that a colleague or another centre waits for."""

    activity: str = Field(description="answer_transfer or approve_closing.")
    case_id: UUID
    subject_id: UUID = Field(description="The transfer or the decision.")
    who: str
    why: str
    asked_at: datetime
    due_at: datetime | None
    verified: bool = Field(description="False: guidance, never counted as a breach of law.")


def _birth(birth: BirthSaidIn, on: date) -> encounters.Birth:
    if birth.age is not None and (birth.year or birth.month or birth.day):
        raise Invalid({"births": _("Enter a year or an age, not both. Send two births instead.")})
    if birth.age is not None:
        return encounters.birth_by_age(birth.age, on, birth.words)
    interval = birth_interval(birth.calendar, birth.year, birth.month, birth.day)
    if interval is None:
        raise Invalid({"births": _("Enter a year or an age.")})
    return encounters.Birth(*interval, calendar=birth.calendar.value, words=birth.words)


def said_of(said: SaidIn, on: date) -> encounters.Said:
    """What a body says of somebody, as the actions take it. Ages count from `on`."""
    return encounters.Said(
        names=tuple(said.names),
        births=tuple(_birth(each, on) for each in said.births),
        sex=said.sex.value if said.sex else "",
        citizenship=said.citizenship,
        languages=tuple(said.languages),
        known=said.known,
        not_same=tuple(said.not_same),
    )


def _met_too(other: MetTooIn, on: date) -> encounters.MetToo:
    relation = other.relation.value if other.relation else ""
    return encounters.MetToo(said_of(other.said, on), relation, other.present, other.leads)


@operation(router, "POST", "/intakes", encounters.record_intake, status=201)
def record_intake(request: ApiRequest, body: IntakeIn) -> EncounterOut:
    """Records an encounter with the person and others who were met, all in one transaction."""
    on = local_day(body.happened_at)
    apart = ("responsible", "place", "narrative", "present", "child", "others")
    return performed(
        request,
        encounters.record_intake,
        responsible=organisation(body.responsible, "responsible"),
        place=place(body.place, "place"),
        narrative=body.narrative,
        present=[each.value for each in body.present],
        child=said_of(body.child, on) if body.child else None,
        others=[_met_too(each, on) for each in body.others],
        **values(body, *apart),
    )


@operation(router, "POST", "/encounters/{encounter_id}/child", encounters.add_child)
def add_child(request: ApiRequest, encounter_id: Id, body: ChildIn) -> EncounterOut:
    """Adds the person met to an encounter later, as a new person."""
    found = found_encounter(request, encounter_id)
    said = said_of(body.child, local_day(found.happened_at))
    return performed(
        request, encounters.add_child, encounter=found, revision=body.revision, child=said
    )


@operation(
    router, "POST", "/encounters/{encounter_id}/case", encounters.open_from_encounter, status=201
)
def open_from_encounter(request: ApiRequest, encounter_id: Id, body: ToCaseIn) -> CaseOut:
    """Decides “at risk” if nobody has yet, and opens the case in one step."""
    found = found_encounter(request, encounter_id)
    person = None
    if body.person is not None:
        person = visible_person(request.actor, body.person, at=request.at)
    return performed(
        request,
        encounters.open_from_encounter,
        encounter=found,
        organisation=organisation(body.organisation, "organisation"),
        person=person,
        manager=optional_user(body.manager, "manager"),
        **values(body, "organisation", "person", "manager"),
    )


@operation(router, "GET", "/requests", Permission.CASE_READ)
def list_requests(request: ApiRequest) -> list[AskedOut]:
    """Lists requests to you: transfers to answer, closings to approve."""
    waiting = requests.waiting(request.actor, at=request.at)
    return [AskedOut.model_validate(each, from_attributes=True) for each in waiting]
