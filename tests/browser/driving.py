"""Driving a real Chromium as a person does, and judging each page for accessibility.

Belongs here: the browser, signing a member of the cast in, filling forms by name, axe. Does not:
what a page should show (the tests).
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser, Page, sync_playwright

from tests.cast import Member

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless. Fails where it is missing: nothing is skipped."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's loop runs in this thread; Django would otherwise refuse the database.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()
            # Under a running loop Django keeps other connections than without one; the next test
            # has another database and must not find these.
            connections["default"].close()
            del connections["default"]


class Person:
    """A member of the cast before a screen of a given width."""

    def __init__(self, browser: Browser, address: str, who: Member, *, width: int, **more: Any):
        self.address = address
        self.context = browser.new_context(viewport={"width": width, "height": 800}, **more)
        session = who.client().cookies["sessionid"].value
        self.context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
        self.page = self.context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._hear)
        self.page.on("requestfailed", self._miss)

    def _miss(self, request: Any) -> None:
        # Leaving a page aborts what it still loads; that is no fault.
        if "ERR_ABORTED" not in (request.failure or ""):
            self.errors.append(f"failed: {request.url}")

    def _hear(self, message: Any) -> None:
        # A refused form is answered with 4xx, which the browser also says on the console.
        if message.type == "error" and "status of 4" not in message.text:
            self.errors.append(message.text)

    def go(self, path: str) -> Page:
        response = self.page.goto(self.address + path)
        assert response is not None
        assert response.ok, (path, response.status)
        return self.page

    def fill(self, **values: Any) -> None:
        """Fill fields by name: text, choice (radio, select, checkbox list) or yes/no."""
        for name, value in values.items():
            _put(self.page, name, value)

    def send(self) -> str:
        """Press the form's main button and wait for the next page. Its path."""
        with self.page.expect_navigation(wait_until="load"):  # the page asks before it sends
            self.page.locator("main form button.main[type=submit]:visible").first.click()
        return self.path

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.address).split("#")[0]


def _put(page: Page, name: str, value: Any) -> None:
    field = page.locator(f"main [name='{name}']")
    kind = field.first.evaluate("e => e.type || e.tagName.toLowerCase()")
    if kind in ("radio", "checkbox") and not isinstance(value, bool):
        for each in [value] if isinstance(value, str) else value:
            page.locator(f"main [name='{name}'][value='{each}']").check(force=True)
    elif kind == "checkbox":
        field.first.set_checked(value, force=True)
    elif kind.startswith("select"):
        field.first.select_option(value)
    else:
        field.first.fill(value)


def axe(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.2 A and AA, one line each."""
    script = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text()
    page.evaluate(script)
    found = page.evaluate(
        "() => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', "
        "'wcag22aa', 'best-practice']})"
    )
    return [
        f"{each['id']}: {node['target']} {node.get('failureSummary', '')[:200]}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


def no_sideways_scroll(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
