"""Two records that may be one person's: found, compared, joined by two people, separated again."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oslonac.access import sight
from oslonac.access.actions import Closing, Who, block
from oslonac.access.models import Block, Grant
from oslonac.access.roles import Role
from oslonac.access.rules import BlockReason, Scope
from oslonac.audit.models import Event
from oslonac.cases import actions as cases
from oslonac.cases.models import Case
from oslonac.cases.search import asking, filters, known
from oslonac.directory import codes
from oslonac.duplicates import actions, finding, queries
from oslonac.duplicates.models import Pair
from oslonac.duplicates.rules import PairStatus
from oslonac.kit.clock import now
from oslonac.kit.errors import Denied, Hidden, Invalid, Refused, Stale
from oslonac.matching.index.models import Distinct
from oslonac.people import actions as people
from oslonac.people import merging
from oslonac.people.models import Merge, Person, PersonName, Statement
from oslonac.retention import actions as retention
from oslonac.retention.queries import holds_of
from oslonac.retention.rules import HoldReason
from oslonac.vault.erasers import Erased
from tests import cast
from tests.cast import Member
from tests.forms import fill

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> dict[str, Member]:
    return {
        "teodora": cast.teodora(),
        "ana": cast.ana(),
        "dragan": cast.dragan(),
        "zoran": cast.member("Zoran Ilić", Role.HEAD),
        "ivan": cast.member("Ivan Ilić", Role.FIELD_WORKER, "csw-nis"),
        "jelena": cast.jelena(),
    }


def child(staff: dict[str, Member], name: str, by: str = "teodora", **more: Any) -> Case:
    """A case in the centre of whoever met the child; both fictional."""
    member = staff[by]
    office = member.organisation
    at = now() - timedelta(hours=5)
    met = cast.encounter(member, at=at, responsible=office)
    person = cast.child(member, met, at=at, name=name)
    cases.decide_triage(
        actor=member.actor(at), at=at, encounter=met, revision=met.revision, outcome="at_risk"
    )
    made: Case = cases.open_case(
        actor=member.actor(at), at=at, person=person, encounter=met, organisation=office,
        priority="urgent", reason="Sam.", manager=more.get("manager"),
    )  # fmt: skip
    return made


@pytest.fixture
def two(staff: dict[str, Member]) -> tuple[Case, Case, Pair]:
    """The same boy written down twice at one centre, in two scripts."""
    one = child(staff, "Mohammad Ali Rezayi", manager=staff["ana"].user)
    other = child(staff, "محمد علی رضایی", manager=staff["ana"].user)
    for case in (one, other):
        says(staff, case, "sex", code="male")
    assert finding.catch_up(at=now()) == 1
    return one, other, Pair.objects.get()


def says(staff: dict[str, Member], case: Case, attribute: str, by: str = "ana", **more: Any) -> Any:
    return people.state(
        actor=staff[by].actor(), at=now(), person=case.person, attribute=attribute,
        case_id=case.pk, **more,
    )  # fmt: skip


def fresh(pair: Pair) -> Pair:
    return Pair.objects.get(pk=pair.pk)


def requested(staff: dict[str, Member], pair: Pair, survivor: UUID, by: str = "ana") -> Pair:
    pair = fresh(pair)
    actions.request_merge(
        actor=staff[by].actor(), at=now(), pair=pair, revision=pair.revision, survivor=survivor,
        why="The same boy, he says so.", sight_read=True,
    )  # fmt: skip
    return fresh(pair)


def merged(staff: dict[str, Member], pair: Pair, survivor: UUID, by: str = "dragan") -> Pair:
    pair = requested(staff, pair, survivor)
    actions.confirm_merge(
        actor=staff[by].actor(), at=now(), pair=pair, revision=pair.revision, sight_read=True
    )
    return fresh(pair)


def separated(staff: dict[str, Member], pair: Pair, **more: Any) -> Pair:
    pair = fresh(pair)
    actions.unmerge(
        actor=staff["dragan"].actor(), at=now(), pair=pair, revision=pair.revision,
        why="Two boys after all.", **more,
    )  # fmt: skip
    return fresh(pair)


# Finding


def test_a_boy_written_down_twice_stands_on_the_list_without_a_word_of_his_name(
    two: tuple[Case, Case, Pair],
) -> None:
    pair = two[2]
    assert {pair.one_id, pair.other_id} == {two[0].person_id, two[1].person_id}
    assert pair.probability > 0.5
    assert {"name_same", "sex_same"} <= set(pair.evidence)
    assert Event.objects.filter(name="duplicate.found", record_id=pair.pk).count() == 1
    assert finding.catch_up(at=now()) == 0, "nothing changed, so nothing is found anew"


def test_a_record_that_arrives_with_a_once_key_leaves_one_pair(staff: dict[str, Member]) -> None:
    """A device that was offline sends its intake; the answer lost, it sends it again."""
    child(staff, "Mohammad Ali Rezayi")
    client = staff["teodora"].client()
    body = {
        "happened_at": (now() - timedelta(hours=2)).isoformat(),
        "responsible": str(staff["teodora"].organisation.pk),
        "reported_by": "police",
        "child": {"names": ["محمد علی رضایی"], "births": [
            {"calendar": "solar_hijri", "year": 1389}], "sex": "male"},
    }  # fmt: skip
    for _attempt in range(2):
        answer = client.post(
            "/api/v1/intakes", body, content_type="application/json",
            headers={"Idempotency-Key": "device-7-intake-1"},
        )  # fmt: skip
        assert answer.status_code == 201, answer.content
    assert finding.catch_up(at=now()) == 1
    assert Pair.objects.count() == 1
    assert str(Pair.objects.get().pk) in client_list(staff["dragan"])


def client_list(member: Member) -> str:
    return str(member.client().get("/duplicates/").content.decode())


def test_brothers_met_together_and_relatives_are_not_proposed(staff: dict[str, Member]) -> None:
    case = child(staff, "Mohammad Ali Rezayi")
    actor = staff["teodora"].actor()
    brother = people.make_person(
        actor=actor, at=now(), kind="encounter", record_id=case.encounter_id
    )
    people.add_name(actor=actor, at=now(), person=brother, full="Mohammad Ali Rezayi")
    finding.catch_up(at=now())
    assert not Pair.objects.exists()


def test_the_whole_register_finds_the_same_pair_and_adds_none(
    two: tuple[Case, Case, Pair], staff: dict[str, Member]
) -> None:
    assert finding.look_over(at=now()) == 0
    assert Pair.objects.count() == 1
    Pair.objects.all().delete()
    assert finding.look_over(at=now()) == 1
    assert Pair.objects.get().found_by == "register"


def test_two_people_stay_two_until_something_compared_changes(
    two: tuple[Case, Case, Pair], staff: dict[str, Member]
) -> None:
    one, _other, pair = two
    actions.say_apart(
        actor=staff["ana"].actor(), at=now(), pair=pair, revision=pair.revision,
        apart="namesakes", why="Another boy, I know both.",
    )  # fmt: skip
    assert Distinct.objects.count() == 1
    says(staff, one, "wish", detail="Wants to learn German")
    finding.catch_up(at=now())
    finding.look_over(at=now())
    assert fresh(pair).status == PairStatus.APART, "a wish is nothing that is compared"
    for case in two[:2]:
        says(staff, case, "phone", detail="+381 64 123 4567")
    finding.catch_up(at=now())
    back = fresh(pair)
    assert back.status == PairStatus.OPEN
    assert back.returned and "phone_same" in back.evidence


def test_nothing_of_a_pair_is_clear_text(two: tuple[Case, Case, Pair]) -> None:
    values = str(list(Pair.objects.values())).casefold()
    for secret in ("mohammad", "rezayi", "محمد", "1389", "2010"):
        assert secret not in values


# Who sees a pair


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


def keep_away(staff: dict[str, Member], case: Case, who: Member) -> list[Block]:
    return block(
        actor=staff["dragan"].actor(), at=now(), who=Who(user_id=who.user.pk),
        records=[Closing("case", case.pk, case.person_id)], key=case.key, scope=Scope.ALL,
        reason=BlockReason.OTHER_INTEREST, why="knows the family",
    )  # fmt: skip


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


# Joining


def test_one_asks_and_another_decides(
    two: tuple[Case, Case, Pair], staff: dict[str, Member]
) -> None:
    one, other, pair = two
    pair = requested(staff, pair, one.person_id, by="dragan")
    assert pair.status == PairStatus.REQUESTED and not Merge.objects.exists()
    with pytest.raises(Refused) as own:
        actions.confirm_merge(
            actor=staff["dragan"].actor(), at=now(), pair=pair, revision=pair.revision,
            sight_read=True,
        )  # fmt: skip
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
            actor=staff["ana"].actor(), at=now(), pair=pair, revision=pair.revision,
            survivor=two[0].person_id, why="The same.", sight_read=False,
        )  # fmt: skip
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
            actor=staff["jelena"].actor(), at=now(), pair=pair, revision=pair.revision,
            apart="twins", why="I think so.",
        )  # fmt: skip


def see(case: Case, who: Member, level: int = 60) -> Grant:
    return Grant.objects.create(
        record_kind="case", record_id=case.pk, principal=who.user.pk, grantee=who.user,
        level=level, reason="conference", starts_at=now() - timedelta(minutes=1),
    )  # fmt: skip


def test_a_stale_decision_and_a_second_press_change_nothing(
    two: tuple[Case, Case, Pair], staff: dict[str, Member]
) -> None:
    pair = two[2]
    first = pair.revision
    values: dict[str, Any] = {"survivor": two[0].person_id, "why": "The same.", "sight_read": True}
    for _press in range(2):
        actions.request_merge(
            actor=staff["ana"].actor(), at=now(), once="press-1", revision=first,
            pair=Pair.objects.get(pk=pair.pk) if _press == 0 else pair, **values,
        )  # fmt: skip
    assert Event.objects.filter(name="merge.requested").count() == 1
    stale = fresh(pair)
    Pair.objects.filter(pk=pair.pk).update(revision=stale.revision + 1)
    with pytest.raises(Stale):
        actions.confirm_merge(
            actor=staff["dragan"].actor(), at=now(), pair=stale, revision=stale.revision,
            sight_read=True,
        )  # fmt: skip
    assert not Merge.objects.exists()
    pair = fresh(pair)
    for _press in range(2):
        actions.confirm_merge(
            actor=staff["dragan"].actor(), at=now(), pair=fresh(pair), revision=pair.revision,
            sight_read=True, once="press-2",
        )  # fmt: skip
    assert Merge.objects.count() == 1


# A joined id


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
    page = client.get(f"/people/{one.person_id}/").content.decode()
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
    listing = staff["ana"].client().get("/people/").content.decode()
    assert listing.count("Mohammad Ali Rezayi") >= 1
    assert f"/people/{other.person_id}/" not in listing


def test_a_write_to_the_joined_id_lands_on_the_survivor(
    two: tuple[Case, Case, Pair], staff: dict[str, Member]
) -> None:
    one, other, pair = two
    merged(staff, pair, one.person_id)
    client = staff["ana"].client()
    answer = client.post(
        f"/api/v1/persons/{other.person_id}/names", {"full": "Мухамед Али"},
        content_type="application/json", headers={"Idempotency-Key": "late-1"},
    )  # fmt: skip
    assert answer.status_code == 201
    assert answer.json()["person"] == str(one.person_id)
    told = Event.objects.filter(name="name.added").latest("at")
    assert told.data["addressed"] == str(other.person_id)
    met = cast.encounter(staff["teodora"], at=now())
    cases.add_child(
        actor=staff["teodora"].actor(), at=now(), encounter=met, revision=met.revision,
        child=cases.Said(known=other.person_id),
    )  # fmt: skip
    met.refresh_from_db()
    assert met.person_id == one.person_id
    with pytest.raises(Refused) as open_:
        cases.open_case(
            actor=staff["ana"].actor(), at=now(), person=other.person,
            organisation=other.organisation, priority="urgent", reason="Again.",
        )  # fmt: skip
    assert open_.value.code == "case.already_open"


def test_what_is_written_in_a_case_stays_in_that_case(
    two: tuple[Case, Case, Pair], staff: dict[str, Member]
) -> None:
    one, other, pair = two
    merged(staff, pair, one.person_id)
    made = says(staff, other, "education", detail="Six years of school")
    assert made.person_id == other.person_id


# Sight


def test_joining_shows_nobody_a_record_they_did_not_see(
    two: tuple[Case, Case, Pair], staff: dict[str, Member]
) -> None:
    one, other, pair = two
    outsider = cast.member("Sanja Vuk", Role.CASE_MANAGER, "csw-subotica")
    see(other, outsider)
    before = outsider.client().get(f"/people/{other.person_id}/").content.decode()
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
        f"/api/v1/persons/{other.person_id}/names", {"full": "Momo"},
        content_type="application/json",
    )  # fmt: skip
    assert wrote.status_code == 201 and wrote.json()["person"] == str(other.person_id)
    with sight.acting(outsider.actor(), now()):
        assert not Merge.objects.exists() and not Pair.objects.exists()


def test_the_confirmation_names_who_sees_what_and_what_changes(
    two: tuple[Case, Case, Pair], staff: dict[str, Member]
) -> None:
    one, other, pair = two
    see(one, cast.member("Sanja Vuk", Role.NGO_WORKER, "csw-subotica"))
    see(other, cast.member("Lidija Kos", Role.NGO_WORKER, "csw-subotica"))
    keep_away(staff, other, staff["ivan"])
    page = staff["ana"].client().get(f"/duplicates/{pair.pk}/join/").content.decode()
    assert "Sanja Vuk" in page and "Lidija Kos" in page
    assert "now or later, is kept away from both." in page
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
    cases.add_child(
        actor=staff["teodora"].actor(), at=now(), encounter=met, revision=met.revision,
        child=cases.Said(known=one.person_id),
    )  # fmt: skip
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
        actor=staff["dragan"].actor(), at=now(), case=one, scope="all", reason="suspected",
        why="Reported by the child.", user=staff["ana"].user,
    )  # fmt: skip
    for case in (one, other):
        assert staff["ana"].client().get(f"/cases/{case.pk}/").status_code == 404


# Separating

WRITES = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from(["name", "phone", "birth", "wish", "named"])),
    max_size=6,
)
BLOCKS = st.lists(st.integers(0, 1), max_size=2)


def tables(person_ids: list[UUID]) -> dict[str, Any]:
    """Every row of every table that names one of these people, as the database holds it."""
    found: dict[str, Any] = {}
    for model in apps.get_models():
        if not model.__module__.startswith("oslonac.") or model._meta.label in NOT_THEIRS:
            continue
        columns = [
            field.attname
            for field in model._meta.concrete_fields
            if field.related_model is Person or field.name in ("person_id", "related_id")
        ]
        if model is Person:
            columns = ["id"]
        for column in columns:
            rows = model._default_manager.filter(**{f"{column}__in": person_ids})
            found[f"{model._meta.label}.{column}"] = sorted(map(repr, rows.values_list()))
    return found


# What says that two were compared and joined; everything else is as it was.
NOT_THEIRS = {"people.Merge", "duplicates.Pair", "duplicates.Looked"}


@given(before=WRITES, blocks=BLOCKS, after=WRITES)
@settings(
    max_examples=8, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
def test_joined_and_separated_they_are_what_they_were_and_what_came_since_stays(
    staff: dict[str, Member], two: tuple[Case, Case, Pair], before: Any, blocks: Any, after: Any
) -> None:
    from django.db import transaction

    sides, pair = two[:2], two[2]
    with transaction.atomic():
        try:
            for side in blocks:
                keep_away(staff, sides[side], staff["ivan"])
            for number, (side, kind) in enumerate(before):
                write(staff, sides[side], kind, number)
            ids = [case.person_id for case in sides]
            was = tables(ids)
            joined = merged(staff, pair, ids[0])
            assert merging.group(ids[1]) == (ids[0], ids[1])
            written = [write(staff, sides[side], kind, 100 + n) for n, (side, kind) in
                       enumerate(after)]  # fmt: skip
            homes = [(type(row), row.pk, row.person_id) for row in written]
            separated(staff, joined)
            for model, pk, home in homes:
                assert model.objects.get(pk=pk).person_id == home, "stays where it was written"
                model.objects.filter(pk=pk).delete()
            now_ = tables(ids)
            if after:  # what is projected from facts moved with them
                for held in (was, now_):
                    for name in ("people.Person.id", "matching.Entry.person_id"):
                        held.pop(name)
            assert now_ == was
            assert merging.group(ids[1]) == (ids[1],)
        finally:
            transaction.set_rollback(True)


def write(staff: dict[str, Member], case: Case, kind: str, number: int) -> Any:
    actor, at = staff["ana"].actor(), now()
    if kind == "named":
        return people.add_name(
            actor=actor,
            at=at,
            person=Person.objects.get(pk=case.person_id),
            full=f"Addressed {number}",
        )
    if kind == "name":
        return people.add_name(
            actor=actor, at=at, person=case.person, full=f"Name {number}", case_id=case.pk
        )
    more: dict[str, Any] = {"detail": f"0641234{number:03d}"}
    if kind == "birth":
        more = {"birth": people.birth_interval("gregorian", 2000 + number % 10, None, None)}
    return says(staff, case, kind, **more)


def test_the_page_says_what_was_written_since_and_where_it_stays(
    two: tuple[Case, Case, Pair], staff: dict[str, Member]
) -> None:
    one, other, pair = two
    pair = merged(staff, pair, one.person_id)
    people.add_name(
        actor=staff["ana"].actor(), at=now(), person=other.person,
        full="Momo Written Later",
    )  # fmt: skip
    client = staff["dragan"].client()
    page = client.get(f"/duplicates/{pair.pk}/separate/")
    text = page.content.decode()
    first, second = text.split("<h3>")[1:3]
    mine = first if "Mohammad Ali Rezayi" in first else second
    assert "Momo Written Later" in mine, "named under the survivor, on which it was written"
    answer = fill(client, f"/duplicates/{pair.pk}/separate/", why="Two boys.", then="apart")
    assert answer.status_code == 302
    assert fresh(pair).status == PairStatus.APART
    told = Event.objects.get(name="person.unmerged")
    assert told.data["written_since"][str(one.person_id)] == 1
    assert client.get(f"/people/{other.person_id}/").status_code == 200


def test_three_records_join_and_any_one_can_be_taken_out_again(
    two: tuple[Case, Case, Pair], staff: dict[str, Member]
) -> None:
    one, other, pair = two
    third = child(staff, "Muhamed Ali Rezai", manager=staff["ana"].user)
    merged(staff, pair, one.person_id)
    actor = staff["ana"].actor()
    second = actions.name_pair(actor=actor, at=now(), person=third.person, other=other.person)
    merged(staff, second, third.person_id)
    whole = {one.person_id, other.person_id, third.person_id}
    assert set(merging.group(other.person_id)) == whole
    assert merging.group(one.person_id)[0] == third.person_id
    separated(staff, pair)
    assert merging.group(other.person_id) == (other.person_id,)
    assert set(merging.group(one.person_id)) == {one.person_id, third.person_id}


def test_an_erased_record_leaves_the_others_of_that_person_joined(
    two: tuple[Case, Case, Pair], staff: dict[str, Member]
) -> None:
    one, other, pair = two
    third = child(staff, "Muhamed Ali Rezai", manager=staff["ana"].user)
    merged(staff, pair, one.person_id)
    second = actions.name_pair(
        actor=staff["ana"].actor(), at=now(), person=one.person, other=third.person
    )
    merged(staff, second, one.person_id)
    gone = Erased(one.person_id, (one.person.key_id,), now())
    for _twice in range(2):
        merging.forget(gone)
        finding.erase(gone)
    assert set(merging.group(third.person_id)) == {other.person_id, third.person_id}
    assert not Merge.objects.filter(survivor=one.person_id).exists()
    assert not Pair.objects.filter(one=one.person_id).exists()
    assert not Pair.objects.filter(other=one.person_id).exists()
    assert staff["ana"].client().get(f"/people/{other.person_id}/").status_code == 200


def test_a_legal_hold_on_one_record_holds_both_while_they_are_joined(
    two: tuple[Case, Case, Pair], staff: dict[str, Member]
) -> None:
    one, other, pair = two
    retention.give_hold(
        actor=staff["dragan"].actor(),
        at=now(),
        case=one,
        reason=HoldReason.PROCEEDINGS,
        text="A court asks.",
    )
    assert not holds_of([other.person_id], at=now())
    pair = merged(staff, pair, one.person_id)
    assert [hold.person_id for hold in holds_of([other.person_id], at=now())] == [one.person_id]
    separated(staff, pair)
    assert not holds_of([other.person_id], at=now())


def test_somebody_met_again_is_not_proposed_as_themselves(
    two: tuple[Case, Case, Pair], staff: dict[str, Member]
) -> None:
    one, _other, pair = two
    merged(staff, pair, one.person_id)
    said = cases.Said(names=("Mohammad Ali Rezayi",))
    assert known.again(staff["ana"].actor(), one.person_id, said, at=now()) == []
    hits = known.of_said(staff["ana"].actor(), said, at=now())
    assert [hit.person.pk for hit in hits] == [one.person_id]


# Pages


def test_the_walk_through_the_pages(two: tuple[Case, Case, Pair], staff: dict[str, Member]) -> None:
    one, other, pair = two
    ana, dragan = staff["ana"].client(), staff["dragan"].client()
    url = f"/duplicates/{pair.pk}/"
    listed = ana.get("/duplicates/").content.decode()
    assert url in listed and "Mohammad Ali Rezayi" in listed and "محمد علی رضایی" in listed
    page = ana.get(url).content.decode()
    for word in ("Born", "Sex", "Phone numbers", "Known of neither:", "agrees"):
        assert word.casefold() in page.casefold(), word
    assert Event.objects.filter(name="sealed.read", record_id=one.person_id).exists()
    asked = fill(ana, f"{url}ask/", question="Did you see both boys?")
    assert asked.status_code == 302 and fresh(pair).status == PairStatus.ASKED
    assert "Did you see both boys?" in dragan.get(url).content.decode()
    assert fill(dragan, f"{url}answer/", text="It is one boy.").status_code == 302
    kept = fill(ana, f"{url}join/", survivor=str(one.person_id), why="", sight_read="on")
    assert kept.status_code == 422
    sent = fill(ana, f"{url}join/", survivor=str(one.person_id), why="He says so", sight_read="on")
    assert sent.status_code == 302, sent.content.decode()[:3000]
    assert url in ana.get("/duplicates/?show=waiting").content.decode()
    assert ana.get(f"{url}confirm/").status_code == 403
    assert fill(dragan, f"{url}confirm/", sight_read="on").status_code == 302
    assert fresh(pair).status == PairStatus.MERGED
    assert url in ana.get("/duplicates/?show=joined").content.decode()
    assert url not in ana.get("/duplicates/").content.decode()
    shown = ana.get(f"/cases/{other.pk}/").content.decode()
    assert "Other records of this child" in shown and "Mohammad Ali Rezayi" in shown
    assert fill(dragan, f"{url}separate/", why="No.", then="open").status_code == 302
    assert fill(ana, f"{url}apart/", apart="namesakes", why="I know both").status_code == 302
    again = ana.post(f"{url}again/")
    assert again.status_code == 302 and fresh(pair).status == PairStatus.OPEN


def test_a_request_is_refused_or_taken_back(
    two: tuple[Case, Case, Pair], staff: dict[str, Member]
) -> None:
    pair = requested(staff, two[2], two[0].person_id)
    url = f"/duplicates/{pair.pk}/"
    assert fill(staff["dragan"].client(), f"{url}refuse/", why="Not sure").status_code == 302
    assert fresh(pair).status == PairStatus.OPEN
    pair = requested(staff, pair, two[0].person_id)
    staff["ana"].client().post(f"{url}withdraw/", {"revision": pair.revision})
    assert fresh(pair).status == PairStatus.OPEN and fresh(pair).requested_by_id is None


def test_an_empty_list_says_what_happens_by_itself(staff: dict[str, Member]) -> None:
    assert "No two records look like one person." in client_list(staff["dragan"])
    for show in ("waiting", "joined", "apart"):
        assert staff["dragan"].client().get(f"/duplicates/?show={show}").status_code == 200
    answer = staff["dragan"].client().get("/duplicates/?found=change&least=0.9")
    assert "No pair is like this." in answer.content.decode()


def test_the_whole_walk_through_the_api(
    two: tuple[Case, Case, Pair], staff: dict[str, Member]
) -> None:
    one, _other, pair = two
    ana, dragan = staff["ana"].client(), staff["dragan"].client()
    base = f"/api/v1/duplicates/{pair.pk}"

    def post(client: Any, path: str, **body: Any) -> Any:
        return client.post(f"{base}/{path}", body, content_type="application/json")

    listed = ana.get("/api/v1/duplicates").json()["pairs"]
    assert [row["id"] for row in listed] == [str(pair.pk)] and "Rezayi" not in str(listed)
    seen = ana.get(base).json()
    assert {line["kind"]: line["agreement"] for line in seen["lines"]}["names"] == "agrees"
    wrong = post(ana, "joining", revision=pair.revision, survivor=str(one.pk), why="x",
                 sight_read=True)  # fmt: skip
    assert wrong.status_code == 422
    asked = post(ana, "joining", revision=pair.revision, survivor=str(one.person_id), why="x",
                 sight_read=True)  # fmt: skip
    assert asked.status_code == 200 and asked.json()["status"] == "requested"
    assert post(ana, "joining/confirmation", revision=1, sight_read=True).status_code == 403
    late = post(dragan, "joining/confirmation", revision=1, sight_read=True)
    assert late.status_code == 409
    done = post(dragan, "joining/confirmation", revision=asked.json()["revision"], sight_read=True)
    assert done.json()["status"] == "merged"
    undone = post(dragan, "separation", revision=done.json()["revision"], why="No", then="open")
    assert undone.json()["status"] == "open"
    apart = post(ana, "two-people", revision=undone.json()["revision"], apart="twins", why="Seen.")
    assert apart.json()["status"] == "apart"
    assert not Statement.objects.filter(person=one.person_id, attribute="other").exists()
