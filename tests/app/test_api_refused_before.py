"""What is refused before an operation is reached keeps to the description of the API as well."""

import time
from typing import Any

import jsonschema
import pytest

from oslonac.accounts import rate_limit
from oslonac.accounts.journal import SEEN
from tests import cast
from tests.routes import description

pytestmark = pytest.mark.django_db
ME = "/api/v1/me"


def described(answer: Any) -> dict[str, Any]:
    """The body, which the description of this status must hold."""
    responses = description()["paths"][ME]["get"]["responses"]
    assert str(answer.status_code) in responses
    assert answer["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    jsonschema.validate(body, description()["components"]["schemas"]["Problem"])
    assert body["status"] == answer.status_code
    return body


def test_a_session_that_was_left_alone() -> None:
    client = cast.ana().client()
    client.get(ME)
    session = client.session
    session[SEEN] = time.time() - 24 * 3600
    session.save()
    assert described(client.get(ME))["code"] == "session.ended"


def test_a_second_factor_that_is_owed(settings: Any) -> None:
    settings.OSLONAC_SECOND_FACTOR = True
    assert described(cast.ana().client().get(ME))["code"] == "second_factor.owed"


def test_too_many_requests(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.OSLONAC_RATE_LIMITS = {"read": (1, 60), "search": (1, 60), "write": (1, 60)}
    monkeypatch.setattr(rate_limit, "buckets", rate_limit.Buckets())
    client = cast.ana().client()
    assert client.get(ME).status_code == 200
    assert described(client.get(ME))["title"] == "Too Many Requests"
