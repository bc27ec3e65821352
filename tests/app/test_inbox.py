"""The pages of the inbox and of one's own settings."""

from datetime import timedelta

import pytest

from oslonac.access.roles import Role
from oslonac.cases import actions as cases
from oslonac.directory import codes
from oslonac.kit.clock import now
from oslonac.notices import actions, queries
from oslonac.notices.models import Absence, Channels, Notice
from tests import cast
from tests.http import page_of
from tests.refusals import hidden, invalid

pytestmark = pytest.mark.django_db
TEST = "notices.test"


def test_an_empty_inbox_says_what_will_stand_there() -> None:
    body = page_of(cast.ana().client().get("/notices/"))
    assert "You have no notifications yet." in body


def test_the_inbox_names_the_case_as_far_as_the_reader_may_know() -> None:
    at = now()
    ana, teodora = cast.ana(), cast.teodora()
    case = cast.case(teodora, ana, at=at - timedelta(hours=1))
    police = cast.member("Marko Lazić", Role.POLICE, "csw-nis")
    actions.notify([ana.user.pk, police.user.pk], TEST, at=at, record=case, by=teodora.user.pk)
    own = page_of(ana.client().get("/notices/"))
    assert f"Case {case.number}" in own
    assert "Farid" in own
    assert "Teodora" in own
    foreign = page_of(police.client().get("/notices/"))
    assert case.number not in foreign
    assert "Farid" not in foreign
    assert "A record you no longer have access to" in foreign


def test_looking_is_seeing_and_the_bell_falls_silent() -> None:
    ana = cast.ana()
    actions.notify(ana.user.pk, TEST, at=now())
    client = ana.client()
    assert 'class="count">1<' in client.get("/").content.decode()
    assert "New" in client.get("/notices/").content.decode()
    assert queries.unseen_count(ana.actor()) == 0
    assert "No new notifications." in client.get("/notices/").content.decode()


def test_forty_notices_of_a_kind_are_one_heading() -> None:
    ana = cast.ana()
    for _ in range(40):
        actions.notify(ana.user.pk, TEST, at=now())
    body = page_of(ana.client().get("/notices/"))
    assert body.count('<h3 class="told-kind">') == 1
    assert '<span class="count">40</span>' in body


def test_nobody_sees_anothers_inbox() -> None:
    actions.notify(cast.ana().user.pk, TEST, at=now())
    body = page_of(cast.dragan().client().get("/notices/"))
    assert "You have no notifications yet." in body


def test_settings_are_kept_and_refusals_stand_beside_the_field() -> None:
    ana = cast.ana()
    client = ana.client()
    refused = client.post(
        "/notices/settings/email/", {"by_email": "on", "email": "nobody", "request_key": "a"}
    )
    assert "This is not a valid e-mail address." in refused.content.decode()
    assert 'value="nobody"' in refused.content.decode()
    kept = client.post(
        "/notices/settings/email/",
        {"by_email": "on", "email": "ana@example.rs", "request_key": "b"},
    )
    assert kept.status_code == 302
    assert Channels.objects.get(user=ana.user).by_email
    assert 'value="ana@example.rs"' in client.get("/notices/settings/").content.decode()


def test_a_test_is_sent_to_oneself() -> None:
    ana = cast.ana()
    ana.client().post("/notices/settings/test/")
    assert Notice.objects.get().user_id == ana.user.pk


def test_the_worker_script_is_served_for_its_own_folder_only() -> None:
    answer = cast.ana().client().get("/notices/worker.js")
    assert answer["Content-Type"].startswith("text/javascript")
    script = answer.content.decode()
    assert '"push"' in script
    assert '"fetch",' not in script


# --- absences ----------------------------------------------------------------


def test_ones_own_absence_and_that_of_a_colleague_one_leads() -> None:
    ana, dragan = cast.ana(), cast.dragan()
    today = cast.today()
    for who, by in ((ana, ana), (ana, dragan)):
        actions.record_absence(
            actor=by.actor(), at=now(), user_id=who.user.pk, starts_on=today, ends_on=today
        )
    assert queries.away([ana.user.pk, dragan.user.pk], at=now()) == {ana.user.pk}
    row = Absence.objects.first()
    assert row is not None
    actions.end_absence(actor=dragan.actor(), at=now(), absence_id=row.pk)


def test_nobody_sends_a_colleague_away_whom_they_do_not_lead() -> None:
    ana, dragan, jelena = cast.ana(), cast.dragan(), cast.jelena()
    today = cast.today()
    for by in (ana, jelena):
        with hidden("user"):
            actions.record_absence(
                actor=by.actor(), at=now(), user_id=dragan.user.pk, starts_on=today, ends_on=today
            )
    away = actions.record_absence(
        actor=dragan.actor(), at=now(), user_id=dragan.user.pk, starts_on=today, ends_on=today
    )
    with hidden("absence"):
        actions.end_absence(actor=ana.actor(), at=now(), absence_id=away.pk)


@pytest.mark.parametrize(("start", "end"), [(3, 1), (-9, -2), (0, 400)])
def test_days_that_make_no_sense_are_refused(start: int, end: int) -> None:
    ana, today = cast.ana(), cast.today()
    with invalid("ends_on"):
        actions.record_absence(
            actor=ana.actor(),
            at=now(),
            user_id=ana.user.pk,
            starts_on=today + timedelta(days=start),
            ends_on=today + timedelta(days=end),
        )


def test_the_page_of_absences_offers_only_whom_one_leads() -> None:
    ana, dragan = cast.ana(), cast.dragan()
    assert "Dragan" not in _options(ana.client().get("/notices/settings/").content.decode())
    client = dragan.client()
    assert "Ana" in _options(client.get("/notices/settings/").content.decode())
    day = cast.today().isoformat()
    sent = client.post(
        "/notices/absences/",
        {"user": str(ana.user.pk), "starts_on": day, "ends_on": day, "request_key": "x"},
    )
    assert sent.status_code == 302
    assert queries.away([ana.user.pk], at=now()) == {ana.user.pk}
    foreign = client.post(
        "/notices/absences/",
        {"user": str(cast.jelena().user.pk), "starts_on": day, "ends_on": day, "request_key": "y"},
    )
    assert foreign.status_code == 200
    assert Absence.objects.count() == 1


def _options(body: str) -> str:
    return body.split('id="away"')[1]


# --- what casework tells -----------------------------------------------------


def told(who: cast.Member) -> list[str]:
    """Kinds of what stands new in somebody's inbox."""
    return sorted(queries.unseen(who.actor()).values_list("kind", flat=True))


def test_whoever_gets_a_case_is_told_and_whoever_takes_one_is_not() -> None:
    at = now()
    ana, dragan, teodora = cast.ana(), cast.dragan(), cast.teodora()
    case = cast.case(teodora, at=at)
    cases.assign_case(
        actor=dragan.actor(), at=at, case=case, revision=case.revision, manager=ana.user
    )
    case.refresh_from_db()
    cases.assign_case(
        actor=dragan.actor(), at=at, case=case, revision=case.revision, manager=dragan.user
    )
    assert told(ana) == ["case.assigned"]
    assert told(dragan) == []


def test_a_transfer_is_told_to_who_is_asked_and_its_answer_to_who_asked() -> None:
    at = now()
    ana, jelena = cast.ana(), cast.jelena()
    case = cast.case(cast.teodora(), ana, at=at)
    transfer = cases.propose_transfer(
        actor=ana.actor(),
        at=at,
        case=case,
        receiver=jelena.organisation,
        reason=next(iter(dict(codes.choices("transfer_reasons")))),
        note="Dete živi u Nišu.",
    )
    assert told(jelena) == ["transfer.asked"]
    cases.answer_transfer(
        actor=jelena.actor(),
        at=at,
        transfer=transfer,
        revision=transfer.revision,
        status="declined",
        answer="Nije nadležan.",
    )
    assert told(jelena) == []
    assert "transfer.answered" in told(ana)
