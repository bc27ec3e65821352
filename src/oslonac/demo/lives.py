"""What happens to one invented child, from the first encounter until today.

A life is a story on a stage (see `writing`). Time only moves forward; the moment it would pass
the present, the story stops where it stands, so that open cases look like open cases. No story
stops for another reason: a case whose work has ended is closed.

Belongs here: the order of things and the decisions. The single steps of care are in `caring`.
"""

import random
from datetime import datetime, timedelta
from typing import Any

from oslonac.access.roles import Role
from oslonac.cases import rules
from oslonac.demo import caring, names, stories
from oslonac.demo.life import Life, Present
from oslonac.demo.meeting import met
from oslonac.demo.world import World
from oslonac.people.rules import Accompaniment, accompaniment

# The rulebook asks for a review within six months; they are made with the contact before that.
_REVIEW_AFTER = timedelta(days=140)
_ENDINGS = ("no_further_need", "reunified", "not_contactable")


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
    priority = rules.priority_proposed(
        safety=encounter.safety,
        needs=encounter.needs,
        suspicions=encounter.suspicions,
        accompaniment=accompaniment(encounter.present),
    )
    life.pace = 0.25 if priority == rules.Priority.IMMEDIATE else 1.0
    life.soon(0.1, 4)
    opener = life.some(Role.ADMISSION)
    passing = life.who.origin.citizenship != "RS" and life.lucky(0.5)
    life.leaving = passing and life.lucky(0.62)
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
    life.soon(*life.mostly((0.2, 18), (20, 34), 0.05))
    _assign(life)
    caring.suspicions(life)


def _assign(life: Life) -> None:
    life.manager = life.pick(life.world.managers(life.centre))
    life.stage.assign_case(
        life.case, by=life.world.lead(life.centre), at=life.at, manager=life.manager
    )


def _first_days(life: Life, *, again: bool = False) -> None:
    """Guardian, a place to sleep, conversation, assessment; after a re-opening as at first."""
    stage, case = life.stage, life.case
    caring.guardian(life)
    # The law wants a place for every child who is alone; of the others not all need one.
    if case.accompaniment != Accompaniment.ACCOMPANIED and (
        life.lucky(0.9) or case.accompaniment in caring.ALONE
    ):
        caring.shelter(life)
    if life.lucky(0.45):
        life.soon(0.2, 5)
        detail = stories.account(life.rng)
        kind = life.pick(caring.CONCERNS)
        stage.raise_concern(case, by=life.manager, at=life.at, kind=kind, detail=detail)
    caring.talk(life, "visit" if again else "first")
    if case.pathway == rules.Pathway.TRANSIT and not life.leaving:
        life.later(0.2, 12)
        reason = stories.reason(life.rng)
        stage.change_pathway(case, by=life.manager, at=life.at, reason=reason)
    caring.assess(life)


def _stays_or_goes(life: Life) -> None:
    if life.leaving:
        life.days(0.1, 1.5)
        _close(life, "not_contactable")
        return
    if life.lucky(0.07):
        _transfer(life)
    life.days(*life.mostly((1, 12), (13, 24), 0.25))
    if life.sheltered or life.lucky(0.4):
        caring.lasting_place(life)
    caring.plan(life)
    life.days(*life.mostly((4, 26), (32, 48), 0.15))
    caring.talk(life, "visit")
    _months(life)


def _transfer(life: Life) -> None:
    """Asked of another centre; accepted, declined, or not answered yet."""
    stage = life.stage
    receiver = life.world.organisations[life.pick(("csw-nis", "csw-beograd", "csw-subotica"))]
    if receiver.pk == life.centre.pk:
        return
    life.days(0.5, 6)
    transfer = stage.propose_transfer(
        life.case,
        by=life.manager,
        at=life.at,
        receiver=receiver,
        reason=life.pick(("placed_elsewhere", "jurisdiction", "family_there")),
        note=stories.reason(life.rng),
    )
    life.days(*life.mostly((0.5, 3), (3, 6), 0.1))
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
        # Until somebody is assigned, what falls due is done by the supervisor who took over.
        life.manager = life.world.lead(receiver)
        life.later(1, 22)
        _assign(life)


def _months(life: Life) -> None:
    """Contact after contact, a promise, reviews, until the case closes or today is reached."""
    reviewed = life.at
    stays = max(1, min(16, int(life.rng.expovariate(1 / 5))))
    for month in range(stays):
        life.days(*life.mostly((20, 52), (64, 81), 0.3))
        if month == 0 and life.lucky(0.5):
            caring.promise(life)
        caring.talk(life)
        if life.at - reviewed > _REVIEW_AFTER:
            caring.review(life)
            reviewed = life.at
    life.days(4, 30)
    _close(life, life.rng.choices(_ENDINGS, (50, 25, 25))[0])


def _close(life: Life, code: str) -> None:
    """Every suspicion is decided first; some closings wait for the supervisor."""
    stage, rng = life.stage, life.rng
    life.ahead.clear()
    if life.promise is not None:
        caring.keep_promise(life)
    for concern in stage.concerns(life.case):
        caring.notify(life, concern)
        if concern.is_suspicion and concern.status != rules.ConcernStatus.ENDED:
            stage.decide_concern(
                concern,
                by=life.manager,
                at=life.at,
                decision="resolved",
                reason=stories.reason(rng),
                safety_offered="accepted",
            )
    if code == "not_contactable":  # nobody knows where the child is: who left is missing
        detail = stories.account(rng)
        stage.raise_concern(life.case, by=life.manager, at=life.at, kind="missing", detail=detail)
    decision = stage.request_closing(
        life.case,
        by=life.manager,
        at=life.at,
        code=code,
        reason=stories.reason(rng),
        feedback_offered=life.lucky(0.6),
    )
    if decision.status == rules.DecisionStatus.REQUESTED:
        life.days(0.1, 4)
        lead = life.world.lead(life.centre)
        stage.answer_closing(decision, by=lead, at=life.at, approved=True)
    if life.lucky(0.04):
        _returns(life)


def _returns(life: Life) -> None:
    """Seen again: re-opened as urgent, and everything follows as after the first opening."""
    life.days(10, 120)
    life.stage.reopen_case(
        life.case,
        by=life.world.lead(life.centre),
        at=life.at,
        code="returned",
        priority="urgent",
        reason=stories.reason(life.rng),
    )
    life.pace, life.leaving, life.sheltered = 1.0, False, False
    _first_days(life, again=True)
    _stays_or_goes(life)
