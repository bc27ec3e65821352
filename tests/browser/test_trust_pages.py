"""The pages of trust in a real browser: who sees a file, blocks, consents, emergencies, the own
file, exports, keeping, the auditor's search. Legible at a desk and on a phone, light and dark, from
right to left, and on paper.

Belongs here: how these pages look and are reached. Does not: what they say (their packages' tests).
"""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from oslonac.cases.models import Consent, Emergency, OwnRequest
from oslonac.documents.models import Document
from oslonac.retention.models import Disposal
from oslonac.vault import keyring
from tests.browser.driving import Person, axe
from tests.browser.test_design_system import CONTRAST, OVERFLOW, SMALL_TARGETS
from tests.fuzzing import stage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
A4 = 794  # CSS pixels: 210 mm at 96 dpi
TO_THE_RIGHT = "() => { document.documentElement.dir = 'rtl'; }"
# What belongs to the screen and not to a sheet of paper.
ON_PAPER = """() => [...document.querySelectorAll(
    ".tabbar, .bar-nav, form button, dialog, .skip")]
  .filter(e => e.checkVisibility() && e.getBoundingClientRect().height > 0)
  .map(e => e.outerHTML.slice(0, 120))"""
# On a phone the heads of a table are gone and each cell says what it is.
UNLABELLED = """() => [...document.querySelectorAll(".table tbody td")]
  .filter(e => e.checkVisibility() && e.textContent.trim() && !e.hasAttribute("data-label"))
  .map(e => e.outerHTML.slice(0, 120))"""
TOLD = "() => document.querySelector('main').innerText.trim().length"


@pytest.fixture
def staged(fresh_database: str, settings: Any, tmp_path: Path) -> stage.Stage:
    settings.OSLONAC_DATA = str(tmp_path)
    settings.OSLONAC_KEYS = str(tmp_path / "keys")
    keyring.ensure_key_file(tmp_path / "keys")
    return stage.build()


def pages(staged: stage.Stage) -> dict[str, list[str]]:
    """Addresses by who opens them."""
    case, foreign = f"/cases/{staged.own.pk}", f"/cases/{staged.foreign.pk}"
    asked = OwnRequest.objects.filter(case=staged.own).order_by("pk")
    consent = Consent.objects.get(case=staged.own)
    emergency = Emergency.objects.get()
    document = Document.objects.get()
    proposal = Disposal.objects.get(case=staged.closed)
    return {
        "manager": [
            f"{case}/",
            f"{case}/do/consent/",
            f"{case}/do/consent-withdraw/{consent.pk}/",
            f"{case}/do/conflict/",
            f"{case}/do/own/",
            f"{case}/own/",
            f"{case}/own/?lang=fa",
            *(f"{case}/do/own-answer/{each.pk}/" for each in asked[1:2]),
            f"{case}/do/document-add/",
            f"{case}/do/document-remove/{document.pk}/",
            f"{case}/export/",
            "/exports/",
            "/account/",
            "/account/sessions/",
            "/account/tokens/",
            "/account/second-factor/",
        ],
        "supervisor": [f"{case}/do/grant/", f"{case}/do/block/", f"{case}/do/tie/"],
        "elsewhere": ["/emergencies/", f"{foreign}/do/emergency-review/{emergency.pk}/"],
        "head": [
            "/emergency/",
            f"{foreign}/",
            "/administration/retention/",
            f"/administration/retention/proposals/{proposal.pk}/",
            "/administration/retention/destroyed/",
            "/administration/retention/periods/",
            "/administration/retention/periods/new/",
        ],
        "lawyer": [f"{case}/do/hold/"],
        "auditor": [
            "/administration/ledger/",
            f"/administration/ledger/?case={staged.own.pk}",
            "/administration/ledger/by-name/",
            "/administration/ledger/roots/",
            "/administration/grants/",
            "/administration/unusual/",
        ],
    }


def on_a_screen(page: Page) -> list[str]:
    """What is wrong with the page as it stands, whatever its width and direction."""
    found = page.evaluate(SMALL_TARGETS) + page.evaluate(CONTRAST)
    if (over := page.evaluate(OVERFLOW)) > 0:
        found.append(f"{over} px too wide")
    return [str(each) for each in found]


def judged(who: Person, path: str) -> list[str]:
    """Everything that is wrong with one page, in every state."""
    page = who.page
    page.set_viewport_size({"width": 1280, "height": 900})
    who.go(path)
    found = [("desk", each) for each in axe(page) + on_a_screen(page)]
    page.set_viewport_size({"width": 360, "height": 800})
    found += [("phone", each) for each in on_a_screen(page) + page.evaluate(UNLABELLED)]
    page.evaluate(TO_THE_RIGHT)
    found += [("right to left", each) for each in on_a_screen(page)]
    page.set_viewport_size({"width": A4, "height": 1123})
    page.emulate_media(media="print")
    page.evaluate("() => { document.documentElement.dir = 'ltr'; }")
    found += [("paper", each) for each in page.evaluate(ON_PAPER)]
    if page.evaluate(OVERFLOW) > 0 or page.evaluate(TOLD) < 20:
        found.append(("paper", "too wide or empty"))
    page.emulate_media(media="screen", color_scheme="dark")
    page.context.add_cookies([{"name": "theme", "value": "dark", "url": who.address}])
    page.set_viewport_size({"width": 360, "height": 800})
    who.go(path)
    found += [("dark", each) for each in axe(page) + on_a_screen(page)]
    page.context.add_cookies([{"name": "theme", "value": "light", "url": who.address}])
    page.emulate_media(media="screen", color_scheme="light")
    found += [("console", each) for each in who.errors]
    who.errors.clear()
    return [f"{path} {state}: {each}" for state, each in found]


@pytest.mark.long
def test_pages_of_trust_are_legible_and_reachable_in_every_state(
    browser: Browser, live_server: Any, staged: stage.Stage
) -> None:
    found: list[str] = []
    for name, paths in pages(staged).items():
        who = Person(browser, live_server.url, staged.readers[name], width=1280)
        for path in paths:
            found += judged(who, path)
        who.context.close()
    assert not found, "\n".join(found)
