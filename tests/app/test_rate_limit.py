"""Whoever asks too fast is held back: each person for themselves, told for how long, noted once."""

from typing import Any

import pytest
from django.test import Client

from oslonac.access.roles import Role
from oslonac.accounts import actions, rate_limit
from oslonac.audit.models import Event
from oslonac.kit.clock import now
from tests import cast

pytestmark = pytest.mark.django_db
HOME = "/account/"


@pytest.fixture(autouse=True)
def slow(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.OSLONAC_RATE_LIMITS = {"read": (5, 60), "search": (2, 60), "write": (3, 60)}
    monkeypatch.setattr(rate_limit, "buckets", rate_limit.Buckets())


def test_reading_is_held_back_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = [1000.0]
    monkeypatch.setattr("oslonac.accounts.rate_limit.time.monotonic", lambda: moment[0])
    ana, dragan = cast.ana(), cast.dragan()
    client, other = ana.client(), dragan.client()
    assert [client.get(HOME).status_code for _ in range(5)] == [200] * 5
    held = client.get(HOME)
    assert held.status_code == 429 and "Too many attempts" in held.content.decode()
    assert 1 <= int(held["Retry-After"]) <= 13
    assert other.get(HOME).status_code == 200  # a colleague at the same address goes on
    assert client.post("/account/still/").status_code == 200  # and the session can be kept
    moment[0] += int(held["Retry-After"])
    assert client.get(HOME).status_code == 200
    told = Event.objects.filter(name="pace.exceeded")
    assert [event.actor_id for event in told] == [ana.user.pk]


def test_one_event_for_many_requests_that_are_held_back() -> None:
    client = cast.ana().client()
    assert [client.get(HOME).status_code for _ in range(20)].count(429) == 15
    assert Event.objects.filter(name="pace.exceeded").count() == 1


def test_searching_and_writing_have_limits_of_their_own() -> None:
    client = cast.ana().client()
    assert [client.get("/search/", {"q": "x"}).status_code for _ in range(3)][-1] == 429
    assert client.get(HOME).status_code == 200
    written = [client.post("/account/tokens/", {}).status_code for _ in range(4)]
    assert written == [200, 200, 200, 429]


def test_a_program_is_held_back_by_its_token() -> None:
    ana = cast.ana()
    tokens = [
        actions.make_token(actor=ana.actor(), at=now(), user=ana.user, label=label)
        for label in ("one", "two")
    ]
    asked = [
        Client().get("/api/v1/me", headers={"Authorization": f"Bearer {token.secret}"})  # type: ignore[attr-defined]
        for token in tokens
        for _ in range(6)
    ]
    assert [each.status_code for each in asked] == [200] * 5 + [429] + [200] * 5 + [429]
    assert asked[5].json()["code"] == "pace.exceeded" and int(asked[5]["Retry-After"]) >= 1


def test_the_unknown_cannot_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit, "MOST_KEPT", 10)
    for number in range(50):
        rate_limit.buckets.take(str(number), 5, 60, float(number))
    assert len(rate_limit.buckets._levels) == 10


def test_real_installations_have_the_limits_that_are_documented(settings: Any) -> None:
    said = (cast_root() / "docs" / "security" / "limits.md").read_text("utf-8")
    for kind, (most, seconds) in settings.OSLONAC_RATE_LIMITS_DEFAULT.items():
        assert f"| {kind} | {most} in {seconds} s |" in said
    member = cast.member("Mira M.", Role.INTERPRETER)
    settings.OSLONAC_RATE_LIMITS = settings.OSLONAC_RATE_LIMITS_DEFAULT
    client = member.client()
    assert {client.get("/account/still/").status_code for _ in range(60)} == {200}


def cast_root() -> Any:
    from pathlib import Path

    return Path(__file__).resolve().parents[2]
