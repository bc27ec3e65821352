"""One child's file with a record of every kind in it, and a second, closed one beside it.

Everything is written through the real actions by the crew of the centre. Where a step needs a
record in a state that another step ends, there are two: `candidate_id` is still proposed,
`candidate_id.verified` was checked on both sides.
"""

import io
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from oslonac.access.actor import Actor, holders_of
from oslonac.access.roles import Role
from oslonac.access.rules import BlockReason, Level, RecordKind, Scope
from oslonac.accounts.models import User
from oslonac.accounts.queries import actor_for
from oslonac.cases import actions as cases
from oslonac.cases.duties.steps.fulfilling import DONE, where
from oslonac.cases.models import Case, Decision, Encounter
from oslonac.cases.rules import DecisionKind, DecisionStatus
from oslonac.directory.models import Organisation
from oslonac.documents import actions as documents
from oslonac.documents.intake import take_in
from oslonac.encounters import actions as encounters
from oslonac.guardianship import actions as guardianship
from oslonac.own_file import actions as own_file
from oslonac.people import actions as people
from oslonac.people.models import Person
from oslonac.placements import actions as placements
from oslonac.planning import actions as planning
from oslonac.protocols.models import Obligation, State
from oslonac.retention import actions as retention
from oslonac.vault.sealing import seal
from tools.access_matrix.doubles import write_pairs, write_questions
from tools.access_matrix.searching import write_search

Crew = dict[Role, User]
# What the open file holds, by the level from which it may be read; never shown below it.
SECRETS = {
    1: {
        Level.IDENTITY: ("Farid Rahimi", "فرید رحیمی", "Latifa Rahimi", "AB-771-204"),
        Level.NARRATIVE: ("shivering beside the road", "wants to call his mother"),
    },
    2: {
        Level.IDENTITY: ("Samim Noori", "سمیم نوری", "Zahra Noori", "CD-338-615"),
        Level.NARRATIVE: ("asleep in a lorry", "wants to see his uncle"),
    },
}


@dataclass
class File:
    """`sighted`: the records that grants name. `child_of`: whose record each is."""

    crew: Crew
    case: Case
    closed: Case
    number: int
    at: datetime
    records: dict[str, Any]
    sighted: list[tuple[RecordKind, UUID]]
    child_of: dict[UUID, UUID | None] = field(default_factory=dict)


@dataclass(frozen=True)
class _Writing:
    """Who writes, where, when, and which invented child."""

    crew: Crew
    office: Organisation
    asked: Organisation
    at: datetime
    number: int

    def actor(self, role: Role) -> Actor:
        return actor_for(self.crew[role], at=self.at)

    @property
    def names(self) -> tuple[str, ...]:
        return SECRETS[self.number][Level.IDENTITY]

    @property
    def texts(self) -> tuple[str, ...]:
        return SECRETS[self.number][Level.NARRATIVE]


def write_files(
    crew: Crew, office: Organisation, asked: Organisation, at: datetime, *, number: int
) -> File:
    """An open file with everything, and a closed one, of two children of one centre."""
    by = _Writing(crew, office, asked, at, number)
    met, child = _met(by, by.names[:2])
    case = _opened(by, met, child)
    records: dict[str, Any] = {"case_id": case.pk, "encounter_id": met.pk, "person_id": child.pk}
    records |= _waiting(by)
    for write in (_work, _around, _care, _trust, _papers, _duties):
        records |= write(by, case)
    records |= _plain(by)
    (one, first), (other, second) = _met(by, ("Doubled One",)), _met(by, ("Doubled Two",))
    records |= {"encounter_id.first": one.pk, "encounter_id.second": other.pk}
    waits = Person.objects.get(pk=records["person_id.waiting"])
    records |= write_pairs(crew, at, (child, waits, first, second))
    records |= write_questions(at, child, number)
    records["transfer_id"] = cases.propose_transfer(
        actor=by.actor(Role.CASE_MANAGER),
        at=at,
        case=case,
        receiver=by.asked,
        reason="jurisdiction",
        note="Moves on.",
    ).pk
    records["decision_id"] = _closing(by, case)
    search = write_search(
        crew, office, case, at, seeker=f"Karim {by.names[0].split()[1]}", sought=by.names[0]
    )
    records |= search
    closed, disposal = _closed(by)
    records |= {"case_id.closed": closed.pk, "disposal_id": disposal}
    records["case_id.archived"] = _ended(by).pk
    case.refresh_from_db()
    sighted = [
        (RecordKind.CASE, case.pk),
        (RecordKind.ENCOUNTER, met.pk),
        (RecordKind.ENCOUNTER, records["encounter_id.waiting"]),
        (RecordKind.ENCOUNTER, records["encounter_id.bare"]),
        (RecordKind.ENCOUNTER, records["encounter_id.first"]),
        (RecordKind.ENCOUNTER, records["encounter_id.second"]),
        (RecordKind.CASE, closed.pk),
        (RecordKind.CASE, records["case_id.archived"]),
        (RecordKind.CASE, records["case_id.plain"]),
        (RecordKind.TRACING, search["tracing.request_id"]),
    ]
    own: dict[UUID, UUID | None] = {
        case.pk: child.pk,
        met.pk: child.pk,
        closed.pk: closed.person_id,
    }
    return File(crew, case, closed, number, at, records, sighted, own)


def _met(by: _Writing, names: tuple[str, ...]) -> tuple[Encounter, Person]:
    worker = by.actor(Role.FIELD_WORKER)
    met = encounters.record_encounter(
        actor=worker,
        at=by.at,
        happened_at=by.at - timedelta(hours=3),
        responsible=by.office,
        reported_by="police",
        present=["nobody"],
        narrative=f"He was {by.texts[0]}.",
    )
    child: Person = people.make_person(
        actor=worker, at=by.at, kind=RecordKind.ENCOUNTER, record_id=met.pk, is_subject=True
    )
    encounters.attach_person(
        actor=worker, at=by.at, encounter=met, revision=met.revision, person=child
    )
    for name in names:
        people.add_name(actor=worker, at=by.at, person=child, full=name)
    people.state(
        actor=worker,
        at=by.at,
        person=child,
        attribute="birth",
        birth=people.birth_interval("solar_hijri", 1389, None, None),
        calendar="solar_hijri",
    )
    child.refresh_from_db()
    met.refresh_from_db()
    return met, child


def _opened(by: _Writing, met: Encounter, child: Person, pathway: str = "full") -> Case:
    worker = by.actor(Role.FIELD_WORKER)
    encounters.decide_triage(
        actor=worker, at=by.at, encounter=met, revision=met.revision, outcome="at_risk"
    )
    return cases.open_case(
        actor=worker,
        at=by.at,
        person=child,
        encounter=met,
        priority="urgent",
        reason="Alone, without an adult.",
        organisation=by.office,
        manager=by.crew[Role.CASE_MANAGER],
        pathway=pathway,
    )


def _waiting(by: _Writing) -> dict[str, UUID]:
    """An encounter nobody decided on yet, with a child nobody opened a case for."""
    met, child = _met(by, ("Nobody Yet",))
    bare = encounters.record_encounter(
        actor=by.actor(Role.FIELD_WORKER),
        at=by.at,
        happened_at=by.at - timedelta(hours=1),
        responsible=by.office,
        reported_by="police",
        present=["nobody"],
        narrative="Alone.",
    )
    return {
        "encounter_id.waiting": met.pk,
        "encounter_id.bare": bare.pk,
        "person_id.waiting": child.pk,
    }


def _work(by: _Writing, case: Case) -> dict[str, UUID]:
    """Concern, contact, assessment, plan with a goal and an activity, promise."""
    told = {"actor": by.actor(Role.CASE_MANAGER), "at": by.at}
    owner, due = by.crew[Role.CASE_MANAGER], by.at.date() + timedelta(days=7)
    concern = planning.raise_concern(
        case=case, kind="trafficking_labour", detail="Owes money for the way.", **told
    )
    planning.record_contact(
        case=case,
        kind="first",
        happened_at=by.at,
        alone_with_child="yes",
        narrative=f"He {by.texts[1]}.",
        **told,
    )
    assessment = planning.begin_assessment(case=case, **told)
    plan = planning.draft_plan(case=case, **told)
    goal = planning.add_goal(
        plan=plan, domain="safety", outcome="Safe at night.", indicator="Sleeps.", **told
    )
    activity = planning.add_activity(
        goal=goal, what="Find a place.", due_on=due, owner=owner, **told
    )
    promise = planning.make_promise(
        case=case, what="Winter shoes.", due_on=due, owner=owner, **told
    )
    return {
        "concern_id": concern.pk,
        "assessment_id": assessment.pk,
        "plan_id": plan.pk,
        "goal_id": goal.pk,
        "activity_id": activity.pk,
        "promise_id": promise.pk,
    }


def _around(by: _Writing, case: Case) -> dict[str, UUID]:
    """A sister, the group they travelled in, a document's number."""
    told = {"actor": by.actor(Role.CASE_MANAGER), "at": by.at}
    sister: Person = people.make_person(kind=RecordKind.CASE, record_id=case.pk, **told)
    people.add_name(person=sister, full=by.names[2], case_id=case.pk, **told)
    people.state(
        person=case.person,
        attribute="document",
        code="passport",
        detail=by.names[3],
        case_id=case.pk,
        **told,
    )
    relation = people.relate(
        from_person=case.person, to_person=sister, kind="sister", case_id=case.pk, **told
    )
    group = people.form_group(
        label="Met at the station",
        members=[(case.person, "member"), (sister, "member")],
        case_id=case.pk,
        **told,
    )
    return {
        "relation_id": relation.pk,
        "to_person_id": sister.pk,
        "group_id": group.pk,
        "member_id": group.members.get(person=case.person).pk,
    }


def _care(by: _Writing, case: Case) -> dict[str, UUID]:
    """A guardian and an emergency place."""
    told = {"actor": by.actor(Role.CASE_MANAGER), "at": by.at}
    appointment = guardianship.appoint(
        case=case, guardian=by.crew[Role.GUARDIAN], witness="Colleague on duty", **told
    )
    house = Organisation.objects.filter(kind="reception_centre").first()
    placement = placements.place(
        case=case, kind="emergency_centre", from_at=by.at, organisation=house or by.office, **told
    )
    return {"appointment_id": appointment.pk, "placement_id": placement.pk}


def _trust(by: _Writing, case: Case) -> dict[str, UUID]:
    """A consent, a block on an office, an emergency, two requests about one's own file."""
    told = {"actor": by.actor(Role.CASE_MANAGER), "at": by.at}
    leads = {"actor": by.actor(Role.SUPERVISOR), "at": by.at}
    consent = cases.record_consent(
        case=case,
        purpose="service",
        receiver=by.asked,
        level=Level.SERVICE,
        child_answer="yes",
        adult="guardian",
        adult_name="Guardian",
        language="fa-AF",
        given_at=by.at,
        **told,
    )
    block = cases.keep_away(
        case=case,
        scope=Scope.WHEREABOUTS,
        reason=BlockReason.CHILDS_WISH,
        why="He asked for it.",
        organisation=by.asked,
        **leads,
    )
    emergency = cases.break_glass(
        actor=by.actor(Role.POLICE),
        at=by.at,
        number=case.number,
        reason="He was found at the station at night, and nobody answers.",
    )
    asked = own_file.ask_own(
        case=case, kind="copy", asked_by="child", language="fa-AF", asked_at=by.at, **told
    )
    answered = own_file.ask_own(
        case=case,
        kind="objection",
        asked_by="child",
        language="fa-AF",
        asked_at=by.at,
        text="Not to the school.",
        **told,
    )
    answered = own_file.answer_own(
        request=answered, revision=answered.revision, status="granted", answer="Agreed.", **leads
    )
    return {
        "consent_id": consent.pk,
        "block_id": block.pk,
        "emergency_id": emergency.pk,
        "request_id": asked.pk,
        "request_id.answered": answered.pk,
    }


def _papers(by: _Writing, case: Case) -> dict[str, UUID]:
    hold = retention.give_hold(
        actor=by.actor(Role.HEAD), at=by.at, case=case, reason="proceedings", text="Asked for."
    )
    return {"document_id": _document(by, case), "hold_id": hold.pk}


def _document(by: _Writing, case: Case) -> UUID:
    return documents.add(
        actor=by.actor(Role.CASE_MANAGER),
        at=by.at,
        case=case,
        kind="finding_opinion",
        title="Finding",
        file=take_in(io.BytesIO(f"He {by.texts[1]}.\n".encode())),
    ).pk


def _duties(by: _Writing, case: Case) -> dict[str, Any]:
    """An obligation that runs, one that is stopped, one that is muted by the case manager."""
    told = {"actor": by.actor(Role.CASE_MANAGER), "at": by.at}
    rows = Obligation.objects.filter(
        case_id=case.pk, state=State.OPEN, due_at__gt=by.at + timedelta(hours=1)
    ).order_by("due_at", "pk")
    running, stopped = rows[0], rows[1]
    cases.suspend_clock(case=case, obligation=stopped, reason="The child is in hospital.", **told)
    mine = next(each for each in rows if each.user_id == by.crew[Role.CASE_MANAGER].pk)
    mute = cases.mute_reminders(
        case=case, obligation=mine, until=by.at.date() + timedelta(days=1), reason="done", **told
    )
    found = Obligation.objects.get(case_id=case.pk, key=stopped.key)
    here = Obligation.objects.filter(case_id=case.pk, state=State.OPEN)
    bare = next(each for each in here if where(each)[0] == DONE and each.role == Role.CASE_MANAGER)
    leads = holders_of(Role.SUPERVISOR, by.office.pk)
    return {
        "obligation_id.of_leads": here.filter(principal=leads, due_at__isnull=False)
        .order_by("pk")[0]
        .pk,
        "obligation_id.bare": bare.pk,
        "activity": bare.activity,
        "obligation_id": running.pk,
        "obligation_id.stopped": found.pk,
        "mute_id": mute.pk,
    }


def _closing(by: _Writing, case: Case) -> UUID:
    """A request to close, as a row: the open concern would refuse it, and must stay open."""
    decision = Decision(
        case=case,
        key=case.key,
        kind=DecisionKind.CLOSING,
        code="turned_18",
        status=DecisionStatus.REQUESTED,
        needs_approval=True,
        decided_by=by.crew[Role.CASE_MANAGER],
        decided_at=by.at,
    )
    seal(decision, case.key, reason="Said to have left.")
    decision.save(force_insert=True)
    return decision.pk


def _closed(by: _Writing) -> tuple[Case, UUID]:
    """A closed file with a proposal to destroy it."""
    case = _ended(by)
    disposal = retention.propose(
        actor=by.actor(Role.SUPERVISOR), at=by.at, case=case, ground="request", reference="1/26"
    )
    return case, disposal.pk


def _ended(by: _Writing) -> Case:
    case = _opened(by, *_met(by, ("Somebody Before",)))
    Case.objects.filter(pk=case.pk).update(
        status="closed", closed_at=by.at, closing_reason="left_country"
    )
    case.refresh_from_db()
    return case


def _plain(by: _Writing) -> dict[str, UUID]:
    """An open file in transit with nothing in it that stands in the way of a step."""
    case = _opened(by, *_met(by, ("Somebody Else",)), pathway="transit")
    return {
        "case_id.plain": case.pk,
        "decision_id.plain": _closing(by, case),
        "document_id.plain": _document(by, case),
    }
