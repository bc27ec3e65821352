"""What every action promises: permission, one event, no repetition, no lost update."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections

from oslonac.access import reader
from oslonac.access.roles import Permission
from oslonac.audit.actions import ForgotEvent, RepeatedDifferently, action
from oslonac.audit.models import Answered, Event
from oslonac.cases import actions as cases
from oslonac.cases.models import Case, Concern, Encounter
from oslonac.kit.errors import Denied, Hidden, Invalid, Refused, Stale
from oslonac.people import actions as people
from oslonac.planning import actions as planning
from tests import cast

pytestmark = pytest.mark.django_db
AT = cast.NOON


def test_a_repeated_request_makes_one_record() -> None:
    teodora = cast.teodora()
    first = cast.encounter(teodora, at=AT, request_key="a-key")
    second = cast.encounter(teodora, at=AT, request_key="a-key")
    assert first.pk == second.pk
    assert Encounter.objects.count() == 1
    assert Event.objects.filter(name="encounter.recorded").count() == 1


def test_the_same_key_with_other_content_is_refused() -> None:
    teodora = cast.teodora()
    cast.encounter(teodora, at=AT, request_key="a-key")
    with pytest.raises(RepeatedDifferently):
        cast.encounter(teodora, at=AT, request_key="a-key", children=3)


def test_keys_of_two_people_do_not_meet() -> None:
    one = cast.encounter(cast.teodora(), at=AT, request_key="a-key")
    other = cast.encounter(cast.teodora(), at=AT, request_key="a-key")
    assert one.pk != other.pk


def test_a_refused_request_may_be_repeated_after_correction() -> None:
    teodora = cast.teodora()
    with pytest.raises(Invalid):
        cast.encounter(teodora, at=AT, request_key="a-key", children=0)
    assert cast.encounter(teodora, at=AT, request_key="a-key", children=1)
    assert Answered.objects.count() == 1


def test_an_action_that_forgets_its_event_does_not_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("oslonac.audit.actions.ACTIONS", {})  # this one is not the product's

    @action("nothing.said", Permission.SIGNED_IN)
    def silent(*, actor: Any, at: Any) -> None:
        return None

    with pytest.raises(ForgotEvent):
        silent(actor=cast.ana().actor(AT), at=AT)


def test_without_the_permission_nothing_happens() -> None:
    interpreter = cast.member("Sadia Noor", "interpreter", "csw-vranje")
    with pytest.raises(Denied):
        cast.encounter(interpreter, at=AT)
    assert not Encounter.objects.exists()


def test_the_second_of_two_writers_is_told_and_nothing_is_overwritten() -> None:
    ana = cast.ana()
    case = cast.case(cast.teodora(), ana, at=AT)
    concern = planning.raise_concern(actor=ana.actor(AT), at=AT, case=case, kind="neglect")
    seen = concern.revision
    decide = {
        "actor": ana.actor(AT),
        "at": AT,
        "revision": seen,
        "decision": "resolved",
        "reason": "Prva verzija.",
    }
    planning.decide_concern(concern=Concern.objects.get(pk=concern.pk), **decide)
    stale = Concern.objects.get(pk=concern.pk)
    stale.status = "open"  # as the second writer's page still shows it
    with pytest.raises(Stale) as error:
        planning.decide_concern(concern=stale, **(decide | {"reason": "Druga."}))
    assert error.value.current.revision == seen + 1


def test_a_case_of_another_centre_does_not_exist() -> None:
    case = cast.case(cast.teodora(), cast.ana(), at=AT)
    jelena = cast.jelena()
    with pytest.raises(Hidden):
        planning.raise_concern(actor=jelena.actor(AT), at=AT, case=case, kind="neglect")


def test_sight_of_a_child_gives_no_say_over_its_travel_group() -> None:
    ana = cast.ana()
    case = cast.case(cast.teodora(), ana, at=AT)
    group = people.form_group(
        actor=ana.actor(AT), at=AT, label="", members=[(case.person, "member")], case_id=case.pk
    )
    reader = cast.member("Ivan Babić", "case_manager", "csw-nis")
    cases.give_grant(
        actor=cast.dragan().actor(AT),
        at=AT,
        case=case,
        user=reader.user,
        level=60,
        reason="conference",
        basis="legal_duty",
        ground="guardianship_authority",
        explanation="Konferencija.",
        until=AT + timedelta(days=9),
    )
    given = {
        "at": AT,
        "member": group.members.get(),
        "revision": 1,
        "decision": "separate",
        "reasons": "Procena.",
        "child_view": "Ne zna.",
    }
    with pytest.raises(Denied):
        people.decide_member(actor=reader.actor(AT), **given)
    assert people.decide_member(actor=ana.actor(AT), **given).decision == "separate"


def test_first_contact_sight_ends_after_a_week() -> None:
    teodora = cast.teodora()
    case = cast.case(teodora, cast.ana(), at=AT)
    later = AT + timedelta(days=8)
    with pytest.raises(Hidden):
        planning.raise_concern(actor=teodora.actor(later), at=later, case=case, kind="neglect")


def test_nobody_approves_their_own_closing() -> None:
    ana, dragan = cast.ana(), cast.dragan()
    case = cast.case(cast.teodora(), ana, at=AT)
    actor = dragan.actor(AT)
    decision = cases.request_closing(
        actor=actor, at=AT, case=case, revision=case.revision, code="turned_18", reason="Punoletan."
    )
    with pytest.raises(Refused, match=r"closing\.own"):
        cases.answer_closing(
            actor=actor, at=AT, decision=decision, revision=decision.revision, approved=True
        )


def test_a_closing_that_needs_no_approval_closes_at_once() -> None:
    ana = cast.ana()
    case = cast.case(cast.teodora(), ana, at=AT, priority="regular")
    cases.request_closing(
        actor=ana.actor(AT),
        at=AT,
        case=case,
        revision=case.revision,
        code="no_further_need",
        reason="Ciljevi postignuti.",
    )
    case.refresh_from_db()
    assert case.status == "closed"
    assert case.next_due_at is None


@pytest.mark.django_db(transaction=True)
def test_a_double_click_at_the_same_moment_makes_one_record() -> None:
    teodora = cast.teodora()
    actor = teodora.actor(AT)
    start = threading.Barrier(4)
    made: list[Any] = []

    def click() -> None:
        try:
            start.wait()
            made.append(cast.encounter(teodora, at=AT, request_key="double").pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert actor.user_id == teodora.user.pk
    assert len(made) == 4
    assert len(set(made)) == 1
    assert Encounter.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_writers_at_once_both_land_in_the_obligations() -> None:
    ana = cast.ana()
    case = cast.case(cast.teodora(), ana, at=AT)
    start = threading.Barrier(2)

    def promise(text: str) -> None:
        actor = ana.actor(AT)
        try:
            start.wait()
            with reader.acting(actor, AT):
                current = Case.objects.get(pk=case.pk)
            planning.make_promise(
                actor=actor,
                at=AT,
                case=current,
                what=text,
                due_on=cast.today(AT) + timedelta(days=3),
                owner=ana.user,
            )
        finally:
            connections.close_all()

    threads = [threading.Thread(target=promise, args=(text,)) for text in ("Cipele", "Poziv")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM protocols_obligation WHERE activity = 'keep_promise'")
        assert cursor.fetchone()[0] == 2
