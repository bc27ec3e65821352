"""Building the demonstration, and what its pages offer."""

import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from oslonac import demo
from oslonac.access import reader
from oslonac.access.roles import Role
from oslonac.accounts.models import User
from oslonac.audit.actions import mac_of
from oslonac.audit.models import Event
from oslonac.cases.models import Case, Encounter
from oslonac.cases.queries import mine
from oslonac.demo import mass
from oslonac.demo.cast import CAST
from oslonac.demo.scenarios import SCENARIOS
from oslonac.demo.world import World, look_around
from oslonac.protocols.models import Obligation, State
from tests import folders
from tests.app.demo_stage import NOW
from tests.http import page_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def demonstration(
    database_server: Any,
    database_template: str,
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """A database with the whole demonstration in it, made once for this file."""
    world = folders.world(database_server, database_template, tmp_path_factory.mktemp("demo"))
    with django_db_blocker.unblock(), world, reader.system():
        demo.build(children=40, seed=5)
        yield


@pytest.fixture
def built(demonstration: None, db: None) -> World:
    return look_around(NOW)


def test_building_again_changes_nothing(built: World) -> None:
    before = Event.objects.count(), User.objects.count()
    assert demo.build(children=40, seed=5).rows == 0
    assert (Event.objects.count(), User.objects.count()) == before


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
    text = page_of(page)
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


def test_one_click_leads_where_one_wanted_to_go(demo_mode: None, built: World) -> None:
    client = Client()
    page = page_of(client.get("/encounters/new/", follow=True))
    (form,) = re.findall(r'<form[^>]*action="/demo/sign-in/teodora/".*?</form>', page, re.S)
    (wanted,) = re.findall(r'name="next" value="([^"]+)"', form)
    answer = client.post("/demo/sign-in/teodora/", {"next": wanted})
    assert answer.headers["Location"] == "/encounters/new/"


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
