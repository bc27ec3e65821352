"""The design system in a real browser: the gallery in both themes, both directions, both widths.

Runs its own small server in a separate process, so it needs no database and no other package.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SRC = Path(__file__).parents[2] / "src"
STATES = [(w, t, d) for w in (360, 1280) for t in ("light", "dark") for d in ("ltr", "rtl")]


def serve(port: int) -> None:
    """A Django with the design system alone (the other process)."""
    from wsgiref.simple_server import WSGIRequestHandler, make_server

    import django
    from django.conf import settings
    from django.contrib.staticfiles.handlers import StaticFilesHandler

    settings.configure(
        DEBUG=True,
        SECRET_KEY="not-secret",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        OSLONAC_DEMO=True,
        OSLONAC_PACK=str(SRC.parent / "packs" / "serbia"),
        USE_I18N=True,
        USE_TZ=True,
        STATIC_URL="/static/",
        STATICFILES_FINDERS=[
            "oslonac.web.bundles.Bundles",
            "django.contrib.staticfiles.finders.AppDirectoriesFinder",
        ],
        OSLONAC_DATA=tempfile.mkdtemp(),
        LANGUAGE_CODE="en",
        LANGUAGES=[("en", "English"), ("sr-latn", "Srpski"), ("sr", "Српски")],
        # Guards of routes know users and grants; nothing here reads a table.
        INSTALLED_APPS=[
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "oslonac.vault",
            "oslonac.access",
            "django.contrib.staticfiles",
            "django_htmx",
            "oslonac.web",
        ],
        MIDDLEWARE=[
            "oslonac.web.middleware.SecurityHeaders",
            "oslonac.web.middleware.Language",
            "django.middleware.csrf.CsrfViewMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "oslonac.web.context.page",
                    ]
                },
            }
        ],
    )
    django.setup()

    class Quiet(WSGIRequestHandler):
        def log_message(self, *args: Any) -> None:
            pass

    from django.core.handlers.wsgi import WSGIHandler

    make_server(
        "127.0.0.1", port, StaticFilesHandler(WSGIHandler()), handler_class=Quiet
    ).serve_forever()


def __getattr__(name: str) -> Any:
    """This module is also the small server's URL configuration, built once Django is set up."""
    if name != "urlpatterns":
        raise AttributeError(name)
    from django.urls import include, path

    return [
        path("web/", include("oslonac.web.urls")),
        path("i18n/", include("django.conf.urls.i18n")),
    ]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    path = os.pathsep.join([str(SRC), os.environ.get("PYTHONPATH", "")])
    server = subprocess.Popen(
        [sys.executable, __file__, str(port)], env={**os.environ, "PYTHONPATH": path}
    )
    url = f"http://127.0.0.1:{port}/web/gallery/"
    for _ in range(50):
        try:
            urllib.request.urlopen(url, timeout=5).read()
            break
        except OSError:
            time.sleep(0.1)
    yield url
    server.terminate()
    server.wait(5)


def _open(browser: Any, url: str, width: int, **options: Any) -> Any:
    page = browser.new_page(viewport={"width": width, "height": 800}, **options)
    page.problems = []
    page.on("console", lambda m: page.problems.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: page.problems.append(str(e)))
    page.goto(url, wait_until="load")
    return page


CONTRAST = """() => {
  const parse = c => { const m = c.match(/[\\d.]+/g).map(Number); return m.length < 4 ? [...m, 1] : m; };
  const lum = c => { const f = c.slice(0, 3).map(v => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }); return .2126 * f[0] + .7152 * f[1] + .0722 * f[2]; };
  const back = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c[3] > .99) return c; } return [255, 255, 255, 1]; };
  const bad = [];
  for (const e of document.querySelectorAll("body *")) {
    if (e.closest("svg, [hidden], [aria-disabled=true]") || !e.checkVisibility()) continue;
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
    const s = getComputedStyle(e), a = lum(parse(s.color)), b = lum(back(e));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) bad.push(`${ratio.toFixed(2)} ${e.className} ${e.textContent.trim().slice(0, 30)}`);
  }
  return bad;
}"""

SMALL_TARGETS = """() => [...document.querySelectorAll("button, summary, .btn, .choice, .field select, .tabbar > a, .bar-nav a, .pages a, .menu-item")]
  .filter(e => e.checkVisibility() && !e.closest(".hidden")).filter(e => { const r = e.getBoundingClientRect(); return r.height < 43.5 || r.width < 43.5; })
  .map(e => e.outerHTML.slice(0, 90))"""

OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize(("width", "theme", "direction"), STATES)
def test_every_state_is_legible_reachable_and_clean(
    address: str, browser: Any, width: int, theme: str, direction: str
) -> None:
    page = _open(browser, f"{address}?theme={theme}&dir={direction}", width)
    assert page.get_attribute("html", "dir") == direction
    assert page.problems == [], "an error or a refused inline style or script"
    assert page.evaluate(OVERFLOW) <= 0
    assert page.evaluate(CONTRAST) == []
    assert page.evaluate(SMALL_TARGETS) == []
    page.close()


def test_markup_holds_no_inline_style_script_or_repeated_id(address: str, browser: Any) -> None:
    page = _open(browser, address, 1280, java_script_enabled=False)
    html = urllib.request.urlopen(address).read().decode()  # noqa: S310  (our own server)
    assert " style=" not in html
    assert "<script>" not in html
    assert " onclick=" not in html
    ids = page.locator("[id]").evaluate_all("all => all.map(e => e.id)")
    assert [i for i in ids if ids.count(i) > 1] == []
    page.close()


def test_without_scripts_the_whole_form_is_there(address: str, browser: Any) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 800}, java_script_enabled=False)
    page.goto(address)
    form = page.locator("#new-encounter")
    assert all(f.is_visible() for f in form.locator(":scope > .field").all())
    assert form.get_by_role("button", name="Save the encounter").is_visible()
    page.close()


def test_one_question_a_screen_on_a_phone(address: str, browser: Any) -> None:
    page = _open(browser, address, 360)
    form = page.locator("#new-encounter")
    fields = form.locator(":scope > .field")
    assert [f.is_visible() for f in fields.all()].count(True) == 1
    assert not form.get_by_role("button", name="Save the encounter").is_visible()
    form.locator("#id_name").first.fill("فرید")
    form.get_by_role("button", name="Next").click()
    assert fields.nth(1).is_visible()
    assert not fields.nth(0).is_visible()
    page.set_viewport_size({"width": 1000, "height": 800})
    assert all(f.is_visible() for f in fields.all())
    page.close()


def test_help_dialog_lists_the_shortcuts_and_search_takes_focus(address: str, browser: Any) -> None:
    page = _open(browser, address, 1280)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    assert dialog.is_visible()
    assert "Add a contact" in dialog.inner_text()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"
    page.keyboard.type("?")
    assert not dialog.is_visible()
    page.close()


def test_theme_is_chosen_and_remembered(address: str, browser: Any) -> None:
    page = _open(browser, address, 1280)
    page.locator(".user > summary").click()
    page.get_by_role("button", name="Dark", exact=True).click()
    page.reload()
    assert page.get_attribute("html", "data-theme") == "dark"
    page.context.clear_cookies()
    page.close()


def test_quick_exit_empties_the_page_and_its_place_in_the_history(
    address: str, browser: Any
) -> None:
    page = _open(browser, address, 1280)
    before = page.evaluate("history.length")
    page.evaluate("document.querySelector('[data-exit]').href = '/static/web/mark.svg'")
    # What the page is when it is left, kept where the next document can tell it.
    page.evaluate(
        "addEventListener('pagehide', () => sessionStorage.left ="
        " JSON.stringify([document.title, document.body.childElementCount]))"
    )
    for _ in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url("**/mark.svg")
    assert page.evaluate("history.length") == before
    page.go_back()
    assert "gallery" not in page.url
    page.goto(address)
    assert page.evaluate("sessionStorage.left") == '["",0]'
    page.close()


def test_headers_are_strict(address: str) -> None:
    headers = urllib.request.urlopen(address).headers  # noqa: S310  (our own server)
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


if __name__ == "__main__":
    serve(int(sys.argv[1]))
