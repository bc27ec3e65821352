"""Records found to be one person are one candidate of a search."""

from datetime import timedelta

import pytest

from oslonac.cases.models import Case
from oslonac.duplicates import actions as pairs
from oslonac.duplicates.models import Pair
from oslonac.kit.clock import now
from oslonac.people import actions as people
from oslonac.tracing import actions, lines, queries
from oslonac.tracing.models import Candidate, TracingRequest
from oslonac.tracing.rules import TraceStatus
from tests import cast
from tests.app.searches import CHILD, asked, child, seeker
from tests.cast import Member

__all__ = ["child", "seeker"]
pytestmark = pytest.mark.django_db


def written_down_again(child: tuple[Case, Member]) -> tuple[Case, Pair]:
    """The same boy, written down at the same centre once more, and both records as a pair."""
    case, ana = child
    again = cast.case(cast.teodora(), ana, at=now() - timedelta(hours=2))
    people.state(
        actor=ana.actor(),
        at=now(),
        person=again.person,
        attribute="sex",
        code="male",
        case_id=again.pk,
    )
    pair = pairs.name_pair(actor=ana.actor(), at=now(), person=case.person, other=again.person)
    return again, pair


def join(pair: Pair, survivor: Case, ana: Member) -> Pair:
    pairs.request_merge(
        actor=ana.actor(),
        at=now(),
        pair=pair,
        revision=pair.revision,
        survivor=survivor.person_id,
        why="The same boy, he says so.",
        sight_read=True,
    )
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
        actor=cast.dragan().actor(),
        at=now(),
        pair=pair,
        revision=pair.revision,
        why="Two boys.",
        then="open",
    )
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
