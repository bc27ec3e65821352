"""Somebody seeks somebody: nothing of a child reaches whoever asks before both sides agree."""

from datetime import timedelta
from uuid import uuid4

import pytest

from oslonac.access.models import Grant
from oslonac.access.roles import Role
from oslonac.cases import actions as cases
from oslonac.cases.models import Case
from oslonac.kit.clock import now
from oslonac.kit.errors import Denied, Hidden, Refused
from oslonac.matching.evidence import Reason
from oslonac.people import actions as people
from oslonac.tracing import actions, finding, queries
from oslonac.tracing.models import Candidate, TracingRequest
from oslonac.tracing.rules import CandidateStatus, TraceStatus
from tests import cast
from tests.app.case_tabs import shown_to
from tests.app.searches import CHILD, asked, child, found, seeker
from tests.cast import Member
from tests.forms import fill
from tests.http import page_of

__all__ = ["child", "seeker"]
pytestmark = pytest.mark.django_db


def check(by: Member, candidate: Candidate, side: str, **more: str) -> Candidate:
    values = {"outcome": "confirmed", "method": "interview", "wish": "yes", "note": "Asked."}
    candidate = Candidate.objects.get(pk=candidate.pk)
    actions.check(
        actor=by.actor(),
        at=now(),
        candidate=candidate,
        revision=candidate.revision,
        side=side,
        **(values | more),
    )
    return Candidate.objects.get(pk=candidate.pk)


def verified(child: tuple[Case, Member], seeker: Member) -> Candidate:
    candidate = found(asked(seeker))
    actions.ask_about(
        actor=seeker.actor(), at=now(), candidate=candidate, revision=candidate.revision
    )
    check(child[1], candidate, "sought")
    return check(seeker, candidate, "seeker")


def test_a_child_is_found_across_scripts_and_its_name_is_not_told(
    child: tuple[Case, Member], seeker: Member
) -> None:
    request = asked(seeker)
    candidate = found(request)
    assert candidate.person_id == child[0].person_id
    assert candidate.probability > 0.5
    assert "name" in candidate.agrees
    page = page_of(seeker.client().get(f"/tracing/{request.pk}/"))
    assert f"{min(99, round(candidate.probability * 100))} %" in page
    for secret in (CHILD, child[0].number, str(child[0].pk), "csw-vranje", "Vranje"):
        assert secret not in page
    side = page_of(seeker.client().get(f"/tracing/candidates/{candidate.pk}/"))
    assert CHILD not in side and str(child[0].pk) not in side and "Vranje" not in side


def test_a_father_who_seeks_brings_the_name_of_the_father(
    child: tuple[Case, Member], seeker: Member
) -> None:
    case, ana = child
    without = found(asked(seeker)).probability
    father = people.make_person(actor=ana.actor(), at=now(), kind="case", record_id=case.pk)
    people.add_name(actor=ana.actor(), at=now(), person=father, full="کریم رحیمی", case_id=case.pk)
    people.relate(
        actor=ana.actor(),
        at=now(),
        from_person=case.person,
        to_person=father,
        kind="father",
        case_id=case.pk,
    )
    request = asked(seeker)
    candidate = Candidate.objects.get(trace__request=request, person=case.person)
    assert candidate.probability > without
    assert "family" in candidate.agrees


def test_without_agreement_nobody_is_searched_for(seeker: Member) -> None:
    with pytest.raises(Refused) as refused:
        actions.open_request(
            actor=seeker.actor(),
            at=now(),
            organisation=seeker.organisation,
            names=["Karim"],
            may_search=False,
        )
    assert refused.value.code == "tracing.consent"
    assert not TracingRequest.objects.exists()


def test_the_case_manager_sees_the_request_once_asked_and_not_before(
    child: tuple[Case, Member], seeker: Member
) -> None:
    case, ana = child
    request = asked(seeker)
    candidate = found(request)
    assert ana.client().get(f"/tracing/{request.pk}/").status_code == 404
    assert "Somebody may be searching for this person" not in shown_to(ana.client(), case)
    actions.ask_about(
        actor=seeker.actor(), at=now(), candidate=candidate, revision=candidate.revision
    )
    page = page_of(ana.client().get(f"/tracing/candidates/{candidate.pk}/"))
    assert CHILD in page and "Karim" in ana.client().get(f"/tracing/{request.pk}/").content.decode()
    assert "Somebody may be searching for this person" in shown_to(ana.client(), case)
    assert CHILD not in seeker.client().get(f"/tracing/candidates/{candidate.pk}/").content.decode()


def test_sharing_waits_for_both_sides_and_for_their_wish(
    child: tuple[Case, Member], seeker: Member
) -> None:
    case, ana = child
    candidate = found(asked(seeker))
    actions.ask_about(
        actor=seeker.actor(), at=now(), candidate=candidate, revision=candidate.revision
    )

    def shared() -> bool:
        row = Candidate.objects.get(pk=candidate.pk)
        try:
            actions.share(actor=ana.actor(), at=now(), candidate=row, revision=row.revision)
        except Refused:
            return False
        return True

    assert not shared()
    check(seeker, candidate, "seeker")
    assert not shared()
    check(ana, candidate, "sought", wish="later")
    assert not shared()
    assert seeker.client().get(f"/cases/{case.pk}/").status_code == 404
    assert check(ana, candidate, "sought").status == CandidateStatus.VERIFIED
    assert shared()
    page = seeker.client().get(f"/cases/{case.pk}/")
    assert page.status_code == 200
    assert CHILD not in page.content.decode()


def test_a_child_who_changes_their_mind_ends_what_was_shared(
    child: tuple[Case, Member], seeker: Member
) -> None:
    case, ana = child
    candidate = verified(child, seeker)
    actions.share(actor=ana.actor(), at=now(), candidate=candidate, revision=candidate.revision)
    after = check(ana, candidate, "sought", wish="no")
    assert (after.status, after.shared_at) == (CandidateStatus.ASKED, None)
    assert after.trace.status == TraceStatus.IN_PROGRESS
    assert seeker.client().get(f"/cases/{case.pk}/").status_code == 404


def test_each_side_is_checked_by_its_own_office(child: tuple[Case, Member], seeker: Member) -> None:
    candidate = found(asked(seeker))
    actions.ask_about(
        actor=seeker.actor(), at=now(), candidate=candidate, revision=candidate.revision
    )
    with pytest.raises((Hidden, Denied)):
        check(seeker, candidate, "sought")
    with pytest.raises((Hidden, Denied)):
        check(child[1], candidate, "seeker")


def test_living_together_again_takes_a_best_interest_decision_and_visits(
    child: tuple[Case, Member], seeker: Member
) -> None:
    case, ana = child
    candidate = verified(child, seeker)

    def reunify() -> None:
        row = Candidate.objects.get(pk=candidate.pk)
        actions.reunify(
            actor=ana.actor(),
            at=now(),
            candidate=row,
            revision=row.revision,
            happened_at=now(),
            first_follow_up=cast.today() + timedelta(days=30),
            note="With his father.",
            child_view="He is glad.",
        )

    with pytest.raises(Refused) as refused:
        reunify()
    assert refused.value.code == "tracing.best_interest"
    cases.decide_best_interest(
        actor=ana.actor(), at=now(), case=case, code="reunification", reason="With the father."
    )
    reunify()
    after = Candidate.objects.get(pk=candidate.pk)
    assert after.trace.status == TraceStatus.REUNIFIED
    visit = after.reunion.follow_ups.get()
    answer = fill(ana.client(), f"/tracing/visits/{visit.pk}/", outcome="support", note="Tired.")
    assert answer.status_code == 422  # as long as it is not well, another visit is planned
    later = (cast.today() + timedelta(days=20)).isoformat()
    answer = fill(
        ana.client(),
        f"/tracing/visits/{visit.pk}/",
        outcome="support",
        note="Tired.",
        next_on=later,
    )
    assert answer.status_code == 302
    assert after.reunion.follow_ups.count() == 2


def test_a_withdrawn_request_leaves_no_sight_behind(
    child: tuple[Case, Member], seeker: Member
) -> None:
    case, ana = child
    candidate = verified(child, seeker)
    actions.share(actor=ana.actor(), at=now(), candidate=candidate, revision=candidate.revision)
    request = TracingRequest.objects.get(pk=candidate.trace.request_id)
    answer = fill(seeker.client(), f"/tracing/{request.pk}/withdraw/")
    assert answer.status_code == 302
    assert seeker.client().get(f"/cases/{case.pk}/").status_code == 404
    assert ana.client().get(f"/tracing/{request.pk}/").status_code == 404
    assert not Grant.objects.filter(reason="tracing", ends_at__isnull=True).exists()


def test_what_was_dismissed_is_not_proposed_again(
    child: tuple[Case, Member], seeker: Member
) -> None:
    request = asked(seeker)
    candidate = found(request)
    url = f"/tracing/candidates/{candidate.pk}/dismiss/"
    assert fill(seeker.client(), url, why="Another family.").status_code == 302
    actions.look_again(actor=seeker.actor(), at=now(), request=request)
    assert found(request).status == CandidateStatus.DISMISSED
    lines = queries.trace_lines(seeker.actor(), request, at=now())
    assert not lines[0].candidates


def test_the_whole_way_on_pages(child: tuple[Case, Member], seeker: Member) -> None:
    client = seeker.client()
    made = fill(
        client,
        "/tracing/new/",
        names="Karim Rahimi",
        sex="male",
        may_search="on",
        may_share="on",
        story="Lost each other at the border.",
    )
    assert made.status_code == 302
    listed = fill(client, made["Location"], names="Farid Rahimi", relation="child", sex="male")
    assert listed.status_code == 302
    request = TracingRequest.objects.get()
    assert "Karim Rahimi" in client.get("/tracing/").content.decode()
    candidate = found(request)
    assert client.post(f"/tracing/candidates/{candidate.pk}/ask/").status_code == 302
    ana = child[1].client()
    for who, side in ((client, "seeker"), (ana, "sought")):
        answer = fill(
            who,
            f"/tracing/candidates/{candidate.pk}/check/{side}/",
            outcome="confirmed",
            method="photo",
            wish="yes",
            note="Known.",
        )
        assert answer.status_code == 302, answer.content.decode()[:2000]
    assert ana.post(f"/tracing/candidates/{candidate.pk}/share/").status_code == 302
    assert Candidate.objects.get().status == CandidateStatus.VERIFIED
    assert Candidate.objects.get().shared_at is not None


def test_a_child_seeks_a_relative(child: tuple[Case, Member]) -> None:
    case, ana = child
    made = fill(ana.client(), f"/tracing/new/?case={case.pk}", may_search="on")
    assert made.status_code == 302
    request = TracingRequest.objects.get()
    assert (request.direction, request.seeker_id) == ("child", case.person_id)
    page = page_of(ana.client().get(f"/cases/{case.pk}/people/"))
    assert request.reference in page


def test_somebody_without_a_part_in_it_sees_nothing(
    child: tuple[Case, Member], seeker: Member
) -> None:
    candidate = found(asked(seeker))
    stranger = cast.member("Marko Ž.", Role.SUPERVISOR, "csw-nis").client()
    for path in (
        f"/tracing/{candidate.trace.request_id}/",
        f"/tracing/candidates/{candidate.pk}/",
        f"/tracing/searches/{candidate.trace_id}/close/",
    ):
        assert stranger.get(path).status_code == 404, path
    assert "Karim" not in stranger.get("/tracing/").content.decode()


def test_what_may_be_told_does_not_hang_on_the_wording_of_a_sentence() -> None:
    told = finding.Proposal(
        uuid4(),
        0.5,
        (
            Reason("Any other wording", {}, 1.0, "sex_same"),
            Reason("“%(left)s” is written alike", {"left": "Ali"}, 1.0),
            Reason("A new kind of fact", {}, 1.0, "unheard_of"),
        ),
    )
    assert told.agrees == ["name", "sex"]
    read = finding.reasons_of(told.as_text())
    assert [each.code for each in read] == ["sex_same", "", "unheard_of"]
    assert str(read[0]) == "Same sex"  # in today's words, whatever was kept
    kept = finding.reasons_of('[["Same sex", {}, 1.0], ["Sounds alike", {}, 2.0]]')
    assert [(each.code, finding.kind_of(each)) for each in kept] == [
        ("sex_same", "sex"),
        ("", "name"),
    ]
