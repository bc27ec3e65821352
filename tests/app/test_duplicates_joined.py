"""Two records joined by two people: nothing moves, and every id leads on."""

from typing import Any

import pytest

from oslonac.audit.models import Event
from oslonac.cases import actions as cases
from oslonac.cases.models import Case
from oslonac.directory import codes
from oslonac.duplicates import actions, finding
from oslonac.duplicates.models import Pair
from oslonac.duplicates.rules import PairStatus
from oslonac.encounters import actions as encounters
from oslonac.kit.clock import now
from oslonac.kit.errors import Denied, Invalid, Refused, Stale
from oslonac.people.models import Merge, PersonName
from oslonac.search import asking, filters
from tests import cast
from tests.app.pairs import fresh, made_two, merged, requested, says, see, staff_made, two_made
from tests.cast import Member
from tests.http import page_of

__all__ = ["made_two", "staff_made", "two_made"]
pytestmark = pytest.mark.django_db


def test_one_asks_and_another_decides(
    two: tuple[Case, Case, Pair], staff: dict[str, Member]
) -> None:
    one, other, pair = two
    pair = requested(staff, pair, one.person_id, by="dragan")
    assert pair.status == PairStatus.REQUESTED and not Merge.objects.exists()
    with pytest.raises(Refused) as own:
        actions.confirm_merge(
            actor=staff["dragan"].actor(),
            at=now(),
            pair=pair,
            revision=pair.revision,
            sight_read=True,
        )
    assert own.value.code == "merge.own"
    with pytest.raises(Denied):
        actions.confirm_merge(
            actor=staff["ana"].actor(), at=now(), pair=pair, revision=pair.revision, sight_read=True
        )
    actions.confirm_merge(
        actor=staff["zoran"].actor(), at=now(), pair=pair, revision=pair.revision, sight_read=True
    )
    merge = Merge.objects.get()
    assert (merge.survivor_id, merge.merged_id) == (one.person_id, other.person_id)
    told = Event.objects.get(name="person.merged")
    assert told.data["survivor"] == str(one.person_id) and told.data["see_both"] > 0


def test_the_database_refuses_one_who_decides_their_own_request(
    two: tuple[Case, Case, Pair], staff: dict[str, Member]
) -> None:
    from django.db import IntegrityError, transaction

    pair = requested(staff, two[2], two[0].person_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        Pair.objects.filter(pk=pair.pk).update(decided_by=pair.requested_by_id)


def test_the_pack_of_serbia_says_that_two_decide() -> None:
    row = codes.extras("duplicate_rules")["joining"]
    assert row["four_eyes"] is True
    assert row["verified"] is False, "a decision of the product, not a norm"
    assert finding.policy().four_eyes and finding.policy().least == 0.5


def test_a_pack_without_four_eyes_lets_those_who_lead_join_at_once(
    two: tuple[Case, Case, Pair], staff: dict[str, Member], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = {"joining": {"four_eyes": False}}
    real = codes.extras
    monkeypatch.setattr(
        codes, "extras", lambda name: rows if name == "duplicate_rules" else real(name)
    )
    pair = two[2]
    with pytest.raises(Denied):
        requested(staff, pair, two[0].person_id, by="ana")
    assert requested(staff, pair, two[0].person_id, by="dragan").status == PairStatus.MERGED


def test_nobody_joins_without_having_read_who_sees_what(
    two: tuple[Case, Case, Pair], staff: dict[str, Member]
) -> None:
    pair = two[2]
    with pytest.raises(Invalid) as refused:
        actions.request_merge(
            actor=staff["ana"].actor(),
            at=now(),
            pair=pair,
            revision=pair.revision,
            survivor=two[0].person_id,
            why="The same.",
            sight_read=False,
        )
    assert "sight_read" in refused.value.fields


def test_sight_alone_gives_no_authority(
    two: tuple[Case, Case, Pair], staff: dict[str, Member]
) -> None:
    """A head of another centre who was called to both cases compares and decides nothing."""
    for case in two[:2]:
        see(case, staff["jelena"])
    pair = two[2]
    assert staff["jelena"].client().get(f"/duplicates/{pair.pk}/").status_code == 200
    with pytest.raises(Denied):
        requested(staff, pair, two[0].person_id, by="jelena")
    with pytest.raises(Denied):
        actions.say_apart(
            actor=staff["jelena"].actor(),
            at=now(),
            pair=pair,
            revision=pair.revision,
            apart="twins",
            why="I think so.",
        )


def test_a_stale_decision_and_a_second_press_change_nothing(
    two: tuple[Case, Case, Pair], staff: dict[str, Member]
) -> None:
    pair = two[2]
    first = pair.revision
    values: dict[str, Any] = {"survivor": two[0].person_id, "why": "The same.", "sight_read": True}
    for _press in range(2):
        actions.request_merge(
            actor=staff["ana"].actor(),
            at=now(),
            request_key="press-1",
            revision=first,
            pair=Pair.objects.get(pk=pair.pk) if _press == 0 else pair,
            **values,
        )
    assert Event.objects.filter(name="merge.requested").count() == 1
    stale = fresh(pair)
    Pair.objects.filter(pk=pair.pk).update(revision=stale.revision + 1)
    with pytest.raises(Stale):
        actions.confirm_merge(
            actor=staff["dragan"].actor(),
            at=now(),
            pair=stale,
            revision=stale.revision,
            sight_read=True,
        )
    assert not Merge.objects.exists()
    pair = fresh(pair)
    for _press in range(2):
        actions.confirm_merge(
            actor=staff["dragan"].actor(),
            at=now(),
            pair=fresh(pair),
            revision=pair.revision,
            sight_read=True,
            request_key="press-2",
        )
    assert Merge.objects.count() == 1


def test_nothing_moves_and_every_id_leads_on(
    two: tuple[Case, Case, Pair], staff: dict[str, Member]
) -> None:
    one, other, pair = two
    merged(staff, pair, one.person_id)
    assert PersonName.objects.filter(person=other.person_id).count() == 1
    assert Case.objects.get(pk=other.pk).person_id == other.person_id
    client = staff["ana"].client()
    answer = client.get(f"/people/{other.person_id}/")
    assert answer.status_code == 302 and str(one.person_id) in answer["Location"]
    page = page_of(client.get(f"/people/{one.person_id}/"))
    assert "Mohammad Ali Rezayi" in page and "محمد علی رضایی" in page
    assert one.number in page and other.number in page
    shown = client.get(f"/api/v1/persons/{other.person_id}").json()
    assert shown["id"] == str(one.person_id) and shown["asked_for"] == str(other.person_id)
    assert shown["joined"] == [str(other.person_id)]
    assert {row["person"] for row in shown["names"]} == {str(one.person_id), str(other.person_id)}
    assert client.get(f"/api/v1/persons/{one.person_id}").json()["asked_for"] is None
    for case in (one, other):
        found = asking.find(staff["ana"].actor(), case.number, filters.Filters(), at=now())
        assert [row.case.pk for row in found.cases] == [case.pk]


def test_the_search_finds_the_survivor_once_with_the_names_of_both(
    two: tuple[Case, Case, Pair], staff: dict[str, Member]
) -> None:
    one, other, pair = two
    merged(staff, pair, one.person_id)
    for typed in ("Mohammad Ali Rezayi", "محمد علی رضایی"):
        found = asking.find(staff["ana"].actor(), typed, filters.Filters(), at=now())
        assert [hit.person.pk for hit in found.people] == [one.person_id]
        hit = found.people[0]
        assert {hit.name, *hit.also} >= {"Mohammad Ali Rezayi", "محمد علی رضایی"}
        assert {line.title for line in hit.records} >= {f"Case {c.number}" for c in (one, other)}
    listing = page_of(staff["ana"].client().get("/people/"))
    assert listing.count("Mohammad Ali Rezayi") >= 1
    assert f"/people/{other.person_id}/" not in listing


def test_a_write_to_the_joined_id_lands_on_the_survivor(
    two: tuple[Case, Case, Pair], staff: dict[str, Member]
) -> None:
    one, other, pair = two
    merged(staff, pair, one.person_id)
    client = staff["ana"].client()
    answer = client.post(
        f"/api/v1/persons/{other.person_id}/names",
        {"full": "Мухамед Али"},
        content_type="application/json",
        headers={"Idempotency-Key": "late-1"},
    )
    assert answer.status_code == 201
    assert answer.json()["person"] == str(one.person_id)
    told = Event.objects.filter(name="name.added").latest("at")
    assert told.data["addressed"] == str(other.person_id)
    met = cast.encounter(staff["teodora"], at=now())
    encounters.add_child(
        actor=staff["teodora"].actor(),
        at=now(),
        encounter=met,
        revision=met.revision,
        child=encounters.Said(known=other.person_id),
    )
    met.refresh_from_db()
    assert met.person_id == one.person_id
    with pytest.raises(Refused) as open_:
        cases.open_case(
            actor=staff["ana"].actor(),
            at=now(),
            person=other.person,
            organisation=other.organisation,
            priority="urgent",
            reason="Again.",
        )
    assert open_.value.code == "case.already_open"


def test_what_is_written_in_a_case_stays_in_that_case(
    two: tuple[Case, Case, Pair], staff: dict[str, Member]
) -> None:
    one, other, pair = two
    merged(staff, pair, one.person_id)
    made = says(staff, other, "education", detail="Six years of school")
    assert made.person_id == other.person_id
