"""When a duty ends, the sight that rested on it ends, and no other; where a block holds."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from oslonac.access import actions as access
from oslonac.access import policy, reader
from oslonac.access.models import Block, Grant
from oslonac.access.roles import Role
from oslonac.access.rules import Level, Reason, Scope
from oslonac.audit.actions import record
from oslonac.cases import actions
from oslonac.cases.models import Case
from oslonac.directory import codes
from oslonac.directory.models import Organisation
from oslonac.exchange import contents
from oslonac.guardianship import actions as guardianship
from oslonac.kit.clock import now
from oslonac.people import actions as people
from oslonac.people.models import Merge
from oslonac.placements import actions as placements
from oslonac.placements.models import Placement
from oslonac.search import asking, elsewhere
from oslonac.search import policy as search_policy
from oslonac.search.filters import Filters
from tests import cast
from tests.app.test_refusals_casework import HOUR, Stage, closing, transfer
from tests.worlds import fresh, made_once

pytestmark = pytest.mark.django_db


class World(Stage):
    """Beside the case, a holder of sight for each reason there is."""

    def __init__(self) -> None:
        super().__init__()
        self.holder = cast.member("Rada D.", Role.GUARDIAN)
        self.house = Organisation.objects.filter(kind="reception_centre").order_by("code")[0]
        self.jelena = cast.jelena()


made = made_once(World)


@pytest.fixture
def world(made: World) -> World:
    return fresh(made)


def given(world: World, **more: Any) -> dict[str, str]:
    """One grant to the holder for each reason; by id, which."""
    said: dict[str, Any] = {"user_id": world.holder.user.pk, "level": Level.CASE} | more
    return {
        str(
            access.grant_user(
                **world.by(world.dragan, now() - HOUR),
                kind="case",
                record_id=world.case.pk,
                reason=reason,
                **said,
            ).pk
        ): reason.value
        for reason in Reason
    }


def ended(rows: dict[str, str]) -> set[str]:
    found = Grant.objects.filter(pk__in=rows, ends_at__isnull=False)
    return {rows[str(row.pk)] for row in found}


def close(world: World) -> None:
    closing(world, world.dragan)


def assign(world: World) -> None:
    about = world.on(world.dragan)
    actions.assign_case(**about, revision=world.case.revision, manager=world.dragan.user)


def decline(world: World) -> None:
    answer(world, "declined")


def accept(world: World) -> None:
    answer(world, "accepted")


def dispute(world: World) -> None:
    answer(world, "disputed", arbiter=Organisation.objects.get(code="csw-subotica"))


def answer(world: World, status: str, **more: Any) -> None:
    asked = transfer(world)
    actions.answer_transfer(
        **world.by(world.jelena),
        transfer=asked,
        revision=asked.revision,
        status=status,
        answer="Razlog je ovaj.",
        **more,
    )


def withdraw(world: World) -> None:
    asked = transfer(world)
    actions.withdraw_transfer(**world.by(world.dragan), transfer=asked, revision=asked.revision)


def guard(world: World) -> None:
    appointed = guardianship.appoint(
        **world.on(world.dragan), guardian=world.holder.user, witness="W"
    )
    guardianship.end_appointment(
        **world.by(world.dragan),
        appointment=appointed,
        revision=appointed.revision,
        reason=codes.choices("guardian_end_reasons")[0][0],
    )


def keep_manager_away(world: World) -> None:
    keep(world, world.ana)


def keep(world: World, who: cast.Member, scope: str = "all", **more: Any) -> Block:
    said: dict[str, Any] = {"scope": scope, "reason": "suspected", "why": "Viđen."}
    block: Block = actions.keep_away(**world.on(world.dragan), user=who.user, **(said | more))
    return block


WORK = {"plan", "referral", "placement", "conference", "first_contact"}


@pytest.mark.parametrize(
    ("step", "reasons"),
    [
        (close, WORK),
        (assign, {"assignment"}),
        (accept, {"transfer", "assignment", "supervision", "team"}),
        (decline, {"transfer"}),
        (dispute, set()),
        (withdraw, {"transfer"}),
        (guard, {"guardian"}),
        (keep_manager_away, {"assignment"}),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_with_a_step_ends_what_rested_on_it_and_nothing_else(
    world: World, step: Callable[[World], None], reasons: set[str]
) -> None:
    rows = given(world)
    step(world)
    assert ended(rows) == reasons


def test_a_placement_ends_the_sight_of_its_house_and_of_no_other(world: World) -> None:
    other = Organisation.objects.filter(kind="reception_centre").exclude(pk=world.house.pk)[0]
    placed = placements.place(
        **world.on(world.dragan),
        kind="emergency_centre",
        from_at=now() - HOUR,
        organisation=world.house,
    )
    for office in (world.house, other):
        access.grant_role(
            **world.by(world.dragan, now() - HOUR),
            kind="case",
            record_id=world.case.pk,
            organisation_id=office.pk,
            role=Role.RECEPTION,
            level=Level.CASE,
            reason=Reason.PLACEMENT,
        )
    placements.end_placement(
        **world.by(world.dragan),
        placement=placed,
        revision=placed.revision,
        until_at=now(),
        reason="Otišao.",
    )
    running = Grant.objects.filter(
        record_id=world.case.pk, reason=Reason.PLACEMENT, ends_at__isnull=True
    )
    assert [row.organisation_id for row in running] == [other.pk]
    rade = cast.member("Rade C.", Role.RECEPTION, world.house.code)
    assert not policy.reach(rade.actor(), world.case.pk, at=now()).level


def test_a_guardian_who_is_replaced_sees_nothing_more(world: World) -> None:
    milan = cast.milan()
    guardianship.appoint(**world.on(world.dragan), guardian=milan.user, witness="W")
    assert policy.reach(milan.actor(), world.case.pk, at=now()).level
    beside = cast.member("Rada K.", Role.GUARDIAN)  # for the conflict of interest, say
    rows = given(world, user_id=beside.user.pk)
    guardianship.appoint(**world.on(world.dragan), guardian=world.holder.user, witness="W")
    assert not policy.reach(milan.actor(), world.case.pk, at=now()).level
    assert policy.reach(world.holder.actor(), world.case.pk, at=now()).level
    assert ended(rows) == set()


def test_the_database_hides_the_house_from_whom_a_block_keeps_off_it(world: World) -> None:
    placements.place(
        **world.on(world.dragan), kind="emergency_centre", from_at=now(), organisation=world.house
    )

    def told() -> list[Any]:
        with reader.acting(world.ana.actor(), now()):
            assert Case.objects.filter(pk=world.case.pk).exists()
            return list(Placement.objects.filter(case=world.case).values_list("organisation"))

    assert told() == [(world.house.pk,)]
    block = keep(world, world.ana, "whereabouts")
    assert told() == []
    actions.lift_block(**world.on(world.dragan), block=block, why="Provereno.")
    assert told() == [(world.house.pk,)]


def test_a_block_until_a_day_holds_until_then(world: World) -> None:
    until = now() + timedelta(days=90)
    keep(world, world.jelena, until=until)
    given(world, user_id=world.jelena.user.pk)

    def level(at: Any) -> int:
        return int(policy.reach(world.jelena.actor(at), world.case.pk, at=at).level)

    assert not level(now()) and not level(until - HOUR)
    assert level(until)


def test_a_conflict_follows_whoever_is_the_same_person_into_new_records(world: World) -> None:
    """Written down twice: the conflict is about the one, the new record names the other."""
    uncle, same = (
        people.make_person(**world.by(), kind="case", record_id=world.case.pk) for _two in range(2)
    )
    Merge.objects.create(survivor=uncle, merged=same, made_by=world.dragan.user, made_at=now())
    actions.declare_conflict(**world.on(), reason="own_family", why="Ujak.", person=uncle)
    later = cast.case(world.teodora, at=now() - HOUR)
    people.appear(same, kind="case", record_id=later.pk)
    closed = Block.objects.filter(record_id=later.pk, scope=Scope.ALL)
    assert {row.user_id for row in closed} == {world.ana.user.pk}


def test_a_caseload_names_only_whom_the_grant_names(world: World) -> None:
    def row() -> str:
        found = contents.caseload(world.ana.actor(), at=now())
        (table,) = [part for part in found.parts if part.name == "caseload.csv"]
        text = table.open().read().decode("utf-8-sig")
        assert world.case.number in text
        return str(text)

    assert "Farid Rahimi" in row()
    mine = Grant.objects.filter(record_id=world.case.pk, grantee=world.ana.user)
    for level in (Level.NARRATIVE, Level.CASE):
        mine.update(level=level)
        assert "Farid Rahimi" not in row()


def test_an_auditor_kept_from_a_file_takes_nothing_of_it_out(world: World) -> None:
    lidija = cast.member("Lidija J.", Role.AUDITOR, "csw-nis")
    record(  # an event on the record that names no case
        "case.read.denied", **world.by(), kind="case", record_id=world.case.pk
    )

    def taken() -> str:
        found = contents.ledger(
            lidija.actor(), at=now(), since=cast.today(), until=cast.today() + timedelta(days=1)
        )
        (table,) = [part for part in found.parts if part.name == "ledger.csv"]
        return str(table.open().read().decode("utf-8-sig"))

    assert str(world.case.pk) in taken() and "case.read.denied" in taken()
    keep(world, lidija)
    assert str(world.case.pk) not in taken()


def test_of_somebody_kept_away_nothing_is_told_to_them_even_if_nobody_protects_the_child(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elsewhere.policy, "protected", lambda *a, **k: set())
    actor = world.jelena.actor()
    rule = search_policy.rule_for(actor)
    rule = replace(rule, protected=rule.ordinary)  # a pack that tells as much of every child

    def told(name: str = "Farid Rahimi") -> set[str]:
        asked = asking.question(asking.read(name), Filters(), at=now())
        return {each.told.value for each in elsewhere._known(actor, asked, rule, now())}

    assert told() - {"relay", "none"}
    assert told("Zlatibor Nikolajević") == set()  # of an unlike name nothing
    keep(world, world.jelena)
    assert told() == {"relay"}
