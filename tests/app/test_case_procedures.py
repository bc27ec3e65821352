"""The procedures of a case on its pages: what is owed, what may be done, what must wait; a step
recorded as done; a clock stopped, restarted, given more time by a recorded decision."""

import re
from datetime import timedelta
from typing import Any

import pytest

from oslonac.access.roles import Role
from oslonac.audit.models import Event
from oslonac.cases import actions
from oslonac.cases.models import Decision
from oslonac.kit.clock import local_day, now
from oslonac.kit.errors import Denied, Hidden, Invalid, Refused
from oslonac.placements import actions as placements
from oslonac.protocols.models import Obligation, State
from oslonac.vault.sealing import open_one
from tests import cast
from tests.app.case_tabs import everything
from tests.forms import fill
from tests.http import page_of
from tests.worlds import fresh, made_once

pytestmark = pytest.mark.django_db


class Stage:
    def __init__(self, **more: Any) -> None:
        self.ana, self.dragan = cast.ana(), cast.dragan()
        self.at = now() - timedelta(hours=6)
        self.case = cast.case(cast.teodora(), self.ana, at=self.at, **more)

    def duty(self, activity: str) -> Obligation:
        return Obligation.objects.get(case_id=self.case.pk, activity=activity)

    def page(self, who: cast.Member) -> str:
        return everything(who, self.case)

    def do(
        self, who: cast.Member, slug: str, duty: Obligation | None = None, **answers: Any
    ) -> Any:
        url = f"/cases/{self.case.pk}/do/{slug}/" + (f"{duty.pk}/" if duty else "")
        response = fill(who.client(), url, **answers)
        self.case.refresh_from_db()
        return response


made = made_once(Stage)


@pytest.fixture
def stage(made: Stage) -> Stage:
    return fresh(made)


def test_a_step_without_a_form_is_recorded_with_its_evidence(stage: Stage) -> None:
    duty = stage.duty("uasc_health_check")
    assert duty.state == State.OPEN
    page = stage.page(stage.ana)
    assert f"/do/duty/{duty.pk}/" in page and "First health check" in page
    assert stage.do(stage.ana, "duty", duty, evidence="").status_code == 422
    response = stage.do(stage.ana, "duty", duty, evidence="Dom zdravlja, nalaz 12/26")
    assert response.status_code == 302
    duty.refresh_from_db()
    assert duty.state == State.DONE
    decision = Decision.objects.get(case=stage.case, kind="step")
    assert open_one(decision, "reason") == "Dom zdravlja, nalaz 12/26"
    event = Event.objects.get(case_id=stage.case.pk, name="step.done")
    assert event.data["activity"] == "uasc_health_check"
    assert "nalaz" not in str(event.data)


def test_what_the_police_owe_nobody_at_the_centre_writes_down_for_them(stage: Stage) -> None:
    duty = stage.duty("uasc_police_registration")
    assert (duty.role, duty.organisation_id, duty.principal) == ("police", None, None)
    page = stage.page(stage.ana)
    assert "Police officer" in page and f"/do/duty/{duty.pk}/" not in page
    url = f"/cases/{stage.case.pk}/do/duty/{duty.pk}/"
    assert stage.ana.client().get(url).status_code == 302
    with pytest.raises(Denied):
        _record(stage, stage.ana, "uasc_police_registration")
    duty.refresh_from_db()
    assert duty.state == State.OPEN


def _record(stage: Stage, who: cast.Member, activity: str, **more: Any) -> Any:
    values = {"evidence": "Zapisnik", "happened_at": now(), "subject": ""} | more
    return actions.record_step(
        actor=who.actor(), at=now(), case=stage.case, activity=activity, **values
    )


def test_a_step_that_must_wait_says_for_what(stage: Stage) -> None:
    with pytest.raises(Refused) as refused:
        _record(stage, stage.ana, "uasc_seek_asylum")
    assert "temporary guardian" in refused.value.message
    _record(stage, stage.ana, "uasc_seek_asylum", all_the_same=True)
    event = Event.objects.get(case_id=stage.case.pk, name="step.done")
    assert event.data["all_the_same"] is True


def test_what_has_a_form_of_its_own_or_is_nobodys_step_is_not_recorded_so(stage: Stage) -> None:
    with pytest.raises(Refused) as refused:
        _record(stage, stage.ana, "keep_contact")
    assert refused.value.code == "step.own_form"
    for unknown in ("child_known", "case.closed", "no_such_step"):
        with pytest.raises(Hidden):
            _record(stage, stage.ana, unknown)


def test_a_decision_of_those_who_lead_is_recorded_by_them(stage: Stage) -> None:
    boss = cast.member("Goran Head", Role.HEAD)
    placed = placements.place(
        actor=stage.dragan.actor(),
        at=now(),
        case=stage.case,
        kind="safe_house",
        from_at=now(),
        organisation=cast.Organisation.objects.get(code="nis-safe-house"),
        reason="Bezbednost.",
    )
    stay = stage.duty("end_stay")
    assert local_day(stay.due_at) > cast.today() + timedelta(days=170)
    about = {"subject": str(placed.pk)}
    with pytest.raises(Denied):
        _record(stage, stage.ana, "safe_house_findings", **about)
    with pytest.raises(Invalid):
        _record(stage, stage.dragan, "safe_house_findings")
    _record(stage, stage.dragan, "safe_house_findings", **about)
    _record(stage, boss, "extend_safe_house", **about)
    longer = Obligation.objects.get(pk=stay.pk)
    assert longer.due_at > stay.due_at + timedelta(days=170)
    # The house is nowhere in the ledger.
    assert not Event.objects.filter(data__icontains="nis-safe-house").exists()


def test_a_clock_is_stopped_restarted_and_given_more_time(stage: Stage) -> None:
    duty = stage.duty("begin_initial")
    before = duty.due_at
    assert "Suspend the deadline" in stage.page(stage.ana)
    assert "Extend the deadline" not in stage.page(stage.ana)
    assert (
        stage.do(stage.ana, "clock-suspend", duty, reason="Dete je u bolnici.").status_code == 302
    )
    duty.refresh_from_db()
    assert (duty.state, duty.due_at) == (State.PAUSED, None)
    assert "deadline suspended" in stage.page(stage.ana)
    assert stage.do(stage.ana, "clock-resume", duty, reason="Dete je otpušteno.").status_code == 302
    duty.refresh_from_db()
    assert duty.state == State.OPEN and duty.due_at >= before
    later = local_day(duty.due_at) + timedelta(days=9)
    response = stage.do(
        stage.dragan, "clock-extend", duty, until=later.isoformat(), reason="Odobreno."
    )
    assert response.status_code == 302
    duty.refresh_from_db()
    assert local_day(duty.due_at) == later
    names = set(Event.objects.filter(case_id=stage.case.pk).values_list("name", flat=True))
    assert {"clock.suspended", "clock.resumed", "clock.extended"} <= names


def test_more_time_is_not_given_by_whoever_needs_it_nor_backwards(stage: Stage) -> None:
    duty = stage.duty("begin_initial")
    common: dict[str, Any] = {
        "at": now(),
        "case": stage.case,
        "obligation": duty,
        "reason": "Odobreno.",
    }
    with pytest.raises(Denied):
        actions.extend_clock(actor=stage.ana.actor(), amount=3, unit="hours", **common)
    lead = stage.dragan.actor()
    for wrong in (
        {},
        {"amount": 3},
        {"amount": 10**9, "unit": "hours"},
        {"amount": -1, "unit": "months"},
        {"until": cast.today() - timedelta(days=1)},
    ):
        with pytest.raises(Invalid):
            actions.extend_clock(actor=lead, **common, **wrong)


def test_the_page_says_what_may_be_done_what_must_wait_and_on_what_ground(stage: Stage) -> None:
    page = stage.page(stage.ana)
    waits = page[page.index('id="blocked"') :]
    assert "Hold the first interview" in waits
    assert "The child has a temporary guardian” must be done first" in waits
    assert 'id="possible"' in page
    assert "Since" in page and "Case opened, priority" in page


def test_one_step_stands_once_and_says_what_else_it_meets(stage: Stage) -> None:
    page = stage.page(stage.ana)
    placements.place(
        actor=stage.dragan.actor(),
        at=now(),
        case=stage.case,
        kind="institution",
        from_at=now(),
        organisation=cast.Organisation.objects.get(code="nis-zavod"),
        reason="Nema hraniteljske porodice.",
    )
    page = stage.page(stage.ana)
    due = page[page.index('id="next"') : page.index('id="latest"')]
    assert due.count(f'href="/cases/{stage.case.pk}/do/contact/"') <= 1
    assert "other tasks it completes" in page
    today = page_of(stage.ana.client().get("/"))
    steps = re.findall(rf'href="(/cases/{stage.case.pk}/do/[^"]*)"', today)
    assert steps, "what presses has its button on the first page"
    assert sorted(steps) == sorted(set(steps)), "each step once"


def test_guidance_is_in_the_language_of_the_reader(stage: Stage) -> None:
    client = stage.ana.client()
    client.cookies["language"] = "sr"
    page = page_of(client.get(f"/cases/{stage.case.pk}/"))
    assert "Почетак почетне процене" in page
    client.cookies["language"] = "sr-latn"
    page = page_of(client.get(f"/cases/{stage.case.pk}/"))
    assert "Početak početne procene" in page
