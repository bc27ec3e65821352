"""The search box and the panel of the intake in a real browser: keys, arrows, a phone, a desk."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from oslonac.access.roles import Role
from oslonac.cases.models import Case
from oslonac.kit.clock import now
from tests import cast
from tests.browser.driving import Person, axe, no_sideways_scroll

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAME = "Farid Rahimi"
SHOTS = os.environ.get("OSLONAC_SHOTS", "")


@pytest.fixture
def case() -> Case:
    return cast.case(cast.teodora(), cast.ana(), at=now() - timedelta(hours=3))


def shot(page: Any, name: str) -> None:
    """A picture for whoever looks, where OSLONAC_SHOTS names a folder."""
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def reader(case: Case) -> cast.Member:
    assert case.manager is not None
    return cast.Member(case.manager, case.organisation, Role.CASE_MANAGER)


def test_slash_typing_arrows_and_enter_open_the_child(
    live_server: Any, browser: Any, case: Case
) -> None:
    person = Person(browser, live_server.url, reader(case), width=1280)
    page = person.page
    page.goto(f"{live_server.url}/cases/")
    page.keyboard.press("/")
    page.keyboard.type("فرید رح")
    page.wait_for_selector("#find-list [role=option]")
    shot(page, "search-box")
    assert NAME in page.locator("#find-list").inner_text()
    assert page.locator("#find").get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    chosen = page.locator('#find-list [aria-selected="true"]')
    assert chosen.count() == 1
    assert page.locator("#find").get_attribute("aria-activedescendant") == chosen.get_attribute(
        "id"
    )
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/people/{case.person_id}/")
    page.locator("#find").click()
    page.keyboard.type("Farid Rah")
    page.wait_for_selector("#find-list [role=option]")
    page.keyboard.press("Escape")
    assert page.locator("#find-list").count() == 0
    assert person.errors == []


@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_of_answers_is_usable(
    live_server: Any, browser: Any, case: Case, width: int
) -> None:
    person = Person(browser, live_server.url, reader(case), width=width)
    page = person.page
    page.goto(f"{live_server.url}/search/")
    page.locator("#search-text").fill("فرید رحیمی")
    page.locator("#search-text").press("Enter")
    page.wait_for_selector(".hits")
    assert "?" not in page.url
    shot(page, f"search-{width}")
    assert NAME in page.locator(".hits").inner_text()
    assert axe(page) == []
    assert no_sideways_scroll(page)
    assert person.errors == []


@pytest.mark.parametrize("width", [360, 1280])
def test_other_offices_are_asked_with_a_reason(
    live_server: Any, browser: Any, case: Case, width: int
) -> None:
    person = Person(browser, live_server.url, cast.jelena(), width=width)
    page = person.page
    page.goto(f"{live_server.url}/search/")
    page.locator("#search-text").fill(NAME)
    page.locator("#search-text").press("Enter")
    page.wait_for_selector("#elsewhere")
    page.locator("#elsewhere .choice").first.click()
    page.get_by_role("button", name="Ask other offices").click()
    page.wait_for_selector(".offices")
    shot(page, f"elsewhere-{width}")
    assert axe(page) == []
    assert no_sideways_scroll(page)
    assert person.errors == []


def test_the_intake_says_who_may_be_known_while_one_types(
    live_server: Any, browser: Any, case: Case
) -> None:
    person = Person(browser, live_server.url, reader(case), width=1280)
    page = person.page
    page.goto(f"{live_server.url}/encounters/new/")
    page.locator("#id_child-name").fill("فرید رحیمی")
    page.wait_for_selector("#child-known-panel .known")
    shot(page, "known")
    page.get_by_text("This person: add", exact=False).first.click()
    page.wait_for_timeout(900)  # the panel comes again with the choice kept
    assert page.locator(f'input[name="child-known"][value="{case.person_id}"]').is_checked()
    assert person.errors == []
    assert axe(page) == []
    assert no_sideways_scroll(page)
