"""What an auditor finds: who looked at this child in March, by number and by name, on pages and in
files; and what the auditor is never shown."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from oslonac.access.roles import Role
from oslonac.administration import reading
from oslonac.audit.actions import record, record_read
from oslonac.audit.events import Event as Declared
from oslonac.audit.events import declared
from oslonac.audit.models import Event
from oslonac.cases.models import Case
from oslonac.kit.clock import now
from oslonac.matching.index import building
from tests import cast
from tests.http import page_of

pytestmark = pytest.mark.django_db
LEDGER = "/administration/ledger/"
NAME = "Farid Rahimi"
MARCH = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


@pytest.fixture
def ana() -> cast.Member:
    return cast.ana()


@pytest.fixture
def case(ana: cast.Member) -> Case:
    made = cast.case(cast.teodora(), ana, at=cast.NOON)
    for moment in (MARCH, MARCH + timedelta(days=40)):
        record_read(
            actor=ana.actor(), at=moment, subject=made, fields=["shown_name"], case_id=made.pk
        )
    return made


@pytest.fixture
def auditor() -> Iterator[Client]:
    yield cast.member("Rada Revizor", Role.AUDITOR).client()


def text(response: Any) -> str:
    return page_of(response)


def test_who_looked_at_this_child_in_march(auditor: Client, case: Case) -> None:
    asked = {"case": case.number, "outcome": "read", "since": "2026-03-01", "until": "2026-03-31"}
    page = auditor.get(LEDGER, asked)
    rows = page.context["table"].rows
    assert [row[1].text for row in rows] == ["Ana Kostić"]
    assert [row[2].text for row in rows] == ["Protected fields read"]
    later = auditor.get(LEDGER, asked | {"since": "2026-04-01", "until": "2026-04-30"})
    assert len(later.context["table"].rows) == 1


def test_looks_at_the_person_and_the_encounter_belong_to_the_child(
    auditor: Client, case: Case, ana: cast.Member
) -> None:
    record_read(actor=ana.actor(), at=MARCH, subject=case.person, fields=["names"])
    assert case.encounter is not None
    record_read(actor=ana.actor(), at=MARCH, subject=case.encounter, fields=["narrative"])
    asked = {"case": case.number, "outcome": "read", "since": "2026-03-01", "until": "2026-03-31"}
    assert len(auditor.get(LEDGER, asked).context["table"].rows) == 3


def test_by_name_without_a_name_coming_back(auditor: Client, case: Case) -> None:
    building.keep()
    form = {"name": "Фарид Рахими", "reference": "07-12/2026", "request_key": "1"}
    found = auditor.post(reverse("administration:ledger_by_name"), form)
    assert found.status_code == 302, text(found)
    assert str(case.person_id) in found["Location"] and "Farid" not in found["Location"]
    page = auditor.get(found["Location"])
    assert case.number in text(page)
    for secret in (NAME, "Farid", "Фарид", "Rahimi"):
        assert secret not in text(page)
    told = Event.objects.get(name="ledger.searched")
    assert told.data["reference"] == "07-12/2026" and told.data["found"] == 1
    assert "arid" not in str(told.data) and "Фарид" not in str(told.data)


def test_nobody_of_that_name_is_recorded_as_asked(auditor: Client, case: Case) -> None:
    building.keep()
    form = {"name": "Zzyzx Qwrt", "reference": "1/26", "request_key": "1"}
    answer = auditor.post(reverse("administration:ledger_by_name"), form)
    assert answer.status_code == 422 and "Nobody in the register" in text(answer)
    assert Event.objects.get(name="ledger.searched").data["found"] == 0


@pytest.mark.parametrize(
    "reference", ["", "Farid", "=1+1", "a complaint about Farid Rahimi of Vranje"]
)
def test_a_reference_holds_no_name(auditor: Client, case: Case, reference: str) -> None:
    form = {"name": NAME, "reference": reference, "request_key": "1"}
    answer = auditor.post(reverse("administration:ledger_by_name"), form)
    assert answer.status_code == 422
    assert not Event.objects.filter(name="ledger.searched").exists()


def test_a_file_is_safe_for_spreadsheets_and_recorded(
    auditor: Client, case: Case, ana: cast.Member
) -> None:
    with declared(Declared("formula.tried", "=1+1", data="=cmd")):
        record("formula.tried", actor=ana.actor(), at=MARCH, subject=case, data={"=cmd": "=1+1"})
    answer = auditor.get(reverse("administration:ledger_file"), {"case": case.number})
    assert answer["Content-Type"].startswith("text/csv")
    assert "attachment" in answer["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode().lstrip("\ufeff"))))
    assert len(rows) > 5 and rows[0][0] == "When"
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert any(cell.startswith("'=cmd") for cell in cells)
    assert NAME not in text(answer)
    assert Event.objects.get(name="ledger.exported").data["count"] == len(rows) - 1
    # Fetched, not posted: whoever posts takes nothing out.
    assert auditor.post(reverse("administration:ledger_file")).status_code == 405
    assert Event.objects.filter(name="ledger.exported").count() == 1


def test_pages_go_on_without_gaps_or_doubles(
    auditor: Client, ana: cast.Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many events of one very moment lie across the boundary of a page."""
    monkeypatch.setattr("oslonac.administration.ledger.PAGE_SIZE", 7)
    at = now() - timedelta(days=400)
    for number in range(30):
        record("sealed.read", actor=ana.actor(), at=at + timedelta(days=number // 12))
    url, seen = f"{LEDGER}?person={ana.user.pk}", []
    while url:
        page = auditor.get(url)
        seen += [row[0].text for row in page.context["table"].rows]
        url = page.context["older_url"]
    assert len(seen) == 30 == len(list(reading.events(reading.Asked(person=str(ana.user.pk)))))


def test_a_page_enters_an_index_at_its_place(auditor: Client, case: Case) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        list(reading.before(reading.events(reading.Asked()), f"{now().isoformat()}_{case.pk}")[:9])
    query = asked.captured_queries[-1]["sql"]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute(f"EXPLAIN {query}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "event_by_moment" in plan and "Sort" not in plan, plan


def test_roots_are_shown_printed_and_given_out(auditor: Client, case: Case) -> None:
    from oslonac.audit import chain, roots

    chain.seal_pending()
    roots.make_due(now() + timedelta(days=2))
    page = text(auditor.get(reverse("administration:roots")))
    assert "Signed day roots of the activity log" in page
    file = auditor.get(reverse("administration:roots_file")).json()
    assert file["format"] == "oslonac ledger roots 1"
    assert all(roots.signed_rightly(each) == "" for each in file["roots"])
    paper = auditor.get(reverse("administration:roots_paper"))
    assert paper.content.startswith(b"%PDF")


def test_nobody_else_reads_the_ledger(case: Case) -> None:
    for role in (Role.CASE_MANAGER, Role.ADMINISTRATOR, Role.ANALYST):
        client = cast.member("Neko D.", role).client()
        for name in ("ledger", "ledger_file", "roots", "roots_file", "roots_paper", "unusual"):
            assert client.get(reverse(f"administration:{name}")).status_code == 403
