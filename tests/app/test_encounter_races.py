"""Two people on one encounter: what a colleague saved is shown whole and never written over."""

from typing import Any
from uuid import uuid4

import pytest

from oslonac.access import actions as access
from oslonac.access.actor import SYSTEM
from oslonac.access.roles import Role
from oslonac.access.rules import Level, Reason, RecordKind
from oslonac.audit.models import Event
from oslonac.cases.models import Case, Encounter
from oslonac.kit.clock import now
from oslonac.people.models import Person
from oslonac.vault.sealing import open_one
from tests import cast
from tests.http import page_of
from tools.access_matrix.forms import Form, forms_of

pytestmark = pytest.mark.django_db
MINE = "My own words"
FORMS: dict[str, dict[str, Any]] = {
    "correct": {"present": ["nobody"], "safety": "at_risk", "narrative": MINE},
    "stop": {"reasons": ["parent_present"], "note": MINE},
    "at-risk": {"note": MINE},
    "case": {"priority": "urgent", "pathway": "full", "reason": MINE},
    "child": {"name": MINE, "born_calendar": "gregorian", "born_year": "2012"},
}


@pytest.fixture
def met() -> Encounter:
    return cast.encounter(cast.teodora(), at=now(), present=["parent"], safety="safe")


def worker(way: str) -> cast.Member:
    """Somebody who may take this way: who opens cases is not asked for the risk alone."""
    return adviser() if way == "at-risk" else cast.dragan()


def adviser() -> cast.Member:
    """Somebody who decides on encounters and opens no case."""
    who = cast.member("Katarina Savet", Role.VICTIMS_ADVISER, "csw-vranje")
    for met in Encounter.objects.all():
        access.grant_user(
            actor=SYSTEM,
            at=now(),
            kind=RecordKind.ENCOUNTER,
            record_id=met.pk,
            user_id=who.user.pk,
            level=Level.IDENTITY,
            reason=Reason.REFERRAL,
        )
    return who


def send(client: Any, met: Encounter, way: str, revision: int, **more: Any) -> Any:
    sent = {"revision": revision, "request_key": str(uuid4()), **FORMS[way]}
    if way == "case":
        sent["organisation"] = str(met.responsible_id)
    return client.post(f"/encounters/{met.pk}/{way}/", sent | more)


def colleague() -> Any:
    return cast.member("Nada Colleague", Role.SUPERVISOR, "csw-vranje").client()


def stand(met: Encounter) -> tuple[Any, ...]:
    found = Encounter.objects.get(pk=met.pk)
    names = ("revision", "outcome", "outcome_reasons", "safety", "present", "decided_by_id")
    texts = [open_one(found, name) for name in ("outcome_note", "narrative")]
    counted = (Case.objects.count(), Person.objects.count())
    return (*(getattr(found, name) for name in names), *texts, *counted, found.person_id)


def form_in(response: Any) -> Form:
    return next(f for f in forms_of(response.content.decode()) if "request_key" in f.fields)


@pytest.mark.parametrize("way", FORMS)
def test_a_correction_meanwhile_is_shown_whole_before_mine_is_saved(
    met: Encounter, way: str
) -> None:
    before = met.revision
    theirs = {
        "present": ["unrelated_adult"],
        "safety": "unknown",
        "narrative": "Colleague's story.",
    }
    if way == "correct":
        theirs["needs"] = ["food_water"]
    assert send(colleague(), met, "correct", before, **theirs).status_code == 302
    stood = stand(met)
    client = worker(way).client()
    response = send(client, met, way, before)
    text = page_of(response)
    assert response.status_code == 409
    for words in (
        "Nada Colleague",
        "Colleague&#x27;s story.",
        MINE,
        "an adult who is not a relative",
    ):
        assert words in text or words.replace("&#x27;", "'") in text, words
    assert stand(met) == stood
    form = form_in(response)
    kept = {name: values[0] for name, values in form.fields.items()}
    mine = {name: values[-1] for name, values in form.choices.items()}
    saved = client.post(f"/encounters/{met.pk}/{way}/", kept | mine)
    assert saved.status_code == 302, page_of(saved)
    after = stand(met)
    assert after != stood
    if way != "correct":
        assert after[3:5] == stood[3:5]
    assert client.post(f"/encounters/{met.pk}/{way}/", kept | mine).status_code == 302
    assert stand(met) == after, "pressed twice"


@pytest.mark.parametrize("way", ["stop", "at-risk", "case"])
def test_a_stop_meanwhile_is_shown_whole_and_never_written_over(met: Encounter, way: str) -> None:
    before = met.revision
    theirs = {"reasons": ["parent_present"], "note": "Colleague's reasons."}
    assert send(colleague(), met, "stop", before, **theirs).status_code == 302
    stood = stand(met)
    response = send(worker(way).client(), met, way, before)
    text = page_of(response)
    assert response.status_code == 409
    assert "Nada Colleague" in text and "reasons." in text and MINE in text
    assert "Not endangered" in text or "not endangered" in text
    assert all("request_key" not in form.fields for form in forms_of(response.content.decode()))
    assert stand(met) == stood
    assert not Case.objects.exists()


@pytest.mark.parametrize("way", ["stop", "at-risk"])
def test_a_risk_found_meanwhile_is_not_written_over(met: Encounter, way: str) -> None:
    before = met.revision
    assert send(colleague(), met, "case", before).status_code == 302
    stood = stand(met)
    response = send(worker(way).client(), met, way, before)
    assert response.status_code == 409
    assert MINE in page_of(response)
    assert all("request_key" not in form.fields for form in forms_of(response.content.decode()))
    assert stand(met) == stood


def test_two_who_open_the_case_at_once_open_one(met: Encounter) -> None:
    before = met.revision
    assert send(colleague(), met, "case", before).status_code == 302
    client = cast.dragan().client()
    response = send(client, met, "case", before)
    assert response.status_code == 409
    form = form_in(response)
    kept = {name: values[0] for name, values in form.fields.items()}
    again = client.post(f"/encounters/{met.pk}/case/", kept)
    assert again.status_code == 422
    assert "already has an open case" in page_of(again)
    assert Case.objects.count() == 1


def test_new_information_still_turns_a_stop_that_was_read_into_a_case(met: Encounter) -> None:
    """Somebody who read the stop before writing is only shown what else changed."""
    assert send(colleague(), met, "stop", met.revision).status_code == 302
    read = Encounter.objects.get(pk=met.pk).revision
    assert send(colleague(), met, "correct", read, narrative="More is known.").status_code == 302
    client = cast.dragan().client()
    response = send(client, met, "case", read)
    assert response.status_code == 409
    assert "More is known." in page_of(response)
    kept = {name: values[0] for name, values in form_in(response).fields.items()}
    assert client.post(f"/encounters/{met.pk}/case/", kept).status_code == 302
    assert Case.objects.get().encounter_id == met.pk


def test_whoever_was_named_meanwhile_stays_who_it_is(met: Encounter) -> None:
    before = met.revision
    assert send(colleague(), met, "child", before, name="Farid").status_code == 302
    stood = stand(met)
    response = send(cast.dragan().client(), met, "child", before)
    text = page_of(response)
    assert response.status_code == 409
    assert "Farid" in text and MINE in text
    assert stand(met) == stood


def test_a_choice_of_a_known_person_outlives_a_lost_race(met: Encounter) -> None:
    before = met.revision
    client = cast.dragan().client()
    known = cast.case(cast.teodora(), cast.dragan(), at=now()).person_id
    assert send(colleague(), met, "correct", before).status_code == 302
    response = send(client, met, "child", before, known=str(known), other=[str(uuid4())])
    assert response.status_code == 409
    form = form_in(response)
    assert form.fields["known"] == [str(known)]
    assert form.fields["other"][0]


@pytest.mark.parametrize("way", FORMS)
def test_a_used_key_is_replaced(met: Encounter, way: str) -> None:
    key = str(uuid4())
    other = cast.encounter(cast.teodora(), at=now(), present=["parent"], safety="safe")
    client = worker(way).client()
    first = send(client, other, way, other.revision, request_key=key)
    assert first.status_code == 302
    stood = stand(met)
    response = send(client, met, way, met.revision, request_key=key)
    assert response.status_code == 422
    assert stand(met) == stood
    form = form_in(response)
    fresh = form.fields["request_key"][0]
    assert fresh and fresh != key
    assert send(client, met, way, met.revision, request_key=fresh).status_code == 302


def test_whoever_only_read_is_not_named_as_the_one_who_saved(met: Encounter) -> None:
    before = met.revision
    assert send(colleague(), met, "correct", before).status_code == 302
    client = cast.dragan().client()
    client.get(f"/encounters/{met.pk}/")
    last = Event.objects.filter(record_id=met.pk).order_by("-at", "-id")[0]
    assert last.name == "sealed.read"
    text = page_of(send(client, met, "stop", before))
    assert "Nada Colleague saved another change" in text
