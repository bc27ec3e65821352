"""What is owed, worked out again from the ledger: identical; and only where something changed."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oslonac.audit.models import Event
from oslonac.cases import actions, jobs, queries
from oslonac.cases.duties import reckoning
from oslonac.cases.models import Case
from oslonac.country import country
from oslonac.kit.clock import now
from oslonac.people import actions as people
from oslonac.people.models import Person
from oslonac.placements import actions as placements
from oslonac.planning import actions as planning
from oslonac.protocols import editions, projection, rising
from oslonac.protocols.models import Obligation
from tests import cast

pytestmark = pytest.mark.django_db
COLUMNS = [f.attname for f in Obligation._meta.concrete_fields if f.name not in ("id", "remind_at")]


def rows(case: Case) -> list[dict[str, Any]]:
    found = Obligation.objects.filter(case_id=case.pk).order_by("key")
    return [{name: getattr(row, name) for name in COLUMNS} for row in found]


def a_life() -> Case:
    """A case with something of everything, some of it told late."""
    ana, dragan, at = cast.ana(), cast.dragan(), now() - timedelta(days=20)
    case = cast.case(cast.teodora(), ana, at=at)
    lead, later = dragan.actor(), at + timedelta(days=2)
    placements.place(
        actor=lead,
        at=later,
        case=case,
        kind="institution",
        from_at=later - timedelta(hours=5),
        organisation=cast.Organisation.objects.get(code="nis-zavod"),
        reason="Nema porodice.",
    )
    planning.record_contact(
        actor=ana.actor(),
        at=later,
        case=case,
        kind="visit",
        happened_at=later - timedelta(days=1),
        alone_with_child="yes",
    )
    planning.raise_concern(actor=ana.actor(), at=later, case=case, kind="trafficking_labour")
    actions.record_step(
        actor=ana.actor(),
        at=later,
        case=case,
        activity="uasc_health_check",
        evidence="Nalaz",
        happened_at=later,
    )
    return case


def test_a_rebuild_gives_the_identical_rows_and_writes_none() -> None:
    case = a_life()
    before = rows(case)
    assert len(before) > 15
    done = reckoning.reckon([case.pk])
    assert (done.cases, done.differed, done.rows) == (1, 0, 0)
    assert rows(case) == before


def test_a_rebuild_repairs_what_somebody_damaged_and_says_how_much() -> None:
    case = a_life()
    before = rows(case)
    Obligation.objects.filter(case_id=case.pk, activity="keep_contact").delete()
    Obligation.objects.filter(case_id=case.pk, activity="assign").update(role="head")
    Case.objects.filter(pk=case.pk).update(next_due_at=None)
    done = reckoning.reckon([case.pk])
    assert done.differed == 1 and done.rows >= 2
    assert rows(case) == before
    assert Case.objects.get(pk=case.pk).next_due_at is not None


def test_many_cases_cost_as_many_queries_as_one() -> None:
    first = a_life()
    with CaptureQueriesContext(
        connection,
    ) as one:
        reckoning.reckon([first.pk])
    others = [cast.case(cast.teodora(), cast.ana(), at=now()).pk for _ in range(6)]
    with CaptureQueriesContext(connection) as many:
        reckoning.reckon([first.pk, *others])
    assert len(many) <= len(one) + 1


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 10_000))
def test_the_order_in_which_events_arrive_changes_no_row(db: None, seed: int) -> None:
    case = a_life()
    events = queries.told_of(case)
    shuffled = random.Random(seed).sample(events, len(events))
    procedure, facts = editions.procedure_of(case.procedures_id), queries.facts_of(case)
    taken = rising.everywhere()
    first = procedure(events, facts, country().calendar)
    again = procedure(shuffled, facts, country().calendar)
    assert [projection.columns(duty, taken) for duty in first] == [
        projection.columns(duty, taken) for duty in again
    ]


def test_a_contact_told_late_gives_the_rows_it_would_have_given_in_time() -> None:
    def seen(told_after: timedelta) -> list[Any]:
        ana, at = cast.ana(), datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
        case = cast.case(cast.teodora(), ana, at=at)
        met = at + timedelta(days=1)
        visits = [(met, met + told_after), (met + timedelta(days=3), met + timedelta(days=3))]
        for happened, told in sorted(visits, key=lambda visit: visit[1]):
            planning.record_contact(
                actor=ana.actor(told),
                at=told,
                case=case,
                kind="visit",
                happened_at=happened,
                alone_with_child="yes",
            )
        found = Obligation.objects.filter(case_id=case.pk).order_by("activity", "since", "done_at")
        return [(r.activity, r.state, r.since, r.due_at, r.done_at, r.verified) for r in found]

    assert seen(timedelta(0)) == seen(timedelta(days=9))


def _born(person: Person, day: date, by: cast.Member) -> None:
    people.state(
        actor=by.actor(),
        at=now(),
        person=person,
        attribute="birth",
        birth=(day, day),
        said_by="self",
        basis="document",
    )


def test_what_is_said_of_the_age_changes_at_once_what_is_asked_for() -> None:
    teodora = cast.teodora()
    case = cast.case(teodora, cast.ana(), at=now() - timedelta(hours=1))
    assert not Obligation.objects.filter(
        case_id=case.pk, activity="uasc_foster_considered"
    ).exists()
    _born(case.person, cast.today() - timedelta(days=365 * 10), teodora)
    duty = Obligation.objects.get(case_id=case.pk, activity="uasc_foster_considered")
    assert duty.state == "open" and duty.verified


def test_the_job_touches_only_children_who_came_to_an_age(monkeypatch: Any) -> None:
    teodora, today = cast.teodora(), cast.today()
    young = cast.case(teodora, cast.ana(), at=now() - timedelta(hours=1))
    birthday = today + timedelta(days=1)
    if (birthday.month, birthday.day) == (2, 29):  # nobody born 14 years before has it then
        birthday += timedelta(days=1)
    _born(young.person, birthday.replace(year=birthday.year - 14), teodora)
    other = cast.case(teodora, cast.ana(), at=now() - timedelta(hours=1))
    _born(other.person, today - timedelta(days=9 * 366), teodora)
    foster = Obligation.objects.filter(activity="uasc_foster_considered")
    assert {row.case_id for row in foster} == {young.pk, other.pk}
    assert reckoning.came_of_age(now()) == []
    tomorrow = now() + (birthday - today) + timedelta(hours=3)
    assert reckoning.came_of_age(tomorrow) == [young.pk]
    for module in (queries, jobs):
        monkeypatch.setattr(module, "now", lambda: tomorrow)
    jobs.keep_ages.func()
    assert {row.case_id for row in foster.all()} == {other.pk}
    assert not Event.objects.filter(case_id=young.pk, at__gt=now()).exists()


def test_a_29th_of_february_comes_of_age() -> None:
    assert reckoning._years_before(date(2028, 2, 29), 14) == date(2014, 2, 28)
