"""A boy written down twice, and what people of the cast do about it.

Belongs here: the two records, and the steps that several tests of pairs and of questions take.
Does not belong here: assertions about them.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from oslonac.access.actions import Closing, Who, block
from oslonac.access.models import Block, Grant
from oslonac.access.roles import Role
from oslonac.access.rules import BlockReason, Scope
from oslonac.cases import actions as cases
from oslonac.cases.models import Case
from oslonac.duplicates import actions, finding
from oslonac.duplicates.models import Pair
from oslonac.encounters import actions as encounters
from oslonac.kit.clock import now
from oslonac.people import actions as people
from tests import cast
from tests.cast import Member
from tests.http import page_of
from tests.worlds import fresh as copied
from tests.worlds import made_once

Two = tuple[Case, Case, Pair]


def make_staff() -> dict[str, Member]:
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
    encounters.decide_triage(
        actor=member.actor(at), at=at, encounter=met, revision=met.revision, outcome="at_risk"
    )
    made: Case = cases.open_case(
        actor=member.actor(at),
        at=at,
        person=person,
        encounter=met,
        organisation=office,
        priority="urgent",
        reason="Sam na putu.",
        manager=more.get("manager"),
    )
    return made


@pytest.fixture
def staff() -> dict[str, Member]:
    return make_staff()


def make_two(staff: dict[str, Member]) -> Two:
    """The same boy written down twice at one centre, in two scripts."""
    one = child(staff, "Mohammad Ali Rezayi", manager=staff["ana"].user)
    other = child(staff, "محمد علی رضایی", manager=staff["ana"].user)
    for case in (one, other):
        says(staff, case, "sex", code="male")
    assert finding.catch_up(at=now()) == 1
    return one, other, Pair.objects.get()


@pytest.fixture
def two(staff: dict[str, Member]) -> Two:
    return make_two(staff)


# For a module whose tests all start from the two records: made once for all of them.


def _make() -> tuple[dict[str, Member], Two]:
    staff = make_staff()
    return staff, make_two(staff)


made_two = made_once(_make)


@pytest.fixture(name="staff")
def staff_made(made_two: tuple[dict[str, Member], Two]) -> dict[str, Member]:
    return copied(made_two[0])


@pytest.fixture(name="two")
def two_made(made_two: tuple[dict[str, Member], Two]) -> Two:
    return copied(made_two[1])


def says(staff: dict[str, Member], case: Case, attribute: str, by: str = "ana", **more: Any) -> Any:
    return people.state(
        actor=staff[by].actor(),
        at=now(),
        person=case.person,
        attribute=attribute,
        case_id=case.pk,
        **more,
    )


def fresh(pair: Pair) -> Pair:
    return Pair.objects.get(pk=pair.pk)


def requested(staff: dict[str, Member], pair: Pair, survivor: UUID, by: str = "ana") -> Pair:
    pair = fresh(pair)
    actions.request_merge(
        actor=staff[by].actor(),
        at=now(),
        pair=pair,
        revision=pair.revision,
        survivor=survivor,
        why="The same boy, he says so.",
        sight_read=True,
    )
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
        actor=staff["dragan"].actor(),
        at=now(),
        pair=pair,
        revision=pair.revision,
        why="Two boys after all.",
        **more,
    )
    return fresh(pair)


def client_list(member: Member) -> str:
    return page_of(member.client().get("/duplicates/"))


def keep_away(staff: dict[str, Member], case: Case, who: Member) -> list[Block]:
    return block(
        actor=staff["dragan"].actor(),
        at=now(),
        who=Who(user_id=who.user.pk),
        records=[Closing("case", case.pk, case.person_id)],
        key=case.key,
        scope=Scope.ALL,
        reason=BlockReason.OTHER_INTEREST,
        why="knows the family",
    )


def see(case: Case, who: Member, level: int = 60) -> Grant:
    return Grant.objects.create(
        record_kind="case",
        record_id=case.pk,
        principal=who.user.pk,
        grantee=who.user,
        level=level,
        reason="conference",
        starts_at=now() - timedelta(minutes=1),
    )
