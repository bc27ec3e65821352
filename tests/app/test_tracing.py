"""Somebody seeks somebody: nothing of a child reaches whoever asks before both sides agree."""

from datetime import date, timedelta
from typing import Any

import pytest

from oslonac.access.models import Grant
from oslonac.access.roles import Role
from oslonac.cases import actions as cases
from oslonac.cases.models import Case
from oslonac.duplicates import actions as pairs
from oslonac.duplicates.models import Pair
from oslonac.kit.clock import now
from oslonac.kit.errors import Denied, Hidden, Refused
from oslonac.people import actions as people
from oslonac.tracing import actions, lines, queries
from oslonac.tracing.models import Candidate, TracingRequest
from oslonac.tracing.rules import CandidateStatus, TraceStatus
from tests import cast
from tests.cast import Member
from tests.forms import fill

pytestmark = pytest.mark.django_db
CHILD = "Farid Rahimi"


@pytest.fixture
def seeker() -> Member:
    """Somebody of a civil society organisation far from the child's centre."""
    return cast.member("Sanja Vuk", Role.NGO_WORKER, "csw-subotica")


@pytest.fixture
def child() -> tuple[Case, Member]:
    ana = cast.ana()
    case = cast.case(cast.teodora(), ana, at=now() - timedelta(hours=3))
    people.state(
        actor=ana.actor(), at=now(), person=case.person, attribute="sex", code="male",
        case_id=case.pk,
    )  # fmt: skip
    return case, ana


def asked(by: Member, **more: Any) -> TracingRequest:
    """A father's request for his son Farid."""
    at = now()
    request: TracingRequest = actions.open_request(
        actor=by.actor(), at=at, organisation=by.organisation, names=["Karim Rahimi"],
        sex="male", contact="through the camp office", may_search=True, may_share=True,
    )  # fmt: skip
    values: dict[str, Any] = {
        "names": ["فرید رحیمی"],
        "relation": "child",
        "sex": "male",
        "birth": (date(2010, 1, 1), date(2011, 12, 31)),
    }
    actions.seek(actor=by.actor(), at=at, request=request, **(values | more))
    actions.look_again(actor=by.actor(), at=at, request=request)
    return request


def found(request: TracingRequest) -> Candidate:
    return Candidate.objects.select_related("trace__request", "case", "key").get(
        trace__request=request
    )


def check(by: Member, candidate: Candidate, side: str, **more: str) -> Candidate:
    values = {"outcome": "confirmed", "method": "interview", "wish": "yes", "note_text": "Asked."}
    candidate = Candidate.objects.get(pk=candidate.pk)
    actions.check(
        actor=by.actor(), at=now(), candidate=candidate, revision=candidate.revision, side=side,
        **(values | more),
    )  # fmt: skip
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
    page = seeker.client().get(f"/tracing/{request.pk}/").content.decode()
    assert f"{min(99, round(candidate.probability * 100))} %" in page
    for secret in (CHILD, child[0].number, str(child[0].pk), "csw-vranje", "Vranje"):
        assert secret not in page
    side = seeker.client().get(f"/tracing/candidates/{candidate.pk}/").content.decode()
    assert CHILD not in side and str(child[0].pk) not in side and "Vranje" not in side


def test_a_father_who_seeks_brings_the_name_of_the_father(
    child: tuple[Case, Member], seeker: Member
) -> None:
    case, ana = child
    without = found(asked(seeker)).probability
    father = people.make_person(actor=ana.actor(), at=now(), kind="case", record_id=case.pk)
    people.add_name(actor=ana.actor(), at=now(), person=father, full="کریم رحیمی", case_id=case.pk)
    people.relate(
        actor=ana.actor(), at=now(), from_person=case.person, to_person=father, kind="father",
        case_id=case.pk,
    )  # fmt: skip
    request = asked(seeker)
    candidate = Candidate.objects.get(trace__request=request, person=case.person)
    assert candidate.probability > without
    assert "family" in candidate.agrees


def test_without_agreement_nobody_is_searched_for(seeker: Member) -> None:
    with pytest.raises(Refused) as refused:
        actions.open_request(
            actor=seeker.actor(), at=now(), organisation=seeker.organisation, names=["Karim"],
            may_search=False,
        )  # fmt: skip
    assert refused.value.code == "tracing.consent"
    assert not TracingRequest.objects.exists()


def test_the_case_manager_sees_the_request_once_asked_and_not_before(
    child: tuple[Case, Member], seeker: Member
) -> None:
    case, ana = child
    request = asked(seeker)
    candidate = found(request)
    assert ana.client().get(f"/tracing/{request.pk}/").status_code == 404
    assert (
        "Somebody seeks this child" not in ana.client().get(f"/cases/{case.pk}/").content.decode()
    )
    actions.ask_about(
        actor=seeker.actor(), at=now(), candidate=candidate, revision=candidate.revision
    )
    page = ana.client().get(f"/tracing/candidates/{candidate.pk}/").content.decode()
    assert CHILD in page and "Karim" in ana.client().get(f"/tracing/{request.pk}/").content.decode()
    assert "Somebody seeks this child" in ana.client().get(f"/cases/{case.pk}/").content.decode()
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
            actor=ana.actor(), at=now(), candidate=row, revision=row.revision, happened_at=now(),
            first_follow_up=(now() + timedelta(days=30)).date(), note_text="With his father.",
            child_view="He is glad.",
        )  # fmt: skip

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
    answer = fill(
        ana.client(), f"/tracing/visits/{visit.pk}/", outcome="support", note_text="Tired."
    )
    assert answer.status_code == 422  # as long as it is not well, another visit is planned
    later = (now() + timedelta(days=20)).date().isoformat()
    answer = fill(
        ana.client(), f"/tracing/visits/{visit.pk}/", outcome="support", note_text="Tired.",
        next_on=later,
    )  # fmt: skip
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
    made = fill(client, "/tracing/new/", names="Karim Rahimi", sex="male", may_search="on",
                may_share="on", story="Lost each other at the border.")  # fmt: skip
    assert made.status_code == 302
    listed = fill(client, made["Location"], names="Farid Rahimi", relation="child", sex="male")
    assert listed.status_code == 302
    request = TracingRequest.objects.get()
    assert "Karim Rahimi" in client.get("/tracing/").content.decode()
    candidate = found(request)
    assert client.post(f"/tracing/candidates/{candidate.pk}/ask/").status_code == 302
    ana = child[1].client()
    for who, side in ((client, "seeker"), (ana, "sought")):
        answer = fill(who, f"/tracing/candidates/{candidate.pk}/check/{side}/",
                      outcome="confirmed", method="photo", wish="yes",
                      note_text="Known.")  # fmt: skip
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
    page = ana.client().get(f"/cases/{case.pk}/").content.decode()
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


def written_down_again(child: tuple[Case, Member]) -> tuple[Case, Pair]:
    """The same boy, written down at the same centre once more, and both records as a pair."""
    case, ana = child
    again = cast.case(cast.teodora(), ana, at=now() - timedelta(hours=2))
    people.state(
        actor=ana.actor(), at=now(), person=again.person, attribute="sex", code="male",
        case_id=again.pk,
    )  # fmt: skip
    pair = pairs.name_pair(actor=ana.actor(), at=now(), person=case.person, other=again.person)
    return again, pair


def join(pair: Pair, survivor: Case, ana: Member) -> Pair:
    pairs.request_merge(
        actor=ana.actor(), at=now(), pair=pair, revision=pair.revision,
        survivor=survivor.person_id, why="The same boy, he says so.", sight_read=True,
    )  # fmt: skip
    pair = Pair.objects.get(pk=pair.pk)
    pairs.confirm_merge(
        actor=cast.dragan().actor(), at=now(), pair=pair, revision=pair.revision, sight_read=True
    )
    return Pair.objects.get(pk=pair.pk)


def shown(by: Member, request: TracingRequest) -> list[Candidate]:
    """Candidates as the page shows them."""
    found = queries.request(by.actor(), request.pk, at=now())
    (line,) = queries.trace_lines(by.actor(), found, at=now())
    return [each.candidate for each in line.candidates]


def test_records_of_one_person_are_one_candidate_and_two_again_when_separated(
    child: tuple[Case, Member], seeker: Member
) -> None:
    case, ana = child
    again, pair = written_down_again(child)
    request = asked(seeker)
    assert {row.person_id for row in shown(seeker, request)} == {case.person_id, again.person_id}
    pair = join(pair, case, ana)
    assert len(shown(seeker, request)) == 1
    (line,) = lines.of_requests(seeker.actor(), [(request, TraceStatus.OPEN)], at=now())
    assert line.waits == 1
    actions.look_again(actor=seeker.actor(), at=now(), request=request)
    assert len(shown(seeker, request)) == 1
    pairs.unmerge(
        actor=cast.dragan().actor(), at=now(), pair=pair, revision=pair.revision, why="Two boys.",
        then="open",
    )  # fmt: skip
    assert {row.person_id for row in shown(seeker, request)} == {case.person_id, again.person_id}


def test_somebody_joined_before_is_proposed_once(
    child: tuple[Case, Member], seeker: Member
) -> None:
    case, ana = child
    _again, pair = written_down_again(child)
    join(pair, case, ana)
    request = asked(seeker)
    assert Candidate.objects.filter(trace__request=request).count() == 1
    assert len(shown(seeker, request)) == 1


def test_whoever_was_asked_about_stands_for_the_person_and_dismissed_is_dismissed(
    child: tuple[Case, Member], seeker: Member
) -> None:
    case, ana = child
    again, pair = written_down_again(child)
    request = asked(seeker)
    one = Candidate.objects.get(trace__request=request, person=again.person)
    actions.ask_about(actor=seeker.actor(), at=now(), candidate=one, revision=one.revision)
    pair = join(pair, case, ana)
    assert [row.pk for row in shown(seeker, request)] == [one.pk]
    one = Candidate.objects.get(pk=one.pk)
    actions.dismiss(
        actor=seeker.actor(), at=now(), candidate=one, revision=one.revision, why="Another boy."
    )
    assert shown(seeker, request) == []
    actions.look_again(actor=seeker.actor(), at=now(), request=request)
    assert shown(seeker, request) == []
    Candidate.objects.filter(trace__request=request, person=case.person).update(probability=1.0)
    assert [row.person_id for row in shown(seeker, request)] == [case.person_id], (
        "likelier than what was dismissed: nobody looked at that"
    )


def test_a_child_who_seeks_is_not_found_under_another_record_of_its_own(
    child: tuple[Case, Member],
) -> None:
    case, ana = child
    _again, pair = written_down_again(child)
    join(pair, case, ana)
    request = actions.open_request(
        actor=ana.actor(), at=now(), organisation=ana.organisation, case=case, may_search=True
    )
    actions.seek(actor=ana.actor(), at=now(), request=request, names=[CHILD], relation="brother")
    actions.look_again(actor=ana.actor(), at=now(), request=request)
    assert not Candidate.objects.filter(trace__request=request).exists()
