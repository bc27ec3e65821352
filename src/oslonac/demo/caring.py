"""What a case manager does for an invented child, step by step: the work between the decisions.

Belongs here: single steps, each in time more often than not; a few are hours to three weeks late,
as in a good centre. In which order a life meets them is in `lives`.
"""

from datetime import date, timedelta
from typing import Any

from oslonac.access.roles import Role
from oslonac.cases import rules
from oslonac.cases.suspicions import is_trafficking
from oslonac.demo import names, stories
from oslonac.demo.life import INTERPRETERS, Life
from oslonac.demo.organisations import ELSEWHERE, SHELTERS
from oslonac.kit.clock import local_day
from oslonac.people.rules import Accompaniment

CONCERNS = (
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
_REVIEW_DAYS = 60
ALONE = (Accompaniment.UNACCOMPANIED, Accompaniment.SEPARATED)


def guardian(life: Life) -> None:
    """Appointed by word for a child alone; the written decision follows."""
    if life.case.accompaniment not in ALONE:
        return
    life.soon(0.5, 8)
    row = life.stage.appoint(
        life.case,
        by=life.manager,
        at=life.at,
        guardian=life.some(Role.GUARDIAN),
        witness=names.colleague(life.rng),
    )
    number = f"560-{life.rng.randint(10, 999)}/{life.at.year}"

    def written() -> None:
        life.stage.write_decision(row, by=life.manager, at=life.at, document_number=number)

    life.put_ahead(life.rng.uniform(*life.mostly((0.1, 0.9), (1.5, 8), 0.1)), written)


def shelter(life: Life) -> None:
    """A place to sleep, at once."""
    life.soon(0.2, 6)
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
    life.sheltered = True


def talk(life: Life, kind: str = "") -> None:
    """A conversation; of the kinds `first` and `visit`, one in which the child is met."""
    # It began up to 90 minutes earlier and shall not reach back before the step before it.
    life.later(1.6, 12)
    rng, language = life.rng, life.who.origin.languages[0]
    first, absent = kind == "first", 0 if kind else 6
    life.stage.record_contact(
        life.case,
        by=life.manager,
        at=life.at,
        kind=kind or rng.choice(("visit", "visit", "office", "phone")),
        happened_at=life.at - timedelta(minutes=rng.randint(10, 90)),
        alone_with_child=rng.choices(("yes", "no", "not_child"), (70, 24, absent))[0],
        at_residence=not first and life.lucky(0.5),
        language=language,
        interpreter="" if language.startswith("sr") else life.pick(INTERPRETERS),
        told_story=first or life.lucky(0.1),
        information_given=["rights", "asylum"] if first else [],
        narrative=stories.contact(rng),
    )


def assess(life: Life) -> None:
    """The initial assessment; quick for a child who will not stay."""
    stage, rng = life.stage, life.rng
    life.later(*life.mostly((1, 22), (40, 110), 0.08))
    assessment = stage.begin_assessment(life.case, by=life.manager, at=life.at)
    life.days(*((0.2, 1) if life.leaving else life.mostly((1, 6.9), (7.1, 10), 0.06)))
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


def suspicions(life: Life) -> None:
    """Notified within a day, decided within a month, looked at again; a few of each late."""
    for code in life.encounter.suspicions:
        concern = next(row for row in life.stage.concerns(life.case) if row.kind == code)
        if is_trafficking(code):
            _notify_ahead(life, concern)
        days = life.rng.uniform(*life.mostly((5, 28), (31, 45), 0.08))
        _decide_ahead(life, concern, days)


def notify(life: Life, concern: Any) -> None:
    """The body that identifies victims is notified, unless it was."""
    if is_trafficking(concern.kind) and concern.notified_at is None:
        body = life.world.organisations["cptv"]
        life.stage.notify_concern(concern, by=life.manager, at=life.at, body=body)


def _notify_ahead(life: Life, concern: Any) -> None:
    def notified() -> None:
        notify(life, concern)

    life.put_ahead(life.rng.uniform(*life.mostly((0.02, 0.4), (1, 3), 0.08)), notified)


def _decide_ahead(life: Life, concern: Any, days: float) -> None:
    def decided() -> None:
        notify(life, concern)
        watched = life.lucky(0.5)
        day = local_day(life.at) + timedelta(days=_REVIEW_DAYS)
        life.stage.decide_concern(
            concern,
            by=life.manager,
            at=life.at,
            decision="monitor" if watched else "not_confirmed",
            reason=stories.reason(life.rng),
            safety_offered=life.pick(("accepted", "declined")),
            review_on=day if watched else None,
        )
        if watched:
            again = life.mostly((_REVIEW_DAYS - 9, _REVIEW_DAYS), (_REVIEW_DAYS + 1, 75), 0.1)
            _decide_ahead(life, concern, life.rng.uniform(*again))

    life.put_ahead(days, decided)


def lasting_place(life: Life) -> None:
    """A foster family under 14; the centre for unaccompanied children or relatives above."""
    life.sheltered = False
    if life.age < 15 or life.lucky(0.3):
        _in_a_family(life)
        return
    _live(life, "institution", organisation=life.world.organisations["uasc-centre-nis"])
    # The law lets a minor stay there for six months; a few leave it late.
    days = life.rng.uniform(*life.mostly((120, 178), (185, 205), 0.1))
    life.put_ahead(days, lambda: _in_a_family(life))


def _in_a_family(life: Life) -> None:
    kind = life.rng.choice(("foster", "foster", "kin"))
    _live(life, kind, place=life.world.places[life.centre.place_id or "rs-nis"])


def _live(life: Life, kind: str, **where: Any) -> None:
    rng = life.rng
    life.stage.place(
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


def plan(life: Life) -> None:
    """A goal or two, each with something that somebody does by a day."""
    stage, rng = life.stage, life.rng
    row = stage.draft_plan(life.case, by=life.manager, at=life.at)
    for domain in sorted(rng.sample(_DOMAINS, rng.randint(1, 2))):
        goal = stage.add_goal(
            row,
            by=life.manager,
            at=life.at,
            domain=domain,
            outcome=stories.outcome(rng),
            indicator=stories.indicator(rng),
        )
        _activity(life, goal)
    life.later(1, 48)
    stage.put_plan_in_force(row, by=life.manager, at=life.at, child_view=stories.view(rng))


def _activity(life: Life, goal: Any) -> None:
    due_on, days = _due(life, 10, 60)
    row = life.stage.add_activity(
        goal,
        by=life.manager,
        at=life.at,
        what=stories.activity(life.rng),
        due_on=due_on,
        owner=life.manager,
    )

    def done() -> None:
        life.stage.end_activity(row, by=life.manager, at=life.at, status="done")

    # The plan comes into force up to two days later; nothing of it is done before.
    life.put_ahead(max(days, 2.1), done)


def promise(life: Life) -> None:
    due_on, days = _due(life, 5, 40)
    life.promise = life.stage.make_promise(
        life.case,
        by=life.manager,
        at=life.at,
        what=stories.promise(life.rng),
        due_on=due_on,
        owner=life.manager,
    )
    life.put_ahead(max(days, 0.5), lambda: keep_promise(life))


def keep_promise(life: Life) -> None:
    life.stage.end_promise(life.promise, by=life.manager, at=life.at, status="kept")
    life.promise = None


def _due(life: Life, first: int, last: int) -> tuple[date, float]:
    """A day, and in how many days it is really done: one in five times up to five weeks late."""
    days = life.rng.randint(first, last)
    slip = life.rng.uniform(*life.mostly((-9, 0), (3, 36), 0.2))
    return local_day(life.at) + timedelta(days=days), days + slip


def review(life: Life) -> None:
    life.stage.record_review(
        life.case,
        by=life.manager,
        at=life.at,
        happened_at=life.at,
        outcome=rules.ReviewOutcome.CONTINUE,
        findings=stories.conclusion(life.rng),
        child_view=stories.view(life.rng),
    )
