"""Signing in with a passkey in a real Chromium with a virtual authenticator; leaving fast; a
session that ends while somebody types; no page asks anybody else for anything."""

import time
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.urls import reverse

from oslonac.access.roles import Role
from oslonac.accounts.actions import login_key
from oslonac.accounts.session_store import SessionStore
from oslonac.audit.models import Event
from oslonac.kit.clock import now
from tests import cast
from tests.browser.driving import Person, axe, no_sideways_scroll

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOGIN, PASSWORD = "ana@vranje", "lipa reka kamen oblak"


@pytest.fixture
def ana() -> cast.Member:
    cache.clear()
    member = cast.ana()
    member.user.username = login_key(LOGIN)
    member.user.set_password(PASSWORD)
    member.user.save()
    return member


@pytest.fixture
def address(live_server: Any) -> str:
    """WebAuthn wants a name, not a number."""
    return str(live_server.url).replace("127.0.0.1", "localhost")


def authenticator(page: Any) -> Any:
    """A phone with a fingerprint sensor, as Chromium pretends one (CDP domain WebAuthn)."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session


def sign_out(page: Any, address: str) -> None:
    page.goto(f"{address}{reverse('account_logout')}")
    with page.expect_navigation(wait_until="load"):  # drafts are thrown away before it is sent
        page.locator("main button[type=submit]").click()


def with_password(page: Any, address: str) -> None:
    page.goto(f"{address}{reverse('account_login')}")
    page.fill("[name=login]", LOGIN)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_load_state("load")


def test_a_passkey_is_made_asked_for_and_signs_in_alone(
    ana: cast.Member, address: str, browser: Any, settings: Any
) -> None:
    settings.OSLONAC_SECOND_FACTOR = settings.OSLONAC_STEP_UP = True
    context = browser.new_context(viewport={"width": 360, "height": 780})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    authenticator(page)
    with_password(page, address)
    # Whoever sees cases must set a second factor up; a passkey is one.
    assert reverse("mfa_activate_totp") in page.url
    page.goto(f"{address}{reverse('mfa_add_webauthn')}")
    assert axe(page) == [] and no_sideways_scroll(page)
    page.get_by_role("button", name="Make the passkey").click()
    page.wait_for_url(f"**{reverse('mfa_view_recovery_codes')}")
    row = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN)
    assert row.user_id == ana.user.pk
    assert page.goto(f"{address}/account/").status == 200

    sign_out(page, address)
    with_password(page, address)  # now the second step asks for it
    assert reverse("mfa_authenticate") in page.url
    page.get_by_role("button", name="Use a passkey instead").click()
    page.wait_for_url(lambda url: "second-factor" not in url)
    assert page.goto(f"{address}/account/").status == 200

    sign_out(page, address)
    page.goto(f"{address}{reverse('account_login')}")
    page.get_by_role("button", name="Sign in with a passkey").click()  # and no password at all
    page.wait_for_url(lambda url: "login" not in url)
    assert page.goto(f"{address}/account/").status == 200
    assert Event.objects.filter(name="session.opened", actor_id=ana.user.pk).count() == 3

    # Much later something asks again, and the passkey answers.
    cookies = {each["name"]: each["value"] for each in page.context.cookies()}
    session = SessionStore(cookies["sessionid"])
    for each in session["account_authentication_methods"]:
        each["at"] -= 3600
    session.save()
    page.goto(f"{address}{reverse('accounts:tokens')}")
    page.fill("main [name=label]", "import")
    page.locator("main form button[type=submit]").first.click()
    page.get_by_role("button", name="Use the passkey").click()
    page.wait_for_selector("text=osl_")
    assert Event.objects.filter(name="identity.confirmed", data={"by": "passkey"}).exists()
    assert errors == []
    context.close()


def test_a_passkey_of_somebody_else_opens_nothing(
    ana: cast.Member, address: str, browser: Any
) -> None:
    context = browser.new_context()
    page = context.new_page()
    authenticator(page)
    page.goto(f"{address}{reverse('account_login')}")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_selector("[data-passkey-failed]:not([hidden])")
    assert page.goto(f"{address}/account/").url.endswith("next=/account/")
    context.close()


def test_leaving_fast_leaves_no_way_back(ana: cast.Member, address: str, browser: Any) -> None:
    ana_case = cast.case(cast.teodora(), ana, at=now() - timedelta(hours=3))
    person = Person(browser, address, ana, width=1280)
    page = person.page
    person.go("/account/")
    person.go(f"/cases/{ana_case.pk}/")
    assert "Farid" in page.content()
    assert "Farid" not in page.title()
    # No foreign page is loaded in a test: the way out leads to a picture of our own.
    page.evaluate("document.querySelector('[data-exit]').href = '/static/web/mark.svg'")
    for _press in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url("**/mark.svg")
    # The page is gone at once; that it signed out reaches the server a moment later.
    left = Event.objects.filter(name="session.closed", data={"reason": "left_fast"})
    end = time.monotonic() + 20
    while not left.exists() and time.monotonic() < end:
        time.sleep(0.1)
    assert left.exists()
    page.go_back()
    page.wait_for_load_state("load")
    assert reverse("account_login") in page.url, "the page before must ask for a sign-in"
    assert "Farid" not in page.content()
    person.context.close()


@pytest.mark.long
def test_a_session_that_ends_keeps_what_was_typed(
    ana: cast.Member, address: str, browser: Any
) -> None:
    person = Person(browser, address, ana, width=360)
    page = person.page
    person.go(reverse("accounts:tokens"))
    page.fill("main [name=label]", "half written")
    key = person.context.cookies()[0]["value"]

    def left(minutes: float) -> None:
        session = SessionStore(key)
        session["seen_at"] = now().timestamp() - 30 * 60 + minutes * 60
        session.save()

    page.clock.install()
    left(1.5)
    page.clock.fast_forward("29:00")
    page.get_by_text("You will be signed out in less than two minutes").wait_for()
    assert axe(page) == []
    page.get_by_role("button", name="Stay signed in").click()
    page.locator("#idle").wait_for(state="hidden")
    assert page.input_value("main [name=label]") == "half written"
    left(-1)
    page.clock.fast_forward("30:00")
    page.get_by_text("You were signed out.").wait_for()
    assert not page.locator("main [name=label]").is_visible()
    assert page.locator("main [name=label]").evaluate("e => e.value") == "half written"

    # Signed in again (in another tab), the page goes on with what was typed.
    session = ana.client().cookies["sessionid"].value
    person.context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
    page.clock.fast_forward("00:30")
    page.locator("#idle").wait_for(state="hidden")
    page.clock.resume()
    page.locator("main form button.main[type=submit]").first.click()
    page.wait_for_selector("text=osl_")
    assert "half written" in page.content()
    person.context.close()


def test_somebody_else_does_not_find_the_page(ana: cast.Member, address: str, browser: Any) -> None:
    person = Person(browser, address, ana, width=1280)
    page = person.page
    # The page's request for a key brings her cookie once more; it must not come after his.
    with page.expect_response(f"**{reverse('accounts:draft_key')}"):
        person.go(reverse("accounts:tokens"))
    page.clock.install()
    session = cast.dragan().client().cookies["sessionid"].value
    person.context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
    page.clock.fast_forward("30:00")
    page.get_by_text("Another person is signed in now").wait_for()
    assert not page.locator("main h1").first.is_visible()
    person.context.close()


def test_no_page_asks_anybody_else_for_anything(
    ana: cast.Member, address: str, browser: Any
) -> None:
    case = cast.case(cast.teodora(), ana, at=now() - timedelta(hours=3))
    auditor = cast.member("Rada Revizor", Role.AUDITOR)
    admin = cast.member("Admin A.", Role.ADMINISTRATOR)
    walks = [
        (ana, ["/", f"/cases/{case.pk}/", "/account/", "/account/sessions/", "/directory/"]),
        (
            auditor,
            [
                "/administration/ledger/",
                "/administration/ledger/roots/",
                "/administration/unusual/",
                "/administration/grants/",
            ],
        ),
        (admin, ["/administration/users/", f"/administration/users/{ana.user.pk}/"]),
    ]
    hosts: set[str] = set()
    for who, paths in walks:
        person = Person(browser, address, who, width=1280)
        person.page.on("request", lambda asked: hosts.add(urlsplit(asked.url).netloc))
        for path in paths:
            person.go(path)
            person.page.wait_for_load_state("networkidle")
            assert "Farid" not in person.page.title()
        assert person.errors == []
        person.context.close()
    assert hosts - {""} == {urlsplit(address).netloc}
