"""Reminders of real cases: who is told what, once, and when it is silent."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connections

from oslonac.access import reader
from oslonac.access.roles import Role
from oslonac.accounts.models import Membership
from oslonac.audit.models import Event
from oslonac.cases.models import Case
from oslonac.notices.models import Absence, Notice
from oslonac.protocols.models import Obligation, Reminder, State
from oslonac.protocols.reminders.sending import close_over, remind
from tests import cast
from tests.cast import NOON, Member

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def team() -> dict[str, Member]:
    return {
        "ana": cast.ana(),
        "dragan": cast.dragan(),
        "milena": cast.member("Milena Jović", Role.HEAD),
        "teodora": cast.teodora(),
    }


@pytest.fixture
def duty(team: dict[str, Member]) -> Obligation:
    """The only dated duty of Ana's case left open: a verified norm of three days."""
    case = cast.case(team["teodora"], team["ana"], at=NOON)
    mine = Obligation.objects.filter(case_id=case.pk, user_id=team["ana"].user.pk, state=State.OPEN)
    kept = mine.filter(due_at__isnull=False).order_by("due_at").first()
    assert kept is not None
    Obligation.objects.exclude(pk=kept.pk).update(state=State.DONE)
    kept.since, kept.due_at, kept.verified = NOON, NOON + 3 * DAY, True
    kept.save()
    kept.refresh_from_db()
    return kept


def told(at: datetime) -> dict[str, list[str]]:
    """Run the job; first names of those told, with the kinds."""
    before = set(Notice.objects.values_list("pk", flat=True))
    remind(at=at)
    found: dict[str, list[str]] = {}
    for notice in Notice.objects.exclude(pk__in=before).select_related("user"):
        name = notice.user.get_full_name().split()[0]
        found.setdefault(name, []).append(notice.kind)
    return found


def test_up_the_chain_and_once_however_often_it_runs(duty: Obligation) -> None:
    due = duty.due_at
    assert due is not None
    assert told(NOON) == {}
    assert told(due - timedelta(hours=12)) == {"Ana": ["step.own"]}
    assert told(due - timedelta(hours=12)) == {}
    assert told(due - timedelta(hours=2)) == {"Dragan": ["step.team"]}
    assert told(due) == {"Ana": ["step.own"]}
    assert told(due + DAY) == {"Ana": ["step.own"], "Milena": ["step.team"]}
    assert told(due + 400 * DAY) == {}
    # One line for one duty: what Ana was told before is over.
    assert Notice.objects.filter(kind__startswith="step.", over_at__isnull=True).count() == 3


def test_a_run_after_a_long_stop_tells_everybody_once(duty: Obligation) -> None:
    assert duty.due_at is not None
    assert {name: len(kinds) for name, kinds in told(duty.due_at + 60 * DAY).items()} == {
        "Ana": 1,
        "Dragan": 1,
        "Milena": 1,
    }


def test_a_duty_done_meanwhile_is_silent_and_its_notice_is_over(duty: Obligation) -> None:
    assert duty.due_at is not None
    told(duty.due_at - timedelta(hours=12))
    duty.state, duty.done_at = State.DONE, duty.due_at - timedelta(hours=3)
    duty.save()
    assert told(duty.due_at + DAY) == {}
    assert not Notice.objects.filter(kind__startswith="step.", over_at__isnull=True).exists()


def test_a_suspended_clock_is_silent_and_a_moved_deadline_begins_anew(duty: Obligation) -> None:
    due = duty.due_at
    assert due is not None
    told(due - timedelta(hours=12))
    Obligation.objects.filter(pk=duty.pk).update(due_at=None)
    assert told(due + DAY) == {}
    Obligation.objects.filter(pk=duty.pk).update(due_at=due + DAY)
    assert told(due + timedelta(hours=12)) == {"Ana": ["step.own"]}


def test_whoever_has_no_post_any_more_is_stood_in_for_at_once(
    duty: Obligation, team: dict[str, Member]
) -> None:
    assert told(NOON) == {}
    Membership.objects.filter(user=team["ana"].user).update(ends_on=cast.today(NOON))
    assert told(NOON + DAY) == {"Dragan": ["step.nobody"]}
    assert told(NOON + DAY) == {}


def test_whoever_is_on_leave_is_stood_in_for_and_told_again_afterwards(
    duty: Obligation, team: dict[str, Member]
) -> None:
    assert duty.due_at is not None
    away = Absence.objects.create(
        user=team["ana"].user, starts_on=cast.today(NOON), ends_on=cast.today(NOON) + DAY
    )
    assert told(NOON + timedelta(hours=1)) == {"Dragan": ["step.nobody"]}
    away.ended_at = NOON + timedelta(hours=2)
    away.save()
    assert told(duty.due_at - timedelta(hours=12)) == {"Ana": ["step.own"]}


def test_a_case_handed_over_tells_the_new_person(duty: Obligation, team: dict[str, Member]) -> None:
    assert duty.due_at is not None
    told(duty.due_at - timedelta(hours=12))
    dragan = team["dragan"].user.pk
    Obligation.objects.filter(pk=duty.pk).update(user_id=dragan, principal=dragan)
    assert told(duty.due_at - timedelta(hours=11)) == {"Dragan": ["step.own"]}


def test_a_duty_of_a_role_is_told_to_whoever_holds_it(
    duty: Obligation, team: dict[str, Member]
) -> None:
    from oslonac.access.actor import holders_of

    office = team["ana"].organisation.pk
    assert duty.due_at is not None
    Obligation.objects.filter(pk=duty.pk).update(
        user_id=None, role=Role.SUPERVISOR, principal=holders_of(Role.SUPERVISOR, office)
    )
    assert told(duty.due_at - timedelta(hours=12)) == {"Dragan": ["step.own"]}
    assert told(duty.due_at - timedelta(hours=1)) == {"Milena": ["step.team"]}


def test_nobody_is_reminded_of_a_case_they_may_not_see(
    duty: Obligation, team: dict[str, Member]
) -> None:
    from oslonac.access.models import Grant

    Grant.objects.filter(principal=team["ana"].user.pk).update(ends_at=NOON + timedelta(hours=1))
    assert told(NOON + timedelta(hours=2)) == {"Dragan": ["step.nobody"]}
    assert duty.due_at is not None
    assert "Ana" not in told(duty.due_at)


def test_a_notice_holds_no_name_and_no_number(duty: Obligation) -> None:
    assert duty.due_at is not None
    told(duty.due_at + DAY)
    number = Case.objects.get(pk=duty.case_id).number
    for notice in Notice.objects.filter(kind__startswith="step."):
        assert set(notice.data) == {"obligation", "activity", "due", "binding"}
        assert number not in str(notice.data)


def test_one_event_says_that_reminders_were_sent(duty: Obligation) -> None:
    assert duty.due_at is not None
    told(duty.due_at + DAY)
    told(duty.due_at + DAY)
    assert [e.data for e in Event.objects.filter(name="reminders.sent")] == [{"count": 3}]


def test_what_is_over_can_be_ended_for_one_person(
    duty: Obligation, team: dict[str, Member]
) -> None:
    assert duty.due_at is not None
    told(duty.due_at + DAY)
    Obligation.objects.filter(pk=duty.pk).update(state=State.DONE)
    assert close_over(at=NOON, user_id=team["ana"].user.pk) == 1
    assert close_over(at=NOON) == 2


def test_a_quiet_duty_is_not_looked_at_again(duty: Obligation) -> None:
    """The job touches only what is new, was changed or has reached a moment of the plan."""
    told(NOON)
    duty.refresh_from_db()
    assert duty.due_at is not None
    assert duty.remind_at == duty.due_at - timedelta(hours=12)
    Obligation.objects.filter(pk=duty.pk).update(source="another")
    duty.refresh_from_db()
    assert duty.remind_at == duty.due_at - timedelta(hours=12)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_everybody_once(duty: Obligation) -> None:
    due = duty.due_at
    assert due is not None

    def run(_: int) -> int:
        try:
            with reader.system():  # a thread of its own begins as nobody
                return remind(at=due + DAY)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(run, range(4))) == 3
    assert Reminder.objects.values("user").distinct().count() == 3
    assert Notice.objects.filter(kind__startswith="step.").count() == 3
