"""The first page through different eyes: what each role must do, and no dead end for anybody."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oslonac.access.actor import SYSTEM
from oslonac.access.roles import Role
from oslonac.accounts import actions as accounts
from oslonac.audit.models import Event
from oslonac.cases import actions
from oslonac.kit.clock import now
from oslonac.protocols.models import Obligation
from tests import cast
from tests.http import page_of

pytestmark = pytest.mark.django_db


def page(member: cast.Member) -> str:
    response = member.client().get("/")
    assert response.status_code == 200
    return page_of(response)


def set_due(case: Any, activity: str, **change: Any) -> None:
    assert Obligation.objects.filter(case_id=case.pk, activity=activity).update(**change)


def test_the_case_manager_sees_what_is_late_and_why() -> None:
    ana = cast.ana()
    case = cast.case(cast.teodora(), ana, at=now())
    set_due(case, "begin_initial", due_at=now() - timedelta(hours=3), verified=True)
    text = page(ana)
    late = text[text.index('id="late"') :]
    assert "3 h late" in late
    assert "Begin the initial assessment" in late
    assert case.number in late and "Farid Rahimi" in late
    norm = "Rulebook on the organisation, norms and standards of work of centres for social work"
    assert norm in late
    assert f"/cases/{case.pk}/do/assessment/" in late
    assert "legal source not confirmed" in text


def test_what_rests_on_guidance_is_never_called_late() -> None:
    ana = cast.ana()
    case = cast.case(cast.teodora(), ana, at=now())
    Obligation.objects.filter(case_id=case.pk).update(due_at=now() + timedelta(days=30))
    set_due(case, "appoint_guardian", due_at=now() - timedelta(days=3), verified=False)
    text = page(ana)
    assert "3 days after the recommended date" in text
    assert "3 days late" not in text
    assert 'id="late"' not in text


def test_requests_of_others_stand_apart() -> None:
    ana, jelena, dragan = cast.ana(), cast.jelena(), cast.dragan()
    case = cast.case(cast.teodora(), ana, at=now())
    actions.propose_transfer(
        actor=ana.actor(),
        at=now(),
        case=case,
        receiver=jelena.organisation,
        reason="jurisdiction",
        note="Sele se.",
    )
    text = page(jelena)
    asked = text[text.index('id="asked"') :]
    assert case.number in asked and "Answer" in asked
    assert "Farid" not in text, "the receiver reads the case without names until it accepts"
    assert 'id="asked"' not in page(dragan)


def test_encounters_wait_in_the_responsible_office() -> None:
    cast.encounter(cast.teodora(), at=now(), safety="at_risk")
    admission = cast.member("Mira Pavlović", Role.ADMISSION)
    text = page(admission)
    assert "Encounters waiting for a decision" in text
    assert "Review and decide" in text
    assert "Encounters waiting for a decision" not in page(cast.jelena())


def test_a_lead_sees_the_team_and_its_load() -> None:
    ana, dragan = cast.ana(), cast.dragan()
    case = cast.case(cast.teodora(), ana, at=now())
    set_due(case, "begin_initial", due_at=now() - timedelta(days=4))
    text = page(dragan)
    assert "Late in your team" in text
    assert "Ana Kostić" in text
    assert "Ana Kostić: 1 case" in text
    assert "<svg" in text


def test_the_guardian_sees_the_child_as_soon_as_appointed() -> None:
    from oslonac.guardianship import actions as guardianship

    ana, milan = cast.ana(), cast.milan()
    case = cast.case(cast.teodora(), ana, at=now())
    assert case.number not in page(milan)
    guardianship.appoint(actor=ana.actor(), at=now(), case=case, guardian=milan.user, witness="T.")
    assert case.number in page(milan)


def test_somebody_who_reported_sees_what_came_of_it() -> None:
    ngo = cast.member("Sara NGO", Role.NGO_WORKER, "csw-vranje")
    cast.encounter(ngo, at=now())
    text = page(ngo)
    assert "You reported" in text


@pytest.mark.parametrize("role", list(Role))
def test_no_role_meets_a_dead_end(role: Role) -> None:
    member = cast.member("Somebody New", role)
    text = page(member)
    assert "<h1>" in text
    inside = text[text.index("<main") : text.index("</main>")]
    assert "href=" in inside or "shared with you" in inside or "case records" in inside


def test_nobody_without_a_post_is_left_without_a_word() -> None:
    member = cast.member("Former Colleague", Role.CASE_MANAGER)
    membership = member.user.memberships.get()
    accounts.end_membership(
        actor=SYSTEM,
        at=now(),
        membership=membership,
        revision=membership.revision,
        ends_on=membership.starts_on,
    )
    assert "You have no post at present" in page(member)


def test_the_page_costs_the_same_for_one_case_and_for_many() -> None:
    ana, teodora = cast.ana(), cast.teodora()
    client = ana.client()

    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get("/").status_code == 200
        return len(found)

    cast.case(teodora, ana, at=now())
    client.get("/")
    one = cost()
    for _n in range(4):
        cast.case(teodora, ana, at=now())
    assert cost() == one
    assert one <= 35


def test_names_on_the_page_are_one_read_event() -> None:
    ana, teodora = cast.ana(), cast.teodora()
    for _n in range(3):
        cast.case(teodora, ana, at=now())
    before = Event.objects.filter(name="sealed.read").count()
    page(ana)
    reads = Event.objects.filter(name="sealed.read").order_by("-id")
    assert reads.count() == before + 1
    assert len(reads[0].data["persons"]) == 3
