"""Forged headers of a proxy, plain http, odd methods, types of answers, cookies, messages."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from allauth.account.adapter import get_adapter
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern

from oslonac import web
from oslonac.access.roles import Role
from oslonac.web.proxy import ProxyMiddleware
from tests import cast
from tests.http import page_of
from tests.routes import routes

pytestmark = pytest.mark.django_db
FORGED = {
    "X-Forwarded-For": "198.51.100.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil",
    "X-Real-IP": "198.51.100.9",
    "Forwarded": "for=198.51.100.9;proto=https",
}


@pytest.fixture
def https(settings: Any) -> None:
    settings.OSLONAC_HTTPS = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1


def seen(address: str, **headers: str) -> Any:
    """The request as what lies behind the doorstep gets it; None when it was turned away."""
    kept: list[Any] = []
    request = RequestFactory().get("/account/login/", headers=headers, REMOTE_ADDR=address)

    def behind(inside: Any) -> HttpResponse:
        kept.append(inside)
        return HttpResponse()

    ProxyMiddleware(behind)(request)
    return kept[0] if kept else None


def test_headers_of_the_proxy_count_from_the_proxy_alone(https: None) -> None:
    inside = seen(
        "127.0.0.1", **{"X-Forwarded-For": "10.0.0.1, 203.0.113.7"} | {"X-Forwarded-Proto": "https"}
    )
    assert inside.is_secure()
    # What the proxy added last, not what the client claimed before it.
    assert get_adapter().get_client_ip(inside) == "203.0.113.7"
    assert seen("203.0.113.7", **FORGED) is None  # plain http, whatever it says


def test_without_https_forged_headers_are_nothing(settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    inside = seen("203.0.113.7", **FORGED)
    assert not inside.is_secure()
    assert get_adapter().get_client_ip(inside) == "203.0.113.7"
    assert not [name for name in inside.META if "FORWARDED" in name or "REAL_IP" in name]


def test_a_proxy_elsewhere_is_named_in_the_settings(https: None, settings: Any) -> None:
    settings.OSLONAC_PROXY_ADDRESSES = ["172.18.0.0/16", "fd00::/8"]
    assert seen("::ffff:172.18.0.5", **{"X-Forwarded-Proto": "https"}).is_secure()
    assert seen("172.18.0.5", **{"X-Forwarded-Proto": "https"}).is_secure()
    assert seen("fd00::5", **{"X-Forwarded-Proto": "https"}).is_secure()
    assert seen("172.19.0.5", **{"X-Forwarded-Proto": "https"}) is None
    assert seen("127.0.0.1", **{"X-Forwarded-Proto": "https"}) is None


def test_a_page_leads_to_https_and_nothing_is_taken_in_the_clear(https: None) -> None:
    client = Client()
    page = client.get("/account/login/?next=/cases/")
    assert page.status_code == 301
    assert page["Location"] == "https://testserver/account/login/?next=/cases/"
    written = client.post("/account/login/", {"login": "a", "password": "b"})
    assert written.status_code == 403 and "over https only" in written.content.decode()
    for answer in (client.get("/api/v1/me"), client.post("/api/v1/cases")):
        assert answer.status_code == 403 and answer.json()["code"] == "https.needed"
    assert client.get("/account/login/", secure=True).status_code == 200


@pytest.mark.parametrize("method", ["TRACE", "OPTIONS", "PUT", "DELETE", "PROPFIND", "TRACK"])
def test_odd_methods_are_refused(method: str) -> None:
    client = Client()
    for path in ("/", "/account/login/", "/static/web/css/base.css", "/no/such/page/"):
        answer = client.generic(method, path, headers={"X-Secret": "kept-to-itself"})
        assert answer.status_code == 405, path
        assert "kept-to-itself" not in answer.content.decode()
        assert answer["Allow"] == "GET, HEAD, POST"
    assert client.generic("TRACE", "/api/v1/me").status_code == 405


def test_every_answer_says_its_type_and_character_set() -> None:
    admin = cast.member("Admin A.", Role.ADMINISTRATOR).client()
    seen_types = set()
    for client in (Client(), admin, cast.ana().client()):
        for route, pattern in routes():
            if "<" in route or not isinstance(pattern, URLPattern):
                continue
            for headers in ({}, {"HX-Request": "true"}):
                answer = client.get("/" + route, headers=headers)
                if not answer.streaming and not answer.content:
                    continue
                kind = answer["Content-Type"]
                seen_types.add(kind.split(";")[0])
                if kind.startswith(("text/", "application/xml", "image/svg")):
                    assert "charset=utf-8" in kind.lower(), (route, kind)
                assert answer["X-Content-Type-Options"] == "nosniff"
    assert {"text/html", "application/json", "application/problem+json"} <= seen_types


@pytest.mark.parametrize(
    "path", ["/static/", "/static/web/", "/static/web/css/", "/files/", "/var/"]
)
def test_no_folder_is_listed(path: str) -> None:
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/.git/HEAD", "/.git/config", "/static/../.git/HEAD", "/static/%2e%2e/%2e%2e/.git/HEAD"],
)
def test_nothing_of_the_repository_is_served(path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 404 and "ref:" not in answer.content.decode()


def test_an_address_is_decoded_once() -> None:
    """What is escaped twice stays text: no second reading makes a path or markup of it."""
    client = cast.ana().client()
    assert client.get("/account/%252e%252e/").status_code == 404
    page = page_of(client.get("/cases/", {"q": "%3Cscript%3E%2527"}))
    assert "<script>%" not in page and "<script>'" not in page


def test_a_parameter_of_the_address_does_not_stand_in_for_one_of_the_form() -> None:
    client = cast.member("Mira M.", Role.INTERPRETER).client()
    url = "/account/tokens/?label=from-the-address&request_key=1"
    asked = client.post(url, {"request_key": "2"})
    assert asked.status_code == 200 and "osl_" not in asked.content.decode()
    # Of doubled ones the last counts, here and in what is kept.
    body = "label=first&label=second&request_key=3"
    client.post("/account/tokens/", body, content_type="application/x-www-form-urlencoded")
    page = page_of(client.get("/account/tokens/"))
    assert "second" in page and "first" not in page and "from-the-address" not in page


def test_sentences_of_a_page_are_not_kept_in_the_browser() -> None:
    client = cast.member("Mira M.", Role.INTERPRETER).client()
    client.post("/account/sessions/end/")
    assert set(client.cookies) <= {"sessionid", "csrftoken", "device"}
    assert "signed out" in client.get("/account/sessions/").content.decode()


def test_signing_out_empties_the_cache_of_the_browser() -> None:
    for path in ("/account/logout/", "/account/leave/"):
        answer = cast.member("Mira M.", Role.INTERPRETER).client().post(path)
        assert answer["Clear-Site-Data"] == '"cache"'


def test_the_choice_of_colours_is_read_from_a_cookie_of_this_host() -> None:
    client = Client()
    client.cookies["__Host-theme"] = "dark"
    assert 'data-theme="dark"' in client.get("/account/login/", secure=True).content.decode()
    client = Client()
    client.cookies["theme"] = "dark"
    assert 'data-theme="dark"' not in client.get("/account/login/", secure=True).content.decode()
    assert 'data-theme="dark"' in client.get("/account/login/").content.decode()


def test_a_script_that_sets_a_cookie_binds_it_to_this_host() -> None:
    """Each one is known here; behind https its cookie bears the prefix and travels secured."""
    scripts = {
        each.name: each.read_text("utf-8") for each in Path(web.__file__).parent.rglob("*.js")
    }
    setting = {name: text for name, text in scripts.items() if "document.cookie" in text}
    assert set(setting) == {"theme.js", "drafts.js"}
    assert '"__Host-theme"' in setting["theme.js"]
    assert "((?:__Host-)?drafts_saved)" in setting["drafts.js"]  # only emptied, by the name it has
    for name, text in setting.items():
        for line in text.splitlines():
            if "document.cookie =" in line:
                assert "path=/;" in line and '"; secure"' in line and "domain" not in line, name


def test_every_cookie_belongs_to_this_host_where_https_is() -> None:
    """Settings are read anew, as in an installation behind https."""
    code = (
        "import django; from django.conf import settings as s; "
        "print(*[v for n, v in vars(__import__('oslonac.config.settings', fromlist=['x'])).items()"
        " if n.endswith('_COOKIE_NAME')], s.MESSAGE_STORAGE, s.LANGUAGE_COOKIE_SECURE,"
        " s.LANGUAGE_COOKIE_PATH, s.LANGUAGE_COOKIE_DOMAIN)"
    )
    environment = {"OSLONAC_HTTPS": "1", "DJANGO_SETTINGS_MODULE": "oslonac.config.settings"}
    *names, storage, secure, path, domain = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | environment,
    ).stdout.split()
    assert sorted(names) == ["__Host-csrf", "__Host-device", "__Host-language", "__Host-session"]
    assert storage.endswith("SessionStorage")
    assert (secure, path, domain) == ("True", "/", "None")
