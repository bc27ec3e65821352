"""Whatever grants, blocks and moments there are: Python's scope is the database's scope, for
whether something exists and for how far it is shown."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oslonac.access import policy, reader, row_level
from oslonac.access.actor import Actor, Post, actor_of, holders_of, staff_of, stands_with
from oslonac.access.models import Block, Grant
from oslonac.access.roles import Role
from oslonac.access.rules import BlockReason, Level, Reason, Scope
from oslonac.cases import queries as cases
from oslonac.cases.models import Case, Encounter
from oslonac.people import queries as people
from oslonac.people.models import Person
from tests import cast, world

NOON = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
HOURS = st.integers(-3, 3)
NAMES = ("user", "post", "other post", "office", "side", "stranger")
CHECKED = (
    "cases.Case",
    "cases.Encounter",
    "cases.Contact",
    "people.Person",
    "people.PersonName",
    "people.Statement",
    "people.Relation",
    "people.GroupMember",
    "people.TravelGroup",
    "people.Appearance",
    "protocols.Obligation",
    "access.Grant",
    "access.Block",
    "vault.DataKey",
)

GRANTS = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from(NAMES),
        st.sampled_from(list(Level)),
        st.booleans(),
        HOURS,
        st.none() | HOURS,
    ),
    max_size=7,
)
BLOCKS = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from(NAMES),
        st.sampled_from(list(Scope)),
        st.booleans(),
        HOURS,
        st.none() | HOURS,
    ),
    max_size=3,
)


@pytest.fixture
def scene(db: None) -> dict[str, Any]:
    """Two cases and their encounters; a mother who appears in both; nobody has a grant."""
    from oslonac.people import actions

    ana = cast.ana()
    at = NOON - timedelta(days=1)
    one, two = cast.case(cast.teodora(), ana, at=at), cast.case(cast.teodora(), ana, at=at)
    actor = ana.actor(at)
    mother = actions.make_person(actor=actor, at=at, kind="case", record_id=one.pk)
    actions.add_name(actor=actor, at=at, person=mother, full="Marjam Rahimi")
    actions.relate(actor=actor, at=at, from_person=one.person, to_person=mother, kind="mother")
    actions.appear(mother, kind="case", record_id=two.pk)
    actions.form_group(
        actor=actor, at=at, label="G", members=[(one.person, "member"), (mother, "leader")]
    )
    for attribute in ("document", "phone", "address", "other"):
        more = {"code": "passport"} if attribute == "document" else {}
        if attribute == "other":
            continue
        actions.state(
            actor=actor, at=at, person=one.person, attribute=attribute, detail="1", **more
        )
    Grant.objects.all().delete()
    office = ana.organisation.pk
    who = actor_of(ana.user.pk, [Post(office, Role.CASE_MANAGER)], sides=[two.person_id])
    principals = {
        "user": who.user_id,
        "post": holders_of(Role.CASE_MANAGER, office),
        "other post": holders_of(Role.HEAD, office),
        "office": staff_of(office),
        "side": stands_with(two.person_id),
        "stranger": UUID(int=7),
    }
    records = [
        ("case", one.pk, one.person_id),
        ("case", two.pk, two.person_id),
        ("encounter", one.encounter_id, one.person_id),
        ("encounter", two.encounter_id, two.person_id),
    ]
    return {
        "who": who,
        "names": principals,
        "records": records,
        "key": one.key_id,
        "office": office,
        "user": ana.user.pk,
    }


def _until(start: int, end: int | None) -> datetime | None:
    return None if end is None else NOON + timedelta(hours=max(start, end))


def _grant(scene: dict[str, Any], drawn: Any) -> Grant:
    record, name, level, whereabouts, start, end = drawn
    kind, pk, _person = scene["records"][record]
    return Grant(
        record_kind=kind,
        record_id=pk,
        principal=scene["names"][name],
        grantee_id=scene["user"],
        level=level,
        whereabouts=whereabouts,
        reason=Reason.DECISION,
        starts_at=NOON + timedelta(hours=start),
        ends_at=_until(start, end),
    )


def _block(scene: dict[str, Any], drawn: Any) -> Block:
    record, name, scope, follows, start, end = drawn
    kind, pk, person = scene["records"][record]
    row = Block(
        key_id=scene["key"],
        record_kind=kind,
        record_id=pk,
        principal=scene["names"][name],
        user_id=scene["user"],
        scope=scope,
        reason=BlockReason.OTHER_INTEREST,
        person_id=person if follows else None,
        starts_at=NOON + timedelta(hours=start),
        ends_at=_until(start, end),
    )
    row.cause = row.pk
    return row


def _compare(who: Actor, at: datetime, scene: dict[str, Any]) -> None:
    eyes = world.Eyes(who, at)
    models = {model._meta.label: model for model in row_level.protected()}
    wanted = {label: world.expected(models[label], eyes) for label in CHECKED}
    records = [pk for _kind, pk, _person in scene["records"]]
    reaches = policy.reaches(who, records, at=at)
    scopes = {
        Case: set(cases.visible_to(who, at=at).values_list("pk", flat=True)),
        Person: set(people.visible_to(who, at=at).values_list("pk", flat=True)),
        Encounter: set(
            cases.encounters(who, at=at, outcome="at_risk").values_list("pk", flat=True)
        ),
    }
    with reader.acting(who, at), connection.cursor() as cursor:
        for label, keys in wanted.items():
            model = models[label]
            cursor.execute(f'SELECT "{model._meta.pk.column}" FROM "{model._meta.db_table}"')
            assert {str(row[0]) for row in cursor.fetchall()} == keys, label
        for model, found in scopes.items():
            assert set(model.objects.values_list("pk", flat=True)) == found, model
        cursor.execute(
            "SELECT record_id, max(level), bool_or(whereabouts), bool_or(kept_off) "
            "FROM sight.records GROUP BY record_id"
        )
        told = {pk: (level, where and not off) for pk, level, where, off in cursor.fetchall()}
    assert told == {pk: (reach.level, reach.whereabouts) for pk, reach in reaches.items()}


@given(grants=GRANTS, blocks=BLOCKS, hour=st.integers(-4, 4))
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_python_and_the_database_show_the_same(
    scene: dict[str, Any], grants: list[Any], blocks: list[Any], hour: int
) -> None:
    with transaction.atomic():
        Grant.objects.bulk_create(_grant(scene, drawn) for drawn in grants)
        Block.objects.bulk_create(_block(scene, drawn) for drawn in blocks)
        _compare(scene["who"], NOON + timedelta(hours=hour), scene)
        transaction.set_rollback(True)
