"""Muting reminders: with a reason, for a while, seen by the one above; and what pages tell."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from oslonac.access.roles import Role
from oslonac.audit.models import Event
from oslonac.cases import actions
from oslonac.cases.models import Case
from oslonac.kit.clock import now
from oslonac.notices.models import Notice
from oslonac.protocols.models import Mute, Obligation, State
from oslonac.protocols.reminders.sending import remind
from tests import cast
from tests.app.case_tabs import shown_to
from tests.cast import Member
from tests.http import page_of
from tests.refusals import hidden, invalid, refused

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WORDS = "Čekam nalaz lekara, zvala sam dvaput."


@pytest.fixture
def at() -> datetime:
    return now()


@pytest.fixture
def ana() -> Member:
    return cast.ana()


@pytest.fixture
def dragan() -> Member:
    return cast.dragan()


@pytest.fixture
def case(ana: Member, dragan: Member, at: datetime) -> Case:
    return cast.case(cast.teodora(), ana, at=at - timedelta(hours=2))


@pytest.fixture
def duty(case: Case, ana: Member) -> Obligation:
    """Ana's soonest dated step, resting on a verified norm of three days."""
    mine = Obligation.objects.filter(case_id=case.pk, user_id=ana.user.pk, state=State.OPEN)
    kept = mine.filter(due_at__isnull=False).order_by("due_at").first()
    assert kept is not None
    return kept


def mute(who: Member, case: Case, duty: Obligation, at: datetime, **more: Any) -> Mute:
    given = {"until": cast.today(at) + 3 * DAY, "reason": "waiting", "note": WORDS} | more
    return actions.mute_reminders(actor=who.actor(), at=at, case=case, obligation=duty, **given)


def told(at: datetime) -> list[str]:
    before = set(Notice.objects.values_list("pk", flat=True))
    remind(at=at)
    new = Notice.objects.exclude(pk__in=before).select_related("user")
    return sorted(notice.user.get_full_name().split()[0] for notice in new)


def test_a_mute_silences_whoever_muted_and_nobody_above(
    ana: Member, dragan: Member, case: Case, duty: Obligation, at: datetime
) -> None:
    Obligation.objects.exclude(pk=duty.pk).update(state=State.DONE)
    Obligation.objects.filter(pk=duty.pk).update(
        since=at, due_at=at + 1 * DAY - timedelta(minutes=1), verified=True
    )
    mute(ana, case, duty, at)
    assert told(at + DAY + timedelta(hours=2)) == ["Dragan"]
    assert told(at + 5 * DAY) == ["Ana"]


def test_it_is_an_event_the_words_are_sealed_and_the_one_above_is_told(
    ana: Member, dragan: Member, case: Case, duty: Obligation, at: datetime
) -> None:
    made = mute(ana, case, duty, at)
    assert WORDS.encode() not in bytes(made.note)
    event = Event.objects.get(name="reminders.muted")
    assert event.data["reason"] == "waiting"
    assert event.data["activity"] == duty.activity
    assert WORDS not in str(event.data)
    notice = Notice.objects.get(kind="step.muted")
    assert notice.user_id == dragan.user.pk
    assert WORDS not in str(notice.data)


def test_a_reason_is_asked_for_and_another_reason_has_to_be_said(
    ana: Member, case: Case, duty: Obligation, at: datetime
) -> None:
    wrong = (("reason", "", WORDS), ("reason", "no-such", WORDS), ("note", "other", ""))
    for field, reason, note in wrong:
        with invalid(field):
            mute(ana, case, duty, at, reason=reason, note=note)
    assert mute(ana, case, duty, at, reason="agreed", note="").note is None


@pytest.mark.parametrize("days", [-1, 15, 400])
def test_no_longer_than_the_pack_allows(
    ana: Member, case: Case, duty: Obligation, at: datetime, days: int
) -> None:
    with invalid("until"):
        mute(ana, case, duty, at, until=cast.today(at) + days * DAY)


def test_only_whoever_is_reminded_may_mute(
    dragan: Member, case: Case, duty: Obligation, at: datetime
) -> None:
    with refused("reminders.not_yours"):
        mute(dragan, case, duty, at)
    stranger = cast.member("Stran C.", Role.CASE_MANAGER, "csw-nis")
    with hidden("case"):
        mute(stranger, case, duty, at)


def test_ended_by_oneself_or_by_the_one_above_and_by_nobody_else(
    ana: Member, dragan: Member, case: Case, duty: Obligation, at: datetime
) -> None:
    made = mute(ana, case, duty, at)
    teodora = cast.teodora()
    with hidden("case"):
        actions.unmute_reminders(
            actor=teodora.actor(), at=at, case=case, mute=made, revision=made.revision
        )
    ended = actions.unmute_reminders(
        actor=dragan.actor(), at=at, case=case, mute=made, revision=made.revision
    )
    assert ended.ended_at == at


def test_muting_again_takes_the_place_of_the_former(
    ana: Member, case: Case, duty: Obligation, at: datetime
) -> None:
    mute(ana, case, duty, at)
    mute(ana, case, duty, at, until=cast.today(at) + DAY)
    assert Mute.objects.filter(ended_at__isnull=True).count() == 1


# --- pages -------------------------------------------------------------------


def test_the_case_page_says_who_hears_when_and_leads_to_the_procedure(
    ana: Member, case: Case, duty: Obligation
) -> None:
    page = shown_to(ana.client(), case)
    assert "If it is not done, the" in page
    assert f'href="/protocols/steps/{duty.activity}/"' in page
    assert f'href="/cases/{case.pk}/do/mute/{duty.pk}/"' in page


def test_from_the_button_to_the_note_and_back(
    ana: Member, dragan: Member, case: Case, duty: Obligation, at: datetime
) -> None:
    client = ana.client()
    form = page_of(client.get(f"/cases/{case.pk}/do/mute/{duty.pk}/"))
    assert "The step stays due." in form
    sent = client.post(
        f"/cases/{case.pk}/do/mute/{duty.pk}/",
        {
            "until": (cast.today(at) + 2 * DAY).isoformat(),
            "reason": "other",
            "note": WORDS,
            "request_key": "m",
        },
    )
    assert sent.status_code == 302, sent.content.decode()
    made = Mute.objects.get()
    page = shown_to(client, case)
    assert "You get no reminders until" in page
    assert WORDS in page
    assert f"/undo/unmute/{made.pk}/1/" in page
    today = page_of(dragan.client().get("/"))
    assert "Muted in your team" in today
    assert "gets no reminders until" in today
    assert WORDS in today
    assert "You get no reminders until" in client.get("/").content.decode()
    client.post(f"/cases/{case.pk}/undo/unmute/{made.pk}/1/")
    made.refresh_from_db()
    assert made.ended_at is not None
    assert "Muted in your team" not in dragan.client().get("/").content.decode()


def test_the_words_of_a_mute_are_shown_only_to_who_reads_the_case(
    ana: Member, case: Case, duty: Obligation, at: datetime
) -> None:
    mute(ana, case, duty, at)
    nis = cast.jelena().client()
    assert WORDS not in nis.get("/").content.decode()
    assert nis.get(f"/cases/{case.pk}/do/mute/{duty.pk}/").status_code == 404


def test_a_late_step_says_who_was_told(
    ana: Member, dragan: Member, case: Case, duty: Obligation, at: datetime
) -> None:
    Obligation.objects.filter(pk=duty.pk).update(
        since=at - 3 * DAY, due_at=at - timedelta(hours=30), verified=True
    )
    remind(at=at)
    page = page_of(ana.client().get("/"))
    assert "was reminded on" in page
    assert "Dragan" in page
    team = page_of(dragan.client().get("/"))
    assert "You were reminded on" in team
