"""Reminders and procedures in a real browser: a subscription made by hand, the message that comes,
the inbox, the diagram; each page judged at a desk and on a phone, light and dark."""

import json
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser

from oslonac.kit.clock import now
from oslonac.notices import actions
from oslonac.notices.models import Subscription
from oslonac.notices.outgoing import deliver
from oslonac.protocols.models import Obligation, State
from oslonac.protocols.reminders.sending import remind
from tests import cast
from tests.browser.driving import Person, axe, no_sideways_scroll
from tests.push import BrowserKeys, push_service

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# The Push API of the browser without the network: everything else of the page is as it is.
FAKE_PUSH = """
Notification.requestPermission = async () => "granted";
Object.defineProperty(Notification, "permission", { get: () => "default" });
PushManager.prototype.getSubscription = async () => null;
PushManager.prototype.subscribe = async function (options) {
  window.pushAsked = { visible: options.userVisibleOnly,
                       key: [...new Uint8Array(options.applicationServerKey)] };
  sessionStorage.setItem("pushAsked", JSON.stringify(window.pushAsked));
  return { toJSON: () => (%s) };
};
"""


def judged(person: Person) -> None:
    """What every page must hold."""
    person.page.wait_for_timeout(150)
    assert axe(person.page) == []
    assert no_sideways_scroll(person.page)
    assert person.errors == []


def test_a_browser_subscribes_and_a_message_comes_that_says_nothing(
    browser: Browser, live_server: Any, settings: Any
) -> None:
    settings.OSLONAC_PUSH_PRIVATE = True
    settings.OSLONAC_PUSH_SERVICES = ("127.0.0.1", "localhost")
    ana = cast.ana()
    keys = BrowserKeys.make()
    with push_service() as service:
        made = {
            "endpoint": f"{service.address}/send/abc",
            "keys": {"p256dh": keys.keys.p256dh, "auth": keys.keys.auth},
        }
        person = Person(browser, live_server.url, ana, width=1280)
        person.page.add_init_script(FAKE_PUSH % json.dumps(made))
        page = person.go("/notices/settings/")
        page.get_by_role("button", name="Show messages in this browser").click()
        page.wait_for_url("**/notices/settings/")
        page.get_by_text("This browser now shows messages.").wait_for()
        asked = json.loads(page.evaluate("sessionStorage.getItem('pushAsked')"))
        assert asked["visible"] is True
        assert len(asked["key"]) == 65
        assert Subscription.objects.get().user_id == ana.user.pk
        actions.notify(ana.user.pk, "notices.test", at=now())
        assert deliver(at=now()) == 1
        ((path, _headers, body),) = service.posted
        assert path == "/send/abc"
        assert json.loads(keys.open(body))["body"] == "A step is due. Open Oslonac."
        judged(person)
        page.get_by_role("button", name="End", exact=True).click()
        page.get_by_text("The browser no longer shows messages.").wait_for()
    assert Subscription.objects.get().endpoint is None


def test_the_service_worker_shows_what_was_pushed(browser: Browser, live_server: Any) -> None:
    """The worker really runs: a push handed to it by the browser's own tools becomes a
    notification."""
    person = Person(browser, live_server.url, cast.ana(), width=1280)
    person.context.grant_permissions(["notifications"], origin=live_server.url)
    page = person.go("/notices/settings/")
    page.evaluate(
        """async () => {
          const made = await navigator.serviceWorker.register("/notices/worker.js",
            { scope: "/notices/" });
          while (!made.active) await new Promise((go) => setTimeout(go, 50));
        }"""
    )
    tools = person.context.new_cdp_session(page)
    found: list[str] = []
    tools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda said: found.extend(r["registrationId"] for r in said["registrations"]),
    )
    tools.send("ServiceWorker.enable")
    page.wait_for_timeout(500)
    tools.send(
        "ServiceWorker.deliverPushMessage",
        {
            "origin": live_server.url,
            "registrationId": found[-1],
            "data": json.dumps({"title": "Oslonac", "body": "A step is due. Open Oslonac."}),
        },
    )
    shown = page.evaluate(
        """async () => {
          const made = await navigator.serviceWorker.getRegistration("/notices/");
          for (let n = 0; n < 40; n += 1) {
            const all = await made.getNotifications();
            if (all.length) return all.map((each) => [each.title, each.body]);
            await new Promise((go) => setTimeout(go, 100));
          }
          return [];
        }"""
    )
    assert shown == [["Oslonac", "A step is due. Open Oslonac."]]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_inbox_settings_procedures_and_first_page(
    browser: Browser, live_server: Any, width: int, scheme: Any
) -> None:
    at = now()
    ana, dragan = cast.ana(), cast.dragan()
    case = cast.case(cast.teodora(), ana, at=at - timedelta(days=2))
    duty = Obligation.objects.filter(
        case_id=case.pk, user_id=ana.user.pk, state=State.OPEN, due_at__isnull=False
    ).first()
    assert duty is not None
    Obligation.objects.filter(pk=duty.pk).update(
        since=at - timedelta(days=3), due_at=at - timedelta(hours=30), verified=True
    )
    remind(at=at)
    for who in (ana, dragan):
        person = Person(browser, live_server.url, who, width=width, color_scheme=scheme)
        page = person.go("/notices/")
        assert case.number in page.locator("main").inner_text()
        judged(person)
        for path in ("/", "/notices/settings/", "/protocols/", "/protocols/child-in-transit/"):
            person.go(path)
            judged(person)


@pytest.mark.parametrize("width", [1280, 360])
def test_the_diagram_is_read_by_eye_by_keyboard_and_as_words(
    browser: Browser, live_server: Any, width: int
) -> None:
    person = Person(browser, live_server.url, cast.ana(), width=width)
    page = person.go("/protocols/csw-case-management/")
    judged(person)
    room = page.locator(".diagram")
    assert room.evaluate("e => e.scrollWidth > e.clientWidth")
    page.get_by_label("Whole picture").check()
    assert room.evaluate("e => e.scrollWidth <= e.clientWidth")
    page.get_by_label("150%").check()
    assert room.evaluate("e => e.scrollWidth > e.clientWidth")
    room.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    assert room.evaluate("e => e.scrollLeft") > 0
    box = page.locator(".diagram a").first
    row = box.get_attribute("href")
    assert row is not None
    box.focus()
    page.keyboard.press("Enter")
    assert page.url.endswith(row)
    assert page.locator(row).is_visible()
    colours = page.evaluate(
        """() => ["response", "condition", "exclude"].map((kind) =>
          getComputedStyle(document.querySelector(".dcr-" + kind)).stroke)"""
    )
    assert len(set(colours)) == 3


def test_from_a_case_one_click_leads_to_the_step(browser: Browser, live_server: Any) -> None:
    ana = cast.ana()
    case = cast.case(cast.teodora(), ana, at=now() - timedelta(hours=2))
    person = Person(browser, live_server.url, ana, width=1280)
    page = person.go(f"/cases/{case.pk}/")
    page.locator("#next .due-source a").first.click()
    page.wait_for_load_state()
    assert "/protocols/" in page.url
    assert page.locator(page.url[page.url.index("#") :]).is_visible()
    assert person.errors == []
