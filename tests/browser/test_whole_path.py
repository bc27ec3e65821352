"""The whole path once in a real browser, on a phone and on a desk: from an encounter at the
border to a closed and re-opened case, every page without an accessibility violation."""

from datetime import timedelta
from typing import Any

import pytest

from oslonac.cases import tabs
from oslonac.cases.models import Case, Encounter
from oslonac.cases.steps import registry
from oslonac.guardianship.models import Appointment
from tests import cast
from tests.browser.driving import Person, axe, no_sideways_scroll

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def soon(days: int) -> str:
    return (cast.today() + timedelta(days=days)).isoformat()


def judged(who: Person) -> None:
    """Accessible, nothing cut off at the side, no error in the console."""
    assert axe(who.page) == [], who.path
    assert no_sideways_scroll(who.page), who.path
    assert who.errors == [], who.path


def do(who: Person, case: Case, step: str, subject: Any = None, /, **values: Any) -> None:
    """Take a step on the case page and come back to it."""
    tail = f"{subject.pk}/" if subject is not None else ""
    who.go(f"/cases/{case.pk}/do/{step}/{tail}")
    judged(who)
    who.fill(**values)
    landed = who.send()
    taken = registry.find(step, on_record=subject is not None)
    assert taken is not None, step
    told = who.page.locator("main").inner_text()[:600]
    assert landed == tabs.at(case.pk, taken.anchor).split("#")[0], (step, told)


@pytest.mark.parametrize("width", [360, 1280])
def test_from_an_encounter_to_a_closed_case(live_server: Any, browser: Any, width: int) -> None:
    ana, dragan, teodora, milan = cast.ana(), cast.dragan(), cast.teodora(), cast.milan()

    def at_screen(who: cast.Member) -> Person:
        return Person(browser, live_server.url, who, width=width)

    field, manager, lead = at_screen(teodora), at_screen(ana), at_screen(dragan)
    case = _met_and_opened(field, width)
    _assigned(lead, case, ana)
    _worked_on(manager, case, ana, milan)
    _closed_and_reopened(manager, lead, case)


def _met_and_opened(field: Person, width: int) -> Case:
    field.go("/")
    judged(field)
    page = field.go("/encounters/new/")
    judged(field)
    values = {
        "place": "Vranje",
        "reported_by": "police",
        "safety": "safe",
        "present": ["nobody"],
        "needs": ["food_water"],
        "narrative": "Sedeo je kraj puta. سلام",
    }
    _answer_one_by_one(field, values, phone=width < 600)
    encounter = Encounter.objects.get()
    assert encounter.present == ["nobody"]
    assert encounter.needs == ["food_water"]
    page = field.go(f"/encounters/{encounter.pk}/")
    judged(field)
    page.get_by_role("link", name="open a case").or_(
        page.locator(f"a[href$='/encounters/{encounter.pk}/case/']")
    ).first.click()
    page.wait_for_load_state("load")
    judged(field)
    field.fill(priority="urgent", reason="Sam, bez odrasle osobe.")
    field.send()
    case = Case.objects.get()
    field.go(f"/cases/{case.pk}/")
    judged(field)
    return case


def _answer_one_by_one(field: Person, values: dict[str, Any], *, phone: bool) -> None:
    """On a phone every question has a screen of its own; on a desk all are on one page."""
    page = field.page
    if not phone:
        field.fill(**values)
        field.send()
        return
    for _ in range(40):
        for name in list(values):
            shown = page.locator(f"main [name='{name}']").first
            if shown.locator(
                "xpath=ancestor-or-self::*[self::label or self::input or "
                "self::textarea or self::select][1]"
            ).is_visible():
                field.fill(**{name: values.pop(name)})
        save = page.locator("main form button.main[type=submit]:visible")
        following = page.locator("[data-step-next]:visible")
        if following.count():
            following.first.click()
        elif save.count():
            break
    assert not values, f"never asked on the phone: {list(values)}"
    field.send()


def _assigned(lead: Person, case: Case, ana: cast.Member) -> None:
    lead.go("/")
    judged(lead)
    do(lead, case, "assignment", manager=str(ana.user.pk))


def _worked_on(who: Person, case: Case, ana: cast.Member, milan: cast.Member) -> None:
    who.go("/cases/")
    judged(who)
    do(who, case, "name", full="فرید رحیمی")
    do(who, case, "concern", kind="neglect", detail="Promrzao, bez obuće.")
    do(who, case, "assessment", kind="initial")
    assessment = case.assessments.get()
    do(
        who,
        case,
        "assessment",
        assessment,
        alone_with_child="yes",
        safety="Bezbedan u centru.",
        child_view="Želi da pozove majku.",
        conclusion="Potreban staratelj i smeštaj.",
    )
    assessment.refresh_from_db()
    if assessment.status != "completed":
        who.go(f"/cases/{case.pk}/do/assessment/{assessment.pk}/")
        with who.page.expect_navigation(wait_until="load"):
            who.page.get_by_role("button", name="Complete").click()
    do(who, case, "guardian", guardian=str(milan.user.pk), oral="yes", witness="Dežurni policajac")
    appointment = Appointment.objects.get()
    do(who, case, "guardian-written", appointment, document_number="551-2/2026")
    do(who, case, "plan", child_view="Hoće u školu.")
    plan = case.plans.get()
    do(
        who,
        case,
        "goal-add",
        plan,
        domain="education",
        outcome="Ide u školu.",
        indicator="Prisutan svaki dan.",
        due_on=soon(60),
    )
    goal = plan.goals.get()
    do(
        who,
        case,
        "activity-add",
        goal,
        what="Upis u školu.",
        due_on=soon(7),
        owner=str(ana.user.pk),
    )
    do(who, case, "plan", plan, child_view="Slaže se.")
    do(who, case, "activity", goal.activities.get(), status="done")
    do(who, case, "contact", kind="visit", alone_with_child="yes", narrative="Razgovor.")
    do(who, case, "promise", what="Cipele, broj 40", due_on=soon(2), owner=str(ana.user.pk))
    do(who, case, "promise", case.promises.get(), status="kept")
    do(who, case, "review", outcome="continue", findings="Ide dobro.", child_view="Zadovoljan.")
    who.go(f"/cases/{case.pk}/")
    judged(who)


def _closed_and_reopened(who: Person, lead: Person, case: Case) -> None:
    do(who, case, "closing", code="turned_18", reason="Punoletan; plan prelaska urađen.")
    case.refresh_from_db()
    assert case.status == "open"
    decision = case.decisions.get(kind="closing")
    do(lead, case, "closing-answer", decision, approved="yes")
    case.refresh_from_db()
    assert case.status == "closed"
    who.go(f"/cases/{case.pk}/")
    judged(who)
    do(who, case, "reopen", code="returned", priority="regular", reason="Vratio se.")
    case.refresh_from_db()
    assert case.status == "open"
