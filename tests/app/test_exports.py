"""Exports: sealed to the receiver with AES only, noted before they go, no wider than the sight."""

import io
import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyrage
import pytest
import pyzipper

from oslonac.access import actions as grants
from oslonac.access.actor import SYSTEM
from oslonac.access.roles import Role
from oslonac.access.rules import Level, Reason
from oslonac.audit.models import Event
from oslonac.cases.models import Case
from oslonac.exchange.models import Export
from oslonac.kit.clock import now
from oslonac.people import actions as people
from oslonac.vault import envelopes
from oslonac.vault.sealing import open_one
from tests import cast
from tests.app.case_tabs import shown_to
from tests.app.test_documents import add, pdf
from tests.http import page_of

pytestmark = pytest.mark.django_db
PASSWORD = "jesen u Vranju 2026"
RECEIVER = "Osnovni sud u Vranju, sudija Milica"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.OSLONAC_STEP_UP = False
    settings.OSLONAC_DATA = str(tmp_path)
    return tmp_path


@pytest.fixture
def ana() -> Any:
    return cast.ana()


@pytest.fixture
def case(ana: Any) -> Case:
    made = cast.case(cast.teodora(), ana, at=now() - timedelta(hours=3))
    people.add_name(
        actor=ana.actor(),
        at=now(),
        person=made.person,
        full='=HYPERLINK("http://x")',
        case_id=made.pk,
    )
    return made


def ask(client: Any, url: str, purpose: str, **more: Any) -> Any:
    page = page_of(client.get(url))
    request_key = re.search(r'name="request_key" value="([^"]+)"', page)
    assert request_key, page[:500]
    said = {
        "request_key": request_key[1],
        "purpose": purpose,
        "receiver": RECEIVER,
        "note": "",
        "form": "zip",
        "password": PASSWORD,
        "again": PASSWORD,
    }
    answer = client.post(url, said | more)
    if getattr(answer, "streaming", False):
        answer.body = b"".join(answer.streaming_content)
    return answer


def unzipped(body: bytes, password: str = PASSWORD) -> dict[str, bytes]:
    with pyzipper.AESZipFile(io.BytesIO(body)) as archive:
        archive.setpassword(password.encode())
        for entry in archive.infolist():
            assert entry.wz_aes_strength == 3, "AES-256, never ZipCrypto"
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_case_file_goes_out_sealed_and_noted(ana: Any, case: Case, folder: Path) -> None:
    client = ana.client()
    add(client, case, content := pdf())
    answer = ask(client, f"/cases/{case.pk}/export/", "court")
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith('attachment; filename="oslonac-')
    assert b"Farid" not in answer.body
    parts = unzipped(answer.body)
    assert set(parts) == {"case.pdf", "case.json", "document-01.pdf"}
    assert parts["document-01.pdf"] == content
    said = json.loads(parts["case.json"])
    assert said["person"]["names"][0]["full"] == "Farid Rahimi"
    assert said["case"]["number"] == case.number
    assert said["decision"][0]["reason"]
    with pytest.raises(RuntimeError):
        unzipped(answer.body, "another password 1")
    row = Export.objects.get()
    assert open_one(row, "receiver") == RECEIVER
    event = Event.objects.get(name="export.made")
    assert (event.case_id, event.data["purpose"], event.data["parts"]) == (case.pk, "court", 3)
    assert RECEIVER not in json.dumps(event.data)
    page = shown_to(client, case)
    assert RECEIVER in page
    assert list((folder / "files" / "incoming").iterdir()) == []


def test_an_age_key_opens_it_and_no_other(ana: Any, case: Case) -> None:
    identity = pyrage.x25519.Identity.generate()
    answer = ask(
        ana.client(),
        f"/cases/{case.pk}/export/",
        "transfer",
        form="age",
        recipient=str(identity.to_public()),
    )
    assert answer.body.startswith(b"age-encryption.org/v1")
    import zipfile

    with zipfile.ZipFile(io.BytesIO(pyrage.decrypt(answer.body, [identity]))) as archive:
        assert set(archive.namelist()) == {"case.pdf", "case.json"}
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(answer.body, [pyrage.x25519.Identity.generate()])


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"password": "short", "again": "short"}, "at least 14"),
        ({"again": "something else 1"}, "not the same"),
        ({"password": "password123456", "again": "password123456"}, "common"),
        ({"form": "age", "recipient": "age1nonsense"}, "not a public age key"),
        ({"receiver": ""}, "required"),
        ({"purpose": "supervision"}, "valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_goes_out(
    more: Any, sentence: str, ana: Any, case: Case
) -> None:
    answer = ask(ana.client(), f"/cases/{case.pk}/export/", more.pop("purpose", "court"), **more)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Export.objects.exists()


def test_a_caseload_is_safe_in_a_spreadsheet_and_holds_ones_own_cases_only(
    ana: Any, case: Case
) -> None:
    cast.case(cast.teodora(), cast.ana(), at=now() - timedelta(hours=1))  # another Ana's
    parts = unzipped(ask(ana.client(), "/exports/new/caseload/", "supervision").body)
    lines = parts["caseload.csv"].decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert case.number in lines[1]
    assert not re.search(r'(^|,)"=', "\n".join(lines))
    assert parts["caseload.xlsx"].startswith(b"PK")


def test_the_ledger_goes_to_auditors_only(ana: Any, case: Case) -> None:
    petra = cast.member("Petra N.", Role.AUDITOR, "csw-nis").client()
    today = cast.today().isoformat()
    parts = unzipped(ask(petra, "/exports/new/ledger/", "audit", since=today, until=today).body)
    assert "case.opened" in parts["ledger.csv"].decode("utf-8-sig")
    assert "Farid" not in parts["ledger.csv"].decode("utf-8-sig")
    assert ana.client().get("/exports/new/ledger/").status_code == 403
    assert petra.get("/exports/new/caseload/").status_code == 403
    assert petra.get(f"/cases/{case.pk}/export/").status_code == 403


@pytest.mark.parametrize(
    ("level", "whereabouts", "office", "status"),
    [
        (Level.NARRATIVE, True, "csw-vranje", 403),
        (Level.IDENTITY, False, "csw-vranje", 403),
        (Level.IDENTITY, True, "csw-nis", 403),
        (Level.IDENTITY, True, "csw-vranje", 200),
    ],
)
def test_only_whoever_answers_for_the_case_and_sees_all_of_it_takes_it_out(
    level: Level, whereabouts: bool, office: str, status: int, case: Case
) -> None:
    who = cast.member("Sanja D.", Role.CASE_MANAGER, office)
    grants.grant_user(
        actor=SYSTEM,
        at=now(),
        kind="case",
        record_id=case.pk,
        user_id=who.user.pk,
        level=level,
        whereabouts=whereabouts,
        reason=Reason.DECISION,
    )
    assert who.client().get(f"/cases/{case.pk}/export/").status_code == status


def test_an_export_asks_who_it_is(ana: Any, case: Case, settings: Any) -> None:
    settings.OSLONAC_STEP_UP, settings.OSLONAC_STEP_UP_MINUTES = True, 0
    answer = ask(ana.client(), f"/cases/{case.pk}/export/", "court")
    assert answer.status_code in (302, 403)
    assert not Export.objects.exists()


def test_nothing_clear_lies_on_the_disk_while_an_export_is_made(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "Фарид Рахими".encode() * 30_000
    seen: list[bytes] = []
    real = pyrage.encrypt_io

    def looking(reader: Any, writer: Any, keys: Any) -> None:
        seen.extend(path.read_bytes() for path in folder.rglob("*") if path.is_file())
        real(reader, writer, keys)

    monkeypatch.setattr(envelopes.pyrage, "encrypt_io", looking)
    key = str(pyrage.x25519.Identity.generate().to_public())
    with envelopes.to_age([envelopes.Part("a", lambda: io.BytesIO(secret))], key) as sealed:
        assert sealed.size > 1000
    assert seen
    assert all(secret[:20] not in each for each in seen)
    assert list((folder / "files" / "incoming").iterdir()) == []
