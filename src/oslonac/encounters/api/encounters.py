"""Encounters: somebody met, the triage, and what came of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Query, Router
from pydantic import Field

from oslonac.access import policy
from oslonac.access.roles import Permission
from oslonac.access.rules import Level, RecordKind
from oslonac.cases import queries
from oslonac.cases.api.base import organisation, place, values
from oslonac.cases.models import Encounter
from oslonac.cases.rules import EncounterOutcome, Safety
from oslonac.encounters import actions as encounters
from oslonac.people.api_shapes import PersonRef, person_refs
from oslonac.people.queries import person as visible_person
from oslonac.people.rules import Presence
from oslonac.web.api import (
    ApiRequest,
    Code,
    Codes,
    Disclosure,
    Id,
    In,
    Line,
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

router = Router(tags=["Encounters"])
PARTS = (Withheld.CASE, Withheld.NARRATIVE, Withheld.IDENTITY, Withheld.WHEREABOUTS)


class EncounterLineOut(Out):
    """An encounter in a list."""

    id: UUID
    revision: int
    happened_at: datetime
    responsible: OfficeRef | None
    outcome: EncounterOutcome
    safety: Safety
    children: int = Field(description="How many people were met.")
    person_id: UUID | None


class EncounterOut(Out):
    """An encounter with its triage, as far as the grants of whoever asks go."""

    id: UUID
    revision: int
    withheld: list[Withheld]
    responsible: OfficeRef | None
    happened_at: datetime | None = None
    recorded_at: datetime | None = None
    recorded_by: StaffRef | None = None
    organisation: OfficeRef | None = None
    place: str | None = None
    reported_by: str | None = None
    present: list[Presence] | None = None
    presence_verified: bool | None = None
    safety: Safety | None = None
    needs: list[str] | None = None
    suspicions: list[str] | None = None
    language: str | None = None
    children: int | None = None
    outcome: EncounterOutcome | None = None
    outcome_reasons: list[str] | None = None
    decided_by: StaffRef | None = None
    decided_at: datetime | None = None
    reporter_told_at: datetime | None = None
    person: PersonRef | None = None
    location: str | None = None
    reporter: str | None = None
    interpreter: str | None = None
    narrative: str | None = None
    outcome_note: str | None = None
    suspicion_decision: str | None = None


Present = Annotated[list[Presence], Field(max_length=20)]
Children = Annotated[int, Field(ge=1, le=200, description="How many people, 1 to 200.")]


class EncounterIn(In):
    happened_at: Moment
    responsible: Annotated[UUID, Field(description="The competent centre of the place.")]
    reported_by: Annotated[Code, Field(description="A code of the list `referral_sources`.")]
    place: Annotated[Code, Field(description="Code of a place of the directory.")] = ""
    location: Line = ""
    reporter: Line = ""
    present: Present = []
    presence_verified: bool | None = None
    safety: Safety = Safety.UNKNOWN
    needs: Annotated[Codes, Field(description="Codes of the list `urgent_needs`.")] = []
    suspicions: Annotated[Codes, Field(description="Codes of the list `concerns`.")] = []
    language: Annotated[Code, Field(description="A code of the list `languages`.")] = ""
    interpreter: Line = ""
    children: Children = 1
    narrative: Narrative = ""


class PersonOfEncounterIn(In):
    revision: Revision
    person: UUID


class TriageIn(In):
    revision: Revision
    outcome: EncounterOutcome
    reasons: Annotated[Codes, Field(description="Codes of `not_endangered_reasons`.")] = []
    note: Narrative = ""
    suspicion_decision: Annotated[
        Narrative, Field(description="Needed to end with a suspicion noted.")
    ] = ""
    reporter_told: bool = False


class CorrectionIn(In):
    revision: Revision
    present: Present
    presence_verified: bool | None
    safety: Safety
    needs: Annotated[Codes, Field(description="Codes of the list `urgent_needs`.")]
    narrative: Narrative


class RevisionIn(In):
    revision: Revision


class EncounterFilter(PageIn):
    outcome: EncounterOutcome = EncounterOutcome.PENDING


@shape_of(Encounter)
def encounter_out(request: ApiRequest, row: Encounter) -> EncounterOut:
    reach = policy.reach(request.actor, row.pk, at=request.at)
    disclosure = Disclosure(request, reach)
    answer = EncounterOut(
        id=row.pk,
        revision=row.revision,
        withheld=disclosure.withheld(*PARTS),
        responsible=office(row.responsible),
        **(_open_part(row, disclosure) if disclosure.shows(Level.CASE) else {}),
    )
    disclosure.record(row)
    return answer


_PLAIN = [
    "happened_at",
    "recorded_at",
    "reported_by",
    "present",
    "presence_verified",
    "safety",
    "needs",
    "suspicions",
    "language",
    "children",
    "outcome",
    "outcome_reasons",
    "decided_at",
    "reporter_told_at",
]


def _open_part(row: Encounter, disclosure: Disclosure) -> dict[str, Any]:
    people = staff([row.recorded_by_id, row.decided_by_id])
    told = ("interpreter", "narrative", "outcome_note", "suspicion_decision")
    texts = disclosure.texts([row], *told, "reporter", "location")[row.pk]
    return {
        **{name: getattr(row, name) for name in _PLAIN},
        "recorded_by": people.get(row.recorded_by_id),
        "decided_by": people.get(row.decided_by_id),
        "organisation": office(row.organisation),
        "place": row.place_id,
        "person": person_refs(disclosure, [row.person])[row.person.pk] if row.person else None,
        **texts,
    }


def found_encounter(request: ApiRequest, encounter_id: UUID) -> Encounter:
    return queries.encounter(request.actor, encounter_id, at=request.at, level=Level.EXISTENCE)


def encounter_lines(rows: Sequence[Encounter]) -> list[EncounterLineOut]:
    return [
        EncounterLineOut(
            id=row.pk,
            revision=row.revision,
            happened_at=row.happened_at,
            responsible=office(row.responsible),
            outcome=EncounterOutcome(row.outcome),
            safety=Safety(row.safety),
            children=row.children,
            person_id=row.person_id,
        )
        for row in rows
    ]


@operation(router, "GET", "/encounters", Permission.ENCOUNTER_RECORD)
def list_encounters(request: ApiRequest, filters: Query[EncounterFilter]) -> Page[EncounterLineOut]:
    """Lists the encounters you can see, newest first; by default those waiting for a decision."""
    visible = policy.grants_of(request.actor, at=request.at).filter(
        record_kind=RecordKind.ENCOUNTER, level__gte=Level.CASE
    )
    rows = Encounter.objects.filter(
        pk__in=visible.values("record_id"), outcome=filters.outcome
    ).select_related("responsible")
    return paged(rows, filters, encounter_lines, order=("-happened_at", "-id"))  # type: ignore[return-value]


@operation(router, "POST", "/encounters", encounters.record_encounter, status=201)
def record_encounter(request: ApiRequest, body: EncounterIn) -> EncounterOut:
    """Records an encounter. No case and no name is needed."""
    return performed(
        request,
        encounters.record_encounter,
        responsible=organisation(body.responsible, "responsible"),
        place=place(body.place, "place"),
        narrative=body.narrative,
        present=[each.value for each in body.present],
        **values(body, "responsible", "place", "narrative", "present"),
    )


@operation(router, "GET", "/encounters/{encounter_id}", Permission.ENCOUNTER_RECORD)
def get_encounter(request: ApiRequest, encounter_id: Id) -> EncounterOut:
    """Shows an encounter with its triage."""
    return encounter_out(request, found_encounter(request, encounter_id))


@operation(router, "POST", "/encounters/{encounter_id}/person", encounters.attach_person)
def attach_person(request: ApiRequest, encounter_id: Id, body: PersonOfEncounterIn) -> EncounterOut:
    """Links an encounter to a person of the register."""
    found = found_encounter(request, encounter_id)
    person = visible_person(request.actor, body.person, at=request.at)
    return performed(
        request, encounters.attach_person, encounter=found, revision=body.revision, person=person
    )


@operation(router, "POST", "/encounters/{encounter_id}/triage", encounters.decide_triage)
def decide_triage(request: ApiRequest, encounter_id: Id, body: TriageIn) -> EncounterOut:
    """Ends a triage: not endangered, with reasons, or at risk; then a case is opened next."""
    found = found_encounter(request, encounter_id)
    return performed(request, encounters.decide_triage, encounter=found, **values(body))


@operation(router, "POST", "/encounters/{encounter_id}/correction", encounters.correct_triage)
def correct_triage(request: ApiRequest, encounter_id: Id, body: CorrectionIn) -> EncounterOut:
    """Corrects an encounter before it is decided."""
    return performed(
        request,
        encounters.correct_triage,
        encounter=found_encounter(request, encounter_id),
        present=[each.value for each in body.present],
        narrative=body.narrative,
        **values(body, "present", "narrative"),
    )


@operation(router, "POST", "/encounters/{encounter_id}/feedback", encounters.tell_reporter)
def tell_reporter(request: ApiRequest, encounter_id: Id, body: RevisionIn) -> EncounterOut:
    """Records that the reporter was informed of the outcome."""
    found = found_encounter(request, encounter_id)
    return performed(request, encounters.tell_reporter, encounter=found, revision=body.revision)
