"""Signing in: login names known only as hashes, limits, what is recorded."""

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core import signing
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from oslonac.access.actor import SYSTEM
from oslonac.accounts import actions
from oslonac.accounts.models import User
from oslonac.accounts.queries import actor_for
from oslonac.audit.models import Event, Outcome
from oslonac.directory.models import Organisation
from oslonac.kit.clock import now
from oslonac.notices.models import Notice
from tests import cast
from tests.http import page_of

PASSWORD = "lipa reka kamen oblak"
HOME = "/account/"


@pytest.fixture
def centre(db: None) -> Organisation:
    return Organisation.objects.create(
        code="csw-test", kind="csw", names={"en": "Centre of Testing"}
    )


def make(centre: Organisation, login: str, role: str = "administrator") -> User:
    at = now()
    user = actions.make_user(actor=SYSTEM, at=at, login=login, name="Mira Test", password=PASSWORD)
    actions.give_membership(
        actor=SYSTEM,
        at=at,
        user=user,
        organisation_id=centre.pk,
        role=role,
        starts_on=cast.today(at) - timedelta(days=2),
    )
    return user


@pytest.fixture
def user(centre: Organisation) -> User:
    cache.clear()
    return make(centre, "Mira@Test")


@pytest.fixture
def worker(centre: Organisation, settings: Any) -> User:
    """Somebody who sees cases, where a second factor is asked for."""
    cache.clear()
    settings.OSLONAC_SECOND_FACTOR = True
    return make(centre, "radnik", "case_manager")


def sign_in(client: Client, login: str, password: str = PASSWORD, **more: Any) -> Any:
    return client.post(reverse("account_login"), {"login": login, "password": password, **more})


def test_login_name_is_taken_in_any_case_and_stored_nowhere(client: Client, user: User) -> None:
    response = sign_in(client, " mIRA@tEST ")
    assert response.status_code == 302 and response["Location"] == "/"
    assert client.get(HOME).status_code == 200
    stored = str(client.session.items()) + user.username
    assert "mira" not in stored.lower()
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(cache_key || value, ' ') FROM accounts_counter")
        assert "mira" not in (cursor.fetchone()[0] or "").lower()


def test_unknown_name_and_wrong_password_answer_alike(
    client: Client, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As many rounds as make the hash most of an answer; other tests leave them out.
    monkeypatch.setattr(PBKDF2PasswordHasher, "iterations", 400_000)
    user.set_password(PASSWORD)
    user.save()
    client.get(reverse("account_login"))  # what only the first request waits for
    began = time.monotonic()
    wrong = sign_in(client, "mira@test", "nonsense")
    middle = time.monotonic()
    unknown = sign_in(client, "nobody", "nonsense")
    ended = time.monotonic()
    pages = [wrong.content.decode(), unknown.content.decode()]
    assert "the password is wrong" in pages[0]
    clean = [re.sub(r'value="[^"]*"|id="[^"]*"|nonce|[A-Za-z0-9]{64}', "", page) for page in pages]
    assert clean[0] == clean[1]
    assert (ended - middle) > 0.3 * (middle - began)


def test_sessions_are_in_the_ledger_without_names(client: Client, user: User) -> None:
    sign_in(client, "mira@test", "nonsense")
    sign_in(client, "who-is-this", "nonsense")
    sign_in(client, "mira@test")
    client.post(reverse("account_logout"))
    told = list(Event.objects.filter(name__startswith="session.").order_by("recorded_at", "id"))
    assert [event.name for event in told].count("session.refused") == 2
    by_name = {event.name: event for event in told}
    assert by_name["session.opened"].actor_id == user.pk
    assert by_name["session.closed"].data == {"reason": "signed_out"}
    refused = [event for event in told if event.name == "session.refused"]
    assert {event.record_id for event in refused} == {user.pk, None}
    assert all(event.outcome == Outcome.DENIED and not event.data for event in refused)
    assert client.get(HOME).status_code == 302


def test_signing_out_needs_post(client: Client, user: User) -> None:
    sign_in(client, "mira@test")
    assert client.get(reverse("account_logout")).status_code == 200
    assert client.get(HOME).status_code == 200


def test_one_account_is_guarded_but_not_the_office(
    client: Client, user: User, centre: Organisation
) -> None:
    make(centre, "colleague")
    for _try in range(6):
        sign_in(client, "mira@test", "nonsense")
    assert "Too many attempts" in sign_in(client, "MIRA@test").content.decode()
    assert client.get(HOME).status_code == 302
    assert sign_in(client, "colleague").status_code == 302


def test_strangers_do_not_lock_out_the_owner(client: Client, user: User) -> None:
    """Whoever knows a login name uses up the tries of strangers, from the same address too."""
    assert sign_in(client, "mira@test").status_code == 302
    client.post(reverse("account_logout"))
    stranger = Client()
    for _try in range(6):
        sign_in(stranger, "mira@test", "nonsense")
    assert "Too many attempts" in sign_in(stranger, "mira@test").content.decode()
    assert sign_in(client, "mira@test").status_code == 302
    assert client.get(HOME).status_code == 200
    # Not on the word of a cookie that we did not sign, and for no other account.
    forger = Client()
    forger.cookies["device"] = client.cookies["device"].value[:-2] + "xx"
    assert "Too many attempts" in sign_in(forger, "mira@test").content.decode()


def test_a_known_device_has_few_tries_as_well(client: Client, user: User) -> None:
    sign_in(client, "mira@test")
    client.post(reverse("account_logout"))
    for _try in range(6):
        assert "is wrong" in sign_in(client, "mira@test", "nonsense").content.decode()
    assert "Too many attempts" in sign_in(client, "mira@test").content.decode()
    assert sign_in(Client(), "mira@test").status_code == 302


def test_an_address_that_guesses_does_not_stop_a_known_device(
    client: Client, user: User, settings: Any
) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login_failed": "3/10m/ip"}
    sign_in(client, "mira@test")
    client.post(reverse("account_logout"))
    for number in range(4):
        sign_in(Client(), f"nobody{number}", "nonsense")
    assert "Too many attempts" in sign_in(Client(), "somebody").content.decode()
    assert sign_in(client, "mira@test").status_code == 302


def test_the_device_cookie_names_nobody(client: Client, user: User) -> None:
    cookie = sign_in(client, "mira@test").cookies["device"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    for told in (str(user.pk), user.username, "mira"):
        assert told not in signing.b64_decode(cookie.value.split(":")[0].encode()).decode()
    client.cookies.pop("sessionid")
    assert client.get(HOME).status_code == 302


def test_a_new_device_and_a_changed_password_are_told_to_the_owner(
    client: Client, user: User
) -> None:
    sign_in(client, "mira@test")
    assert Notice.objects.filter(user=user).count() == 0  # the very first time
    client.post(reverse("account_logout"))
    sign_in(client, "mira@test")
    assert Notice.objects.filter(user=user).count() == 0  # the same device
    sign_in(
        Client(headers={"User-Agent": "Mozilla/5.0 (Linux; Android 14) Chrome/126"}), "mira@test"
    )
    told = Notice.objects.get(user=user)
    assert told.kind == "sign_in.new_device" and told.urgent
    fresh = "sever jug istok zapad"
    fields = {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh}
    client.post(reverse("account_change_password"), fields)
    assert Notice.objects.get(user=user, kind="sign_in.changed").data["what"] == "password.changed"
    page = page_of(client.get(reverse("notices:inbox")))
    assert "Android" in page and "not used on before" in page and "sign in was changed" in page
    assert "action needed" not in client.get(reverse("notices:inbox")).content.decode()


def test_switched_off_means_signed_out_and_not_let_in(client: Client, user: User) -> None:
    sign_in(client, "mira@test")
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get(HOME).status_code == 302
    assert "the password is wrong" in sign_in(client, "mira@test").content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "signup/",
        "email/",
        "password/reset/",
        "password/set/",
        "confirm-email/x/",
        "social/login/error/",
        "login/code/confirm/",
        "password/reset/key/1-set/",
    ],
)
def test_routes_we_do_not_use_do_not_exist(client: Client, user: User, path: str) -> None:
    assert client.get(f"/account/{path}").status_code == 404
    sign_in(client, "mira@test")
    assert client.post(f"/account/{path}").status_code == 404


def test_every_account_route_says_what_it_takes() -> None:
    for resolver in get_resolver().url_patterns:
        if "account" not in str(resolver.pattern):
            continue
        for route in resolver.url_patterns:
            assert getattr(route.callback, "permission", None), route
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")


def test_handed_over_password_must_be_changed_first(client: Client, user: User) -> None:
    handed = actions.hand_over_password(actor=SYSTEM, at=now(), user=user).one_time_password
    assert sign_in(client, "mira@test").status_code == 200  # the old one no longer works
    assert sign_in(client, "mira@test", handed).status_code == 302
    change = reverse("account_change_password")
    assert client.get(HOME)["Location"].startswith(change)
    refused = client.get("/api/v1/openapi.json")
    assert refused.status_code == 403
    assert refused["Content-Type"] == "application/problem+json"
    fields = {"oldpassword": handed, "password1": handed, "password2": handed}
    assert "Choose another one" in client.post(change, fields).content.decode()
    fresh = "sever jug istok zapad"
    fields |= {"password1": fresh, "password2": fresh}
    assert client.post(f"{change}?next={HOME}", fields)["Location"] == HOME
    assert client.get(HOME).status_code == 200
    assert Event.objects.filter(name="password.changed", record_id=user.pk).exists()
    # Told of what an administrator did, not of what they were just asked to do.
    told = [notice.data["what"] for notice in Notice.objects.filter(user=user)]
    assert told == ["password.handed_over"]
    again = Client()
    sign_in(again, "mira@test", fresh)
    assert again.get(HOME).status_code == 200


def test_idle_and_overlong_sessions_end(client: Client, user: User, settings: Any) -> None:
    sign_in(client, "mira@test")
    for mark, reason in (("seen_at", "idle"), ("opened_at", "too_long")):
        session = client.session
        session[mark] -= 13 * 3600
        session.save()
        answer = client.get(HOME)
        assert answer["Location"].startswith(reverse("account_login"))
        assert Event.objects.filter(name="session.closed", data={"reason": reason}).count() == 1
        assert client.get("/account/tokens/").status_code == 302
        sign_in(client, "mira@test")


def test_token_is_shown_once_and_ended(client: Client, user: User) -> None:
    sign_in(client, "mira@test")
    page = reverse("accounts:tokens")
    fields = {"label": "import na serveru", "request_key": "11"}
    first = page_of(client.post(page, fields))
    assert "osl_" in first
    again = page_of(client.post(page, fields))
    assert "osl_" not in again and "already shown once" in again
    token = user.tokens.get()
    other = Client()
    assert other.get(page).status_code == 302
    client.post(reverse("accounts:end_token", args=[token.pk]))
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_token_of_somebody_else_is_unknown(
    client: Client, user: User, centre: Organisation
) -> None:
    colleague = make(centre, "colleague")
    actor = actor_for(colleague, at=now())
    token = actions.make_token(actor=actor, at=now(), user=colleague, label="x")
    sign_in(client, "mira@test")
    assert client.post(reverse("accounts:end_token", args=[token.pk])).status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is None


def test_nothing_of_the_demonstration_outside_it(client: Client, user: User) -> None:
    page = page_of(client.get(reverse("account_login")))
    assert "cast" not in page and "demo" not in page.lower()
    assert client.post("/demo/").status_code == 404


def test_account_without_a_password_is_told_so(client: Client, user: User) -> None:
    user.set_unusable_password()
    user.save()
    client.force_login(user)
    answer = client.get(reverse("account_change_password"))
    assert answer.status_code == 409 and "without a password" in answer.content.decode()
    assert client.get(HOME).status_code == 200
