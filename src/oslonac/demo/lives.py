"""What happens to one invented child, from the first encounter until today.

A life is a story on a stage (see `writing`). Time only moves forward; the moment it would pass
the present, the story stops where it stands, so that open cases look like open cases.
"""

import random
from datetime import date, datetime, timedelta
from typing import Any

from oslonac.access.roles import Role
from oslonac.cases import rules
from oslonac.cases.models import Plan
from oslonac.demo import names, stories
from oslonac.demo.life import INTERPRETERS, Life, Present
from oslonac.demo.meeting import met
from oslonac.demo.organisations import ELSEWHERE, SHELTERS
from oslonac.demo.world import World
from oslonac.people.rules import Accompaniment, accompaniment

_CONCERNS = (
    "no_documents",
    "physical_illness",
    "mental_health",
    "not_in_school",
    "child_labour",
    "neglect",
    "pushback",
    "begging",
)
_DOMAINS = ("education", "health", "legal_status", "family", "safety", "language", "work")


def play(stage: Any, world: World, rng: random.Random, arrival: datetime, where: str) -> Life:
    """One child's life on a stage."""
    who = names.child(rng)
    age = min(17, max(0, int(rng.triangular(2, 18.5, 16.6))))
    centre = world.organisations[where]
    life = Life(stage, world, rng, arrival.replace(microsecond=0), centre, who, age)
    try:
        if met(life):
            _opened(life)
            _first_days(life)
            _stays_or_goes(life)
    except Present:
        pass
    return life


def _opened(life: Life) -> None:
    stage, encounter = life.stage, life.encounter
    life.later(0.1, 4)
    opener = life.some(Role.ADMISSION)
    priority = rules.priority_proposed(
        safety=encounter.safety,
        needs=encounter.needs,
        suspicions=encounter.suspicions,
        accompaniment=accompaniment(encounter.present),
    )
    passing = life.who.origin.citizenship != "RS" and life.lucky(0.5)
    life.case = stage.open_case(
        life.person,
        by=opener,
        at=life.at,
        organisation=life.centre,
        priority=priority,
        reason=stories.reason(life.rng),
        encounter=encounter,
        pathway=rules.Pathway.TRANSIT if passing else rules.Pathway.FULL,
    )
    life.later(0.2, 30)
    _assign(life)


def _assign(life: Life) -> None:
    life.manager = life.pick(life.world.managers(life.centre))
    life.stage.assign_case(
        life.case, by=life.world.lead(life.centre), at=life.at, manager=life.manager
    )


def _first_days(life: Life) -> None:
    """Guardian, a place to sleep, first conversation, assessment."""
    stage, case, rng = life.stage, life.case, life.rng
    if case.accompaniment in (Accompaniment.UNACCOMPANIED, Accompaniment.SEPARATED):
        life.later(0.5, 14)
        row = stage.appoint(
            case,
            by=life.manager,
            at=life.at,
            guardian=life.some(Role.GUARDIAN),
            witness=names.colleague(rng),
        )
        if life.lucky(0.85):
            life.later(2, 20)
            number = f"560-{rng.randint(10, 999)}/{life.at.year}"
            stage.write_decision(row, by=life.manager, at=life.at, document_number=number)
    if case.accompaniment != Accompaniment.ACCOMPANIED and life.lucky(0.9):
        _shelter(life)
    if life.lucky(0.45):
        life.later(0.2, 5)
        detail = stories.account(rng)
        stage.raise_concern(
            case, by=life.manager, at=life.at, kind=life.pick(_CONCERNS), detail=detail
        )
    _talk(life, first=True)
    life.later(1, 60)
    assessment = stage.begin_assessment(case, by=life.manager, at=life.at)
    life.days(1, 8)
    stage.complete_assessment(
        assessment,
        by=life.manager,
        at=life.at,
        alone_with_child=rng.choice(("yes", "yes", "yes", "no")),
        safety=stories.reason(rng),
        needs=stories.activity(rng),
        conclusion=stories.conclusion(rng),
        child_view=stories.view(rng),
    )
    _suspicions(life)


def _shelter(life: Life) -> None:
    life.later(0.2, 6)
    code = life.pick(SHELTERS.get(life.centre.code, ELSEWHERE))
    life.stage.place(
        life.case,
        by=life.manager,
        at=life.at,
        kind="emergency_centre",
        from_at=life.at,
        organisation=life.world.organisations[code],
        child_view=stories.view(life.rng),
    )


def _talk(life: Life, *, first: bool = False) -> None:
    life.later(0.5, 12)
    rng, language = life.rng, life.who.origin.languages[0]
    speaks_ours = language.startswith("sr")
    life.stage.record_contact(
        life.case,
        by=life.manager,
        at=life.at,
        kind="first" if first else rng.choice(("visit", "visit", "office", "phone")),
        happened_at=life.at - timedelta(minutes=rng.randint(10, 90)),
        alone_with_child=rng.choices(("yes", "no", "not_child"), (70, 24, 6))[0],
        at_residence=not first and life.lucky(0.5),
        language=language,
        interpreter="" if speaks_ours else life.pick(INTERPRETERS),
        told_story=first or life.lucky(0.1),
        information_given=["rights", "asylum"] if first else [],
        narrative_text=stories.contact(rng),
    )


def _suspicions(life: Life) -> None:
    """Notified within a day or two, decided within a month; a few are still open."""
    stage, rng = life.stage, life.rng
    for code in life.encounter.suspicions:
        concern = _concern(life, code)
        if code.startswith("trafficking"):
            life.later(1, 30)
            body = life.world.organisations["cptv"]
            stage.notify_concern(concern, by=life.manager, at=life.at, body=body)
        life.days(5, 40)
        watched = life.lucky(0.5)
        stage.decide_concern(
            concern,
            by=life.manager,
            at=life.at,
            decision="monitor" if watched else "not_confirmed",
            reason=stories.reason(rng),
            safety_offered=rng.choice(("accepted", "declined")),
            review_on=(life.at + timedelta(days=60)).date() if watched else None,
        )


def _concern(life: Life, code: str) -> Any:
    return next(row for row in life.stage.concerns(life.case) if row.kind == code)


def _stays_or_goes(life: Life) -> None:
    if life.case.pathway == rules.Pathway.TRANSIT:
        if life.lucky(0.62):
            life.days(0.5, 12)
            _close(life, life.pick(("left_country", "left_country", "not_contactable")))
            return
        life.days(0.5, 4)
        reason = stories.reason(life.rng)
        life.stage.change_pathway(life.case, by=life.manager, at=life.at, reason=reason)
    if life.lucky(0.07):
        _transfer(life)
    plan = _plan(life)
    _months(life, plan)


def _transfer(life: Life) -> None:
    """Asked of another centre; accepted, declined, or not answered yet."""
    stage = life.stage
    receiver = life.world.organisations[life.pick(("csw-nis", "csw-beograd", "csw-subotica"))]
    if receiver.pk == life.centre.pk:
        return
    life.days(2, 20)
    transfer = stage.propose_transfer(
        life.case,
        by=life.manager,
        at=life.at,
        receiver=receiver,
        reason=life.pick(("placed_elsewhere", "jurisdiction", "family_there")),
        note_text=stories.reason(life.rng),
    )
    life.days(0.5, 5)
    accepted = life.lucky(0.7)
    stage.answer_transfer(
        transfer,
        by=life.world.lead(receiver),
        at=life.at,
        status="accepted" if accepted else "declined",
        answer="" if accepted else stories.reason(life.rng),
    )
    if accepted:
        life.centre = receiver
        life.later(1, 30)
        _assign(life)


def _plan(life: Life) -> Plan:
    stage, case, rng = life.stage, life.case, life.rng
    life.days(1, 12)
    if life.lucky(0.7):
        _lasting_place(life)
    plan: Plan = stage.draft_plan(case, by=life.manager, at=life.at)
    for domain in sorted(rng.sample(_DOMAINS, rng.randint(1, 2))):
        goal = stage.add_goal(
            plan,
            by=life.manager,
            at=life.at,
            domain=domain,
            outcome=stories.outcome(rng),
            indicator=stories.indicator(rng),
        )
        activity = stage.add_activity(
            goal,
            by=life.manager,
            at=life.at,
            what=stories.activity(rng),
            due_on=_day(life, 10, 60),
            owner=life.manager,
        )
        life.activities.append(activity)
    life.later(1, 48)
    stage.put_plan_in_force(plan, by=life.manager, at=life.at, child_view=stories.view(rng))
    return plan


def _lasting_place(life: Life) -> None:
    """A foster family under 14; the centre for unaccompanied children or relatives above."""
    stage, rng, world = life.stage, life.rng, life.world
    where: dict[str, Any] = {"organisation": world.organisations["uasc-centre-nis"]}
    kind = "institution"
    if life.age < 15 or life.lucky(0.3):
        kind = rng.choice(("foster", "foster", "kin"))
        where = {"place": world.places[life.centre.place_id or "rs-nis"]}
    stage.place(
        life.case,
        by=life.manager,
        at=life.at,
        kind=kind,
        from_at=life.at,
        address=f"{rng.choice(('Lipova', 'Brestova', 'Jasenova'))} {rng.randint(1, 99)}",
        reason=stories.reason(rng),
        child_view=stories.view(rng),
        **where,
    )


def _day(life: Life, first: int, last: int) -> date:
    return life.at.date() + timedelta(days=life.rng.randint(first, last))


def _months(life: Life, plan: Plan) -> None:
    """Contact after contact, promises, reviews, until the case closes or today is reached."""
    stage, case, rng = life.stage, life.case, life.rng
    promise = None
    stays = max(1, min(16, int(rng.expovariate(1 / 5))))
    for month in range(stays):
        life.days(22, 62 if life.lucky(0.12) else 48)
        if month == 0 and life.lucky(0.5):
            promise = stage.make_promise(
                case,
                by=life.manager,
                at=life.at,
                what=stories.promise(rng),
                due_on=_day(life, 5, 40),
                owner=life.manager,
            )
        _talk(life)
        if promise is not None and life.lucky(0.5):
            stage.end_promise(promise, by=life.manager, at=life.at, status="kept")
            promise = None
        if life.activities and life.lucky(0.7):
            stage.end_activity(life.activities.pop(), by=life.manager, at=life.at, status="done")
        if month % 4 == 3:
            stage.record_review(
                case,
                by=life.manager,
                at=life.at,
                happened_at=life.at,
                outcome="continue",
                findings=stories.conclusion(rng),
                child_view=stories.view(rng),
            )
    if promise is not None:
        stage.end_promise(promise, by=life.manager, at=life.at, status="kept")
    life.days(5, 40)
    _close(life, rng.choice(("no_further_need", "no_further_need", "reunified", "left_country")))


def _close(life: Life, code: str) -> None:
    """Every suspicion is decided first; some closings wait for the supervisor."""
    stage, rng = life.stage, life.rng
    for concern in stage.concerns(life.case):
        if concern.is_suspicion and concern.status != rules.ConcernStatus.ENDED:
            stage.decide_concern(
                concern,
                by=life.manager,
                at=life.at,
                decision="resolved",
                reason=stories.reason(rng),
                safety_offered="accepted",
            )
    decision = stage.request_closing(
        life.case,
        by=life.manager,
        at=life.at,
        code=code,
        reason=stories.reason(rng),
        feedback_offered=life.lucky(0.6),
    )
    if decision.status == rules.DecisionStatus.REQUESTED:
        life.days(0.2, 6)
        lead = life.world.lead(life.centre)
        stage.answer_closing(decision, by=lead, at=life.at, approved=True)
    if life.lucky(0.04):
        life.days(10, 120)
        stage.reopen_case(
            life.case,
            by=life.world.lead(life.centre),
            at=life.at,
            code="returned",
            priority="urgent",
            reason=stories.reason(rng),
        )
        _talk(life)
