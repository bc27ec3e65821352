"""Two records that may be one person's: found when either changes, and again over the register."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.db.models import F

from oslonac.audit.models import Event
from oslonac.cases.models import Case
from oslonac.duplicates import actions, finding, waiting
from oslonac.duplicates.models import Pair
from oslonac.duplicates.rules import PairStatus
from oslonac.kit.clock import now
from oslonac.matching.index.models import Distinct
from oslonac.people import actions as people
from oslonac.people.models import Person
from tests.app.pairs import child, client_list, fresh, says, staff, two
from tests.cast import Member

__all__ = ["staff", "two"]
pytestmark = pytest.mark.django_db


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
        "child": {
            "names": ["محمد علی رضایی"],
            "births": [{"calendar": "solar_hijri", "year": 1389}],
            "sex": "male",
        },
    }
    for _attempt in range(2):
        answer = client.post(
            "/api/v1/intakes",
            body,
            content_type="application/json",
            headers={"Idempotency-Key": "device-7-intake-1"},
        )
        assert answer.status_code == 201, answer.content
    assert finding.catch_up(at=now()) == 1
    assert Pair.objects.count() == 1
    assert str(Pair.objects.get().pk) in client_list(staff["dragan"])


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
        actor=staff["ana"].actor(),
        at=now(),
        pair=pair,
        revision=pair.revision,
        apart="namesakes",
        why="Another boy, I know both.",
    )
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


def waits() -> set[UUID]:
    """Who is in the index of those who wait."""
    return {person.pk for person in waiting.first(most=100)}


def test_whoever_changes_waits_from_the_same_moment_and_until_compared(
    staff: dict[str, Member],
) -> None:
    case = child(staff, "Mohammad Ali Rezayi", manager=staff["ana"].user)
    assert waits() == {case.person_id}
    finding.catch_up(at=now())
    assert waits() == set()
    says(staff, case, "phone", detail="+381 64 123 4567")
    assert waits() == {case.person_id}


def test_a_change_that_fails_lets_nobody_wait_and_a_comparison_that_fails_everybody(
    staff: dict[str, Member], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = child(staff, "Mohammad Ali Rezayi", manager=staff["ana"].user)
    finding.catch_up(at=now())
    with pytest.raises(RuntimeError), transaction.atomic():
        says(staff, case, "phone", detail="+381 64 123 4567")
        raise RuntimeError
    assert waits() == set()
    says(staff, case, "phone", detail="+381 64 123 4567")

    def crash(*_given: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(finding, "_compare_with", crash)
    with pytest.raises(RuntimeError):
        finding.catch_up(at=now())
    assert waits() == {case.person_id}


def test_what_changes_while_somebody_is_compared_is_compared_again(
    staff: dict[str, Member], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = child(staff, "Mohammad Ali Rezayi", manager=staff["ana"].user)
    compare = finding._compare_with

    def meanwhile(*given: Any) -> int:
        found = compare(*given)
        says(staff, case, "phone", detail="+381 64 123 4567")
        return found

    monkeypatch.setattr(finding, "_compare_with", meanwhile)
    finding.catch_up(at=now())
    assert waits() == {case.person_id}
    monkeypatch.undo()
    finding.catch_up(at=now())
    assert waits() == set()


def test_what_changes_while_the_register_is_compared_is_compared_again(
    staff: dict[str, Member], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = child(staff, "Mohammad Ali Rezayi", manager=staff["ana"].user)
    pairs = finding._pairs

    def meanwhile(*given: Any) -> Any:
        says(staff, case, "phone", detail="+381 64 123 4567")
        return pairs(*given)

    monkeypatch.setattr(finding, "_pairs", meanwhile)
    finding.look_over(at=now())
    assert waits() == {case.person_id}


def test_the_job_by_the_minute_reads_as_many_rows_as_people_changed(
    staff: dict[str, Member],
) -> None:
    """Not the register: the plan of its question goes by the index of those who wait."""
    from django.db import connection

    from oslonac.duplicates.models import Looked

    child(staff, "Mohammad Ali Rezayi", manager=staff["ana"].user)
    finding.catch_up(at=now())
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = Looked.objects.filter(told__gt=F("revision")).order_by("-person_id").explain()
    assert "looked_waiting" in plan, plan


def test_in_a_register_too_large_for_one_machine_those_of_whom_nobody_told_wait_by_night(
    staff: dict[str, Member], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = child(staff, "Mohammad Ali Rezayi", manager=staff["ana"].user)
    other = child(staff, "Selam Tesfay")
    finding.catch_up(at=now())
    Person.objects.filter(pk=case.person_id).update(revision=F("revision") + 1)
    assert waits() == set()
    monkeypatch.setattr(finding, "LARGEST", 1)
    assert finding.look_over(at=now()) is None
    assert waits() == {case.person_id}
    assert other.person_id not in waits()
