"""Users and posts, grants, the ledger: who administers sees no case, who checks sees no child."""

import argparse
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from oslonac.access.actor import SYSTEM
from oslonac.accounts import actions as accounts
from oslonac.accounts.hashers import is_handed_over
from oslonac.accounts.models import Membership, User
from oslonac.accounts.queries import actor_for
from oslonac.audit import chain
from oslonac.audit.models import Event
from oslonac.cases import actions as cases
from oslonac.cases.models import Case
from oslonac.directory.models import Organisation
from oslonac.encounters import actions as encounters
from oslonac.kit.clock import now
from oslonac.people import actions as people
from tests import cast
from tests.http import page_of

CHILD = "Farid Rahimi"
USERS = "/administration/users/"
GRANTS = "/administration/grants/"
LEDGER = "/administration/ledger/"


@pytest.fixture
def centre(db: None) -> Organisation:
    return organisation("csw-test", "Centre of Testing")


def organisation(code: str, name: str) -> Organisation:
    return Organisation.objects.create(code=code, kind="csw", names={"en": name})


def make(centre: Organisation, role: str, login: str = "") -> User:
    at = now()
    user = accounts.make_user(
        actor=SYSTEM, at=at, login=login or role, name=f"{(login or role).title()} Test"
    )
    accounts.give_membership(
        actor=SYSTEM,
        at=at,
        user=user,
        organisation_id=centre.pk,
        role=role,
        starts_on=cast.today(at) - timedelta(days=2),
    )
    return user


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def admin(centre: Organisation) -> Client:
    return client_of(make(centre, "administrator"))


@pytest.fixture
def case(centre: Organisation) -> Case:
    """A case at the centre, with a name."""
    at = now()
    worker = actor_for(make(centre, "field_worker"), at=at)
    encounter = encounters.record_encounter(
        actor=worker,
        at=at,
        happened_at=at - timedelta(hours=3),
        responsible=centre,
        reported_by="police",
        present=["nobody"],
        safety="unknown",
        needs=[],
        narrative="Cold",
    )
    person = people.make_person(
        actor=worker, at=at, kind="encounter", record_id=encounter.pk, is_subject=True
    )
    encounters.attach_person(actor=worker, at=at, encounter=encounter, revision=1, person=person)
    people.add_name(actor=worker, at=at, person=person, full=CHILD)
    person.refresh_from_db()
    encounter.refresh_from_db()
    encounters.decide_triage(
        actor=worker, at=at, encounter=encounter, revision=encounter.revision, outcome="at_risk"
    )
    return cases.open_case(
        actor=worker,
        at=at,
        person=person,
        organisation=centre,
        priority="urgent",
        reason="alone",
        encounter=encounter,
    )


def new_user(centre: Organisation, **changes: Any) -> dict[str, Any]:
    fields = {
        "login": "dragana",
        "name": "Драгана Тест",
        "organisation": str(centre.pk),
        "role": "case_manager",
        "starts_on": "2026-01-05",
        "ends_on": "",
        "request_key": "n1",
    }
    return fields | changes


def test_user_is_made_and_the_password_shown_once(admin: Client, centre: Organisation) -> None:
    url = reverse("administration:new_user")
    assert admin.get(url).status_code == 200
    first = admin.post(url, new_user(centre))
    secret = first.context["secret"]
    assert re.fullmatch(r"[0-9a-z]{4}(-[0-9a-z]{4}){6}", secret)
    assert secret in first.content.decode() and first["Cache-Control"] == "no-store"
    again = admin.post(url, new_user(centre))
    assert again.context["secret"] == ""
    user = User.objects.by_login("DRAGANA")
    assert user is not None and user.memberships.count() == 1
    assert is_handed_over(user.password)
    assert Client().login(login="Dragana", password=secret)
    assert secret not in str(list(Event.objects.values_list("data", flat=True)))


def test_taken_login_keeps_what_was_typed(admin: Client, centre: Organisation) -> None:
    url = reverse("administration:new_user")
    answer = admin.post(url, new_user(centre, login="ADMINISTRATOR"))
    assert answer.status_code == 422
    assert "already in use" in answer.content.decode()
    assert "Драгана Тест" in answer.content.decode()
    assert not Membership.objects.filter(role="case_manager").exists()


def test_found_by_name_in_another_script_and_by_post(admin: Client, centre: Organisation) -> None:
    other = organisation("csw-far", "Centre far away")
    admin.post(reverse("administration:new_user"), new_user(centre))
    make(other, "guardian", "far")
    assert "Драгана" in admin.get(USERS, {"q": "dragana"}).content.decode()
    assert "Драгана" not in admin.get(USERS, {"role": "guardian"}).content.decode()
    page = page_of(admin.get(USERS, {"organisation": str(other.pk)}))
    assert "Far Test" in page and "Драгана" not in page
    assert admin.get(USERS, {"organisation": "nonsense", "role": "x"}).status_code == 200


def test_switching_off_signs_out(admin: Client, centre: Organisation) -> None:
    user = make(centre, "case_manager")
    theirs = client_of(user)
    assert theirs.get("/account/").status_code == 200
    fields = {"name": "Nova Imena", "revision": 1, "request_key": "c1"}
    admin.post(reverse("administration:change_user", args=[user.pk]), fields)
    assert theirs.get("/account/").status_code == 302
    page = page_of(admin.get(reverse("administration:user", args=[user.pk])))
    assert "switched off" in page and "Nova Imena" in page


def test_two_administrators_see_both_versions(admin: Client, centre: Organisation) -> None:
    user = make(centre, "guardian")
    url = reverse("administration:change_user", args=[user.pk])
    fields = {"name": "Prvo Ime", "is_active": "on", "revision": 1, "request_key": "1"}
    admin.post(url, fields)
    answer = admin.post(url, fields | {"name": "Drugo Ime", "request_key": "2"})
    assert answer.status_code == 409
    page = page_of(answer)
    assert "Prvo Ime" in page and "Drugo Ime" in page
    chosen = {**answer.context["conflict"].fields, "name": "Drugo Ime"}
    assert admin.post(url, chosen).status_code == 302
    user.refresh_from_db()
    assert user.get_full_name() == "Drugo Ime" and user.is_active


def test_posts_are_given_and_ended(admin: Client, centre: Organisation) -> None:
    user = make(centre, "guardian")
    give = reverse("administration:give_post", args=[user.pk])
    fields = {
        "organisation": str(centre.pk),
        "role": "interpreter",
        "starts_on": "2026-01-05",
        "request_key": "g1",
    }
    wrong = admin.post(give, fields | {"ends_on": "2025-01-01"})
    assert wrong.status_code == 422 and "before the start" in wrong.content.decode()
    for _twice in range(2):
        assert admin.post(give, fields).status_code == 302
    post = user.memberships.get(role="interpreter")
    end = reverse("administration:end_post", args=[post.pk])
    last = {"ends_on": "2026-02-01", "revision": 1, "request_key": "e1"}
    admin.post(end, last)
    post.refresh_from_db()
    assert str(post.ends_on) == "2026-02-01"
    admin.post(end, last | {"ends_on": "2026-03-01", "request_key": "e2"})
    post.refresh_from_db()
    assert str(post.ends_on) == "2026-02-01"  # the first stays, the second is told


def test_nobody_gives_a_post_to_themselves(admin: Client, centre: Organisation) -> None:
    own = User.objects.get()
    fields = {
        "organisation": str(centre.pk),
        "role": "head",
        "starts_on": "2026-01-05",
        "request_key": "g1",
    }
    answer = admin.post(reverse("administration:give_post", args=[own.pk]), fields)
    assert answer.status_code == 422 and own.memberships.count() == 1
    off = {"name": "Me", "revision": 1, "request_key": "o"}
    assert admin.post(reverse("administration:change_user", args=[own.pk]), off).status_code == 422


def test_administrator_sees_no_case(admin: Client, case: Case) -> None:
    for path in (GRANTS, LEDGER):
        assert admin.get(path).status_code == 403
    for path in ("/", f"/cases/{case.pk}/", f"/cases/?q={case.number}"):
        # The header repeats the address that was asked for; what is found stands in <main>.
        shown = admin.get(path).content.decode().partition("<main")[2]
        assert CHILD not in shown and case.number not in shown


@pytest.mark.parametrize("role", ["case_manager", "head", "auditor", "guardian", "editor"])
def test_only_administrators_manage_users(centre: Organisation, role: str) -> None:
    client = client_of(make(centre, role))
    user = make(centre, "interpreter")
    assert client.get(USERS).status_code == 403
    for name in ("change_user", "hand_over", "take_off", "give_post"):
        url = reverse(f"administration:{name}", args=[user.pk])
        assert client.post(url).status_code == 403
    assert Event.objects.filter(name="users.manage.denied").count() == 5


def test_lost_password_and_lost_phone(admin: Client, centre: Organisation) -> None:
    user = make(centre, "case_manager")
    theirs = client_of(user)
    slip = admin.post(reverse("administration:hand_over", args=[user.pk]), {"request_key": "h"})
    assert slip.context["secret"]
    assert theirs.get("/account/").status_code == 302
    assert admin.post(reverse("administration:take_off", args=[user.pk])).status_code == 302
    assert Event.objects.filter(name="second_factor.taken_off", record_id=user.pk).exists()


def test_auditor_sees_grants_but_no_child(centre: Organisation, case: Case) -> None:
    auditor = client_of(make(centre, "auditor"))
    page = page_of(auditor.get(GRANTS, {"case": case.number}))
    assert case.number in page and "made the first contact" in page
    assert CHILD not in page and f"/cases/{case.pk}/" not in page
    assert auditor.get(f"/cases/{case.pk}/").status_code in (403, 404)
    assert (
        "No entries match these filters."
        in auditor.get(GRANTS, {"case": "2000-9999"}).content.decode()
    )


def test_lead_sees_grants_of_visible_cases_only(centre: Organisation, case: Case) -> None:
    near = client_of(make(centre, "supervisor"))
    far = client_of(make(organisation("csw-far", "Far"), "supervisor", "far"))
    assert case.number in near.get(GRANTS).content.decode()
    page = page_of(far.get(GRANTS, {"case": case.number}))
    assert "No entries match these filters." in page and "First Contact" not in page
    assert "Field_Worker" not in far.get(GRANTS).content.decode()


def test_ledger_is_searched_and_shows_no_sealed_value(centre: Organisation, case: Case) -> None:
    user = make(centre, "auditor")
    auditor = client_of(user)
    today = cast.today().isoformat()
    page = page_of(auditor.get(LEDGER, {"case": case.number, "since": today, "until": today}))
    assert "Case opened" in page and case.number in page
    assert CHILD not in page and "Cold" not in page
    looked = page_of(auditor.get(LEDGER, {"case": case.number, "outcome": "read"}))
    assert "Auditor Test" in looked  # the auditor's own look is there too
    mine = auditor.get(LEDGER, {"person": str(user.pk), "name": "session.opened"})
    assert "Signed in" in mine.content.decode()
    assert "no case with this number" in auditor.get(LEDGER, {"case": "1"}).content.decode()
    for odd in ("since=x", "before=x", "subject=x", "person=x", "outcome=x", "before=" + "0" * 32):
        assert auditor.get(f"{LEDGER}?{odd}").status_code == 200


def test_older_events_are_a_page_away(centre: Organisation) -> None:
    auditor = client_of(make(centre, "auditor"))
    for number in range(70):
        make(centre, "interpreter", f"i{number}")
    first = auditor.get(LEDGER)
    assert first.context["older_url"] and not first.context["newest_url"]
    second = auditor.get(first.context["older_url"])
    assert second.status_code == 200 and second.context["newest_url"]


def test_chain_is_verified_on_demand(centre: Organisation, case: Case) -> None:
    auditor = client_of(make(centre, "auditor"))
    assert "Waiting" in auditor.get(LEDGER).content.decode()
    chain.seal_pending()
    page = page_of(auditor.post(reverse("administration:verify")))
    assert "The chain is complete." in page
    assert Event.objects.get(name="ledger.verified").data["intact"] is True


def test_command_makes_the_first_administrator(centre: Organisation) -> None:
    from oslonac.config.commands import user_make
    from oslonac.kit.errors import Refused

    def run(**more: str) -> str:
        given = {"login": "prvi", "name": "Prvi Test", "role": "administrator"}
        return user_make.make(argparse.Namespace(**{**given, "organisation": centre.code, **more}))

    password = run()
    client = Client()
    signed_in = client.post(reverse("account_login"), {"login": "prvi", "password": password})
    assert signed_in.status_code == 302
    change = reverse("account_change_password")
    assert client.get(USERS)["Location"].startswith(change)
    for wrong in ({"role": "king"}, {"organisation": "csw"}, {"login": "prvi"}):
        with pytest.raises(Refused):
            run(**wrong)
    assert User.objects.count() == 1
