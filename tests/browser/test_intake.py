"""The intake in a real browser: one question a screen on a phone, one page on a desk."""

from typing import Any

import pytest

from tests import cast

OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL = """() => [...document.querySelectorAll("main :is(button, summary, .btn, .choice)")]
  .filter(e => e.checkVisibility()).filter(e => e.getBoundingClientRect().height < 43.5)
  .map(e => e.outerHTML.slice(0, 90))"""

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def open_as(member: cast.Member, browser: Any, address: str, path: str, width: int) -> Any:
    context = browser.new_context(viewport={"width": width, "height": 780})
    session = member.client().cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
    page = context.new_page()
    page.problems = []
    page.on("console", lambda m: page.problems.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: page.problems.append(str(e)))
    page.goto(address + path, wait_until="load")
    return page


def shown(page: Any) -> list[str]:
    """Headings of the questions on the screen."""
    steps = page.locator("#intake > [data-step]")
    return [step.locator("h2").inner_text() for step in steps.all() if step.is_visible()]


def test_a_child_is_recorded_at_night_on_a_phone(live_server: Any, browser: Any) -> None:
    page = open_as(cast.teodora(), browser, live_server.url, "/encounters/new/", 360)
    forward = page.get_by_role("button", name="Next")
    assert shown(page) == ["Time"]
    assert not page.get_by_role("button", name="Save the encounter").is_visible()
    forward.click()
    assert shown(page) == ["Place"]
    page.get_by_label("Where?").fill("Miratovac")
    page.locator("#responsible-here").get_by_text("Preševo").wait_for()
    forward.click()
    page.get_by_label("Who reported it?").select_option("police")
    forward.click()
    page.get_by_label("at risk now").check()
    forward.click()
    page.get_by_role("checkbox", name="nobody").check()
    for _question in range(4):
        assert page.evaluate(OVERFLOW) <= 0
        assert page.evaluate(SMALL) == []
        forward.click()
    assert shown(page) == ["Account"]
    page.get_by_label("What happened").fill("هوا سرد بود")
    forward.click()
    page.get_by_label("Name, as the person says").fill("فرید رحیمی")
    forward.click()
    page.get_by_label("Calendar").select_option("solar_hijri")
    page.get_by_role("textbox", name="Year").fill("1389")
    for _question in range(2):
        forward.click()
    page.get_by_role("button", name="Save the encounter").click()
    page.wait_for_url("**/encounters/*-*/")
    assert "فرید رحیمی" in page.locator("h1").inner_text()
    assert page.problems == []


def test_an_error_is_shown_on_the_screen_of_its_question(live_server: Any, browser: Any) -> None:
    page = open_as(cast.teodora(), browser, live_server.url, "/encounters/new/", 360)
    forward = page.get_by_role("button", name="Next")
    forward.click()
    page.get_by_label("Where?").fill("Atlantis")
    forward.click()
    forward.click()
    assert shown(page) == ["Source"], "an answer that cannot be missing holds the screen"
    page.get_by_label("Who reported it?").select_option("police")
    for _question in range(6):
        forward.click()
    page.get_by_label("What happened").fill("Kept words")
    page.get_by_role("button", name="Save now, add names later").click()
    page.get_by_text("Something needs your attention").wait_for()
    assert shown(page) == ["Place"]
    assert page.locator(".field-error").first.is_visible()
    page.get_by_label("Where?").fill("Miratovac")
    for _question in range(7):
        forward.click()
    assert page.get_by_label("What happened").input_value() == "Kept words"
    page.get_by_role("button", name="Save now, add names later").click()
    page.wait_for_url("**/encounters/*-*/")


def test_on_a_desk_everything_stands_on_one_page(live_server: Any, browser: Any) -> None:
    page = open_as(cast.teodora(), browser, live_server.url, "/encounters/new/", 1280)
    assert len(shown(page)) == 13
    assert page.get_by_role("button", name="Save the encounter").is_visible()
    assert not page.get_by_role("button", name="Next").is_visible()
    assert page.evaluate(OVERFLOW) <= 0
    ids = page.locator("[id]").evaluate_all("all => all.map(e => e.id)")
    assert [i for i in ids if ids.count(i) > 1] == []
    assert page.problems == []


@pytest.mark.parametrize("scripts", [True, False])
def test_enter_in_a_field_saves_nothing(scripts: bool, live_server: Any, browser: Any) -> None:
    from oslonac.cases.models import Encounter

    context = browser.new_context(
        viewport={"width": 1280, "height": 780}, java_script_enabled=scripts
    )
    session = cast.teodora().client().cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + "/encounters/new/")
    page.get_by_label("Who reported it?").select_option("police")
    for label in ("Where?", "Name, as the person says"):
        page.get_by_label(label).first.fill("Miratovac")
        page.get_by_label(label).first.press("Enter")
    page.wait_for_timeout(800)
    assert page.url.endswith("/encounters/new/") and not Encounter.objects.exists()
    if scripts:  # and it leads on
        page.get_by_label("Where?").press("Enter")
        assert page.evaluate("document.activeElement.id") == "id_location"
    context.close()
