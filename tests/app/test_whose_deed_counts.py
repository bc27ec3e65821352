"""On real cases: what somebody else did is on record and meets no duty of the case manager; a step
ends in the ways its procedure names; what a centre did counts after the case has moved."""

from datetime import timedelta
from typing import Any

import pytest

from oslonac.access import actions as grants
from oslonac.access.actor import SYSTEM
from oslonac.access.roles import Role
from oslonac.access.rules import Level, Reason, RecordKind
from oslonac.cases import actions, queries
from oslonac.cases.models import Case
from oslonac.directory.models import Organisation
from oslonac.kit.clock import now
from oslonac.placements import actions as placements
from oslonac.planning import actions as planning
from oslonac.protocols.models import Obligation, State
from tests import cast
from tests.refusals import invalid, refused

pytestmark = pytest.mark.django_db


class Stage:
    def __init__(self) -> None:
        self.at = now() - timedelta(hours=6)
        self.ana, self.dragan = cast.ana(), cast.dragan()
        self.teodora = cast.teodora()
        self.guardian = cast.member("Milan Petrov", Role.GUARDIAN, "csw-vranje")
        self.case = cast.case(self.teodora, self.ana, at=self.at)
        grants.grant_user(
            actor=SYSTEM,
            at=self.at,
            kind=RecordKind.CASE,
            record_id=self.case.pk,
            user_id=self.guardian.user.pk,
            level=Level.NARRATIVE,
            reason=Reason.GUARDIAN,
        )

    def contact(self, who: cast.Member, hours: float, **more: Any) -> None:
        at = self.at + timedelta(hours=hours)
        values = {"kind": "visit", "alone_with_child": "yes", "at_residence": True} | more
        case = Case.objects.get(pk=self.case.pk)
        planning.record_contact(actor=who.actor(at), at=at, case=case, happened_at=at, **values)

    def states(self, activity: str) -> set[str]:
        rows = Obligation.objects.filter(case_id=self.case.pk, activity=activity)
        return set(rows.values_list("state", flat=True))


def test_a_visit_of_the_guardian_is_no_visit_of_the_case_manager() -> None:
    stage = Stage()
    stage.contact(stage.guardian, 1)
    assert stage.states("keep_contact") == {State.OPEN}
    stage.contact(stage.ana, 2)
    assert stage.states("keep_contact") == {State.OPEN, State.DONE}


def test_what_the_ledger_says_of_an_author_reaches_the_procedures() -> None:
    stage = Stage()
    stage.contact(stage.ana, 1, information_given=["rights"], language="ps")
    told = queries.told_of(Case.objects.get(pk=stage.case.pk))[-1]
    assert told.data["information_given"] == ["rights"]
    assert told.data["by_role"] == "case_manager"
    assert told.data["by_office"] == stage.case.organisation_id
    assert told.by is not None
    assert told.by.person == stage.ana.user.pk
    assert "case_manager" in told.by.roles


def test_what_the_former_centre_did_counts_after_the_case_has_moved() -> None:
    stage = Stage()
    stage.contact(stage.ana, 1)
    before = stage.states("keep_contact")
    at = stage.at + timedelta(hours=2)
    nis = cast.jelena()
    case = Case.objects.get(pk=stage.case.pk)
    moved = actions.propose_transfer(
        actor=stage.dragan.actor(at),
        at=at,
        case=case,
        receiver=Organisation.objects.get(code="csw-nis"),
        reason="jurisdiction",
        note="Dete je premešteno u Niš.",
    )
    actions.answer_transfer(
        actor=nis.actor(at), at=at, transfer=moved, revision=1, status="accepted", answer=""
    )
    assert stage.states("keep_contact") == before
    told = queries.told_of(Case.objects.get(pk=stage.case.pk))
    (hers,) = [event for event in told if event.name == "contact.made"]
    assert hers.by is not None
    assert "case_manager" in hers.by.roles


def test_a_step_with_a_form_is_ended_in_the_other_way_its_procedure_names() -> None:
    stage = Stage()
    at = stage.at + timedelta(hours=1)
    values = {"actor": stage.ana.actor(at), "at": at, "happened_at": at, "evidence": "Zvali smo."}
    placed = placements.place(
        actor=stage.teodora.actor(at),
        at=at,
        case=stage.case,
        kind="emergency_centre",
        from_at=at,
        organisation=Organisation.objects.get(code="csw-vranje"),
    )
    placements.end_placement(
        actor=stage.ana.actor(at),
        at=at,
        placement=placed,
        revision=placed.revision,
        until_at=at,
        reason="otišlo samo",
    )
    case = Case.objects.get(pk=stage.case.pk)
    assert stage.states("decide_placement") == {State.VOID}
    assert stage.states("decide_after_leaving") == {State.OPEN}
    step = {"case": case, "activity": "decide_after_leaving", "subject": str(placed.pk)}
    with refused("step.own_form"):
        actions.record_step(**step, **values)
    with invalid("outcome"):
        actions.record_step(**step, **values, outcome="flown_away")
    actions.record_step(**step, **values, outcome="no_place_needed")
    assert stage.states("decide_after_leaving") == {State.DONE}
