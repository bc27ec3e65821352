"""What casework refuses, each by its own code: closed cases, assessments, plans, transfers,
clocks, reminders. Refusals that need nobody's database are in `rules/test_case_rules.py`."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from oslonac.access.roles import Role
from oslonac.cases import actions
from oslonac.cases.models import Case
from oslonac.cases.rules import CaseStatus, Priority
from oslonac.cases.trust.rules import ConsentStatus
from oslonac.directory.models import Organisation
from oslonac.kit.clock import now
from oslonac.placements import actions as placements
from oslonac.planning import actions as planning
from oslonac.protocols.models import Obligation, State
from tests import cast
from tests.refusals import denied, hidden, invalid, refused
from tests.worlds import fresh, made_once

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


class Stage:
    def __init__(self) -> None:
        self.ana, self.dragan, self.teodora = cast.ana(), cast.dragan(), cast.teodora()
        self.at = now() - 6 * HOUR
        self.case = cast.case(self.teodora, self.ana, at=self.at)

    def by(self, who: cast.Member | None = None, at: Any = None) -> dict[str, Any]:
        """Who acts and when: the case manager, now."""
        moment = at or now()
        return {"actor": (who or self.ana).actor(moment), "at": moment}

    def on(self, who: cast.Member | None = None) -> dict[str, Any]:
        self.case = Case.objects.get(pk=self.case.pk)
        return self.by(who) | {"case": self.case}

    def duty(self, activity: str = "begin_initial") -> Obligation:
        return Obligation.objects.get(case_id=self.case.pk, activity=activity)


made = made_once(Stage)


@pytest.fixture
def stage(made: Stage) -> Stage:
    return fresh(made)


SOON = cast.today() + timedelta(days=9)
WRITES: dict[str, Callable[[Stage], Any]] = {
    "raise_concern": lambda s: planning.raise_concern(**s.on(), kind="missing"),
    "draft_plan": lambda s: planning.draft_plan(**s.on()),
    "make_promise": lambda s: planning.make_promise(
        **s.on(), what="Cipele", due_on=SOON, owner=s.ana.user
    ),
    "begin_assessment": lambda s: planning.begin_assessment(**s.on()),
    "record_contact": lambda s: planning.record_contact(
        **s.on(), kind="visit", happened_at=now(), alone_with_child="yes"
    ),
    "record_step": lambda s: actions.record_step(
        **s.on(), activity="uasc_health_check", evidence="Nalaz", happened_at=now()
    ),
    "assign_case": lambda s: actions.assign_case(
        **s.on(s.dragan), revision=s.case.revision, manager=s.dragan.user
    ),
    "change_priority": lambda s: actions.change_priority(
        **s.on(s.dragan), revision=s.case.revision, priority="regular", reason="Mirno je."
    ),
    "restrict_whereabouts": lambda s: actions.restrict_whereabouts(
        **s.on(s.dragan), revision=s.case.revision, restricted=True
    ),
    "decide_best_interest": lambda s: actions.decide_best_interest(
        **s.on(s.dragan), code="care", reason="Za dete."
    ),
    "request_closing": lambda s: closing(s, s.dragan),
    "propose_transfer": lambda s: transfer(s),
    "record_consent": lambda s: consent(s),
    "suspend_clock": lambda s: actions.suspend_clock(
        **s.on(s.dragan), obligation=s.duty(), reason="Čekamo nalaz."
    ),
    "mute_reminders": lambda s: actions.mute_reminders(
        **s.on(), obligation=s.duty(), until=SOON, reason="waiting"
    ),
    "place": lambda s: placements.place(
        **s.on(s.dragan),
        kind="emergency_centre",
        from_at=now(),
        organisation=Organisation.objects.filter(kind="reception_centre").first(),
    ),
}


def closing(stage: Stage, who: cast.Member, code: str = "no_further_need") -> Any:
    about = stage.on(who)
    return actions.request_closing(
        **about, revision=stage.case.revision, code=code, reason="Ciljevi su postignuti."
    )


def transfer(stage: Stage) -> Any:
    return actions.propose_transfer(
        **stage.on(stage.dragan),
        receiver=Organisation.objects.get(code="csw-nis"),
        reason="moved_residence",
        note="Preselio se.",
    )


def consent(stage: Stage, **more: Any) -> Any:
    said: dict[str, Any] = {
        "purpose": "conference",
        "receiver": Organisation.objects.get(code="csw-nis"),
        "level": 20,
        "child_answer": "yes",
        "language": "ps",
        "given_at": now(),
        "adult": "guardian",
        "scope": "Škola.",
    }
    return actions.record_consent(**stage.on(), **(said | more))


@pytest.mark.parametrize("name", WRITES)
def test_nothing_is_written_into_a_closed_case(stage: Stage, name: str) -> None:
    Case.objects.filter(pk=stage.case.pk).update(
        status=CaseStatus.CLOSED, closed_at=now(), closing_reason="no_further_need"
    )
    with refused("case.closed"):
        WRITES[name](stage)


def test_an_assessment_runs_once_and_is_not_changed_when_completed(stage: Stage) -> None:
    begun = planning.begin_assessment(**stage.on())
    with refused("assessment.running"):
        planning.begin_assessment(**stage.on())
    said = {"conclusion": "Bezbedan.", "child_view": "Hoće u školu."}
    with invalid("conclusion", "child_view", "alone_with_child"):
        planning.complete_assessment(**stage.by(), assessment=begun, revision=begun.revision)
    planning.complete_assessment(
        **stage.by(), assessment=begun, revision=begun.revision, alone_with_child="yes", **said
    )
    with refused("assessment.completed"):
        planning.save_assessment(
            **stage.by(), assessment=begun, revision=begun.revision, conclusion="Drugo."
        )


def test_a_case_is_not_assigned_in_vain_nor_to_somebody_who_manages_none(stage: Stage) -> None:
    revision = stage.case.revision
    with refused("assignment.same", field="manager"):
        actions.assign_case(**stage.on(stage.dragan), revision=revision, manager=stage.ana.user)
    for nobody in (stage.teodora, cast.member("Strana M.", Role.CASE_MANAGER, "csw-nis")):
        with refused("assignment.not_a_manager", field="manager"):
            actions.assign_case(**stage.on(stage.dragan), revision=revision, manager=nobody.user)
    with refused("priority.same", field="priority"):
        actions.change_priority(
            **stage.on(stage.dragan), revision=revision, priority=Priority.URGENT, reason="Isto."
        )


def test_one_child_has_one_open_case_at_a_centre(stage: Stage) -> None:
    with refused("case.already_open"):
        actions.open_case(
            **stage.by(),
            person=stage.case.person,
            organisation=stage.case.organisation,
            priority="urgent",
            reason="Još jednom.",
        )


def test_no_closing_over_what_runs_on(stage: Stage) -> None:
    proposed = transfer(stage)
    with refused("closing.transfer_running"):
        closing(stage, stage.dragan)
    actions.withdraw_transfer(
        **stage.by(stage.dragan), transfer=proposed, revision=proposed.revision
    )
    promised = planning.make_promise(**stage.on(), what="Cipele", due_on=SOON, owner=stage.ana.user)
    with refused("closing.promise_open"):
        closing(stage, stage.dragan)
    planning.end_promise(**stage.by(), promise=promised, revision=promised.revision, status="kept")
    suspected = planning.raise_concern(**stage.on(), kind="trafficking_labour")
    with refused("closing.suspicion_open"):
        closing(stage, stage.dragan)
    assert suspected.is_suspicion


def test_a_disputed_transfer_still_runs(stage: Stage) -> None:
    jelena = cast.jelena()
    proposed = transfer(stage)
    actions.answer_transfer(
        **stage.by(jelena),
        transfer=proposed,
        revision=proposed.revision,
        status="disputed",
        answer="Ne živi kod nas.",
        arbiter=Organisation.objects.get(code="csw-subotica"),
    )
    with refused("closing.transfer_running"):
        closing(stage, stage.dragan)


def test_closing_is_requested_once_and_answered_by_another(stage: Stage) -> None:
    decision = closing(stage, stage.dragan, "turned_18")
    assert decision.needs_approval
    with refused("closing.requested"), transaction.atomic():
        closing(stage, stage.dragan, "turned_18")
    with refused("closing.own"):
        actions.answer_closing(
            **stage.by(stage.dragan), decision=decision, revision=1, approved=True
        )


@pytest.mark.parametrize(
    ("code", "refusal"),
    [("left_country", "closing.step_lacking"), ("not_contactable", "closing.concern_lacking")],
)
def test_a_reason_of_closing_needs_what_shows_it(stage: Stage, code: str, refusal: str) -> None:
    with refused(refusal, field="code"):
        closing(stage, stage.dragan, code)


def test_a_transfer_runs_once_and_only_the_sender_takes_it_back(stage: Stage) -> None:
    proposed = transfer(stage)
    with refused("transfer.running"), transaction.atomic():
        transfer(stage)
    jelena = cast.jelena()
    with refused("transfer.withdraw"):
        actions.answer_transfer(
            **stage.by(jelena),
            transfer=proposed,
            revision=proposed.revision,
            status="withdrawn",
            answer="Ne.",
        )
    with denied("transfer.answer"):
        actions.answer_transfer(
            **stage.by(stage.dragan),
            transfer=proposed,
            revision=proposed.revision,
            status="accepted",
            answer="Sami sebi.",
        )


def test_a_clock_is_changed_only_as_it_stands(stage: Stage) -> None:
    lead, duty = stage.on(stage.dragan), stage.duty()
    with refused("clock.state"):
        actions.resume_clock(**lead, obligation=duty, reason="Nije stao.")
    assert duty.due_at is not None
    with refused("clock.not_running"):
        late = duty.due_at + HOUR
        actions.suspend_clock(
            **stage.by(stage.dragan, late), case=stage.case, obligation=duty, reason="Kasno."
        )
    actions.suspend_clock(**lead, obligation=duty, reason="Čekamo nalaz.")
    duty.refresh_from_db()
    for change in (actions.suspend_clock, actions.extend_clock):
        with refused("clock.state"):
            change(**lead, obligation=duty, reason="Još jednom.")


def test_what_has_no_term_is_neither_suspended_nor_extended(stage: Stage) -> None:
    lead, duty = stage.on(stage.dragan), stage.duty()
    duty.due_at = None
    with refused("clock.not_running"):
        actions.suspend_clock(**lead, obligation=duty, reason="Nema roka.")
    with refused("clock.no_term"):
        actions.extend_clock(
            **lead, obligation=duty, reason="Više.", amount=1, unit="calendar_days"
        )


def test_a_clock_of_another_case_is_not_there(stage: Stage) -> None:
    other = cast.case(stage.teodora, stage.ana, at=stage.at)
    theirs = Obligation.objects.get(case_id=other.pk, activity="begin_initial")
    with hidden("obligation"):
        actions.suspend_clock(**stage.on(stage.dragan), obligation=theirs, reason="Tuđe.")
    with hidden("obligation"):
        actions.mute_reminders(**stage.on(), obligation=theirs, until=SOON, reason="waiting")


def test_a_longer_term_is_later_than_the_one_that_runs(stage: Stage) -> None:
    lead, duty = stage.on(stage.dragan), stage.duty()
    assert duty.due_at is not None
    day = cast.today(duty.due_at)
    for wrong in (day, day - timedelta(days=1), day.replace(year=day.year + 11, day=1)):
        with invalid("until"):
            actions.extend_clock(**lead, obligation=duty, reason="Više.", until=wrong)
    with invalid("unit"):
        actions.extend_clock(**lead, obligation=duty, reason="Više.", amount=1, unit="years")
    for amount in (0, -1):
        with invalid("amount"):
            actions.extend_clock(
                **lead, obligation=duty, reason="Više.", amount=amount, unit="calendar_days"
            )
    actions.extend_clock(**lead, obligation=duty, reason="Više.", until=day + timedelta(days=1))


def test_reminders_are_muted_by_whom_they_reach_while_they_come(stage: Stage) -> None:
    duty = Obligation.objects.filter(
        case_id=stage.case.pk, state=State.OPEN, principal__in=stage.ana.actor().principals
    ).first()
    assert duty is not None
    given: dict[str, Any] = {"until": cast.today(), "reason": "waiting"}
    with refused("reminders.not_yours"):
        actions.mute_reminders(**stage.on(stage.teodora), obligation=duty, **given)
    mute = actions.mute_reminders(**stage.on(), obligation=duty, **given)
    with refused("reminders.not_yours"):
        actions.unmute_reminders(**stage.on(stage.teodora), mute=mute, revision=mute.revision)
    duty.state = State.DONE
    with refused("reminders.not_open"):
        actions.mute_reminders(**stage.on(), obligation=duty, **given)


def test_a_plan_is_drafted_once_and_in_force_only_when_it_says_something(stage: Stage) -> None:
    plan = planning.draft_plan(**stage.on())
    with refused("plan.draft_exists"):
        planning.draft_plan(**stage.on())
    force: dict[str, Any] = {"plan": plan, "revision": plan.revision, "child_view": "Hoće."}
    with refused("plan.no_goal"):
        planning.put_plan_in_force(**stage.by(), **force)
    goals = [
        planning.add_goal(
            **stage.by(), plan=plan, domain="safety", outcome="Spava.", indicator="Noću."
        )
        for _two in range(2)
    ]
    planning.add_activity(
        **stage.by(), goal=goals[0], what="Soba", due_on=SOON, owner=stage.ana.user
    )
    with refused("plan.no_activity"):  # of the second goal
        planning.put_plan_in_force(**stage.by(), **force)
    planning.add_activity(
        **stage.by(), goal=goals[1], what="Škola", due_on=SOON, owner=stage.ana.user
    )
    with invalid("child_view"):
        planning.put_plan_in_force(**stage.by(), **(force | {"child_view": " "}))
    planning.put_plan_in_force(**stage.by(), **force)
    plan.status = "ended"
    with refused("plan.ended"):
        planning.add_goal(
            **stage.by(), plan=plan, domain="safety", outcome="Još.", indicator="Noću."
        )


def test_a_consent_is_withdrawn_once(stage: Stage) -> None:
    given = consent(stage)
    with refused("consent.child_refuses", field="child_answer"):
        consent(stage, child_answer="no")
    actions.withdraw_consent(**stage.by(), consent=given, revision=given.revision)
    assert given.status == ConsentStatus.WITHDRAWN
    with refused("consent.not_running"):
        actions.withdraw_consent(**stage.by(), consent=given, revision=given.revision)
