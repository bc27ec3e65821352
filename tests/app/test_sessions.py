"""Sessions one can see and end, what ends them by itself, and the warning before they end."""

import base64
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from oslonac.access.roles import Role
from oslonac.accounts import actions, jobs, sessions
from oslonac.accounts.models import SignIn, User
from oslonac.accounts.session_store import stored_key
from oslonac.audit.models import Event
from oslonac.kit.clock import now
from tests import cast
from tests.app.test_sign_in import PASSWORD, make, sign_in
from tests.app.test_sign_in import centre as centre
from tests.app.test_sign_in import user as user
from tests.app.test_step_up import age_proofs
from tests.http import page_of
from tests.second_factor import code_for

pytestmark = pytest.mark.django_db
HOME = "/account/"
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"
DESK = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


def enter(login: str, agent: str = DESK, address: str = "10.1.2.3") -> Client:
    client = Client(headers={"User-Agent": agent}, REMOTE_ADDR=address)
    assert sign_in(client, login).status_code == 302
    return client


def alive(client: Client) -> bool:
    return bool(client.get(HOME).status_code == 200)


@pytest.fixture
def two(user: User) -> tuple[Client, Client]:
    return enter("mira@test"), enter("mira@test", PHONE, "93.184.216.34")


def test_sessions_are_listed_with_device_and_place(two: tuple[Client, Client]) -> None:
    page = page_of(two[0].get(reverse("accounts:sessions")))
    assert "Firefox, Linux" in page and "Chrome, Android" in page
    assert "office network, 10.1.2.3" in page and "93.184.216.34" in page
    assert page.count("this one") == 1
    stored = [bytes(row.address or b"") for row in SignIn.objects.all()]
    assert not [each for each in stored if b"10.1.2.3" in each or b"93.184" in each]


def test_one_is_ended_from_another(two: tuple[Client, Client], user: User) -> None:
    desk, phone = two
    row = SignIn.objects.get(device="Chrome, Android")
    desk.post(reverse("accounts:end_session", args=[row.pk]))
    assert alive(desk) and not alive(phone)
    assert Event.objects.filter(name="session.ended_elsewhere", actor_id=user.pk).exists()
    assert "Chrome, Android" not in desk.get(reverse("accounts:sessions")).content.decode()


def test_all_others_are_ended(two: tuple[Client, Client]) -> None:
    desk, phone = two
    phone.post(reverse("accounts:end_others"))
    assert alive(phone) and not alive(desk)


def test_nobody_ends_a_colleagues_session(two: tuple[Client, Client], centre: Any) -> None:
    make(centre, "colleague", "interpreter")
    colleague = enter("colleague")
    row = SignIn.objects.get(device="Chrome, Android")
    assert colleague.post(reverse("accounts:end_session", args=[row.pk])).status_code == 404
    assert alive(two[1])


def test_an_administrator_sees_and_ends_sessions(two: tuple[Client, Client], user: User) -> None:
    admin = cast.member("Admin A.", Role.ADMINISTRATOR).client()
    page = page_of(admin.get(reverse("administration:user", args=[user.pk])))
    assert "Chrome, Android" in page
    admin.post(reverse("administration:end_sessions", args=[user.pk]))
    assert not alive(two[0]) and not alive(two[1])


def test_a_new_password_ends_the_others(two: tuple[Client, Client]) -> None:
    desk, phone = two
    fresh = "sever jug istok zapad"
    fields = {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh}
    assert desk.post(reverse("account_change_password"), fields).status_code == 302
    assert alive(desk) and not alive(phone)
    assert [row["present"] for row in _rows(desk)] == [True]


def _rows(client: Client) -> list[dict[str, Any]]:
    from oslonac.accounts.session_views import lines

    user = User.objects.get(pk=client.session["_auth_user_id"])
    return lines(sessions.running(user), client.session.session_key or "")


@pytest.mark.django_db(transaction=True)
def test_a_new_second_factor_ends_the_others(two: tuple[Client, Client]) -> None:
    desk, phone = two
    enrol = reverse("mfa_activate_totp")
    secret = desk.get(enrol).context["form"].secret
    desk.post(enrol, {"code": code_for(secret)})
    assert alive(desk) and not alive(phone)


@pytest.mark.parametrize("how", ["off", "password", "factor"])
def test_an_administrators_step_ends_all(two: tuple[Client, Client], user: User, how: str) -> None:
    actor = cast.member("Admin A.", Role.ADMINISTRATOR).actor()
    if how == "off":
        actions.change_user(
            actor=actor, at=now(), user=user, revision=user.revision, name="Mira", is_active=False
        )
    elif how == "password":
        actions.hand_over_password(actor=actor, at=now(), user=user)
    else:
        actions.take_off_second_factor(actor=actor, at=now(), user=user)
    assert not alive(two[0]) and not alive(two[1])
    assert not SignIn.objects.filter(user=user, ended_at__isnull=True).exists()


def test_an_account_without_a_post_is_closed_after_the_grace(
    two: tuple[Client, Client],
    user: User,
    settings: Any,
) -> None:
    actions.make_token(actor=cast_actor(user), at=now(), user=user, label="x")
    assert jobs.close_ended_accounts.func() is None
    post = user.memberships.get()
    ended = cast.today() - timedelta(days=settings.OSLONAC_ACCOUNT_GRACE_DAYS + 1)
    type(post).objects.filter(pk=post.pk).update(starts_on=ended, ends_on=ended)
    jobs.close_ended_accounts.func()
    user.refresh_from_db()
    assert not user.is_active and not alive(two[0])
    assert user.tokens.get().revoked_at is not None
    assert Event.objects.filter(name="account.closed", record_id=user.pk).exists()


def cast_actor(user: User) -> Any:
    from oslonac.accounts.queries import actor_for

    return actor_for(user, at=now())


def test_asking_how_long_does_not_prolong(two: tuple[Client, Client]) -> None:
    desk = two[0]
    session = desk.session
    session["seen_at"] -= 25 * 60
    session.save()
    said = desk.get(reverse("accounts:still")).json()
    assert 0 < said["seconds"] <= 5 * 60 and said["token"]
    assert desk.get(reverse("accounts:still")).json()["seconds"] <= said["seconds"]
    assert desk.post(reverse("accounts:still")).json()["seconds"] > 25 * 60
    session = desk.session
    session["seen_at"] -= 31 * 60
    session.save()
    assert desk.get(reverse("accounts:still")).json() == {"seconds": 0, "who": "", "token": ""}
    assert not alive(desk)


def test_the_tables_alone_open_no_session(two: tuple[Client, Client], user: User) -> None:
    keys = [client.cookies["sessionid"].value for client in two]
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_key, session_data FROM django_session")
        rows = cursor.fetchall()
        cursor.execute("SELECT s::text FROM accounts_signin s")
        listed = str(cursor.fetchall())
    assert len(rows) == 2
    for key in keys:
        assert key not in str(rows) + listed
    for stored, data in rows:
        thief = Client()
        thief.cookies["sessionid"] = stored
        assert not alive(thief)
        assert str(user.pk).encode() not in base64.b64decode(data)
        assert b"_auth_user" not in base64.b64decode(data)
    assert alive(two[0]) and alive(two[1])


def test_a_row_put_in_another_place_opens_nothing(two: tuple[Client, Client]) -> None:
    """Whoever writes to the table cannot let one session be another's."""
    mine, theirs = (stored_key(client.cookies["sessionid"].value) for client in two)
    data = Session.objects.get(session_key=theirs).session_data
    Session.objects.filter(session_key=mine).update(session_data=data)
    assert not alive(two[0]) and alive(two[1])


def test_a_proof_gives_the_session_a_new_key(
    two: tuple[Client, Client], user: User, settings: Any
) -> None:
    settings.OSLONAC_STEP_UP = True
    desk = two[0]
    copied = Client()
    copied.cookies["sessionid"] = before = desk.cookies["sessionid"].value
    assert alive(copied)
    desk.post(reverse("accounts:confirm"), {"stepup_password": PASSWORD})
    assert desk.cookies["sessionid"].value != before
    assert alive(desk) and not alive(copied)
    assert sum(row["present"] for row in _rows(desk)) == 1
    assert SignIn.objects.filter(user=user, ended_at__isnull=True).count() == 2


def test_ending_sessions_asks_who_it_is(two: tuple[Client, Client], settings: Any) -> None:
    """A moment after signing in nothing is asked: a lost phone is signed out at once."""
    settings.OSLONAC_STEP_UP = True
    desk, phone = two
    age_proofs(desk)
    assert desk.post(reverse("accounts:end_others")).status_code == 403
    assert alive(phone)
    assert desk.post(reverse("accounts:end_others"), {"stepup_password": "x"}).status_code == 403
    assert alive(phone)
    row = SignIn.objects.get(device="Chrome, Android")
    assert desk.post(reverse("accounts:end_session", args=[row.pk])).status_code == 403
    assert enter("mira@test").post(reverse("accounts:end_others")).status_code == 302
    assert not alive(phone) and not alive(desk)


def test_sessions_that_are_over_are_forgotten(two: tuple[Client, Client]) -> None:
    assert jobs.forget_sessions.func() is None
    key = stored_key(two[0].cookies["sessionid"].value)
    Session.objects.filter(session_key=key).update(expire_date=now() - timedelta(minutes=1))
    assert not alive(two[0])
    jobs.forget_sessions.func()
    assert Session.objects.filter(session_key=key).count() == 0 and alive(two[1])


def test_leaving_fast_signs_out(two: tuple[Client, Client]) -> None:
    assert two[0].post(reverse("accounts:leave")).status_code == 204
    assert not alive(two[0]) and alive(two[1])
    assert Event.objects.filter(name="session.closed", data={"reason": "left_fast"}).exists()


def test_an_office_of_a_hundred_behind_one_address(centre: Any, settings: Any) -> None:
    """Monday at eight: everybody signs in within a minute, every tenth mistypes once."""
    cache.clear()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick
    for number in range(100):
        make(centre, f"worker{number}", "interpreter")
    for number in range(100):
        client = Client(REMOTE_ADDR="203.0.113.7")
        if number % 10 == 0:
            assert "is wrong" in sign_in(client, f"worker{number}", "wrong").content.decode()
        answer = sign_in(client, f"worker{number}")
        assert answer.status_code == 302, (number, answer.content[-500:])


def test_a_password_is_not_ones_own_name(user: User) -> None:
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    for weak in ("mira@test1234", "oslonac12345", "password1234", "short"):
        with pytest.raises(ValidationError):
            validate_password(weak, user)
    validate_password("sever jug istok zapad", user)
