"""What every operation keeps to: who asks, repetition, revision, errors, reads in the ledger."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from oslonac.audit.models import Event, Outcome
from oslonac.cases.models import Case, Concern
from oslonac.kit.clock import now
from tests import cast
from tests.app.api_client import ROOT, Api
from tests.worlds import fresh, made_once

pytestmark = pytest.mark.django_db
UNKNOWN = "01890000-0000-7000-8000-000000000000"


def _made() -> tuple[cast.Member, Case]:
    ana = cast.ana()
    return ana, cast.case(cast.teodora(), ana, at=now())


made = made_once(_made)


@pytest.fixture
def ana(made: Any) -> cast.Member:
    return fresh(made[0])


@pytest.fixture
def case(made: Any) -> Case:
    return fresh(made[1])


def is_problem(answer: Any, status: int, code: str) -> None:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body = json.loads(answer.content)
    assert body["status"] == status
    assert body["code"] == code
    assert body["type"].startswith("/problems/")
    assert body["title"]
    assert body["detail"].endswith(".")


def test_nobody_is_asked_to_sign_in() -> None:
    for headers in ({}, {"Authorization": "Bearer osl_wrong"}, {"Authorization": "Basic eDp5"}):
        answer = Client().get(f"{ROOT}/me", headers=headers)
        is_problem(answer, 401, "unauthenticated")
        assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_wrong_token_does_not_fall_back_to_the_session(ana: cast.Member) -> None:
    answer = ana.client().get(f"{ROOT}/me", headers={"Authorization": "Bearer osl_wrong"})
    is_problem(answer, 401, "unauthenticated")


def test_a_session_reads_and_writes_with_the_form_token(ana: cast.Member, case: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana.user, backend="oslonac.accounts.backends.LoginName")
    assert client.get(f"{ROOT}/me").json()["name"] == "Ana Kostić"
    url = f"{ROOT}/cases/{case.pk}/concerns"
    body = {"kind": "trafficking_labour"}
    is_problem(client.post(url, body, content_type="application/json"), 403, "csrf")
    client.cookies["csrftoken"] = "a" * 32
    done = client.post(
        url, body, content_type="application/json", headers={"X-CSRFToken": "a" * 32}
    )
    assert done.status_code == 201, done.content


def test_tokens_are_made_in_the_browser_shown_once_and_revoked(ana: cast.Member) -> None:
    browser = ana.client()
    url = f"{ROOT}/me/tokens"
    send: dict[str, Any] = {"content_type": "application/json"}
    made = browser.post(url, {"label": "izvoz"}, **send).json()
    headers = {"Authorization": f"Bearer {made['secret']}"}
    assert Client().get(f"{ROOT}/me", headers=headers).status_code == 200
    again = Client().post(url, {"label": "x"}, **send, headers=headers)
    is_problem(again, 409, "token.by_token")
    assert browser.get(url).json()[0]["secret"] is None
    assert browser.post(f"{url}/{made['id']}/revocation", **send).status_code == 200
    is_problem(Client().get(f"{ROOT}/me", headers=headers), 401, "unauthenticated")


def test_a_token_of_somebody_without_a_second_factor_is_no_way_around(
    ana: cast.Member, settings: Any
) -> None:
    api = Api(ana)
    settings.OSLONAC_SECOND_FACTOR = True
    is_problem(api.get("/me"), 403, "second_factor_owed")


def test_how_people_sign_in_is_changed_in_the_browser_only(ana: cast.Member) -> None:
    admin = cast.member("Sanja Adamov", cast.Role.ADMINISTRATOR)
    for step in ("password-handover", "second-factor-removal"):
        path = f"/users/{ana.user.pk}/{step}"
        is_problem(Api(admin).post(path), 409, "account.by_token")
        done = admin.client().post(ROOT + path, content_type="application/json")
        assert done.status_code == 200, done.content


def test_a_repeated_request_answers_the_same_and_says_so(ana: cast.Member, case: Any) -> None:
    api = Api(ana)
    path, body = f"/cases/{case.pk}/concerns", {"kind": "trafficking_labour", "detail": "Rad."}
    first = api.post(path, body, key="k-1")
    second = api.post(path, body, key="k-1")
    assert first.status_code == second.status_code == 201
    assert first.data == second.data
    assert "Idempotency-Replayed" not in first
    assert second["Idempotency-Replayed"] == "true"
    assert Concern.objects.filter(case=case).count() == 1
    is_problem(api.post(path, body | {"detail": "Drugo."}, key="k-1"), 422, "key_reused")
    is_problem(api.post(path, body, key="k" * 81), 400, "bad_request_key")


def test_a_late_writer_is_shown_what_stands(ana: cast.Member, case: Any) -> None:
    api = Api(ana)
    path = f"/cases/{case.pk}"
    seen = api.get(path).data["revision"]
    change = {"revision": seen, "priority": "immediate", "reason": "Pretnje."}
    assert api.made(f"{path}/priority", change)["revision"] == seen + 1
    late = api.post(f"{path}/priority", change | {"priority": "regular"})
    is_problem(late, 409, "stale")
    assert late.data["revision"] == seen + 1
    assert late.data["current"]["priority"] == "immediate"
    assert late.data["current"]["number"] == case.number
    missing = api.post(f"{path}/priority", {"priority": "regular", "reason": "Ostaje."})
    is_problem(missing, 422, "invalid")
    assert missing.data["errors"] == {"revision": "This field is required."}


def test_each_shape_of_error(ana: cast.Member, case: Any, settings: Any) -> None:
    api = Api(ana)
    path = f"/cases/{case.pk}"
    concerns = f"{path}/concerns"
    is_problem(api.raw(concerns, b"{"), 400, "bad_json")
    is_problem(api.raw(concerns, b'{"kind": "\\ud800"}'), 400, "bad_json")
    is_problem(api.raw(concerns, b'{"kind": NaN}'), 400, "bad_json")
    is_problem(api.raw(concerns, b"\xff\xfe"), 400, "bad_json")
    is_problem(api.raw(concerns, b"[" * 50_000), 400, "bad_json")
    is_problem(api.raw(concerns, b'{"kind": ' + b"9" * 5000 + b"}"), 400, "bad_json")
    is_problem(api.raw(concerns, b"kind=x", content_type="text/plain"), 415, "not_json")
    is_problem(api.raw(concerns, b"", method="DELETE"), 405, "no_such_method")
    is_problem(api.get("/nothing/here"), 404, "not_found")
    is_problem(api.get("/obligations", limit=0), 422, "invalid")
    is_problem(api.get("/obligations", cursor="made-up"), 422, "invalid")
    is_problem(api.post(concerns, {"kind": "no_such"}), 422, "invalid")
    is_problem(api.post(concerns, {"kind": "x", "more": 1}), 422, "invalid")
    is_problem(api.post(f"{path}/pathway", {"revision": 1, "reason": "Ostaje."}), 409, _step())
    is_problem(api.get("/ledger/events"), 403, "denied")
    assert Event.objects.filter(name="ledger.read.denied", outcome=Outcome.DENIED).exists()
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    is_problem(api.raw(concerns, b"x" * 200), 413, "too_large")


def _step() -> str:
    return "pathway.full_to_full"


def test_errors_repeat_nothing_of_what_was_sent(ana: cast.Member, case: Any) -> None:
    api = Api(ana)
    secret = "Farid Rahimi 064 123"
    for body in (
        {"kind": secret * 9},
        {"kind": "x", "detail": [secret]},
        {"kind": {"a": secret}},
        [secret],
    ):
        answer = api.post(f"/cases/{case.pk}/concerns", body)
        assert answer.status_code == 422
        assert "Farid" not in answer.content.decode()


def test_unknown_hidden_and_malformed_ids_answer_alike(case: Any) -> None:
    api = Api(cast.jelena())
    before = Event.objects.filter(outcome=Outcome.DENIED).count()
    answers = [api.get(f"/cases/{each}") for each in (case.pk, UNKNOWN, "17", "%00", "a" * 900)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert Event.objects.filter(outcome=Outcome.DENIED).count() == before + len(answers)


def test_reads_of_sealed_texts_are_events(ana: cast.Member, case: Any) -> None:
    api = Api(ana)
    api.made(f"/cases/{case.pk}/concerns", {"kind": "trafficking_labour", "detail": "Rad."})
    Event.objects.filter(outcome=Outcome.READ).count()
    for path, field in (
        (f"/cases/{case.pk}", "shown_name"),
        (f"/cases/{case.pk}/concerns", "detail"),
        (f"/persons/{case.person_id}", "full"),
        ("/case-lists/mine", "shown_name"),
    ):
        known = set(Event.objects.values_list("pk", flat=True))
        assert api.get(path).status_code == 200
        read = Event.objects.exclude(pk__in=known).get(outcome=Outcome.READ)
        assert field in read.fields
        assert (read.actor_id, read.channel) == (ana.user.pk, "api")


def test_a_reader_of_the_case_alone_gets_neither_names_nor_narratives(case: Any) -> None:
    lead, vera = cast.dragan(), cast.member("Vera Ilić", cast.Role.SCHOOL)
    Api(lead).made(
        f"/cases/{case.pk}/grants",
        {
            "user": str(vera.user.pk),
            "level": "case",
            "reason": "conference",
            "ground": "social_protection",
            "explanation": "Škola je u planu.",
            "until": (now() + timedelta(days=1)).isoformat(),
        },
    )
    api = Api(vera)
    shown = api.get(f"/cases/{case.pk}").data
    assert shown["withheld"] == ["narrative", "identity", "whereabouts"]
    assert shown["child"]["name"] is None
    assert shown["priority"] == "urgent"
    person = api.get(f"/persons/{case.person_id}").data
    assert person["names"] is None
    assert person["withheld"] == ["narrative", "identity", "whereabouts"]
    decision = api.get(f"/cases/{case.pk}/decisions").data[0]
    assert decision["reason"] is None
    text = json.dumps([shown, person, decision])
    assert "Farid" not in text
    assert not Event.objects.filter(outcome=Outcome.READ, actor_id=vera.user.pk).exists()


def test_a_reader_of_the_existence_alone_gets_number_and_office(case: Any) -> None:
    lead, vera = cast.dragan(), cast.member("Vera Ilić", cast.Role.SCHOOL)
    Api(lead).made(
        f"/cases/{case.pk}/grants",
        {
            "user": str(vera.user.pk),
            "level": "existence",
            "reason": "conference",
            "ground": "social_protection",
            "explanation": "Škola je u planu.",
            "until": (now() + timedelta(days=1)).isoformat(),
        },
    )
    api = Api(vera)
    shown = api.get(f"/cases/{case.pk}").data
    assert shown["number"] == case.number
    assert shown["withheld"][:2] == ["contact", "case"]
    hidden = set(shown) - {"id", "number", "revision", "withheld", "organisation"}
    assert all(shown[name] is None for name in hidden)
    assert api.get(f"/cases/{case.pk}/concerns").status_code == 403


def test_pages_follow_each_other_without_gap_or_repetition() -> None:
    ana, teodora = cast.ana(), cast.teodora()
    made = {str(cast.case(teodora, ana, at=now()).pk) for _ in range(5)}
    api = Api(ana)
    seen: list[str] = []
    cursor = ""
    for _ in range(5):
        page = api.get("/case-lists/mine", limit=2, cursor=cursor).data
        seen += [each["id"] for each in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(seen) == 5
    assert set(seen) == made
    places = api.get("/places", limit=2, kind="area").data
    following = api.get("/places", limit=2, kind="area", cursor=places["next"]).data
    assert places["items"][-1]["code"] < following["items"][0]["code"]
    foreign = api.get("/organisations", cursor=places["next"])
    is_problem(foreign, 422, "invalid")


def test_moments_carry_their_offset(case: Any, ana: cast.Member) -> None:
    api = Api(ana)
    assert api.get(f"/cases/{case.pk}").data["opened_at"].endswith("Z")
    naive = api.post(
        f"/cases/{case.pk}/contacts",
        {"kind": "visit", "happened_at": "2026-03-01T10:00:00", "alone_with_child": "yes"},
    )
    is_problem(naive, 422, "invalid")
    assert "happened_at" in naive.data["errors"]
