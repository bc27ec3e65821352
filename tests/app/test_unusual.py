"""Unusual reading: what is noticed, what is not, and that somebody looks into it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from oslonac.access.models import Grant
from oslonac.access.roles import Role
from oslonac.audit import unusual
from oslonac.audit.actions import record
from oslonac.audit.models import Event, Outcome, Unusual
from oslonac.audit.rules import LIMITS, Pattern
from oslonac.notices.models import Notice
from tests import cast
from tests.http import page_of

pytestmark = pytest.mark.django_db
# Wednesday noon in Belgrade.
AT = datetime(2026, 3, 18, 12, 30, tzinfo=ZoneInfo("Europe/Belgrade"))


def read(who: cast.Member, case_id: UUID, at: datetime) -> None:
    """As a page records that sealed fields were shown."""
    record(
        "sealed.read",
        actor=who.actor(at),
        at=at,
        kind="case",
        record_id=case_id,
        case_id=case_id,
        fields=["shown_name"],
        outcome=Outcome.READ,
    )


def with_duty(who: cast.Member, case_id: UUID, at: datetime, reason: str = "assignment") -> None:
    Grant.objects.create(
        record_kind="case",
        record_id=case_id,
        principal=who.user.pk,
        grantee=who.user,
        level=60,
        reason=reason,
        basis="legal_duty",
        starts_at=at - timedelta(days=90),
    )


def found(at: datetime = AT) -> dict[str, Unusual]:
    return {row.pattern: row for row in unusual.notice(at=at)}


def many(who: cast.Member, count: int, at: datetime, reason: str = "assignment") -> None:
    for _number in range(count):
        case_id = uuid4()
        with_duty(who, case_id, at, reason)
        read(who, case_id, at)


def test_many_files_in_an_hour() -> None:
    ana = cast.ana()
    many(ana, LIMITS[Pattern.MANY_FILES].least - 1, AT - timedelta(minutes=20))
    assert found() == {}
    many(ana, 1, AT - timedelta(minutes=10))
    row = found()[Pattern.MANY_FILES]
    assert (row.reader_id, row.count, row.role) == (ana.user.pk, 20, "case_manager")
    assert found() == {}  # once, however often the job runs


def test_the_same_file_many_times_is_one_file() -> None:
    ana, case_id = cast.ana(), uuid4()
    with_duty(ana, case_id, AT)
    for minute in range(50):
        read(ana, case_id, AT - timedelta(minutes=minute + 1))
    assert found() == {}


def test_what_is_usual_for_a_person_is_not_unusual() -> None:
    dragan = cast.dragan()
    for day in range(2, 12):
        many(dragan, 12, AT - timedelta(days=day, minutes=20))
    many(dragan, 30, AT - timedelta(minutes=20))
    assert found() == {}
    many(dragan, 10, AT - timedelta(minutes=10))
    assert found()[Pattern.MANY_FILES].usual == 12


def test_files_outside_any_duty() -> None:
    ana = cast.ana()
    many(ana, 2, AT - timedelta(hours=3), reason="team")
    assert found() == {}
    many(ana, 1, AT - timedelta(hours=2), reason="team")
    assert found()[Pattern.NO_DUTY].count == 3


def test_work_on_a_file_is_a_duty() -> None:
    ana = cast.ana()
    for _number in range(4):
        case_id = uuid4()
        with_duty(ana, case_id, AT, "team")
        read(ana, case_id, AT - timedelta(hours=2))
        record(
            "contact.made",
            actor=ana.actor(AT),
            at=AT - timedelta(hours=1),
            kind="case",
            case_id=case_id,
        )
    assert found() == {}


def test_reading_at_night() -> None:
    ana, teodora = cast.ana(), cast.teodora()
    night = AT.replace(hour=2)
    many(ana, 5, night)
    many(teodora, 5, night)  # field workers are out at night
    rows = found()
    assert set(rows) == {Pattern.AT_NIGHT}
    assert rows[Pattern.AT_NIGHT].reader_id == ana.user.pk


def test_one_name_again_and_again_is_known_by_its_hash() -> None:
    ana = cast.ana()
    for day in range(5):
        at = AT - timedelta(days=day, minutes=1)
        for name in ("a1b2", f"other{day}", ""):
            record("search.asked", actor=ana.actor(at), at=at, kind="search", data={"name": name})
    rows = found()
    assert set(rows) == {Pattern.ONE_NAME} and rows[Pattern.ONE_NAME].count == 5


def test_an_emergency_that_nobody_reviewed() -> None:
    ana = cast.ana()
    old, new = AT - timedelta(days=4), AT - timedelta(days=1)
    for moment, reviewed in ((old, True), (old, False), (new, False)):
        emergency = uuid4()
        said: dict[str, Any] = {"kind": "emergency", "record_id": emergency, "case_id": uuid4()}
        record("emergency.opened", actor=ana.actor(moment), at=moment, **said)
        if reviewed:
            record("emergency.reviewed", actor=ana.actor(AT), at=AT, **said)
    assert [row.pattern for row in unusual.notice(at=AT)] == [Pattern.NOT_REVIEWED]


def test_an_ordinary_week_raises_nothing() -> None:
    """Six people, their own files, office hours, a busy Monday."""
    people = [cast.ana(), cast.dragan(), cast.jelena(), cast.milan()]
    for day in range(20):
        moment = AT - timedelta(days=day)
        if moment.weekday() > 4:
            continue
        for hour in range(8, 12):
            for who in people:
                many(who, 9 if moment.weekday() == 0 else 4, moment.replace(hour=hour))
    for day in range(6, -1, -1):
        assert unusual.notice(at=AT - timedelta(days=day)) == []


def test_somebody_looks_into_it_and_says_what_they_found() -> None:
    ana = cast.ana()
    rada = cast.member("Rada Revizor", Role.AUDITOR)
    many(ana, 25, AT - timedelta(minutes=20))
    (row,) = unusual.notice(at=AT)
    client = rada.client()
    page = page_of(client.get(reverse("administration:unusual")))
    assert "Ana Kostić" in page and "25 protected files within one hour" in page
    one = reverse("administration:unusual_one", args=[row.pk])
    assert client.post(one, {"note": "", "request_key": "1"}).status_code == 422
    assert (
        client.post(one, {"note": "Handover of the team.", "request_key": "2"}).status_code == 302
    )
    row.refresh_from_db()
    assert row.looked_by_id == rada.user.pk
    assert b"Handover" not in bytes(row.note or b"")
    assert "Handover of the team." in client.get(one).content.decode()
    assert "Nothing to check" in client.get(reverse("administration:unusual")).content.decode()
    assert Event.objects.filter(name="unusual.looked_into", actor_id=rada.user.pk).exists()
    again = page_of(client.post(one, {"note": "Twice.", "request_key": "3"}, follow=True))
    assert "already" in again


def test_nobody_looks_into_their_own_reading() -> None:
    rada = cast.member("Rada Revizor", Role.AUDITOR)
    many(rada, 25, AT - timedelta(minutes=20))
    (row,) = unusual.notice(at=AT)
    one = reverse("administration:unusual_one", args=[row.pk])
    answer = rada.client().post(one, {"note": "All fine.", "request_key": "1"})
    assert answer.status_code == 422 and "Somebody else" in answer.content.decode()


def test_the_job_tells_whoever_reads_the_ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    from oslonac.administration import jobs

    monkeypatch.setattr(jobs, "now", lambda: AT)
    ana, rada = cast.ana(), cast.member("Rada Revizor", Role.AUDITOR)
    many(ana, 25, AT - timedelta(minutes=20))
    jobs.look_for_unusual_reading.func()
    assert [notice.user_id for notice in Notice.objects.filter(kind="unusual.noticed")] == [
        rada.user.pk
    ]
    jobs.look_for_unusual_reading.func()
    assert Notice.objects.count() == 1


def test_the_demonstration_raises_little_and_something() -> None:
    """An ordinary fortnight of the invented centre, and one evening that somebody may ask about."""
    from oslonac.demo import reading
    from tests.app.demo_stage import staffed_world

    world = staffed_world()
    vranje = world.cast["ana"].organisation_id
    teodora = world.cast["teodora"]
    for _number in range(reading.THE_EVENING):
        person = cast.Member(
            teodora.user, cast.Organisation.objects.get(pk=vranje), Role.FIELD_WORKER
        )
        cast.case(person, at=world.now - timedelta(days=30))
    reading.tell(world, 7)
    rows = list(Unusual.objects.all())
    assert [(row.pattern, row.reader_id) for row in rows] == [
        (Pattern.MANY_FILES, world.cast["dragan"].pk)
    ]
    reading.tell(world, 7)
    assert Unusual.objects.count() == 1
