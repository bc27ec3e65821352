"""Signing in: login names known only as hashes, the second factor, limits, what is recorded."""

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from django.core import signing
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from oslonac.access.actor import SYSTEM
from oslonac.access.roles import Role
from oslonac.accounts import actions
from oslonac.accounts.models import User
from oslonac.accounts.queries import actor_for
from oslonac.audit.models import Event, Outcome
from oslonac.directory.models import Organisation, OrganisationKind
from oslonac.kit.clock import now
from oslonac.notices.models import Notice

PASSWORD = "lipa reka kamen oblak"
HOME = "/account/"


@pytest.fixture
def centre(db: None) -> Organisation:
    return Organisation.objects.create(
        code="csw-test", kind=OrganisationKind.CSW, names={"en": "Centre of Testing"}
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
        starts_on=at.date() - timedelta(days=2),
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


def code_for(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def test_login_name_is_taken_in_any_case_and_stored_nowhere(client: Client, user: User) -> None:
    response = sign_in(client, " mIRA@tEST ")
    assert response.status_code == 302 and response["Location"] == "/"
    assert client.get(HOME).status_code == 200
    stored = str(client.session.items()) + user.username
    assert "mira" not in stored.lower()
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(cache_key || value, ' ') FROM accounts_counter")
        assert "mira" not in (cursor.fetchone()[0] or "").lower()


def test_unknown_name_and_wrong_password_answer_alike(client: Client, user: User) -> None:
    began = time.monotonic()
    wrong = sign_in(client, "mira@test", "nonsense")
    middle = time.monotonic()
    unknown = sign_in(client, "nobody", "nonsense")
    ended = time.monotonic()
    pages = [wrong.content.decode(), unknown.content.decode()]
    assert "do not belong together" in pages[0]
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
    assert "Too many tries" in sign_in(client, "MIRA@test").content.decode()
    assert client.get(HOME).status_code == 302
    assert sign_in(client, "colleague").status_code == 302


def test_strangers_do_not_lock_out_the_owner(client: Client, user: User) -> None:
    """Whoever knows a login name uses up the tries of strangers, from the same address too."""
    assert sign_in(client, "mira@test").status_code == 302
    client.post(reverse("account_logout"))
    stranger = Client()
    for _try in range(6):
        sign_in(stranger, "mira@test", "nonsense")
    assert "Too many tries" in sign_in(stranger, "mira@test").content.decode()
    assert sign_in(client, "mira@test").status_code == 302
    assert client.get(HOME).status_code == 200
    # Not on the word of a cookie that we did not sign, and for no other account.
    forger = Client()
    forger.cookies["device"] = client.cookies["device"].value[:-2] + "xx"
    assert "Too many tries" in sign_in(forger, "mira@test").content.decode()


def test_a_known_device_has_few_tries_as_well(client: Client, user: User) -> None:
    sign_in(client, "mira@test")
    client.post(reverse("account_logout"))
    for _try in range(6):
        assert "do not belong" in sign_in(client, "mira@test", "nonsense").content.decode()
    assert "Too many tries" in sign_in(client, "mira@test").content.decode()
    assert sign_in(Client(), "mira@test").status_code == 302


def test_an_address_that_guesses_does_not_stop_a_known_device(
    client: Client, user: User, settings: Any
) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login_failed": "3/10m/ip"}
    sign_in(client, "mira@test")
    client.post(reverse("account_logout"))
    for number in range(4):
        sign_in(Client(), f"nobody{number}", "nonsense")
    assert "Too many tries" in sign_in(Client(), "somebody").content.decode()
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
    page = client.get(reverse("notices:inbox")).content.decode()
    assert "Android" in page and "not used on before" in page and "sign in was changed" in page
    assert "still to be done" not in client.get(reverse("notices:inbox")).content.decode()


def test_switched_off_means_signed_out_and_not_let_in(client: Client, user: User) -> None:
    sign_in(client, "mira@test")
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get(HOME).status_code == 302
    assert "do not belong together" in sign_in(client, "mira@test").content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "signup/", "email/", "password/reset/", "password/set/", "confirm-email/x/",
        "social/login/error/", "login/code/confirm/", "password/reset/key/1-set/",
    ],
)  # fmt: skip
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


@pytest.mark.django_db(transaction=True)
def test_who_sees_cases_is_led_to_the_second_factor(client: Client, worker: User) -> None:
    sign_in(client, "radnik")
    enrol = reverse("mfa_activate_totp")
    assert client.get(HOME)["Location"].startswith(enrol)
    problem = client.get("/api/v1/openapi.json")
    assert (problem.status_code, problem.json()["code"]) == (403, "second_factor.owed")
    page = client.get(enrol)
    assert page.status_code == 200
    secret = page.context["form"].secret
    assert "is not right" in client.post(enrol, {"code": "000000"}).content.decode()
    done = client.post(enrol, {"code": code_for(secret)})
    assert done["Location"] == reverse("mfa_view_recovery_codes")
    codes = client.get(done["Location"]).context["unused_codes"]
    assert len(set(codes)) == 10
    assert client.get(HOME).status_code == 200
    again = client.get(done["Location"]).content.decode()
    assert not [code for code in codes if code in again] and "10 of 10" in again
    assert client.get(reverse("mfa_download_recovery_codes")).status_code == 403
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored and codes[0] not in stored
    return_visit(worker, secret, codes[0])


def return_visit(worker: User, secret: str, recovery_code: str) -> None:
    """The next sign-in asks for a code, or for a recovery code, each good once."""
    app_code = code_for(secret, 1)
    for given in (app_code, recovery_code):
        client = Client()
        assert sign_in(client, "radnik")["Location"].startswith(reverse("mfa_authenticate"))
        assert client.get(HOME).status_code == 302
        wrong = client.post(reverse("mfa_authenticate"), {"code": "111111"})
        assert "is not right" in wrong.content.decode()
        assert client.post(reverse("mfa_authenticate"), {"code": given}).status_code == 302
        assert client.get(HOME).status_code == 200
    for used in (app_code, recovery_code):
        client = Client()
        sign_in(client, "radnik")
        refused = client.post(reverse("mfa_authenticate"), {"code": used})
        assert refused.status_code == 200 and "is not right" in refused.content.decode()
        assert client.get(HOME).status_code == 302
    kept = Authenticator.objects.get(user=worker, type="recovery_codes").data
    assert "seed" not in kept and len(kept["hashes"]) == 9
    assert Event.objects.filter(name="session.refused", record_id=worker.pk).count() == 4


@pytest.mark.parametrize("role", list(Role))
def test_no_role_goes_without_a_second_factor(
    client: Client, centre: Organisation, settings: Any, role: str
) -> None:
    cache.clear()
    settings.OSLONAC_SECOND_FACTOR = True
    make(centre, "somebody", role)
    sign_in(client, "somebody")
    for page in (HOME, "/administration/users/", "/account/tokens/"):
        assert client.get(page)["Location"].startswith(reverse("mfa_activate_totp")), page


@pytest.mark.django_db(transaction=True)
def test_a_code_is_good_once_for_as_long_as_it_is_taken(
    worker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A code of the next step, read over a shoulder, is not good again a minute later."""
    secret = generate_totp_secret()
    TOTP.activate(worker, secret)
    began = int(time.time()) // 30 * 30 + 1
    code = format_hotp_value(hotp_value(secret, began // 30 + 1))
    answers = []
    for later in (0, 31, 58):
        monkeypatch.setattr("time.time", lambda later=later: float(began + later))
        client = Client()
        sign_in(client, "radnik")
        answers.append(client.post(reverse("mfa_authenticate"), {"code": code}).status_code)
    assert answers == [302, 200, 200]


@pytest.mark.django_db(transaction=True)
def test_a_first_factor_leads_to_the_codes_without_another_question(
    client: Client, worker: User, settings: Any
) -> None:
    settings.OSLONAC_STEP_UP = True
    sign_in(client, "radnik")
    enrol = reverse("mfa_activate_totp")
    secret = client.get(enrol).context["form"].secret
    page = client.post(enrol, {"code": code_for(secret)}, follow=True)
    assert page.status_code == 200 and len(set(page.context["unused_codes"])) == 10
    assert client.get(HOME).status_code == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "route",
    [
        "mfa_activate_totp", "mfa_deactivate_totp", "mfa_add_webauthn",
        "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes",
    ],
)  # fmt: skip
def test_changing_a_factor_asks_for_the_factor(
    client: Client, worker: User, settings: Any, route: str
) -> None:
    """A password proven a moment ago, which is all allauth asks for, is not enough."""
    settings.OSLONAC_STEP_UP = True
    secret = generate_totp_secret()
    TOTP.activate(worker, secret)
    RecoveryCodes.activate(worker)
    sign_in(client, "radnik")
    client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "mfa", "at": time.time() - 3600},
        {"method": "password", "at": time.time(), "reauthenticated": True},
    ]
    session.save()
    page = client.get(reverse(route))
    assert page.status_code == 403 and "stepup_code" in page.content.decode()
    assert client.post(reverse(route), {}).status_code == 403
    assert Authenticator.objects.filter(user=worker).count() == 2


@pytest.mark.django_db(transaction=True)
def test_session_opened_before_enrolment_ends_with_it(client: Client, worker: User) -> None:
    sign_in(client, "radnik")
    other = Client()
    sign_in(other, "radnik")
    enrol = reverse("mfa_activate_totp")
    secret = other.get(enrol).context["form"].secret
    other.post(enrol, {"code": code_for(secret)})
    # A new second factor ends every other session: the next sign-in proves it.
    assert client.get(HOME)["Location"].startswith(reverse("account_login"))
    sign_in(client, "radnik")
    client.post(reverse("mfa_authenticate"), {"code": code_for(secret, 1)})
    assert client.get(HOME).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_taking_the_app_off_leads_back_to_enrolment(client: Client, worker: User) -> None:
    sign_in(client, "radnik")
    enrol = reverse("mfa_activate_totp")
    secret = client.get(enrol).context["form"].secret
    client.post(enrol, {"code": code_for(secret)})
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.exists()
    assert client.get(HOME)["Location"].startswith(enrol)


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
    fields = {"label": "import na serveru", "once": "11"}
    first = client.post(page, fields).content.decode()
    assert "osl_" in first
    again = client.post(page, fields).content.decode()
    assert "osl_" not in again and "made already" in again
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
    page = client.get(reverse("account_login")).content.decode()
    assert "cast" not in page and "demo" not in page.lower()
    assert client.post("/demo/").status_code == 404


def test_account_without_a_password_is_told_so(client: Client, user: User) -> None:
    user.set_unusable_password()
    user.save()
    client.force_login(user)
    answer = client.get(reverse("account_change_password"))
    assert answer.status_code == 409 and "without a password" in answer.content.decode()
    assert client.get(HOME).status_code == 200
