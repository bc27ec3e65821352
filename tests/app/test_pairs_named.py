"""A pair that a worker names by hand: found from a person, a case or a search; taken back."""

import re
from typing import Any

import pytest
from django.test import Client

from oslonac.audit.models import Event
from oslonac.cases.models import Case
from oslonac.duplicates import actions
from oslonac.duplicates.models import Pair
from oslonac.duplicates.rules import FoundBy, PairStatus
from oslonac.kit.clock import now
from oslonac.kit.errors import Stale
from tests.app.pairs import child, fresh, merged, staff, two
from tests.cast import Member
from tests.http import page_of
from tests.refusals import denied, refused

__all__ = ["staff", "two"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def unlike(staff: dict[str, Member]) -> tuple[Case, Case]:
    """Two records that no comparison would bring together."""
    one = child(staff, "Mohammad Ali Rezayi", manager=staff["ana"].user)
    return one, child(staff, "Yohannes Tesfay", manager=staff["ana"].user)


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return page_of(answer)


def compare(*cases: Case) -> str:
    return "/duplicates/name/?" + "&".join(f"person={case.person_id}" for case in cases)


def put(client: Client, *cases: Case) -> Any:
    return client.post("/duplicates/name/", {"person": [str(c.person_id) for c in cases]})


def test_a_person_a_case_and_a_search_lead_to_naming_a_pair(
    unlike: tuple[Case, Case], staff: dict[str, Member]
) -> None:
    one, other = unlike
    ana, teodora = staff["ana"].client(), staff["teodora"].client()
    door = f"/duplicates/name/{one.person_id}/"
    for path in (f"/people/{one.person_id}/", f"/cases/{one.pk}/"):
        assert door in text(ana, path)
        assert door not in text(teodora, path), "a field worker compares nobody"
    assert teodora.get(door).status_code == 403
    found = page_of(ana.post("/search/", {"q": "Tesfay"}))
    assert f'value="{other.person_id}"' not in found, "one hit cannot be compared with another"
    child(staff, "Yohannes Tesfaye", manager=staff["ana"].user)
    found = page_of(ana.post("/search/", {"q": "Tesfay"}))
    assert f'name="person" value="{other.person_id}"' in found
    assert 'action="/duplicates/name/"' in found
    met = page_of(teodora.post("/search/", {"q": "Tesfay"}))
    assert 'name="person"' not in met


def test_the_other_record_is_looked_for_and_never_the_person_again(
    two: tuple[Case, Case, Pair], staff: dict[str, Member]
) -> None:
    one, other, _pair = two
    ana = staff["ana"].client()
    door = f"/duplicates/name/{one.person_id}/"
    assert f"person={one.person_id}&amp;person={other.person_id}" in text(ana, door)
    assert f"person={one.person_id}&amp;person={one.person_id}" not in text(ana, door)
    nobody = page_of(ana.post(door, {"q": "Xhevahire"}))
    assert "No other record you can see has a name like this." in nobody
    assert Event.objects.filter(name="sealed.read", record_id=one.person_id).exists()


def test_both_are_compared_and_nothing_is_written_before_the_button(
    unlike: tuple[Case, Case], staff: dict[str, Member]
) -> None:
    one, other = unlike
    ana = staff["ana"].client()
    page = text(ana, compare(one, other))
    assert "Mohammad Ali Rezayi" in page and "Yohannes Tesfay" in page
    assert not Pair.objects.exists()
    for case in unlike:
        read = Event.objects.filter(name="sealed.read", record_id=case.person_id)
        assert read.filter(fields__contains=["full"]).exists()
    sent = put(ana, one, other)
    pair = Pair.objects.get()
    assert sent.status_code == 302 and sent["Location"] == f"/duplicates/{pair.pk}/"
    assert pair.found_by == FoundBy.PERSON and pair.status == PairStatus.OPEN
    page = text(ana, f"/duplicates/{pair.pk}/")
    assert "Undo" in page and f"/duplicates/{pair.pk}/take-back/" in page
    assert put(ana, one, other)["Location"] == f"/duplicates/{pair.pk}/", "once is enough"
    assert Pair.objects.count() == 1


def test_naming_is_undone_and_leaves_its_two_events(
    unlike: tuple[Case, Case], staff: dict[str, Member]
) -> None:
    ana = staff["ana"].client()
    put(ana, *unlike)
    pair = Pair.objects.get()
    undone = ana.post(f"/duplicates/{pair.pk}/take-back/")
    assert undone["Location"] == "/duplicates/" and not Pair.objects.exists()
    events = Event.objects.filter(record_id=pair.pk).values_list("name", flat=True)
    assert {"duplicate.named", "duplicate.unnamed"} <= set(events)
    assert ana.post(f"/duplicates/{pair.pk}/take-back/").status_code == 404


def test_what_somebody_asked_about_or_the_register_found_is_not_taken_back(
    two: tuple[Case, Case, Pair], staff: dict[str, Member]
) -> None:
    ana = staff["ana"]
    found = two[2]
    with refused("duplicate.not_named") as caught:
        actions.unname_pair(actor=ana.actor(), at=now(), pair=found, revision=found.revision)
    assert caught.value.code == "duplicate.not_named"
    assert f"/duplicates/{found.pk}/take-back/" not in text(
        ana.client(), f"/duplicates/{found.pk}/"
    )
    third = child(staff, "Yohannes Tesfay", manager=ana.user)
    named = actions.name_pair(actor=ana.actor(), at=now(), person=two[0].person, other=third.person)
    with pytest.raises(Stale):
        actions.unname_pair(actor=ana.actor(), at=now(), pair=named, revision=named.revision + 1)
    actions.ask(
        actor=ana.actor(), at=now(), pair=named, revision=named.revision, question="Is it he?"
    )
    with refused("duplicate.not_named"):
        actions.unname_pair(
            actor=ana.actor(), at=now(), pair=fresh(named), revision=fresh(named).revision
        )
    assert Pair.objects.count() == 2


def test_too_few_one_twice_and_the_unseen_are_not_compared(
    unlike: tuple[Case, Case], staff: dict[str, Member]
) -> None:
    one, other = unlike
    ana, jelena = staff["ana"].client(), staff["jelena"].client()
    for path in ("/duplicates/name/", compare(one), compare(one, one)):
        answer = ana.get(path, follow=True)
        assert "Choose exactly two records to compare" in answer.content.decode(), path
    assert ana.get("/duplicates/name/?person=x&person=y").status_code == 404
    assert jelena.get(compare(one, other)).status_code in (403, 404)
    far = child(staff, "Salim Karimi", by="ivan")
    assert ana.get(compare(one, far)).status_code == 404
    assert put(ana, one, far).status_code == 404
    assert not Pair.objects.exists()


def test_records_that_are_one_already_are_not_named_again(
    two: tuple[Case, Case, Pair], staff: dict[str, Member]
) -> None:
    one, other, pair = two
    ana = staff["ana"].client()
    assert ana.get(compare(one, other))["Location"] == f"/duplicates/{pair.pk}/"
    merged(staff, pair, one.person_id)
    assert ana.get(compare(one, other))["Location"].startswith("/people/")


def test_two_people_can_be_named_again_after_a_warning(
    two: tuple[Case, Case, Pair], staff: dict[str, Member]
) -> None:
    one, other, pair = two
    ana = staff["ana"]
    actions.say_apart(
        actor=ana.actor(),
        at=now(),
        pair=pair,
        revision=pair.revision,
        apart="namesakes",
        why="Another boy.",
    )
    page = text(ana.client(), compare(one, other))
    assert "recorded as two people" in page
    assert put(ana.client(), one, other).status_code == 302
    back = fresh(pair)
    assert back.status == PairStatus.OPEN and back.returned
    with refused("duplicate.not_named"):
        actions.unname_pair(actor=ana.actor(), at=now(), pair=back, revision=back.revision)


def test_sight_of_both_without_a_centre_of_either_reads_whom_to_ask(
    unlike: tuple[Case, Case], staff: dict[str, Member], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = unlike
    ana = staff["ana"]
    Case.objects.update(organisation=staff["ivan"].organisation)
    for case in unlike:
        type(case.encounter).objects.filter(pk=case.encounter_id).update(
            responsible=staff["ivan"].organisation
        )
    page = text(ana.client(), compare(one, other))
    assert "your centre is not responsible for either" in page
    assert not re.search(r'<form[^>]*action="/duplicates/name/"', page)
    with denied("persons.compare.elsewhere"):
        actions.name_pair(actor=ana.actor(), at=now(), person=one.person, other=other.person)
