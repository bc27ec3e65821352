"""What a colleague must not be able to do with sight they rightly have, through page and API.

Belongs here: ways to more sight or to somebody else's authority. Does not: what each role's pages
show (`promises/test_every_route_every_role`) and the steps themselves (`test_steps`).
"""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from oslonac.access.models import Grant
from oslonac.access.roles import Role
from oslonac.access.rules import Level
from oslonac.cases import actions
from oslonac.cases.models import Case
from oslonac.directory.models import Organisation
from oslonac.guardianship import actions as guardianship
from oslonac.kit.clock import now
from oslonac.kit.errors import Denied, Invalid, Refused
from oslonac.placements import actions as placements
from oslonac.planning import actions as planning
from tests import cast
from tests.app.case_tabs import shown_to
from tests.http import Http, page_of
from tests.worlds import fresh, made_once

pytestmark = pytest.mark.django_db
SOON = date.fromisoformat("2030-01-01")


def _made() -> tuple[cast.Member, Case]:
    ana = cast.ana()
    return ana, cast.case(cast.teodora(), ana, at=now() - timedelta(hours=5))


made = made_once(_made)


@pytest.fixture
def ana(made: Any) -> cast.Member:
    return fresh(made[0])


@pytest.fixture
def case(made: Any) -> Case:
    return fresh(made[1])


@pytest.fixture
def head_elsewhere(ana: cast.Member, case: Case) -> cast.Member:
    """The head of Niš, who reads the case because Vranje asked Niš to take it over."""
    actions.propose_transfer(
        actor=ana.actor(),
        at=now(),
        case=case,
        receiver=Organisation.objects.get(code="csw-nis"),
        reason="placed_elsewhere",
        note="Smešten u Nišu.",
    )
    return cast.jelena()


def grant(by: cast.Member, case: Case, to: cast.Member, **more: Any) -> Grant:
    values: dict[str, Any] = {
        "level": Level.NARRATIVE,
        "reason": "conference",
        "basis": "legal_duty",
        "ground": "social_protection",
        "explanation": "Konferencija slučaja.",
        "until": now() + timedelta(days=3),
    }
    return actions.give_grant(
        actor=by.actor(), at=now(), case=case, user=to.user, **(values | more)
    )


def test_a_centre_asked_to_take_over_has_no_say_before_it_accepts(
    case: Case, head_elsewhere: cast.Member
) -> None:
    head = head_elsewhere.actor()
    with pytest.raises(Denied):
        grant(head_elsewhere, case, head_elsewhere)
    with pytest.raises(Denied):
        actions.restrict_whereabouts(
            actor=head, at=now(), case=case, revision=case.revision, restricted=False
        )
    with pytest.raises(Denied):
        actions.change_priority(
            actor=head,
            at=now(),
            case=case,
            revision=case.revision,
            priority="low",
            reason="Razlog.",
        )
    with pytest.raises(Denied):
        actions.assign_case(
            actor=head, at=now(), case=case, revision=case.revision, manager=cast.dragan().user
        )
    with pytest.raises(Denied):
        guardianship.appoint(
            actor=head, at=now(), case=case, guardian=cast.milan().user, witness="W"
        )
    with pytest.raises(Denied):
        actions.withdraw_transfer(actor=head, at=now(), transfer=case.transfers.get(), revision=1)


def test_its_page_offers_and_opens_no_such_step(case: Case, head_elsewhere: cast.Member) -> None:
    client = head_elsewhere.client()
    page = shown_to(client, case)
    for slug in ("grant", "assignment", "priority", "whereabouts", "closing", "guardian"):
        url = f"/cases/{case.pk}/do/{slug}/"
        assert url not in page, slug
        assert client.get(url).status_code in (403, 404), slug
        assert client.post(url, {"request_key": "x"}).status_code in (403, 404), slug
    answer = f"/cases/{case.pk}/do/transfer-answer/{case.transfers.get().pk}/"
    assert client.get(answer).status_code == 200


def test_a_closing_is_approved_within_the_responsible_centre(ana: cast.Member, case: Case) -> None:
    decision = actions.request_closing(
        actor=ana.actor(),
        at=now(),
        case=case,
        revision=case.revision,
        code="turned_18",
        reason="Otišao.",
    )
    assert decision.needs_approval
    jelena = cast.jelena()
    grant(cast.dragan(), case, jelena)
    with pytest.raises(Denied):
        actions.answer_closing(
            actor=jelena.actor(), at=now(), decision=decision, revision=1, approved=True
        )


def test_nobody_gives_a_sight_of_whereabouts_that_they_lack(case: Case) -> None:
    dragan = cast.dragan()
    Grant.objects.filter(record_id=case.pk, role=Role.SUPERVISOR).update(whereabouts=False)
    with pytest.raises(Denied):
        grant(dragan, case, dragan, whereabouts=True)


def test_a_grant_by_hand_never_claims_a_duty(case: Case) -> None:
    """Such a grant could not be ended by hand and would put the case among one's own."""
    body = {"level": "case", "basis": "legal_duty", "until": "2030-01-01T00:00:00Z"}
    dragan = cast.dragan()
    for reason in ("assignment", "supervision", "guardian", "team", "placement"):
        answer = Http(dragan).post(
            f"/cases/{case.pk}/grants",
            expect=422,
            user=str(cast.milan().user.pk),
            reason=reason,
            **body,
        )
        assert "reason" in str(answer), answer


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.ANALYST, Role.INTERPRETER])
def test_whoever_may_open_no_case_is_shown_none(ana: cast.Member, case: Case, role: Role) -> None:
    outsider = cast.member("Olja N.", role)
    with pytest.raises(Invalid):
        grant(cast.dragan(), case, outsider)
    with pytest.raises(Invalid):
        planning.make_promise(
            actor=ana.actor(), at=now(), case=case, what="Cipele", due_on=SOON, owner=outsider.user
        )
    with pytest.raises(Refused):
        guardianship.appoint(
            actor=ana.actor(), at=now(), case=case, guardian=outsider.user, witness="W"
        )
    assert not Grant.objects.filter(grantee=outsider.user).exists()
    # A post that opens no case is told so, whether there is such a person or not.
    for person_id in (case.person_id, uuid4()):
        answer = outsider.client().get(f"/people/{person_id}/")
        assert answer.status_code in (403, 404)
        assert "Farid" not in answer.content.decode()


def test_nobody_appoints_themselves_guardian(case: Case) -> None:
    """A lawyer who reads without names would otherwise give herself names and whereabouts."""
    vesna = cast.member("Vesna T.", Role.LAWYER)
    with pytest.raises(Refused) as refused:
        guardianship.appoint(
            actor=vesna.actor(), at=now(), case=case, guardian=vesna.user, witness="W"
        )
    assert refused.value.code == "guardian.self"


def test_who_cares_for_the_child_is_not_read_off_the_grants(ana: cast.Member, case: Case) -> None:
    """The house that holds a grant is where the person is."""
    house = Organisation.objects.get(code="rc-bujanovac")
    placements.place(
        actor=ana.actor(),
        at=now(),
        case=case,
        kind="emergency_centre",
        from_at=now() - timedelta(hours=1),
        organisation=house,
    )
    case.refresh_from_db()
    actions.restrict_whereabouts(
        actor=ana.actor(), at=now(), case=case, revision=case.revision, restricted=True
    )
    jelena, vesna = cast.jelena(), cast.member("Vesna T.", Role.LAWYER)
    grant(cast.dragan(), case, jelena)
    assert Grant.objects.filter(record_id=case.pk, organisation=house).exists()
    for who, path in (
        (vesna, f"/api/v1/cases/{case.pk}/grants"),
        (jelena, f"/api/v1/cases/{case.pk}/grants"),
        (jelena, "/api/v1/grants"),
    ):
        answer = who.client().get(path)
        assert answer.status_code == 200 and '"placement"' in answer.content.decode()
        assert str(house.pk) not in answer.content.decode(), path
        assert house.code not in answer.content.decode(), path
    page = "/administration/grants/"
    text = page_of(jelena.client().get(page))
    assert "place not shown" in text and str(house) not in text
    assert str(house) in cast.dragan().client().get(page).content.decode()
