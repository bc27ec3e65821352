"""Headers, cookies and the file that says where weaknesses are reported."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

URL = "/.well-known/security.txt"


@pytest.mark.django_db
def test_no_contact_no_file(client: Client, settings: Any) -> None:
    for none in ([], ["somebody"], ["http://plain.example/"]):
        settings.OSLONAC_SECURITY_CONTACT = none
        assert client.get(URL).status_code == 404


@pytest.mark.django_db
def test_the_file_is_as_the_rfc_asks(client: Client, settings: Any) -> None:
    settings.OSLONAC_SECURITY_CONTACT = ["mailto:security@oslonac.example"]
    answer = client.get(URL)
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert fields["Contact"] == "mailto:security@oslonac.example"
    expires = datetime.fromisoformat(fields["Expires"])
    assert timedelta(days=1) < expires - datetime.now(UTC) < timedelta(days=365)
    assert fields["Canonical"].endswith(URL)


@pytest.mark.django_db
def test_headers_over_https(client: Client) -> None:
    headers = client.get("/account/login/", secure=True).headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy and "default-src 'none'" in policy
    assert "upgrade-insecure-requests" in policy and "frame-ancestors 'none'" in policy
    age = int(headers["Strict-Transport-Security"].split(";")[0].split("=")[1])
    assert age >= 31_536_000 and "includeSubDomains" in headers["Strict-Transport-Security"]
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=(self)" in headers["Permissions-Policy"]
    assert "publickey-credentials-get=(self)" in headers["Permissions-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_cookies_are_bound_to_the_host_where_https_is() -> None:
    """Settings are read anew, as in an installation behind https."""
    import os
    import subprocess
    import sys

    names = (
        "SESSION_COOKIE_NAME",
        "CSRF_COOKIE_NAME",
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SESSION_COOKIE_HTTPONLY",
        "SESSION_COOKIE_SAMESITE",
        "SESSION_COOKIE_DOMAIN",
        "SECURE_HSTS_SECONDS",
    )
    code = (
        f"from oslonac.config import settings as s; print(*(getattr(s, n, None) for n in {names}))"
    )
    said = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"OSLONAC_HTTPS": "1"},
    ).stdout.split()
    assert said == [
        "__Host-session",
        "__Host-csrf",
        "True",
        "True",
        "True",
        "Lax",
        "None",
        "63072000",
    ]
