"""Edges of sight that the access matrix found: each was once otherwise."""

from datetime import timedelta

import pytest

from oslonac.access import actions as access
from oslonac.access.actor import SYSTEM
from oslonac.access.roles import Role
from oslonac.access.rules import BlockReason, Level, Reason, RecordKind, Scope
from oslonac.cases.models import Case, Encounter
from oslonac.encounters import actions as encounters
from oslonac.kit.clock import now
from oslonac.kit.errors import Denied, Hidden
from oslonac.people import actions as people
from oslonac.retention import actions as retention
from oslonac.retention import queries
from tests import cast
from tests.cast import Member

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Case:
    return cast.case(cast.teodora(), cast.ana(), at=now() - timedelta(hours=3))


def let_see(who: Member, kind: RecordKind, record: Case | Encounter, level: Level) -> None:
    access.grant_user(
        actor=SYSTEM,
        at=now() - timedelta(minutes=1),
        kind=kind,
        record_id=record.pk,
        user_id=who.user.pk,
        level=level,
        reason=Reason.REFERRAL,
    )


def test_whoever_knows_of_a_case_alone_can_declare_a_conflict(case: Case) -> None:
    nurse = cast.member("Vida R.", Role.HEALTH, "csw-subotica")
    let_see(nurse, RecordKind.CASE, case, Level.SERVICE)
    answer = nurse.client().post(
        f"/api/v1/cases/{case.pk}/conflict",
        {"reason": "own_family"},
        content_type="application/json",
    )
    assert answer.status_code == 201
    assert nurse.client().get(f"/cases/{case.pk}/").status_code == 404


def test_below_the_level_case_nobody_puts_a_child_into_a_group(case: Case) -> None:
    """A travel group carries its members into each other's cases."""
    worker = cast.member("Petar N.", Role.NGO_WORKER, "csw-subotica")
    let_see(worker, RecordKind.CASE, case, Level.SERVICE)
    with pytest.raises(Denied):
        people.form_group(
            actor=worker.actor(), at=now(), label="", members=[(case.person, "member")]
        )
    ours = people.form_group(actor=SYSTEM, at=now(), label="", members=[])
    with pytest.raises(Denied):
        people.join_group(
            actor=worker.actor(), at=now(), group=ours, person=case.person, role="member"
        )


def test_whether_a_child_was_written_down_is_told_from_the_level_case_on(case: Case) -> None:
    worker = cast.member("Petar N.", Role.NGO_WORKER, "csw-subotica")
    met = Encounter.objects.get(pk=case.encounter_id)
    let_see(worker, RecordKind.ENCOUNTER, met, Level.SERVICE)
    with pytest.raises(Denied):
        encounters.add_child(
            actor=worker.actor(),
            at=now(),
            encounter=met,
            revision=met.revision,
            child=encounters.Said(),
        )


def test_nobody_reads_or_decides_a_proposal_to_destroy_the_file_of_their_own_family(
    case: Case,
) -> None:
    dragan, other = cast.dragan(), cast.member("Nada S.", Role.SUPERVISOR)
    Case.objects.filter(pk=case.pk).update(
        status="closed", closed_at=now(), closing_reason="left_country"
    )
    case.refresh_from_db()
    proposal = retention.propose(
        actor=other.actor(), at=now(), case=case, ground="request", reference="1/26"
    )
    assert queries.disposal(dragan.actor(), proposal.pk, at=now()) == proposal
    access.block(
        actor=SYSTEM,
        at=now() - timedelta(minutes=1),
        who=access.Who(user_id=dragan.user.pk),
        records=[access.Closing(RecordKind.CASE, case.pk, case.person_id)],
        key=case.key,
        scope=Scope.ALL,
        reason=BlockReason.OWN_FAMILY,
        why="Related.",
    )
    with pytest.raises(Hidden):
        queries.disposal(dragan.actor(), proposal.pk, at=now())
    address = f"/administration/retention/proposals/{proposal.pk}/"
    assert dragan.client().get(address).status_code == 404
    assert dragan.client().post(address, {"decision": "refuse"}).status_code == 404


def test_a_post_that_opens_no_case_opens_nobody_in_one(case: Case) -> None:
    """Whatever grant a row says: administrators, analysts and auditors see no child."""
    for role in (Role.ADMINISTRATOR, Role.ANALYST, Role.AUDITOR):
        who = cast.member("Una T.", role)
        let_see(who, RecordKind.CASE, case, Level.IDENTITY)
        assert who.client().get(f"/people/{case.person_id}/").status_code == 403


def test_ones_own_duty_in_a_case_that_was_closed_to_one_names_no_case() -> None:
    ana = cast.ana()
    case = cast.case(cast.teodora(), ana, at=now() - timedelta(hours=3))
    mine = ana.client().get("/api/v1/obligations").json()["items"]
    assert {each["case_number"] for each in mine} == {case.number}
    access.block(
        actor=SYSTEM,
        at=now() - timedelta(minutes=1),
        who=access.Who(user_id=ana.user.pk),
        records=[access.Closing(RecordKind.CASE, case.pk, case.person_id)],
        key=case.key,
        scope=Scope.ALL,
        reason=BlockReason.OWN_FAMILY,
        why="Related.",
    )
    for address in ("/api/v1/obligations", "/api/v1/today", "/"):
        answer = ana.client().get(address, follow=True)
        assert answer.status_code == 200, address
        assert case.number not in answer.content.decode()
        assert "Farid" not in answer.content.decode()
