"""Joined and separated again: each record is what it was, with what came since."""

from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oslonac.audit.models import Event
from oslonac.cases.models import Case
from oslonac.duplicates import actions, finding
from oslonac.duplicates.models import Pair
from oslonac.duplicates.rules import PairStatus
from oslonac.encounters import actions as encounters
from oslonac.encounters import known
from oslonac.kit.clock import now
from oslonac.people import actions as people
from oslonac.people import merging
from oslonac.people.models import Merge, Person
from oslonac.retention import actions as retention
from oslonac.retention.queries import holds_of
from oslonac.retention.rules import HoldReason
from oslonac.vault.erasers import Erased
from tests.app.pairs import (
    child,
    fresh,
    keep_away,
    made_two,
    merged,
    says,
    separated,
    staff_made,
    two_made,
)
from tests.cast import Member
from tests.forms import fill
from tests.http import page_of

__all__ = ["made_two", "staff_made", "two_made"]
pytestmark = pytest.mark.django_db


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
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
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
            written = [
                write(staff, sides[side], kind, 100 + n) for n, (side, kind) in enumerate(after)
            ]
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
        actor=staff["ana"].actor(), at=now(), person=other.person, full="Momo Written Later"
    )
    client = staff["dragan"].client()
    page = client.get(f"/duplicates/{pair.pk}/separate/")
    text = page_of(page)
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
    said = encounters.Said(names=("Mohammad Ali Rezayi",))
    assert known.again(staff["ana"].actor(), one.person_id, said, at=now()) == []
    hits = known.of_said(staff["ana"].actor(), said, at=now())
    assert [hit.person.pk for hit in hits] == [one.person_id]
