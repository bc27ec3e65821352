"""A pair and what is joined show nobody a record that they did not see; a block holds for both."""

import pytest

from oslonac.access import reader
from oslonac.access.models import Block, Grant
from oslonac.access.roles import Role
from oslonac.audit.models import Event
from oslonac.cases import actions as cases
from oslonac.cases.models import Case
from oslonac.duplicates import finding, queries
from oslonac.duplicates.models import Pair
from oslonac.encounters import actions as encounters
from oslonac.kit.clock import now
from oslonac.kit.errors import Hidden
from oslonac.people.models import Merge
from oslonac.search import asking, filters
from tests import cast
from tests.app.pairs import child, client_list, keep_away, merged, see, separated, staff, two
from tests.cast import Member
from tests.http import page_of

__all__ = ["staff", "two"]
pytestmark = pytest.mark.django_db


def test_somebody_who_sees_one_record_is_told_an_office_and_nothing_of_the_other(
    staff: dict[str, Member],
) -> None:
    one = child(staff, "Mohammad Ali Rezayi", manager=staff["ana"].user)
    other = child(staff, "محمد علی رضایی", by="ivan")
    Case.objects.update(priority="ordinary")
    assert finding.catch_up(at=now()) == 1
    pair = Pair.objects.get()
    page = client_list(staff["dragan"])
    assert str(pair.pk) not in page and str(other.person_id) not in page
    assert "رضایی" not in page and other.number not in page
    assert str(other.organisation) in page, "whom to ask, as the policy allows"
    assert staff["dragan"].client().get(f"/duplicates/{pair.pk}/").status_code == 404
    with pytest.raises(Hidden):
        queries.pair(staff["ana"].actor(), pair.pk, at=now())
    told = Event.objects.filter(name="duplicates.elsewhere")
    assert told.exists() and told[0].data["told"] == [str(other.person_id)]
    from_nis = client_list(staff["jelena"])
    assert one.number not in from_nis and "Rezayi" not in from_nis
    assert str(one.organisation) in from_nis


def test_of_a_protected_record_not_even_the_office_is_told(staff: dict[str, Member]) -> None:
    child(staff, "Mohammad Ali Rezayi")
    other = child(staff, "محمد علی رضایی", by="ivan")
    Case.objects.filter(pk=other.pk).update(whereabouts_restricted=True)
    assert finding.catch_up(at=now()) == 1
    page = client_list(staff["dragan"])
    assert str(other.organisation) not in page
    assert not Event.objects.filter(name="duplicates.elsewhere").exists()


def test_a_block_on_one_record_hides_the_pair(
    two: tuple[Case, Case, Pair], staff: dict[str, Member]
) -> None:
    keep_away(staff, two[1], staff["ana"])
    assert str(two[2].pk) not in client_list(staff["ana"])
    assert staff["ana"].client().get(f"/duplicates/{two[2].pk}/").status_code == 404


def test_an_encounter_that_is_not_open_tells_neither_town_nor_hour(
    two: tuple[Case, Case, Pair], staff: dict[str, Member]
) -> None:
    def met() -> list[int]:
        answer = staff["dragan"].client().get(f"/api/v1/duplicates/{two[2].pk}").json()
        line = next(line for line in answer["lines"] if line["kind"] == "met")
        return sorted((len(line["one"]), len(line["other"])))

    assert met() == [1, 1]
    Grant.objects.filter(record_id=two[0].encounter_id).update(level=10)
    assert met() == [0, 1]


def test_joining_shows_nobody_a_record_they_did_not_see(
    two: tuple[Case, Case, Pair], staff: dict[str, Member]
) -> None:
    one, other, pair = two
    outsider = cast.member("Sanja Vuk", Role.CASE_MANAGER, "csw-subotica")
    see(other, outsider)
    before = page_of(outsider.client().get(f"/people/{other.person_id}/"))
    merged(staff, pair, one.person_id)
    client = outsider.client()
    after = client.get(f"/people/{other.person_id}/")
    assert after.status_code == 200, "the record they saw is there as before"
    for secret in ("Mohammad Ali Rezayi", one.number, str(one.person_id)):
        assert secret not in after.content.decode() and secret not in before
    assert client.get(f"/people/{one.person_id}/").status_code == 404
    told = client.get(f"/api/v1/persons/{other.person_id}").json()
    assert told["id"] == str(other.person_id) and told["joined"] == []
    assert told["asked_for"] is None
    hits = asking.find(outsider.actor(), "Mohammad Ali Rezayi", filters.Filters(), at=now())
    assert [hit.person.pk for hit in hits.people] == [other.person_id]
    assert hits.people[0].also == []
    assert str(pair.pk) not in client_list(outsider)
    wrote = client.post(
        f"/api/v1/persons/{other.person_id}/names",
        {"full": "Momo"},
        content_type="application/json",
    )
    assert wrote.status_code == 201 and wrote.json()["person"] == str(other.person_id)
    with reader.acting(outsider.actor(), now()):
        assert not Merge.objects.exists() and not Pair.objects.exists()


def test_the_confirmation_names_who_sees_what_and_what_changes(
    two: tuple[Case, Case, Pair], staff: dict[str, Member]
) -> None:
    one, other, pair = two
    see(one, cast.member("Sanja Vuk", Role.NGO_WORKER, "csw-subotica"))
    see(other, cast.member("Lidija Kos", Role.NGO_WORKER, "csw-subotica"))
    keep_away(staff, other, staff["ivan"])
    page = page_of(staff["ana"].client().get(f"/duplicates/{pair.pk}/join/"))
    assert "Sanja Vuk" in page and "Lidija Kos" in page
    assert "now or later, is blocked from both." in page
    assert "ivan" not in page.casefold(), "who is kept away stands in no page"


def test_a_block_on_either_holds_for_both_and_goes_when_they_are_separated(
    two: tuple[Case, Case, Pair], staff: dict[str, Member]
) -> None:
    one, other, pair = two
    petra = cast.member("Petra Kos", Role.CASE_MANAGER, "csw-subotica")
    see(one, petra)
    see(other, petra)
    keep_away(staff, other, petra)
    assert petra.client().get(f"/people/{one.person_id}/").status_code == 200
    pair = merged(staff, pair, one.person_id)
    for case in (one, other):
        assert petra.client().get(f"/people/{case.person_id}/").status_code == 404
        assert petra.client().get(f"/cases/{case.pk}/").status_code == 404
    met = cast.encounter(staff["teodora"], at=now())
    encounters.add_child(
        actor=staff["teodora"].actor(),
        at=now(),
        encounter=met,
        revision=met.revision,
        child=encounters.Said(known=one.person_id),
    )
    assert Block.objects.filter(record_id=met.pk, principal=petra.user.pk).exists()
    Block.objects.filter(record_id=met.pk).delete()
    separated(staff, pair)
    assert petra.client().get(f"/people/{one.person_id}/").status_code == 200
    assert petra.client().get(f"/people/{other.person_id}/").status_code == 404


def test_a_block_set_after_joining_closes_both_records(
    two: tuple[Case, Case, Pair], staff: dict[str, Member]
) -> None:
    one, other, pair = two
    merged(staff, pair, one.person_id)
    cases.keep_away(
        actor=staff["dragan"].actor(),
        at=now(),
        case=one,
        scope="all",
        reason="suspected",
        why="Reported by the child.",
        user=staff["ana"].user,
    )
    for case in (one, other):
        assert staff["ana"].client().get(f"/cases/{case.pk}/").status_code == 404
