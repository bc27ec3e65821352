"""Before somebody is written down: who may be known already, and what follows from the answer."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from oslonac.access.roles import Role
from oslonac.audit.models import Event
from oslonac.cases.models import Case, Encounter
from oslonac.directory.models import Organisation
from oslonac.encounters import known
from oslonac.encounters.actions import Said, decide_triage
from oslonac.kit.clock import now
from oslonac.matching.index.actions import distinct_from
from oslonac.people.models import Person, PersonName, Statement
from oslonac.search import elsewhere
from tests import cast
from tests.http import page_of
from tests.worlds import fresh, made_once

pytestmark = pytest.mark.django_db
NAME = "Farid Rahimi"


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elsewhere, "HELD", 0.0)


def _made() -> tuple[cast.Member, Case]:
    worker = cast.teodora()
    return worker, cast.case(worker, cast.ana(), at=now() - timedelta(hours=30))


made = made_once(_made)


@pytest.fixture
def worker(made: Any) -> cast.Member:
    return fresh(made[0])


@pytest.fixture
def case(made: Any) -> Case:
    return fresh(made[1])


def intake(client: Client, **more: str) -> Any:
    """The form of a new encounter, filled in as far as it must be, sent."""
    centre = Organisation.objects.get(code="csw-vranje")
    page = page_of(client.get("/encounters/new/"))
    request_key = re.search(r'name="request_key" value="([^"]+)"', page)
    assert request_key is not None
    values = {
        "request_key": request_key[1],
        "happened_at": (now() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M"),
        "responsible": str(centre.pk),
        "reported_by": "police",
        "safety": "unknown",
        "children": "1",
        "present": "nobody",
    }
    return client.post("/encounters/new/", values | more)


def panel(client: Client, prefix: str = "child", **typed: str) -> str:
    start = f"{prefix}-" if prefix else ""
    given = {f"{start}{name}": value for name, value in typed.items()}
    response = client.post("/encounters/known/", {"prefix": prefix, **given})
    assert response.status_code == 200
    return page_of(response)


def test_whoever_types_a_known_name_is_told_so_in_any_script(
    worker: cast.Member, case: Case
) -> None:
    for typed in (NAME, "فرید رحیمی", "Фарид Рахими"):
        text = panel(worker.client(), name=typed)
        assert NAME in text
        assert f'value="{case.person_id}"' in text
        assert 'class="why"' in text
    read = Event.objects.filter(name="sealed.read", record_kind="known_already")
    assert read.count() == 3


def test_half_typed_forms_and_other_names_are_answered_quietly(
    worker: cast.Member, case: Case
) -> None:
    client = worker.client()
    assert "Possibly already known" not in panel(client, name="Zoran Kostić")
    for typed in ("", "F", "😀", "'; --", "\x00", "ali " * 120):
        assert "Possibly already known" not in panel(client, name=typed)
    for more in (
        {"born_year": "13"},
        {"born_year": "1389", "born_calendar": "solar_hijri"},
        {"age": "abc"},
        {"sex": "?"},
        {"born_year": "0", "born_month": "77"},
    ):
        assert NAME in panel(client, name=NAME, **more)
    assert client.post("/encounters/known/", {"prefix": "../x", "name": NAME}).status_code == 200


def test_a_person_met_too_may_be_known_as_well(worker: cast.Member, case: Case) -> None:
    text = panel(worker.client(), "other-3", name="Rahimi Farid", age="15")
    assert 'name="other-3-known"' in text


def test_nobody_is_proposed_whom_the_writer_may_not_see(case: Case) -> None:
    client = cast.member("Neko N.", Role.FIELD_WORKER, "csw-subotica").client()
    text = panel(client, name=NAME)
    assert NAME not in text
    assert "Possibly already known" not in text
    unknown = panel(client, name="Zoran Kostić")
    assert text == unknown
    told = page_of(
        client.post(
            "/encounters/known/", {"prefix": "child", "look": "elsewhere", "child-name": NAME}
        )
    )
    assert str(case.organisation) in told
    assert Event.objects.get(name="search.elsewhere").data["purpose"] == "child_present"


def test_it_is_the_same_child_links_and_keeps_every_account(
    worker: cast.Member, case: Case
) -> None:
    before = Person.objects.count()
    answer = intake(
        worker.client(),
        **{"child-name": "فرید رحیمی", "child-age": "14", "child-known": str(case.person_id)},
    )
    assert answer.status_code == 302
    met = Encounter.objects.latest("recorded_at")
    assert met.person_id == case.person_id
    assert Person.objects.count() == before
    names = PersonName.objects.filter(person=case.person)
    assert names.count() == 2
    births = Statement.objects.filter(person=case.person, attribute="birth")
    assert births.count() == 2
    assert births.latest("stated_at").recorded_by_id == worker.user.pk
    assert Event.objects.filter(name="person.met_again", record_id=case.person_id).exists()


def test_the_same_writing_is_not_added_again(worker: cast.Member, case: Case) -> None:
    intake(worker.client(), **{"child-name": NAME, "child-known": str(case.person_id)})
    assert PersonName.objects.filter(person=case.person).count() == 1


def test_not_the_same_is_kept_and_not_proposed_again(worker: cast.Member, case: Case) -> None:
    intake(worker.client(), **{"child-name": NAME, "child-other": str(case.person_id)})
    met = Encounter.objects.latest("recorded_at")
    assert met.person_id not in (None, case.person_id)
    assert distinct_from([met.person_id]) == {case.person_id}
    said = Said(names=(NAME,))
    actor = worker.actor()
    assert known.again(actor, met.person_id, said, at=now()) == []
    third = known.of_said(actor, said, at=now())
    assert {hit.person.pk for hit in third} == {met.person_id, case.person_id}


def test_whoever_ignores_the_panel_writes_down_a_person_of_its_own(
    worker: cast.Member, case: Case
) -> None:
    answer = intake(worker.client(), **{"child-name": NAME, "child-known": ""})
    assert answer.status_code == 302
    assert Encounter.objects.latest("recorded_at").person_id != case.person_id


@pytest.mark.parametrize("what", ["stranger", "nonsense"])
def test_a_person_who_is_not_open_cannot_be_named_as_the_child(case: Case, what: str) -> None:
    client = cast.member("Neko N.", Role.FIELD_WORKER, "csw-subotica").client()
    known_id = str(case.person_id) if what == "stranger" else "00000000"
    answer = intake(client, **{"child-name": NAME, "child-known": known_id})
    if what == "stranger":
        assert answer.status_code == 422
        assert "do not have access" in answer.content.decode()
        assert Encounter.objects.count() == 1
    else:
        assert answer.status_code == 302


def test_without_scripts_a_button_looks_and_saves_nothing(worker: cast.Member, case: Case) -> None:
    before = Encounter.objects.count()
    answer = intake(worker.client(), **{"child-name": "فرید رحیمی", "look": "1", "reported_by": ""})
    text = page_of(answer)
    assert answer.status_code == 200
    assert f'value="{case.person_id}"' in text
    assert "needs your attention" not in text
    assert 'value="فرید رحیمی"' in text
    assert Encounter.objects.count() == before


def test_the_child_of_an_encounter_can_be_named_later_as_a_known_one(
    worker: cast.Member, case: Case
) -> None:
    met = cast.encounter(worker, at=now())
    client = worker.client()
    address = f"/encounters/{met.pk}/child/"
    page = page_of(client.get(address))
    assert 'id="known-panel"' in page
    assert NAME in panel(client, "", name="Farid Rahimi")
    looked = client.post(address, {"look": "1", "name": NAME, "revision": "1", "request_key": "a"})
    assert f'value="{case.person_id}"' in looked.content.decode()
    met.refresh_from_db()
    assert met.person_id is None
    sent = {
        "name": NAME,
        "known": str(case.person_id),
        "revision": met.revision,
        "request_key": "b",
    }
    assert client.post(address, sent).status_code == 302
    met.refresh_from_db()
    assert met.person_id == case.person_id


def test_whoever_saved_in_haste_reads_on_the_encounter_who_it_may_be(
    worker: cast.Member, case: Case
) -> None:
    """Before a second case is opened; not once it was said that they are two, not once decided."""
    saved = intake(worker.client(), **{"child-name": "فرید رحیمی"})
    page = page_of(worker.client().get(saved["Location"]))
    assert "Possibly already known" in page and f"/people/{case.person_id}/" in page
    assert "/duplicates/" not in page, "a field worker compares nobody"
    met = Encounter.objects.order_by("-pk")[0]
    dragan = cast.dragan().client()
    pair = f"/duplicates/name/?person={met.person_id}&amp;person={case.person_id}"
    assert pair in dragan.get(saved["Location"]).content.decode()

    apart = intake(worker.client(), **{"child-name": NAME, "child-other": str(case.person_id)})
    said = page_of(worker.client().get(apart["Location"]))
    assert f"/people/{case.person_id}/" not in said
    decide_triage(
        actor=worker.actor(), at=now(), encounter=met, revision=met.revision, outcome="at_risk"
    )
    assert "Possibly already known" not in worker.client().get(saved["Location"]).content.decode()
