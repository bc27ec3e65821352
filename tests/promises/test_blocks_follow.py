"""A block goes with the person into every record that comes later: until its end, and no longer."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from oslonac.access import policy
from oslonac.access.models import Block, Grant
from oslonac.access.roles import Role
from oslonac.access.rules import Level, Reason
from oslonac.cases import actions
from oslonac.cases.models import Case, Encounter
from oslonac.directory.models import Organisation
from oslonac.kit.clock import now
from oslonac.people import actions as people
from tests import cast

pytestmark = pytest.mark.django_db
STORY = "Rekao je ko ga je doveo."


def keep(by: cast.Member, case: Case, **more: Any) -> Block:
    values = {"scope": "all", "reason": "suspected", "why": "Viđena sa krijumčarem."}
    return actions.keep_away(actor=by.actor(), at=now(), case=case, **(values | more))


def met_again(case: Case, subject: bool = True) -> Encounter:
    """Somebody of another centre writes down that the same child was seen there."""
    met = cast.encounter(
        cast.member("Vesna T.", Role.FIELD_WORKER, "csw-nis"),
        at=now(),
        responsible=Organisation.objects.get(code="csw-nis"),
        narrative=STORY,
    )
    people.appear(case.person, kind="encounter", record_id=met.pk, is_subject=subject)
    return met


def granted(to: cast.Member, case: Case) -> None:
    Grant.objects.create(
        record_kind="case",
        record_id=case.pk,
        principal=to.user.pk,
        grantee=to.user,
        level=Level.IDENTITY,
        whereabouts=True,
        reason=Reason.DECISION,
        starts_at=now(),
    )


def level(member: cast.Member, record_id: Any, at: datetime) -> int:
    return policy.reach(member.actor(at), record_id, at=at).level


@pytest.mark.parametrize("days", [None, 90])
def test_a_later_encounter_is_closed_on_page_api_and_in_the_reach(days: int | None) -> None:
    jelena, dragan = cast.jelena(), cast.dragan()
    case = cast.case(cast.teodora(), cast.ana(), at=now() - timedelta(hours=5))
    # One who has to do with the child's case already, so that a block is set on her.
    granted(jelena, case)
    before = met_again(case)
    assert STORY in jelena.client().get(f"/encounters/{before.pk}/").content.decode()
    until = now() + timedelta(days=days) if days else None
    keep(dragan, case, user=jelena.user, until=until)
    later = met_again(case)
    client = jelena.client()
    for met in (before, later):
        assert client.get(f"/encounters/{met.pk}/").status_code == 404
        assert client.get(f"/api/v1/encounters/{met.pk}").status_code == 404
        assert not level(jelena, met.pk, now())
    if until is not None:
        assert not level(jelena, later.pk, until - timedelta(seconds=1))
        assert level(jelena, later.pk, until + timedelta(seconds=1))


def test_a_later_case_and_its_house_are_closed_until_the_day() -> None:
    jelena, dragan = cast.jelena(), cast.dragan()
    at = now() - timedelta(hours=5)
    case = cast.case(cast.teodora(), cast.ana(), at=at)
    keep(dragan, case, user=jelena.user, until=now() + timedelta(days=30))
    keep(dragan, case, scope="whereabouts", user=cast.milan().user, until=now() + timedelta(days=3))
    second = cast.case(cast.teodora(), cast.ana(), at=at)
    people.appear(case.person, kind="case", record_id=second.pk, is_subject=True)
    granted(jelena, second)
    assert not level(jelena, second.pk, now())
    assert {row.scope for row in Block.objects.filter(record_id=second.pk)} == {
        "all",
        "whereabouts",
    }


def test_a_conflict_with_somebody_who_turns_up_is_closed_until_its_end() -> None:
    jelena, dragan = cast.jelena(), cast.dragan()
    case = cast.case(cast.teodora(), cast.ana(), at=now() - timedelta(hours=5))
    uncle = people.make_person(actor=dragan.actor(), at=now(), kind="case", record_id=case.pk)
    actions.note_tie(
        actor=dragan.actor(), at=now(), case=case, user=jelena.user, person=uncle, kind="family"
    )
    Block.objects.filter(related_id=uncle.pk).update(ends_at=now() + timedelta(days=9))
    met = cast.encounter(
        cast.member("Vesna T.", Role.FIELD_WORKER, "csw-nis"),
        at=now(),
        responsible=Organisation.objects.get(code="csw-nis"),
    )
    assert level(jelena, met.pk, now())
    people.appear(uncle, kind="encounter", record_id=met.pk)
    assert not level(jelena, met.pk, now())


def test_what_is_over_or_lifted_is_not_carried_on() -> None:
    jelena, dragan, milan = cast.jelena(), cast.dragan(), cast.milan()
    case = cast.case(cast.teodora(), cast.ana(), at=now() - timedelta(hours=5))
    over = keep(dragan, case, user=jelena.user, until=now() + timedelta(days=1))
    yesterday = now() - timedelta(days=1)
    Block.objects.filter(cause=over.cause).update(starts_at=yesterday, ends_at=now())
    lifted = keep(dragan, case, user=milan.user, until=now() + timedelta(days=1))
    actions.lift_block(actor=dragan.actor(), at=now(), case=case, block=lifted, why="Greška.")
    later = met_again(case)
    assert not Block.objects.filter(record_id=later.pk).exists()
    assert level(jelena, later.pk, now())
