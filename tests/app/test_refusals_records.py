"""What the records of a child refuse, each by its own code: answers to the person, places to live,
kin and travel groups, blocks, grants, emergencies."""

from datetime import timedelta
from typing import Any

import pytest

from oslonac.access.models import Grant
from oslonac.access.roles import Role
from oslonac.access.rules import Reason
from oslonac.cases import actions
from oslonac.directory.models import Organisation
from oslonac.encounters import actions as encounters
from oslonac.encounters.actions.intake import Said
from oslonac.kit.clock import now
from oslonac.matching.index.actions import say_distinct
from oslonac.own_file import actions as own_file
from oslonac.people import actions as people
from oslonac.placements import actions as placements
from tests import cast
from tests.app.test_refusals_casework import HOUR, Stage
from tests.refusals import denied, invalid, refused
from tests.worlds import fresh, made_once

pytestmark = pytest.mark.django_db
made = made_once(Stage)


@pytest.fixture
def stage(made: Stage) -> Stage:
    return fresh(made)


def test_an_answer_is_handed_over_once_and_only_when_there_is_one(stage: Stage) -> None:
    asked = own_file.ask_own(
        **stage.on(),
        kind="copy",
        asked_by="child",
        language="ps",
        asked_at=now(),
        text="Šta piše o meni?",
    )
    with refused("own_request.not_answered"):
        own_file.tell_own(**stage.by(), request=asked, revision=asked.revision)
    with refused("own_request.answered", field="status"):  # that is for whoever asked
        own_file.answer_own(
            **stage.by(), request=asked, revision=asked.revision, status="withdrawn", answer="Ne."
        )
    answer: dict[str, Any] = {"request": asked, "status": "granted", "answer": "Evo svega."}
    own_file.answer_own(**stage.by(), revision=asked.revision, **answer)
    for again in ("granted", "refused", "withdrawn"):
        with refused("own_request.answered", field="status"):
            own_file.answer_own(
                **stage.by(), revision=asked.revision, **(answer | {"status": again})
            )
    own_file.tell_own(**stage.by(), request=asked, revision=asked.revision)
    with refused("own_request.not_answered"):
        own_file.tell_own(**stage.by(), request=asked, revision=asked.revision)


def test_a_child_lives_in_one_place_after_the_other(stage: Stage) -> None:
    house = Organisation.objects.filter(kind="reception_centre").first()
    given: dict[str, Any] = {"kind": "emergency_centre", "organisation": house}
    start = now() - 2 * HOUR
    first = placements.place(**stage.on(stage.dragan), from_at=start, **given)
    with refused("placement.order", field="from_at"):
        placements.place(**stage.on(stage.dragan), from_at=start - HOUR, **given)
    ending: dict[str, Any] = {"placement": first, "reason": "Otišao."}
    with invalid("until_at"):
        placements.end_placement(
            **stage.by(), revision=first.revision, until_at=start - HOUR, **ending
        )
    placements.end_placement(**stage.by(), revision=first.revision, until_at=now(), **ending)
    with refused("placement.ended"):
        placements.end_placement(**stage.by(), revision=first.revision, until_at=now(), **ending)


def test_kin_and_groups_are_of_different_people(stage: Stage) -> None:
    person = stage.case.person
    with refused("relation.self", field="to_person"):
        people.relate(**stage.by(), from_person=person, to_person=person, kind="father")
    group = people.form_group(**stage.by(), label="Pet dečaka", members=[(person, "member")])
    with refused("group.twice"):
        people.join_group(**stage.by(), group=group, person=person, role="member")
    father = people.make_person(**stage.by(), kind="case", record_id=stage.case.pk)
    said = people.relate(**stage.by(), from_person=person, to_person=father, kind="father")
    check: dict[str, Any] = {"relation": said, "status": "verified", "evidence": "Isprava."}
    people.check_relation(**stage.by(), revision=said.revision, **check)
    with refused("relation.status"):
        people.check_relation(**stage.by(), revision=said.revision, **check)
    with refused("distinct.self"):
        say_distinct(**stage.by(), person=person, other=person)


def test_who_was_met_is_written_down_once(stage: Stage) -> None:
    met = stage.case.encounter
    assert met is not None and met.person_id is not None
    with refused("intake.person_known"):
        encounters.add_child(
            **stage.by(stage.teodora), encounter=met, revision=met.revision, child=Said()
        )


def keep(stage: Stage, **more: Any) -> Any:
    said: dict[str, Any] = {"scope": "all", "reason": "suspected", "why": "Viđen."}
    return actions.keep_away(**stage.on(stage.dragan), **(said | more))


def test_a_block_is_of_one_other_and_is_lifted_once_by_another(stage: Stage) -> None:
    with refused("block.own_centre", field="organisation"):
        keep(stage, organisation=stage.case.organisation)
    with invalid("user"):
        keep(stage)
    with invalid("user"):
        keep(stage, user=stage.ana.user, person=stage.case.person)
    with invalid("until"):
        keep(stage, user=stage.ana.user, until=now() - HOUR)
    own = keep(stage, scope="whereabouts", user=stage.dragan.user)
    with refused("block.own"):
        actions.lift_block(**stage.on(stage.dragan), block=own, why="Moja odluka.")
    block = keep(stage, user=stage.teodora.user)
    actions.lift_block(**stage.on(stage.dragan), block=block, why="Provereno.")
    with refused("block.lifted"):
        actions.lift_block(**stage.on(stage.dragan), block=block, why="Još jednom.")


def grant(stage: Stage, who: cast.Member, **more: Any) -> Any:
    said: dict[str, Any] = {
        "level": 20,
        "reason": "conference",
        "basis": "legal_duty",
        "until": now() + timedelta(days=3),
    }
    return actions.give_grant(**stage.on(stage.dragan), user=who.user, **(said | more))


def test_sight_is_given_to_nobody_who_is_kept_away(stage: Stage) -> None:
    colleague = cast.member("Vesna K.", Role.CASE_MANAGER)
    keep(stage, user=colleague.user)
    with refused("block.kept_away", field="user"):
        grant(stage, colleague)
    with refused("block.kept_away", field="manager"):
        actions.assign_case(
            **stage.on(stage.dragan), revision=stage.case.revision, manager=colleague.user
        )


def test_a_grant_given_by_hand_is_bounded(stage: Stage) -> None:
    colleague = cast.member("Vesna K.", Role.CASE_MANAGER)
    with invalid("reason"):
        grant(stage, colleague, reason="assignment")
    with invalid("until"):
        grant(stage, colleague, until=now() - HOUR)
    outsider = cast.member("Olga N.", Role.NGO_WORKER, "csw-nis")
    with invalid("ground"):
        grant(stage, outsider, explanation="Zbog suda.")
    with invalid("consent"):
        grant(stage, outsider, basis="consent")
    keep(stage, scope="whereabouts", user=stage.dragan.user)
    with denied("level.whereabouts"):
        grant(stage, colleague, whereabouts=True)


def test_a_grant_ends_on_its_own_case_and_not_with_a_task(stage: Stage) -> None:
    by_task = Grant.objects.get(
        record_id=stage.case.pk, grantee=stage.ana.user, reason=Reason.ASSIGNMENT
    )
    with refused("grant.duty"):
        actions.end_grant(**stage.on(stage.dragan), grant=by_task)
    leading = Grant.objects.filter(record_id=stage.case.pk, reason=Reason.SUPERVISION).first()
    assert leading is not None
    with refused("grant.duty"):
        actions.end_grant(**stage.on(stage.dragan), grant=leading)
    other = cast.case(stage.teodora, stage.ana, at=stage.at)
    elsewhere = Grant.objects.filter(record_id=other.pk, reason=Reason.FIRST_CONTACT).first()
    assert elsewhere is not None
    with refused("grant.elsewhere"):
        actions.end_grant(**stage.on(stage.dragan), grant=elsewhere)
    elsewhere.refresh_from_db()
    assert elsewhere.ended_by_id is None


def broken(stage: Stage, who: cast.Member, **more: Any) -> Any:
    said: dict[str, Any] = {"reason": "Dete je nestalo, niko se ne javlja.", "minutes": 20}
    return actions.break_glass(**stage.by(who), number=stage.case.number, **(said | more))


def test_nobody_reviews_their_own_emergency_nor_one_twice(stage: Stage) -> None:
    """A supervisor of the responsible centre, kept off the whereabouts, opens just these."""
    review: dict[str, Any] = {"outcome": "justified", "review": "Bilo je hitno."}
    keep(stage, scope="whereabouts", user=stage.dragan.user)
    own = broken(stage, stage.dragan, whereabouts=True)
    with refused("emergency.own"):
        actions.review_emergency(**stage.by(stage.dragan), emergency=own, revision=1, **review)
    own.refresh_from_db()
    assert own.reviewed_at is None
    head = cast.member("Stana P.", Role.HEAD)
    actions.review_emergency(**stage.by(head), emergency=own, revision=1, **review)
    own.refresh_from_db()
    with refused("emergency.reviewed"):
        actions.review_emergency(**stage.by(head), emergency=own, revision=own.revision, **review)


def test_an_emergency_is_opened_by_who_does_not_see_and_given_back_while_it_runs(
    stage: Stage,
) -> None:
    with refused("emergency.open_already"):
        broken(stage, stage.ana)
    jelena = cast.jelena()
    opened = broken(stage, jelena)
    with denied("emergency.of_another"):
        actions.give_back(**stage.by(stage.dragan), emergency=opened, revision=1)
    with refused("emergency.over"):
        actions.give_back(**stage.by(jelena, opened.until), emergency=opened, revision=1)
    actions.give_back(**stage.by(jelena), emergency=opened, revision=1)
    with refused("emergency.over"):
        actions.give_back(**stage.by(jelena), emergency=opened, revision=2)
