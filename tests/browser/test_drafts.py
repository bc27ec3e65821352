"""What is typed is not lost: in a real Chromium, each way in which it was lost before.

The text comes back to the same person in the same browser; nobody else finds it, and whoever signs
out leaves nothing.
"""

import time
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from oslonac.accounts.models import DraftKey
from tests import cast
from tests.browser.driving import Person, axe

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FORM = "/encounters/new/"
TOLD = "Dečak, oko 14 godina, sam. هوا سرد بود"


@pytest.fixture
def address(live_server: Any) -> str:
    return str(live_server.url).replace("127.0.0.1", "localhost")


@pytest.fixture
def teodora() -> cast.Member:
    return cast.teodora()


def told(page: Any) -> Any:
    return page.locator("main [name=narrative]")


def write(person: Person, text: str = TOLD) -> None:
    """Type an account and wait until the browser keeps it."""
    person.page.locator("main [name=place]").fill("Miratovac")
    told(person.page).fill(text)
    kept(person.page)


def records(page: Any) -> list[Any]:
    """What lies in the browser's storage, as anybody at this computer may read it."""
    found: list[Any] = page.evaluate(
        """() => new Promise((done) => {
          const opening = indexedDB.open("oslonac", 1);
          opening.onupgradeneeded = () => opening.transaction.abort();
          opening.onerror = () => done([]);
          opening.onsuccess = () => {
            const base = opening.result;
            const asked = base.transaction("sealed").objectStore("sealed").getAll();
            asked.onsuccess = () => { base.close(); done(asked.result.map(
              (each) => ({...each, sealed: [...new Uint8Array(each.sealed)], nonce: []}))); };
          };
        })"""
    )
    return found


def kept(page: Any, count: int = 1) -> None:
    end = time.monotonic() + 10
    while len(records(page)) != count and time.monotonic() < end:
        time.sleep(0.1)
    assert len(records(page)) == count


def back(page: Any) -> str:
    """The account, once the page has put back what was kept."""
    page.get_by_text("What you typed here is back").wait_for()
    return str(told(page).input_value())


def sign_in(person: Person, member: cast.Member) -> None:
    session = member.client().cookies["sessionid"].value
    person.context.add_cookies([{"name": "sessionid", "value": session, "url": person.address}])


def test_a_reload_and_the_way_back_bring_the_text_back(
    teodora: cast.Member, address: str, browser: Any
) -> None:
    person = Person(browser, address, teodora, width=1280)
    page = person.page
    page.on("dialog", lambda dialog: dialog.accept())
    person.go("/encounters/")
    person.go(FORM)
    page.locator("main [name=reported_by]").select_option("police")
    page.locator("main [name=safety][value=unsafe], main [name=safety]").first.check(force=True)
    write(person)
    page.reload()
    assert back(page) == TOLD
    assert page.locator("main [name=place]").input_value() == "Miratovac"
    assert page.locator("main [name=reported_by]").input_value() == "police"
    page.evaluate("window.scrollTo(0, 0)")  # nothing half under the bar at the bottom
    assert axe(page) == []
    page.go_back()
    page.go_forward()
    assert back(page) == TOLD
    with page.expect_navigation(wait_until="load"):
        page.get_by_role("button", name="Discard it").click()
    kept(page, 0)
    assert told(page).input_value() == ""
    assert person.errors == []
    person.context.close()


def test_what_was_saved_is_not_offered_again(
    teodora: cast.Member, address: str, browser: Any
) -> None:
    person = Person(browser, address, teodora, width=1280)
    page = person.page
    person.go(FORM)
    write(person)
    page.get_by_role("button", name="Save the encounter").click()
    page.get_by_text("Something needs your attention").wait_for()
    assert told(page).input_value() == TOLD
    kept(page)
    page.locator("main [name=reported_by]").select_option("police")
    page.get_by_role("button", name="Save the encounter").click()
    page.wait_for_url("**/encounters/*-*/")
    kept(page, 0)
    person.go(FORM)
    assert told(page).input_value() == ""
    person.context.close()


@pytest.mark.parametrize("gone", ["session", "cookies"])
def test_a_session_that_is_over_is_noticed_before_anything_is_sent(
    gone: str, teodora: cast.Member, address: str, browser: Any
) -> None:
    person = Person(browser, address, teodora, width=1280)
    page = person.page
    person.go(FORM)
    page.locator("main [name=reported_by]").select_option("police")
    write(person)
    if gone == "session":
        Session.objects.all().delete()
    else:
        person.context.clear_cookies()
    page.get_by_role("button", name="Save the encounter").click()
    page.get_by_text("You were signed out.").wait_for()
    assert person.path == FORM
    # Signed in again in another tab, the page goes on and sends what is in it.
    sign_in(person, teodora)
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    page.locator("#idle").wait_for(state="hidden")
    assert told(page).input_value() == TOLD
    page.get_by_role("button", name="Save the encounter").click()
    page.wait_for_url("**/encounters/*-*/")
    assert TOLD in page.content()
    person.context.close()


def test_after_a_new_sign_in_the_text_waits_at_home(
    teodora: cast.Member, address: str, browser: Any
) -> None:
    person = Person(browser, address, teodora, width=360)
    page = person.page
    page.on("dialog", lambda dialog: dialog.accept())
    person.go(FORM)
    told(page).evaluate("e => e.closest('[data-step]').hidden = false")
    told(page).fill(TOLD)
    kept(page)
    Session.objects.all().delete()
    page.goto(address + "/")
    assert reverse("account_login") in page.url
    assert TOLD not in page.content()
    sign_in(person, teodora)
    person.go("/")
    page.get_by_text("Typed on this device and not saved yet").wait_for()
    assert axe(page) == []
    page.get_by_role("link", name="New encounter ·").click()
    assert back(page) == TOLD
    person.context.close()


def answering(status: int | None) -> Any:
    """A server that answers with this status, or not at all."""

    def answer(route: Any) -> None:
        if status is None:
            route.abort()
        else:
            route.fulfill(status=status, body="no")

    return answer


def test_without_network_or_server_the_page_keeps_the_text_and_sends_again(
    teodora: cast.Member, address: str, browser: Any
) -> None:
    person = Person(browser, address, teodora, width=360)
    page = person.page
    page.on("dialog", lambda dialog: dialog.accept())
    page.set_viewport_size({"width": 1280, "height": 800})
    person.go(FORM)
    page.locator("main [name=reported_by]").select_option("police")
    write(person)
    person.context.set_offline(True)
    page.get_by_role("button", name="Save the encounter").click()
    page.get_by_text("Nothing was sent: the server cannot be reached.").wait_for()
    assert page.get_by_text("a copy is kept on this device").is_visible()
    assert axe(page) == []
    told(page).fill(TOLD + " Kasnije.")
    person.context.set_offline(False)
    # A server that does not answer, or answers that it cannot.
    for status in (None, 503, 507):
        page.route("**/account/still/", answering(status))
        page.get_by_role("button", name="Send again").click()
        page.locator("[data-not-sent]").wait_for()
        assert person.path == FORM and told(page).input_value() == TOLD + " Kasnije."
        page.unroute("**/account/still/")
    page.get_by_role("button", name="Send again").click()
    page.wait_for_url("**/encounters/*-*/")
    assert TOLD + " Kasnije." in page.content()
    person.context.close()


@pytest.mark.parametrize("status", [503, 507, None])
def test_what_a_server_did_not_save_comes_back(
    status: int | None, teodora: cast.Member, address: str, browser: Any
) -> None:
    """The server was there when it was asked, and not when the form came."""
    person = Person(browser, address, teodora, width=1280)
    page = person.page
    page.on("dialog", lambda dialog: dialog.accept())
    person.go(FORM)
    page.locator("main [name=reported_by]").select_option("police")
    write(person)

    def fail(route: Any) -> None:
        if route.request.method != "POST":
            route.continue_()
        elif status is None:
            route.abort("connectionreset")
        else:
            route.fulfill(status=status, body="<h1>no</h1>", content_type="text/html")

    page.route(f"**{FORM}", fail)
    page.get_by_role("button", name="Save the encounter").click()
    page.locator("main form").first.wait_for(state="detached")
    page.unroute(f"**{FORM}")
    person.go(FORM)
    assert back(page) == TOLD
    page.get_by_role("button", name="Save the encounter").click()
    page.wait_for_url("**/encounters/*-*/")
    kept(page, 0)
    person.context.close()


def test_a_form_whose_answer_was_lost_is_not_saved_twice(
    teodora: cast.Member, address: str, browser: Any
) -> None:
    from oslonac.cases.models import Encounter

    person = Person(browser, address, teodora, width=1280)
    page = person.page
    page.on("dialog", lambda dialog: dialog.accept())
    person.go(FORM)
    page.locator("main [name=reported_by]").select_option("police")
    write(person)

    def lose(route: Any) -> None:
        if route.request.method == "POST":
            route.fetch(max_redirects=0)  # it arrives, its answer does not
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(f"**{FORM}", lose)
    page.get_by_role("button", name="Save the encounter").click()
    page.locator("main form").first.wait_for(state="detached")
    page.unroute(f"**{FORM}")
    person.context.clear_cookies(name="drafts_saved")
    person.go(FORM)
    assert back(page) == TOLD
    page.get_by_role("button", name="Save the encounter").click()
    page.wait_for_url("**/encounters/*-*/")
    assert Encounter.objects.count() == 1
    person.context.close()


def leave(page: Any) -> None:
    page.evaluate("document.querySelector('[data-exit]').href = '/static/web/mark.svg'")
    for _press in range(3):
        page.keyboard.press("Shift")


def test_quick_exit_leaves_nothing_readable_and_loses_nothing(
    teodora: cast.Member, address: str, browser: Any
) -> None:
    person = Person(browser, address, teodora, width=1280)
    page = person.page
    person.go(FORM)
    write(person)
    told(page).focus()
    leave(page)
    page.wait_for_url("**/mark.svg")
    page.goto(address + reverse("account_login"))
    left = str(records(page))
    assert "Dečak" not in left and "encounters" not in left and str(teodora.user.pk) not in left
    sign_in(person, teodora)
    person.go(FORM)
    assert back(page) == TOLD
    person.context.close()


@pytest.mark.parametrize("held", ["Alt", "Control", "Meta", "pointer", "key", "switched off"])
def test_quick_exit_takes_three_bare_presses(
    held: str, teodora: cast.Member, address: str, browser: Any
) -> None:
    """Alt+Shift and Control+Shift change the keyboard; Shift with the mouse selects."""
    person = Person(browser, address, teodora, width=1280)
    page = person.page
    person.go(FORM)
    write(person)
    told(page).focus()
    if held == "switched off":
        page.evaluate("localStorage.setItem('oslonac-keys-off', '1')")
    if held in ("Alt", "Control", "Meta"):
        page.keyboard.down(held)
    for _press in range(3):
        if held == "pointer":
            told(page).click(modifiers=["Shift"])
        elif held == "key":
            page.keyboard.press("Shift+A")
        else:
            page.keyboard.press("Shift")
    page.wait_for_timeout(500)
    assert told(page).is_visible() and page.url == address + FORM
    assert TOLD[:10] in told(page).input_value()
    person.context.close()


def test_quick_exit_waits_for_nobody_who_types_where_nothing_is_kept(
    teodora: cast.Member, address: str, browser: Any
) -> None:
    person = Person(browser, address, teodora, width=1280)
    page = person.page
    page.route("**/account/drafts/key/", lambda route: route.abort())
    person.go(FORM)
    told(page).fill(TOLD)
    leave(page)
    page.wait_for_timeout(600)
    assert told(page).input_value() == TOLD
    page.get_by_text("This browser cannot keep a draft").wait_for()
    person.context.close()


def test_whoever_signs_out_is_asked_and_leaves_nothing(
    teodora: cast.Member, address: str, browser: Any
) -> None:
    person = Person(browser, address, teodora, width=1280)
    page = person.page
    page.on("dialog", lambda dialog: dialog.accept())
    person.go(FORM)
    write(person)
    assert DraftKey.objects.filter(user=teodora.user).count() == 1
    page.locator(".user > summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_text("Signing out destroys it").wait_for()
    assert axe(page) == []
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"**{reverse('account_login')}*")
    assert records(page) == []
    assert not DraftKey.objects.exists(), "a copy of the disk opens with no key any more"
    sign_in(person, teodora)
    person.go(FORM)
    assert told(page).input_value() == ""
    person.context.close()


def test_signing_out_in_another_tab_keeps_the_page_that_holds_text(
    teodora: cast.Member, address: str, browser: Any
) -> None:
    person = Person(browser, address, teodora, width=1280)
    page = person.page
    person.go(FORM)
    page.locator("main [name=reported_by]").select_option("police")
    write(person)
    other = person.context.new_page()
    other.goto(address + reverse("account_logout"))
    other.get_by_text("Signing out destroys it").wait_for()
    other.locator("main").get_by_role("button", name="Sign out").click()
    other.wait_for_url(f"**{reverse('account_login')}*")
    page.get_by_text("You were signed out.").wait_for()
    sign_in(person, teodora)
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    page.locator("#idle").wait_for(state="hidden")
    kept(page)  # under a new key
    page.get_by_role("button", name="Save the encounter").click()
    page.wait_for_url("**/encounters/*-*/")
    assert TOLD in page.content()
    person.context.close()


def test_another_person_at_the_same_browser_finds_nothing(
    teodora: cast.Member, address: str, browser: Any
) -> None:
    person = Person(browser, address, teodora, width=1280)
    page = person.page
    person.go(FORM)
    write(person)
    Session.objects.all().delete()
    sign_in(person, cast.ana())
    page.get_by_role("button", name="Save the encounter").click()
    page.get_by_text("Another person is signed in now").wait_for()
    page.on("dialog", lambda dialog: dialog.accept())
    for path in ("/", FORM):
        person.go(path)
        page.wait_for_load_state("networkidle")
        assert (
            TOLD not in page.content() and "not saved yet" not in page.locator("main").inner_text()
        )
    assert told(page).input_value() == ""
    Session.objects.all().delete()
    sign_in(person, teodora)
    person.go(FORM)
    assert back(page) == TOLD, "and it waits for whom it belongs to"
    person.context.close()
