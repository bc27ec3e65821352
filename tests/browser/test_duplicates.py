"""Two records that may be one person's, walked through in a real browser: from the list to joined
and back, on a phone and at a desk, with keys alone."""

import os
from pathlib import Path
from typing import Any

import pytest

from oslonac.duplicates import finding
from oslonac.duplicates.models import Pair
from oslonac.kit.clock import now
from oslonac.links.models import Signal
from oslonac.people import merging
from tests.app.pairs import child, says, staff
from tests.browser.driving import Person, axe, no_sideways_scroll
from tests.cast import Member

__all__ = ["staff"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("OSLONAC_SHOTS", "")


@pytest.fixture
def pair(staff: dict[str, Member]) -> Pair:
    """The same boy written down twice; both files hold one number."""
    for name in ("Mohammad Ali Rezayi", "محمد علی رضایی"):
        case = child(staff, name, manager=staff["ana"].user)
        says(staff, case, "sex", code="male")
        says(staff, case, "phone", detail="+381 64 123 4567")
    finding.catch_up(at=now())
    return Pair.objects.get()


def shot(page: Any, name: str) -> None:
    """A picture for whoever looks, where OSLONAC_SHOTS names a folder."""
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def good(person: Person, name: str) -> None:
    """Nothing a machine finds wrong with this page, and nothing beside the screen in either
    direction of writing."""
    shot(person.page, name)
    assert axe(person.page) == []
    assert no_sideways_scroll(person.page)
    person.page.evaluate("document.documentElement.dir = 'rtl'")
    shot(person.page, f"{name}-rtl")
    assert no_sideways_scroll(person.page)
    person.page.evaluate("document.documentElement.dir = 'ltr'")


@pytest.mark.parametrize("width", [360, 1280])
def test_one_asks_another_decides_and_it_is_undone(
    live_server: Any, browser: Any, staff: dict[str, Member], pair: Pair, width: int
) -> None:
    ana = Person(browser, live_server.url, staff["ana"], width=width)
    page = ana.page
    ana.go("/duplicates/")
    good(ana, f"duplicates-list-{width}")
    page.get_by_role("link", name="Mohammad Ali Rezayi").first.click()
    page.wait_for_url(f"**/duplicates/{pair.pk}/")
    good(ana, f"duplicates-pair-{width}")
    page.get_by_role("link", name="They are one person").click()
    page.wait_for_url("**/join/")
    good(ana, f"duplicates-join-{width}")
    page.get_by_label("Evidence that they are one person").fill("He says so")
    with page.expect_navigation(wait_until="load"):  # the page asks before it sends
        page.get_by_role("button", name="Ask a second person to join them").click()
    assert page.get_by_text("Read who sees which record, then tick the box.").count()
    assert page.get_by_label("Evidence that they are one person").input_value() == "He says so"
    page.get_by_label("I have read who sees which record, before and after").check()
    page.get_by_role("button", name="Ask a second person to join them").click()
    page.wait_for_url(f"**/duplicates/{pair.pk}/")

    dragan = Person(browser, live_server.url, staff["dragan"], width=width)
    dragan.go(f"/duplicates/{pair.pk}/")
    dragan.page.get_by_role("link", name="Join these records").click()
    dragan.page.get_by_label("I have read who sees which record, before and after").check()
    dragan.page.get_by_role("button", name="Join them").click()
    dragan.page.wait_for_url(f"**/duplicates/{pair.pk}/")
    assert len(merging.group(pair.one_id)) == 2

    ana.go(f"/people/{pair.other_id}/")
    assert page.get_by_text("One person, several records").count() == 1
    good(ana, f"person-joined-{width}")

    dragan.go(f"/duplicates/{pair.pk}/separate/")
    good(dragan, f"duplicates-separate-{width}")
    dragan.page.get_by_label("Why they are separated again").fill("Two boys after all")
    dragan.page.get_by_label("Not decided: check again").check()
    dragan.page.get_by_role("button", name="Separate them").click()
    dragan.page.wait_for_url(f"**/duplicates/{pair.pk}/")
    assert len(merging.group(pair.one_id)) == 1
    assert ana.errors == [] and dragan.errors == []


def test_keys_lead_from_the_list_to_the_decision(
    live_server: Any, browser: Any, staff: dict[str, Member], pair: Pair
) -> None:
    ana = Person(browser, live_server.url, staff["ana"], width=1280)
    ana.go("/duplicates/")
    ana.page.keyboard.press("o")
    ana.page.wait_for_url(f"**/duplicates/{pair.pk}/")
    ana.page.keyboard.press("a")
    ana.page.wait_for_url("**/apart/")
    ana.page.get_by_label("Twins").check()
    ana.page.get_by_label("Evidence").fill("Both stood before me")
    ana.page.get_by_role("button", name="Keep them apart").press("Enter")
    ana.page.wait_for_url(f"**/duplicates/{pair.pk}/")
    assert Pair.objects.get().status == "apart"


@pytest.mark.parametrize("width", [360, 1280])
def test_a_question_across_files_is_answered(
    live_server: Any, browser: Any, staff: dict[str, Member], pair: Pair, width: int
) -> None:
    ana = Person(browser, live_server.url, staff["ana"], width=width)
    ana.go("/signals/")
    good(ana, f"signals-list-{width}")
    ana.page.get_by_role("link", name="Do these people belong together?").click()
    good(ana, f"signals-one-{width}")
    ana.page.get_by_role("link", name="Answer", exact=True).click()
    ana.page.get_by_label("The people belong together").check()
    ana.page.get_by_label("Evidence").fill("One uncle")
    ana.page.get_by_role("button", name="Answer").click()
    ana.page.wait_for_url("**/signals/*/")
    assert Signal.objects.get().answer == "together"
    assert ana.errors == []


@pytest.mark.parametrize("width", [360, 1280])
def test_a_worker_names_two_records_from_a_search_and_takes_it_back(
    live_server: Any, browser: Any, staff: dict[str, Member], width: int
) -> None:
    """With keys alone: both are chosen among what a search found, compared, put on the list."""
    for name in ("Mirwais Yaqubi", "Samim Yaqubi"):
        child(staff, name, manager=staff["ana"].user)
    ana = Person(browser, live_server.url, staff["ana"], width=width)
    page = ana.page
    ana.go("/search/")
    page.locator("#search-text").fill("Yaqubi")
    page.locator("#search-text").press("Enter")
    page.get_by_text("Choose to compare").first.wait_for()
    good(ana, f"search-found-{width}")
    for box in page.locator(".pick-one input").all():
        box.focus()
        page.keyboard.press("Space")
    page.get_by_role("button", name="Compare the two chosen").press("Enter")
    page.wait_for_url("**/duplicates/name/**")
    good(ana, f"duplicates-name-{width}")
    assert not Pair.objects.exists()
    page.keyboard.press("y")
    page.wait_for_url(lambda url: "/name/" not in url)
    assert Pair.objects.get().found_by == "person"
    page.get_by_role("button", name="Undo").press("Enter")
    page.get_by_text("Removed from the list.").wait_for()
    assert not Pair.objects.exists()
    good(ana, f"duplicates-empty-{width}")
    assert ana.errors == []


def test_another_record_is_looked_for_without_scripts(
    live_server: Any, browser: Any, staff: dict[str, Member]
) -> None:
    one = child(staff, "Mirwais Yaqubi", manager=staff["ana"].user)
    child(staff, "Samim Sultani", manager=staff["ana"].user)
    ana = Person(browser, live_server.url, staff["ana"], width=360, java_script_enabled=False)
    page = ana.page
    ana.go(f"/people/{one.person_id}/")
    page.get_by_role("link", name="Another record of this person").click()
    page.locator("#other-text").fill("Sultani")
    page.locator("main form button[type=submit]").click()
    page.get_by_role("link", name="Compare with this record").click()
    page.get_by_role("button", name="Possibly one person: add to the list").click()
    assert Pair.objects.get().found_by == "person"
    page.get_by_role("button", name="Remove from the list").click()
    assert not Pair.objects.exists()
