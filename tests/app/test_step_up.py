"""Asking again who acts: what asks, what counts as proof, what is kept, what a token may not."""

import time
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from oslonac.access.roles import Role
from oslonac.accounts import actions
from oslonac.accounts.models import User
from oslonac.audit.actions import ASKED_AGAIN
from oslonac.audit.models import Event
from oslonac.kit.clock import now
from tests import cast
from tests.http import page_of
from tests.second_factor import code_for

pytestmark = pytest.mark.django_db
PASSWORD = "lipa reka kamen oblak"
LONG_AGO = 3600


@pytest.fixture
def admin(settings: Any) -> cast.Member:
    settings.OSLONAC_STEP_UP = True
    cache.clear()
    member = cast.member("Admin A.", Role.ADMINISTRATOR)
    member.user.set_password(PASSWORD)
    member.user.save()
    return member


def new_user(**more: str) -> dict[str, str]:
    centre = str(cast.Organisation.objects.get(code="csw-vranje").pk)
    return {
        "login": "nova.osoba",
        "name": "Nova Osoba",
        "organisation": centre,
        "request_key": "n1",
        "role": "case_manager",
        "starts_on": cast.today().isoformat(),
    } | more


def age_proofs(client: Client) -> None:
    session = client.session
    session["account_authentication_methods"] = [
        each | {"at": time.time() - LONG_AGO} for each in session["account_authentication_methods"]
    ]
    session.save()


def signed_in(member: cast.Member) -> Client:
    client = Client()
    client.force_login(member.user, backend="oslonac.accounts.backends.LoginName")
    return client


def test_what_opens_or_guards_much_asks_again() -> None:
    assert {
        "grant.given",
        "membership.given",
        "membership.ended",
        "password.handed_over",
        "second_factor.taken_off",
        "token.made",
        "user.changed",
        "user.made",
    } <= ASKED_AGAIN


def test_a_stale_session_is_asked_and_what_was_typed_goes_on(admin: cast.Member) -> None:
    client = signed_in(admin)
    url = reverse("administration:new_user")
    asked = client.post(url, new_user())
    page = page_of(asked)
    assert asked.status_code == 403
    assert 'value="Nova Osoba"' in page and "stepup_password" in page
    assert User.objects.by_login("nova.osoba") is None
    assert "Nova" not in str(dict(client.session))
    wrong = client.post(url, new_user(stepup_password="nonsense"))
    assert wrong.status_code == 403 and "This password is wrong" in wrong.content.decode()
    assert 'value="Nova Osoba"' in wrong.content.decode()
    assert "nonsense" not in wrong.content.decode()
    done = client.post(url, new_user(stepup_password=PASSWORD))
    assert done.status_code == 200 and "One-time password" in done.content.decode()
    assert User.objects.by_login("nova.osoba") is not None
    told = Event.objects.get(name="identity.confirmed")
    assert (told.actor_id, told.data) == (admin.user.pk, {"by": "password"})
    # For a few minutes nothing is asked.
    assert client.post(url, new_user(login="druga", request_key="n2")).status_code == 200
    age_proofs(client)
    assert client.post(url, new_user(login="treca", request_key="n3")).status_code == 403


def test_signing_in_is_a_proof_and_grows_old(admin: cast.Member) -> None:
    client = Client()
    login = "admin.stepup"
    admin.user.username = actions.login_key(login)
    admin.user.save()
    client.post(reverse("account_login"), {"login": login, "password": PASSWORD})
    page = reverse("accounts:tokens")
    assert "osl_" in client.post(page, {"label": "x", "request_key": "1"}).content.decode()
    age_proofs(client)
    assert client.post(page, {"label": "y", "request_key": "2"}).status_code == 403


def test_with_a_second_factor_the_password_is_not_enough(admin: cast.Member) -> None:
    secret = generate_totp_secret()
    TOTP.activate(admin.user, secret)
    client = signed_in(admin)
    url = reverse("administration:new_user")
    page = client.post(url, new_user(stepup_password=PASSWORD))
    assert page.status_code == 403 and "stepup_code" in page.content.decode()
    assert 'type="password"' not in page.content.decode()
    assert client.post(url, new_user(stepup_code="000000")).status_code == 403
    assert client.post(url, new_user(stepup_code=code_for(secret))).status_code == 200
    assert Event.objects.filter(name="identity.confirmed", data={"by": "code"}).count() == 1


def test_guessing_is_slowed_down(admin: cast.Member) -> None:
    client = signed_in(admin)
    url = reverse("accounts:confirm")
    for _try in range(10):
        client.post(url, {"stepup_password": "nonsense"})
    refused = client.post(url, {"stepup_password": PASSWORD})
    assert refused.status_code == 403 and "Too many attempts" in refused.content.decode()


def test_the_page_itself_leads_on_but_nowhere_foreign(admin: cast.Member) -> None:
    client = signed_in(admin)
    url = reverse("accounts:confirm")
    assert client.get(url).status_code == 403
    on = client.post(f"{url}?next=/account/", {"stepup_password": PASSWORD})
    assert on["Location"] == "/account/"
    out = client.post(f"{url}?next=https://elsewhere.example/", {"stepup_password": PASSWORD})
    assert out["Location"] == "/"


def test_a_forged_form_is_no_proof(admin: cast.Member) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin.user, backend="oslonac.accounts.backends.LoginName")
    answer = client.post(reverse("accounts:confirm"), {"stepup_password": PASSWORD})
    assert answer.status_code == 403
    assert not Event.objects.filter(name="identity.confirmed").exists()


def test_the_demonstration_confirms_and_nobody_else(admin: cast.Member, settings: Any) -> None:
    admin.user.set_unusable_password()
    admin.user.is_demo = True
    admin.user.save()
    client = signed_in(admin)
    url = reverse("administration:new_user")
    assert client.post(url, new_user(stepup_confirmed="1")).status_code == 403
    settings.OSLONAC_DEMO = True
    assert "Yes, it is me" in client.post(url, new_user()).content.decode()
    assert client.post(url, new_user(stepup_confirmed="1")).status_code == 200


def test_a_token_never_does_what_asks_again(admin: cast.Member) -> None:
    token = actions.make_token(actor=admin.actor(), at=now(), user=admin.user, label="x")
    secret = token.secret  # type: ignore[attr-defined]
    answer = Client().post(
        f"/api/v1/users/{admin.user.pk}/password-handover",
        {},
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )
    # Some of it is refused to tokens for good, the rest asks for a proof that no token can give.
    assert answer.status_code in (403, 409), answer.content
    assert answer.json()["code"] in ("step_up_needed", "account.by_token")
    assert not Event.objects.filter(name="password.handed_over").exists()


def test_a_session_of_the_api_asks_as_well(admin: cast.Member) -> None:
    client = signed_in(admin)
    body: dict[str, Any] = {"data": {"label": "x"}, "content_type": "application/json"}
    answer = client.post("/api/v1/me/tokens", **body)
    assert (answer.status_code, answer.json()["code"]) == (403, "step_up_needed")
    assert answer.json()["max_age"] == 300
    assert "insufficient_user_authentication" in answer["WWW-Authenticate"]
    client.post(reverse("accounts:confirm"), {"stepup_password": PASSWORD})
    assert client.post("/api/v1/me/tokens", **body).status_code == 201


def test_a_part_of_a_page_leads_to_the_question(admin: cast.Member) -> None:
    client = signed_in(admin)
    answer = client.post(
        reverse("administration:new_user"),
        new_user(),
        headers={"HX-Request": "true", "HX-Current-URL": "/administration/users/new/"},
    )
    assert answer.status_code == 204
    assert answer["HX-Redirect"].startswith(reverse("accounts:confirm"))
