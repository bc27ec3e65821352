"""Phones, slow lines, keyboards, paper: what a person with less than a fast desk finds."""

from datetime import timedelta
from typing import Any

import pytest

from oslonac.access.roles import Role
from oslonac.kit.clock import now
from tests import cast
from tests.browser.driving import Person, axe, no_sideways_scroll

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FORM = "/encounters/new/"
FOCUS = "document.activeElement.name || document.activeElement.textContent.trim()"
AT = "[...document.querySelectorAll('#intake > [data-step]')].findIndex(e => e.checkVisibility())"


@pytest.fixture
def address(live_server: Any) -> str:
    return str(live_server.url).replace("127.0.0.1", "localhost")


def test_on_a_phone_tab_comes_through_the_question_to_next(address: str, browser: Any) -> None:
    person = Person(browser, address, cast.teodora(), width=360)
    page = person.page
    person.go(FORM)
    page.get_by_role("button", name="Next").click()
    page.locator("main [name=place]").focus()
    seen = []
    for _stop in range(12):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(FOCUS))
        if seen[-1] == "Next":
            break
    assert seen[-2:] == ["Back", "Next"], seen
    page.keyboard.press("Tab")
    assert "fast" not in page.evaluate(FOCUS), "the way out is far from the way on"
    # A question that must be answered says so in the language of the page, beside it.
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Next").click()
    page.get_by_text("Answer this question before you go on.").wait_for()
    assert page.evaluate("document.activeElement.name") == "reported_by"
    assert axe(page) == []
    page.locator("main [name=reported_by]").select_option("police")
    assert page.get_by_text("Answer this question before you go on.").count() == 0
    page.get_by_role("button", name="Next").click()
    # The way back of the phone leads one question back, not out of the form.
    assert page.evaluate(AT) == 3
    for left in (2, 1, 0):
        page.evaluate("history.back()")
        page.wait_for_timeout(200)
        assert page.evaluate(AT) == left and page.url.endswith(FORM)
    assert page.locator("main [name=reported_by]").input_value() == "police"
    assert person.errors == []
    person.context.close()


def test_scripts_that_come_late_move_nobody_who_has_begun(address: str, browser: Any) -> None:
    person = Person(browser, address, cast.teodora(), width=360)
    page = person.page
    held: list[Any] = []
    page.route("**/web/page*.js", lambda route: held.append(route))
    page.goto(address + FORM, wait_until="commit")
    account = page.locator("main [name=narrative]")
    account.fill("Dečak")
    page.wait_for_timeout(300)
    for route in held:
        route.continue_()
    page.locator("form.stepping").wait_for()
    assert account.is_visible() and page.evaluate("document.activeElement.name") == "narrative"
    assert account.input_value() == "Dečak"
    # Also where the focus is elsewhere by then.
    held.clear()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(address + FORM, wait_until="commit")
    page.locator("main [name=reported_by]").select_option("police")
    page.evaluate("document.activeElement.blur()")
    page.wait_for_timeout(300)
    for route in held:
        route.continue_()
    page.locator("form.stepping").wait_for()
    assert page.locator("main [name=reported_by]").is_visible()
    person.context.close()


def test_a_case_by_keyboard_on_paper_and_enlarged(address: str, browser: Any) -> None:
    ana = cast.ana()
    case = cast.case(cast.teodora(), ana, at=now() - timedelta(hours=3))
    person = Person(browser, address, ana, width=1280)
    page = person.page
    # The search: what is found are options that are links; Escape closes and keeps what was typed.
    person.go("/")
    page.keyboard.press("/")
    page.keyboard.type(case.number)
    page.wait_for_selector("#find-list [role=option]")
    page.keyboard.press("ArrowDown")
    assert axe(page) == []
    page.keyboard.press("Escape")
    assert page.locator("#find").input_value() == case.number
    assert page.locator("#find-list").count() == 0
    # Escape closes the dialog alone; a menu that is tabbed out of closes.
    page.locator(".user > summary").click()
    page.get_by_role("button", name="Keyboard shortcuts").click()
    page.keyboard.press("Escape")
    assert page.locator(".user[open]").count() == 1
    assert page.evaluate(FOCUS) == "Keyboard shortcuts"
    for _stop in range(4):
        page.keyboard.press("Tab")
    assert page.locator(".user[open]").count() == 0
    # After saving, the focus is where it is said.
    person.go(f"/cases/{case.pk}/do/contact/")
    person.fill(kind="visit", alone_with_child="yes", narrative="Sve je u redu.")
    page.locator("main [name=narrative]").focus()
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Control+Enter")
    page.locator(".toast:focus").wait_for()
    # Folds are open on paper, and folded again after.
    person.go(f"/cases/{case.pk}/")
    folds = "[...document.querySelectorAll('main details:not(.menu):not(.confirm)')]"
    before = page.evaluate(f"{folds}.map(e => e.open)")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert all(page.evaluate(f"{folds}.map(e => e.open)"))
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(f"{folds}.map(e => e.open)") == before
    # 400 %: nothing sticks over what is read.
    page.set_viewport_size({"width": 320, "height": 256})
    stuck = page.evaluate(
        "[...document.querySelectorAll('body *')].filter(e => e.checkVisibility() &&"
        " /^(fixed|sticky)$/.test(getComputedStyle(e).position)).map(e => e.className)"
        ".filter(name => /bar|foot/.test(name))"
    )
    assert stuck == []
    assert no_sideways_scroll(page)
    # High contrast: only the current item is framed.
    page.set_viewport_size({"width": 1280, "height": 800})
    page.emulate_media(forced_colors="active")
    framed = page.evaluate(
        "[...document.querySelectorAll('.bar-nav a')].filter(e =>"
        " getComputedStyle(e).borderBottomColor !== getComputedStyle(document.body).backgroundColor"
        ").map(e => e.getAttribute('aria-current'))"
    )
    assert set(framed) <= {"page"}
    person.context.close()


def test_no_field_shares_its_id_with_another(address: str, browser: Any) -> None:
    auditor = cast.member("Rada Revizor", Role.AUDITOR)
    person = Person(browser, address, auditor, width=1280)
    page = person.go("/administration/ledger/")
    ids = page.locator("[id]").evaluate_all("all => all.map(e => e.id)")
    assert [each for each in ids if ids.count(each) > 1] == []
    page.get_by_label("Name of the person").fill("Kashif")
    assert (
        page.locator("main [name=name][type=text], main textarea[name=name]").first.evaluate(
            "e => e.value"
        )
        == "Kashif"
    )
    person.context.close()


WORD = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwaren"
LANGUAGES = ("en", "sr-latn", "sr")
SAMPLE = ("/", "/encounters/", "/cases/", FORM, "/people/")


@pytest.mark.parametrize("language", LANGUAGES)
def test_long_words_break_and_no_page_scrolls_sideways(
    language: str, address: str, browser: Any
) -> None:
    """One name of forty letters and one of five hundred, at 360 px, in each language."""
    ana = cast.ana()
    case = cast.case(cast.teodora(), ana, at=now() - timedelta(hours=3))
    person = Person(browser, address, ana, width=360)
    person.context.add_cookies([{"name": "language", "value": language, "url": address}])
    pages = [*SAMPLE, f"/people/{case.person_id}/"]
    pages += [f"/cases/{case.pk}/{tab}" for tab in ("", "story/", "plan/", "people/", "papers/")]
    wide = []
    for path in pages:
        page = person.go(path)
        # Every name and heading of the page becomes one long word.
        for word in (WORD, WORD * 10):
            page.evaluate(
                "word => { for (const e of document.querySelectorAll('main :is(bdi, h1, h2, h3,"
                " [dir=auto])')) if (!e.children.length && e.tagName !== 'TIME' &&"
                " !/INPUT|TEXTAREA/.test(e.tagName)) e.textContent = word; }",
                word,
            )
            if not no_sideways_scroll(page):
                wide.append((path, len(word)))
    assert wide == []
    person.context.close()
