"""The second factor: who must have one, how long a code lives, recovery codes, changing it."""

import time
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from oslonac.access.roles import Role
from oslonac.accounts import recovery_codes
from oslonac.accounts.hashers import fresh_password
from oslonac.accounts.models import User
from oslonac.audit.models import Event
from oslonac.directory.models import Organisation
from tests.app.test_sign_in import HOME, make, sign_in
from tests.app.test_sign_in import centre as centre
from tests.app.test_sign_in import worker as worker
from tests.http import page_of
from tests.second_factor import STEP, code_for


@pytest.fixture(autouse=True)
def watch(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The clock by which codes are judged stands in the middle of a step until it is moved."""
    held = SimpleNamespace(at=time.time() // STEP * STEP + STEP / 2)
    monkeypatch.setattr(auth, "time", SimpleNamespace(time=lambda: held.at))
    return held


@pytest.mark.django_db(transaction=True)
def test_who_sees_cases_is_led_to_the_second_factor(
    client: Client,
    worker: User,
    watch: SimpleNamespace,
) -> None:
    sign_in(client, "radnik")
    enrol = reverse("mfa_activate_totp")
    assert client.get(HOME)["Location"].startswith(enrol)
    problem = client.get("/api/v1/openapi.json")
    assert (problem.status_code, problem.json()["code"]) == (403, "second_factor.owed")
    page = client.get(enrol)
    assert page.status_code == 200
    secret = page.context["form"].secret
    assert "is wrong" in client.post(enrol, {"code": "000000"}).content.decode()
    done = client.post(enrol, {"code": code_for(secret)})
    assert done["Location"] == reverse("mfa_view_recovery_codes")
    codes = client.get(done["Location"]).context["unused_codes"]
    assert len(set(codes)) == 10
    assert client.get(HOME).status_code == 200
    again = page_of(client.get(done["Location"]))
    assert not [code for code in codes if code in again] and "10 of 10" in again
    assert client.get(reverse("mfa_download_recovery_codes")).status_code == 403
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored and codes[0] not in stored
    watch.at += STEP
    return_visit(worker, secret, codes[0])


def return_visit(worker: User, secret: str, recovery_code: str) -> None:
    """The next sign-in asks for a code, or for a recovery code, each good once."""
    app_code = code_for(secret)
    for given in (app_code, recovery_code):
        client = Client()
        assert sign_in(client, "radnik")["Location"].startswith(reverse("mfa_authenticate"))
        assert client.get(HOME).status_code == 302
        wrong = client.post(reverse("mfa_authenticate"), {"code": "111111"})
        assert "is wrong" in wrong.content.decode()
        assert client.post(reverse("mfa_authenticate"), {"code": given}).status_code == 302
        assert client.get(HOME).status_code == 200
    for used in (app_code, recovery_code):
        client = Client()
        sign_in(client, "radnik")
        refused = client.post(reverse("mfa_authenticate"), {"code": used})
        assert refused.status_code == 200 and "is wrong" in refused.content.decode()
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
@pytest.mark.parametrize(("late", "taken"), [(-1, False), (0, True), (14, True), (15, False)])
def test_a_code_lives_for_its_thirty_seconds_alone(
    worker: User,
    watch: SimpleNamespace,
    late: int,
    taken: bool,
) -> None:
    """Neither the one before it nor the one after it: 30 seconds, as RFC 6238 makes them."""
    secret = generate_totp_secret()
    TOTP.activate(worker, secret)
    code = code_for(secret, 1 if late < 0 else 0)
    watch.at += max(0, late)
    client = Client()
    sign_in(client, "radnik")
    answer = client.post(reverse("mfa_authenticate"), {"code": code})
    assert (answer.status_code == 302) is taken
    assert taken or "has expired" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_code_is_good_once_within_its_time(
    worker: User,
) -> None:
    """Read over a shoulder, it is not good again seconds later."""
    secret = generate_totp_secret()
    TOTP.activate(worker, secret)
    code, answers = code_for(secret), []
    for _again in range(2):
        client = Client()
        sign_in(client, "radnik")
        answers.append(client.post(reverse("mfa_authenticate"), {"code": code}).status_code)
    assert answers == [302, 200]


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
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_add_webauthn",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
    ],
)
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
def test_session_opened_before_enrolment_ends_with_it(
    client: Client,
    worker: User,
    watch: SimpleNamespace,
) -> None:
    sign_in(client, "radnik")
    other = Client()
    sign_in(other, "radnik")
    enrol = reverse("mfa_activate_totp")
    secret = other.get(enrol).context["form"].secret
    other.post(enrol, {"code": code_for(secret)})
    # A new second factor ends every other session: the next sign-in proves it.
    assert client.get(HOME)["Location"].startswith(reverse("account_login"))
    sign_in(client, "radnik")
    watch.at += STEP
    client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
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


def test_nothing_that_is_given_out_can_be_guessed() -> None:
    """128 bits and more: recovery codes of 40 digits, handed-over passwords of 28 signs of 27."""
    assert 10**recovery_codes.DIGITS >= 2**128
    given = {fresh_password() for _ in range(50)}
    assert len(given) == 50
    signs = {sign for each in given for sign in each.replace("-", "")}
    assert all(len(each.replace("-", "")) == 28 for each in given)
    assert len(signs) == 27 and 27**28 >= 2**128


@pytest.mark.django_db(transaction=True)
def test_recovery_codes_are_long_differ_and_are_typed_with_or_without_gaps(
    worker: User,
) -> None:
    made = RecoveryCodes.activate(worker)
    codes = made.get_unused_codes()
    assert len(set(codes)) == 10
    assert {len(each.replace(" ", "")) for each in codes} == {recovery_codes.DIGITS}
    assert all(each.replace(" ", "").isdecimal() for each in codes)
    other = RecoveryCodes.activate(make(worker.memberships.get().organisation, "drugi"))
    assert not set(other.get_unused_codes()) & set(codes)
    made.mark_as_viewed()
    assert made.validate_code(codes[0])
    assert not made.validate_code(codes[0])
    assert made.validate_code(codes[1].replace(" ", "-"))
    assert made.validate_code(codes[2].replace(" ", ""))
    assert not made.validate_code(codes[3].replace(" ", "")[:-1])
    assert not made.validate_code("0" * recovery_codes.DIGITS)


@pytest.mark.django_db(transaction=True)
def test_short_codes_of_before_stay_good_until_new_ones_are_made(
    worker: User,
) -> None:
    """Whoever holds a paper from before is not locked out by an update."""
    made = RecoveryCodes.activate(worker)
    made.mark_as_viewed()
    data = made.instance.data
    data["hashes"] = [recovery_codes._hash("12345678", data["salt"])]
    made.instance.save(update_fields=["data"])
    assert made.validate_code("1234 5678")
    assert not made.validate_code("12345678")
