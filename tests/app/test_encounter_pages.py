"""Encounters through HTTP: intake, triage, correction, the case that follows; bad input."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils.timezone import localtime

from oslonac.access.roles import Role
from oslonac.audit.models import Event
from oslonac.cases import whereabouts
from oslonac.cases.models import Case, Concern, Encounter
from oslonac.directory.models import Organisation
from oslonac.encounters.actions import birth_by_age
from oslonac.encounters.forms import LOCAL
from oslonac.kit.clock import now
from oslonac.people.models import GroupMember, Person, PersonName, Relation, Statement
from oslonac.vault.sealing import open_one
from tests import cast
from tests.http import page_of

pytestmark = pytest.mark.django_db
NEW = "/encounters/new/"
PARTS = ("calendar", "year", "month", "day")


def answers(**more: Any) -> dict[str, Any]:
    """An intake filled in at night: a boy alone on the road."""
    return {
        "request_key": "night-1",
        "happened_at": localtime(now() - timedelta(hours=3)).strftime(LOCAL),
        "place": "Miratovac",
        "reported_by": "police",
        "present": ["nobody"],
        "safety": "unknown",
        "children": "1",
        "narrative": "Sedeo je kraj puta.",
    } | more


def send(member: cast.Member, **more: Any) -> Any:
    return member.client().post(NEW, answers(**more))


def page(response: Any) -> str:
    return page_of(response)


def refused(response: Any) -> str:
    """The form again, with what was typed and a sentence."""
    assert response.status_code == 422, response.status_code
    text = page(response)
    assert "field-error" in text
    return text


def test_a_night_encounter_is_saved_once_with_everything_said() -> None:
    teodora = cast.teodora()
    typed = {
        "child-name": "فرید رحیمی",
        "child-name_2": "Farid Rahimi",
        "child-born_calendar": "solar_hijri",
        "child-born_year": "1389",
        "child-sex": "male",
        "child-citizenship": "AF",
        "child-first_language": "fa-AF",
        "needs": ["food_water"],
        "suspicions": ["smuggling_harm"],
        "location": "Put ka granici",
    }
    client = teodora.client()
    first = client.post(NEW, answers(**typed))
    again = client.post(NEW, answers(**typed))
    assert first.status_code == 302
    assert first.url == again.url
    met = Encounter.objects.get()
    assert met.responsible.code == "csw-presevo"
    assert met.place and met.place.code == "rs-pt-miratovac"
    assert {open_one(n, "full") for n in PersonName.objects.all()} == {"فرید رحیمی", "Farid Rahimi"}
    birth = Statement.objects.get(attribute="birth")
    assert (birth.basis, birth.calendar) == ("claimed", "solar_hijri")
    assert (birth.born_from, birth.born_to) == (date(2010, 3, 21), date(2011, 3, 20))
    assert Event.objects.filter(name="intake.recorded").count() == 1
    shown = page(client.get(first.url))
    assert "فرید رحیمی" in shown or "Farid Rahimi" in shown
    assert "Put ka granici" in shown
    assert "Farid" not in re.search(r"<title>(.*?)</title>", shown, re.S).group(1)  # type: ignore[union-attr]


def test_an_encounter_alone_needs_no_person() -> None:
    assert send(cast.teodora()).status_code == 302
    assert Encounter.objects.get().person is None
    assert not Person.objects.exists()


def test_police_are_asked_for_no_person_and_may_save() -> None:
    police = cast.member("Zoran Police", Role.POLICE, "csw-vranje")
    assert "child-name" not in page(police.client().get(NEW))
    assert send(police, **{"child-name": "Farid"}).status_code == 302
    assert not Person.objects.exists()


def test_an_age_said_is_the_interval_of_two_birth_years() -> None:
    found = birth_by_age(15, date(2026, 11, 22))
    assert (found.first, found.last) == (date(2010, 1, 1), date(2011, 12, 31))
    assert send(cast.teodora(), **{"child-age": "15"}).status_code == 302
    statement = Statement.objects.get(attribute="birth")
    assert statement.born_from and statement.born_from.month == 1
    assert "15" in open_one(statement, "detail")


def test_a_travel_group_is_met_together() -> None:
    """Scenario 3: a leader of 17 and younger boys."""
    others: dict[str, Any] = {
        "child-name": "Nabi",
        "child-age": "9",
        "children": "3",
        "other-0-name": "Karim",
        "other-0-age": "17",
        "other-0-relation": "cousin",
        "other-0-present": "on",
        "other-0-leads": "on",
        "other-1-name": "Jawad",
        "other-1-age": "8",
        "other-1-present": "on",
        "group-travel_together": "on",
        "group-group_label": "Boys of the Miratovac road",
    }
    response = send(cast.teodora(), **others)
    assert response.status_code == 302
    assert Person.objects.count() == 3
    assert GroupMember.objects.filter(role="leader").count() == 1
    relation = Relation.objects.get()
    assert (relation.kind, relation.status, relation.present) == ("cousin", "claimed", True)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("child-born", ("solar_hijri", "1400", "12", "30")),
        ("child-born", ("gregorian", "2012", "2", "31")),
        ("child-born", ("gregorian", "0", "", "")),
        ("child-born", ("gregorian", "-5", "", "")),
        ("child-born", ("gregorian", "2012", "", "7")),
        ("child-born", ("gregorian", "9" * 5000, "", "")),
        ("child-born", ("mayan", "2012", "", "")),
        ("child-born", ("gregorian", "1389", "", "")),
        ("child-born", ("solar_hijri", "2010", "", "")),
        ("child-born", ("gregorian", "2199", "", "")),
        ("child-born", ("gregorian", "1850", "", "")),
        ("child-age", "140"),
        ("child-age", "१५x"),
        ("child-name", "x" * 501),
        ("child-name", "Ali\x00"),
        ("child-citizenship", "Atlantis"),
        ("happened_at", "2026-02-31T10:00"),
        ("happened_at", "0000-01-01T00:00"),
        ("happened_at", "0001-01-01T00:00"),
        ("happened_at", "9999-12-31T23:59"),
        ("happened_at", "1999-01-01T00:00"),
        ("happened_at", "yesterday"),
        ("happened_at", ""),
        ("place", "Atlantis"),
        ("place", "x" * 201),
        ("reported_by", ""),
        ("reported_by", "nobody-knows"),
        ("present", ["nobody", "parent"]),
        ("present", ["ghost"]),
        ("safety", "maybe"),
        ("needs", ["gold\x00"]),
        ("children", "0"),
        ("children", "9" * 400),
        ("narrative", "x" * 100_001),
        ("narrative", "a\x00b"),
        ("location", "y" * 501),
        ("responsible", "not-an-id"),
        ("other-0-age", "121"),
        ("other-5-relation", "enemy"),
        ("group-group_label", "z" * 501),
    ],
)
def test_what_cannot_be_taken_is_said_beside_the_field(field: str, value: Any) -> None:
    more = {field: value}
    if isinstance(value, tuple):
        more = {f"{field}_{part}": said for part, said in zip(PARTS, value, strict=True)}
    if field == "group-group_label":
        more |= {"group-travel_together": "on", "other-0-name": "Karim", "child-name": "Nabi"}
    text = refused(send(cast.teodora(), **more))
    assert not Encounter.objects.exists()
    if field != "narrative":
        assert "Sedeo je kraj puta." in text, "what was typed stays"
    assert "[&#x27;" not in text, "a sentence, not a list"
    for part in PARTS if field == "child-born" else ():
        shown = re.search(rf'<[^>]*name="{field}_{part}"[^>]*>', text)
        assert shown and f'aria-describedby="id_{field}_helptext id_{field}_error"' in shown[0]


@pytest.mark.parametrize(
    "text",
    [
        "x" * 100_000,
        "\U0001f9d2\U0001f3fd\u200d\U0001f91d" * 4000,
        "\u202eevil\u202c \u200fمرحبا",
        "\n" * 50,
    ],
)
def test_any_text_is_taken(text: str) -> None:
    response = send(cast.teodora(), narrative=text, **{"child-name": "\u200fعلی \U0001f9d2"})
    assert response.status_code == 302
    kept = open_one(Encounter.objects.get(), "narrative")
    assert "\u202e" not in kept


def test_a_leap_day_of_the_solar_hijri_calendar_is_taken() -> None:
    born = {
        f"child-born_{part}": said
        for part, said in zip(PARTS, ("solar_hijri", "1387", "12", "30"), strict=True)
    }
    assert send(cast.teodora(), **born).status_code == 302
    birth = Statement.objects.get(attribute="birth")
    assert birth.born_from == birth.born_to == date(2009, 3, 20)


def test_the_same_key_with_other_answers_changes_nothing() -> None:
    teodora = cast.teodora()
    send(teodora)
    response = send(teodora, narrative="Drugo.")
    assert response.status_code == 422
    assert "already saved with other answers" in page(response)
    assert Encounter.objects.count() == 1


def test_the_place_names_the_centre() -> None:
    client = cast.teodora().client()
    url = reverse("encounters:responsible")
    assert "Preševo" in page(client.get(url, {"place": "miratovac, presevo"}))
    assert "Not found" in page(client.get(url, {"place": "Atlantis \x00"}))
    assert "Responsible" not in page(client.get(url, {"place": ""}))
    assert whereabouts.find("Прешево") is not None


def test_father_and_uncle_were_around_the_corner() -> None:
    """Scenario 2: the correction, "not endangered" with reasons, the caller told; no case."""
    teodora = cast.teodora()
    met = cast.encounter(teodora, at=now())
    client = teodora.client()
    url = f"/encounters/{met.pk}/"
    corrected = client.post(
        f"{url}correct/",
        {
            "revision": met.revision,
            "request_key": "c1",
            "present": ["parent", "adult_relative"],
            "presence_verified": "yes",
            "safety": "safe",
            "narrative": "Otac i stric su bili iza ugla.",
        },
    )
    assert corrected.status_code == 302
    met.refresh_from_db()
    nothing = client.post(f"{url}stop/", {"revision": met.revision, "request_key": "s0"})
    assert nothing.status_code == 422
    assert "Write why the person is not endangered." in page(nothing)
    assert (
        client.post(
            f"{url}stop/",
            {"revision": met.revision, "request_key": "s1", "reasons": ["parent_present"]},
        ).status_code
        == 302
    )
    assert "not yet" in page(client.get(url))
    assert client.post(f"{url}told/").status_code == 302
    met.refresh_from_db()
    assert (met.outcome, bool(met.reporter_told_at)) == ("not_endangered", True)
    assert not Case.objects.exists()
    # New information may turn it into a case later.
    assert "Open a case after all" in page(client.get(url))


def test_a_suspicion_does_not_end_in_silence() -> None:
    """Scenario 13: "not endangered" asks for the decision on the suspicion."""
    teodora = cast.teodora()
    met = cast.encounter(
        teodora, at=now(), suspicions=["sexual_abuse"], present=["parent"], safety="safe"
    )
    client = teodora.client()
    sent = {"revision": met.revision, "request_key": "s1", "reasons": ["parent_present"]}
    text = refused(client.post(f"/encounters/{met.pk}/stop/", sent | {"note": "Kept words"}))
    assert "A suspicion is recorded" in text
    assert "Kept words" in text
    sent |= {"suspicion_decision": "Pregledano sa policijom.", "request_key": "s2"}
    assert client.post(f"/encounters/{met.pk}/stop/", sent).status_code == 302


def test_at_risk_opens_a_case_with_the_priority_a_person_decided() -> None:
    teodora, ana = cast.teodora(), cast.ana()
    dragan = cast.dragan()
    met = cast.encounter(teodora, at=now(), suspicions=["trafficking_labour"])
    client = dragan.client()
    url = f"/encounters/{met.pk}/case/"
    form = page(client.get(url))
    assert "Proposed: urgent, because" in form
    sent = {
        "revision": met.revision,
        "request_key": "k1",
        "priority": "immediate",
        "pathway": "transit",
        "reason": "Sam je.",
        "organisation": str(met.responsible_id),
        "manager": str(ana.user.pk),
    }
    assert "field-error" in page(client.post(url, sent | {"reason": "", "request_key": "k0"}))
    response = client.post(url, sent)
    assert response.status_code == 302
    assert client.post(url, sent).url == response.url
    case = Case.objects.get()
    assert response.url == f"/cases/{case.pk}/"
    assert (case.priority, case.pathway, case.manager_id) == ("immediate", "transit", ana.user.pk)
    assert Concern.objects.filter(case=case, is_suspicion=True).exists()
    assert case.number in page(client.get(f"/encounters/{met.pk}/"))


def test_a_second_child_of_the_same_encounter_gets_a_case_of_its_own() -> None:
    teodora, dragan = cast.teodora(), cast.dragan()
    send(
        teodora,
        place="Vranje",
        responsible=str(Organisation.objects.get(code="csw-vranje").pk),
        **{"child-name": "Nabi", "other-0-name": "Jawad", "other-0-age": "8"},
    )
    met = Encounter.objects.get()
    client = dragan.client()
    url = f"/encounters/{met.pk}/case/"
    for n, person in enumerate(Person.objects.order_by("made_at", "pk")):
        met.refresh_from_db()
        sent = {
            "revision": met.revision,
            "request_key": f"k{n}",
            "person": str(person.pk),
            "priority": "urgent",
            "pathway": "full",
            "reason": "Ostaje.",
            "organisation": str(met.responsible_id),
        }
        assert client.post(url, sent).status_code == 302
    assert Case.objects.filter(encounter=met).count() == 2


def test_two_people_correct_at_once_and_nothing_is_lost() -> None:
    teodora, dragan = cast.teodora(), cast.dragan()
    met = cast.encounter(teodora, at=now())
    url = f"/encounters/{met.pk}/correct/"
    base = {"revision": met.revision, "present": ["nobody"], "safety": "safe"}
    dragan.client().post(url, base | {"request_key": "d", "narrative": "Draganova reč."})
    mine = base | {"request_key": "t", "narrative": "Teodorina reč.", "present": ["parent"]}
    client = teodora.client()
    response = client.post(url, mine)
    text = page(response)
    assert response.status_code == 409
    assert "Draganova reč." in text and "Teodorina reč." in text and "Dragan Savić" in text
    met.refresh_from_db()
    chosen = {
        "flat": "1",
        "revision": met.revision,
        "request_key": "t2",
        "present": "parent",
        "needs": "",
        "presence_verified": "",
        "safety": "safe",
        "narrative": "Teodorina reč.",
    }
    assert client.post(url, chosen).status_code == 302
    met.refresh_from_db()
    assert (met.present, open_one(met, "narrative")) == (["parent"], "Teodorina reč.")


def test_a_decision_on_an_older_state_is_shown_what_changed() -> None:
    teodora, dragan = cast.teodora(), cast.dragan()
    met = cast.encounter(teodora, at=now(), present=["parent"], safety="safe")
    before = met.revision
    dragan.client().post(
        f"/encounters/{met.pk}/correct/",
        {"revision": before, "request_key": "d", "present": ["nobody"], "safety": "safe"},
    )
    response = teodora.client().post(
        f"/encounters/{met.pk}/stop/",
        {"revision": before, "request_key": "s", "reasons": ["parent_present"], "note": "My words"},
    )
    text = page(response)
    assert response.status_code == 409
    assert "Dragan Savić" in text and "My words" in text
    met.refresh_from_db()
    assert met.outcome == "pending"
    assert f'name="revision" value="{met.revision}"' in text


def test_the_child_is_named_afterwards() -> None:
    teodora = cast.teodora()
    met = cast.encounter(teodora, at=now())
    client = teodora.client()
    url = f"/encounters/{met.pk}/child/"
    assert client.get(url).status_code == 200
    sent = {
        "revision": met.revision,
        "request_key": "n",
        "name": "Farid",
        "born_calendar": "gregorian",
    }
    bad = client.post(url, sent | {"born_year": "2012", "born_month": "2", "born_day": "31"})
    assert bad.status_code == 422
    assert client.post(url, sent).status_code == 302
    met.refresh_from_db()
    assert met.person is not None


def test_hidden_unknown_and_foreign_encounters_answer_alike() -> None:
    met = cast.encounter(cast.teodora(), at=now())
    stranger = cast.jelena().client()
    texts = set()
    for pk in (met.pk, "018f0000-0000-7000-8000-000000000000"):
        for tail in ("", "correct/", "child/", "stop/", "case/"):
            response = stranger.get(f"/encounters/{pk}/{tail}")
            assert response.status_code == 404
            # The language switch returns to the address asked for, whatever it is.
            text = page(response).replace(f"/encounters/{pk}/{tail}", "")
            texts.add(re.sub(r"csrf[^>]+>", "", text))
    assert len(texts) == 1


def test_the_list_has_its_three_tabs() -> None:
    teodora = cast.teodora()
    cast.encounter(teodora, at=now())
    client = teodora.client()
    assert "Review and decide" in page(client.get("/encounters/"))
    for outcome in ("not_endangered", "at_risk", "nonsense"):
        assert client.get("/encounters/", {"outcome": outcome}).status_code == 200


def test_reading_sealed_text_is_an_event() -> None:
    teodora = cast.teodora()
    met = cast.encounter(teodora, at=now())
    Event.objects.filter(name="sealed.read").count()
    before = Event.objects.filter(name="sealed.read").count()
    teodora.client().get(f"/encounters/{met.pk}/")
    assert Event.objects.filter(name="sealed.read").count() == before + 1


def test_a_birth_is_not_after_the_day_the_child_was_met_nor_against_its_age() -> None:
    met = localtime(now() - timedelta(days=3))
    born = localtime(now() - timedelta(days=1))
    day = {"child-born_calendar": "gregorian", "child-born_year": str(born.year)}
    day |= {"child-born_month": str(born.month), "child-born_day": str(born.day)}
    text = refused(send(cast.teodora(), happened_at=met.strftime(LOCAL), **day))
    assert "after the day the person was met" in text
    both = {"child-born_calendar": "gregorian", "child-born_year": "2001", "child-age": "14"}
    assert "contradict each other" in refused(send(cast.teodora(), **both))
    assert not Encounter.objects.exists()


def test_a_newborn_was_born_by_the_day_it_was_met() -> None:
    assert send(cast.teodora(), **{"child-age": "0"}).status_code == 302
    statement = Statement.objects.get(attribute="birth")
    assert statement.born_to <= localtime(now()).date()


def test_the_local_way_of_writing_a_moment_and_a_name_nobody_sees() -> None:
    met = localtime(now() - timedelta(hours=3))
    typed = {"happened_at": met.strftime("%d.%m.%Y. %H:%M"), "child-name": "\u200b \u3164"}
    assert send(cast.teodora(), **typed).status_code == 302
    assert localtime(Encounter.objects.get().happened_at).strftime(LOCAL) == met.strftime(LOCAL)
    assert not PersonName.objects.exists()


def test_the_api_refuses_the_same_births() -> None:
    teodora = cast.teodora()
    at = (now() - timedelta(days=3)).isoformat()
    about = {"happened_at": at, "reported_by": "police"}
    about |= {"responsible": str(cast.ana().organisation.pk)}
    ahead = {"year": now().year + 1}
    for birth, said in (
        (ahead, "future"),
        ({"year": 1389}, "Solar Hijri"),
        ({"year": 2001, "age": 14}, "not both"),
        (_yesterday(), "after the day"),
    ):
        answer = teodora.client().post(
            "/api/v1/intakes",
            about | {"child": {"births": [birth]}},
            content_type="application/json",
            headers={"Idempotency-Key": f"birth-{said[:3]}"},
        )
        assert answer.status_code == 422, answer.content
        assert said in answer.content.decode(), answer.content
    assert not Encounter.objects.exists()


def _yesterday() -> dict[str, int]:
    day = localtime(now() - timedelta(days=1))
    return {"year": day.year, "month": day.month, "day": day.day}
