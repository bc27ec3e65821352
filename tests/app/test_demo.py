"""Building the demonstration, and what its pages offer."""

from copy import deepcopy
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client

from oslonac import demo
from oslonac.access.actor import SYSTEM
from oslonac.access.roles import Role
from oslonac.accounts.actions import make_user
from oslonac.accounts.models import User
from oslonac.audit.actions import mac_of
from oslonac.audit.models import Event
from oslonac.cases.models import Case, Encounter
from oslonac.cases.queries import mine
from oslonac.demo import mass, staff
from oslonac.demo.cast import CAST
from oslonac.demo.ids import seeded
from oslonac.demo.scenarios import SCENARIOS
from oslonac.demo.world import World, look_around
from oslonac.people.models import PersonName
from oslonac.protocols.models import Obligation, State
from tests.app.demo_stage import NOW, load_pack, staffed_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    return staffed_world()


@pytest.fixture
def built(db: None) -> World:
    load_pack()
    demo.build(children=40, seed=5)
    return look_around(NOW)


class _Undo(Exception):
    pass


def _fill_and_undo(world: World, seed: int) -> tuple[set[Any], set[Any]]:
    try:
        with transaction.atomic():
            mass.fill(world=world, children=25, seed=seed, processes=1)
            found = (
                set(Case.objects.values_list("pk", flat=True)),
                set(PersonName.objects.values_list("pk", "script", "written_at")),
            )
            raise _Undo
    except _Undo:
        return found


def test_the_same_seed_gives_the_same_children_and_ids(world: World) -> None:
    first = _fill_and_undo(world, 3)
    assert first == _fill_and_undo(world, 3)
    assert first != _fill_and_undo(world, 4)
    assert len(first[0]) > 10


def test_ids_of_a_seed_sort_as_they_were_made() -> None:
    from oslonac.kit.ids import uuid7

    with seeded("x") as source:
        source.at(NOW)
        made = [uuid7() for _ in range(1_000)]
    assert made == sorted(made)
    assert {each.version for each in made} == {7}
    with seeded("x") as source:
        source.at(NOW)
        assert made[0] == uuid7()
    assert uuid7() != uuid7()


def test_building_again_changes_nothing(built: World) -> None:
    before = Event.objects.count(), User.objects.count()
    assert demo.build(children=40, seed=5).rows == 0
    assert (Event.objects.count(), User.objects.count()) == before


def test_real_users_are_left_alone(db: None) -> None:
    make_user(actor=SYSTEM, at=NOW, login="real", name="Somebody Real")
    assert demo.build(children=10, seed=5).rows == 0
    assert not User.objects.filter(is_demo=True).exists()


def test_every_role_is_in_the_cast_and_nobody_has_a_password(built: World) -> None:
    assert {member.role for member in CAST} == set(Role)
    users = User.objects.filter(is_demo=True)
    assert users.count() == User.objects.count() > 100
    assert not any(user.has_usable_password() for user in users)


def test_ana_has_something_late_something_due_and_a_full_list(built: World) -> None:
    ana = built.cast["ana"].actor
    at = demo_now()
    assert mine(ana, at=at).count() >= 12
    due = Obligation.objects.filter(principal=ana.user_id, state=State.OPEN)
    assert due.filter(due_at__lt=at).exists()
    assert due.filter(due_at__gt=at).exists()


LONGEST_LATE = timedelta(days=60)


def test_no_duty_by_law_is_late_for_months(built: World) -> None:
    """A good centre with some lateness: what nobody works on any more is closed."""
    at = demo_now()
    by_law = Obligation.objects.filter(state=State.OPEN, verified=True)
    assert by_law.count() > 40
    stale = by_law.filter(due_at__lt=at - LONGEST_LATE)
    assert list(stale.values_list("activity", "due_at")) == []


def test_of_the_scenarios_only_the_seven_boys_wait_by_law(built: World) -> None:
    events = Event.objects.filter(record_id__in=[mass.mark(f"scenario:{n}") for n in range(1, 21)])
    story_of = {UUID(e.data["id"]): e.data["scenario"] for e in events if e.data["kind"] == "case"}
    late = Obligation.objects.filter(
        state=State.OPEN, verified=True, due_at__lt=demo_now(), case_id__in=story_of
    )
    assert {story_of[row.case_id]: row.activity for row in late} == {3: "begin_initial"}


def test_over_the_years_no_life_leaves_work_lying(world: World) -> None:
    """More stories than a build of the tests has, re-opened ones among them."""
    mass.fill(world=world, children=300, seed=2, processes=1)
    open_ = Obligation.objects.filter(state=State.OPEN)
    by_law = open_.filter(verified=True)
    assert not by_law.filter(due_at__lt=NOW - LONGEST_LATE).exists()
    own_dates = open_.filter(activity__in=("do_activity", "keep_promise"))
    assert not own_dates.filter(due_at__lt=NOW - timedelta(days=40)).exists()
    assert 0 < by_law.filter(due_at__lt=NOW).count() < by_law.count() / 10
    assert Event.objects.filter(name="case.reopened").exists()


def demo_now() -> Any:
    from oslonac.kit.clock import now

    return now()


def test_every_scenario_leads_somewhere(built: World) -> None:
    assert [scenario.number for scenario in SCENARIOS] == list(range(1, 21))
    marks = {mass.mark(f"scenario:{each.number}") for each in SCENARIOS}
    events = list(Event.objects.filter(record_id__in=marks))
    assert len(events) == 20
    for event in events:
        kind, found = event.data["kind"], event.data["id"]
        if kind != "organisation":
            model = {"case": Case, "encounter": Encounter}[kind]
            assert model.objects.filter(pk=found).exists()
    assert all(bytes(event.mac) == mac_of(event) for event in Event.objects.all())


@pytest.fixture
def demo_mode(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    # Another list of apps starts every app again; the jobs would be registered a second time.
    jobs = "procrastinate.contrib.django.apps.ProcrastinateConfig.ready"
    monkeypatch.setattr(jobs, lambda _self: None)
    settings.OSLONAC_DEMO = True
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "oslonac.demo"]
    templates = deepcopy(settings.TEMPLATES)
    templates[0]["OPTIONS"]["context_processors"].append("oslonac.demo.context.cast")
    settings.TEMPLATES = templates
    settings.ROOT_URLCONF = "tests.app.demo_urls"
    settings.OSLONAC_SECOND_FACTOR = False
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


def test_one_click_signs_in_and_opens_the_scenario(demo_mode: None, built: World) -> None:
    client = Client()
    page = client.get("/demo/scenarios/")
    assert page.status_code == 200
    text = page.content.decode()
    for scenario in SCENARIOS:
        assert str(scenario.title).replace("“", "") in text.replace("“", "")
    assert text.count('action="/demo/sign-in/') == 20
    for row in page.context["scenarios"]:
        answer = client.post(row["person"]["url"], {"next": row["next"]}, follow=True)
        assert answer.status_code == 200, (row["number"], answer.request["PATH_INFO"])
        assert answer.request["PATH_INFO"] == row["next"]
    assert Event.objects.filter(name="demo.signed_in").count() == 20


def test_the_sign_in_page_shows_the_cast(demo_mode: None, built: World) -> None:
    page = Client().get("/account/login/", follow=True)
    assert [person["name"] for person in page.context["demo_cast"]] == [m.name for m in CAST]


def test_sign_in_takes_only_the_cast_and_stays_on_this_site(demo_mode: None, built: World) -> None:
    client = Client()
    assert client.get("/demo/sign-in/ana/").status_code == 405
    assert client.post("/demo/sign-in/nobody/").status_code == 404
    answer = client.post("/demo/sign-in/ana/", {"next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == "/"


def test_outside_a_demonstration_nobody_signs_in_with_a_click(
    demo_mode: None, built: World, settings: Any
) -> None:
    settings.OSLONAC_DEMO = False
    assert Client().post("/demo/sign-in/ana/").status_code == 404


def test_at_scale_every_centre_takes_part(world: World) -> None:
    shares = staff.centre_shares(150_000)
    assert len(shares) > len(staff.centre_shares(2_000)) == 20
    assert Random(1).choices(list(shares), list(shares.values()))
