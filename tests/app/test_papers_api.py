"""Documents and exports through the API: the same door, the same sight, the same ledger."""

import json
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from oslonac.access.roles import Role
from oslonac.access.rules import Level
from oslonac.audit.models import Event, Outcome
from oslonac.cases.models import Case
from oslonac.documents.models import Document
from oslonac.exchange.models import Export
from oslonac.kit.clock import now
from oslonac.retention import actions as retention
from oslonac.vault import filestore
from tests import cast
from tests.app.api_client import ROOT, Api
from tests.app.test_case_page import see
from tests.app.test_documents import EICAR, Clamd, pdf, photo
from tests.app.test_exports import PASSWORD, unzipped
from tests.worlds import fresh, made_once

pytestmark = pytest.mark.django_db
TITLE = "Nalaz lekara o modrici"
SAID = {"purpose": "court", "receiver": "Osnovni sud u Vranju", "form": "zip", "password": PASSWORD}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.OSLONAC_DATA = str(tmp_path)
    settings.OSLONAC_STEP_UP = False
    return tmp_path


def _made() -> tuple[cast.Member, Case]:
    ana = cast.ana()
    return ana, cast.case(cast.teodora(), ana, at=now() - timedelta(hours=3))


made = made_once(_made)


@pytest.fixture
def ana(made: Any) -> cast.Member:
    return fresh(made[0])


@pytest.fixture
def case(made: Any) -> Case:
    return fresh(made[1])


@pytest.fixture
def api(ana: cast.Member) -> Api:
    return Api(ana)


def add(api: Api, case: Case, content: bytes, *, key: str = "", **more: Any) -> Any:
    said = {"kind": "finding_opinion", "title": TITLE} | more
    return api.form(f"/cases/{case.pk}/documents", said, content, key=key)


def scanner() -> str:
    """A scanner that answers; where its socket is."""
    place = Path(tempfile.mkdtemp(prefix="clam")) / "s"
    Clamd(place).start()
    return str(place)


def content_of(api: Api, case: Case, document: Any) -> Any:
    return api.get(f"/cases/{case.pk}/documents/{document['id']}/content")


def lying_about(folder: Path) -> list[Path]:
    return [path for path in (folder / "files").rglob("*") if path.is_file()]


def test_a_file_goes_in_sealed_and_comes_back_whole(api: Api, case: Case, folder: Path) -> None:
    made = add(api, case, content := pdf(), note="Od lekara")
    assert made.status_code == 201, made.data
    assert (made.data["title"], made.data["note"]) == (TITLE, "Od lekara")
    assert (made.data["format"], made.data["number"]) == ("pdf", 1)
    (stored,) = lying_about(folder)
    assert content[:40] not in stored.read_bytes()
    answer = content_of(api, case, made.data)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.body == content
    assert answer["Content-Disposition"] == f'attachment; filename="{case.number}-1.pdf"'
    assert "sandbox" in answer["Content-Security-Policy"]
    read = Event.objects.get(name="document.read")
    assert (read.outcome, read.channel, read.case_id) == (Outcome.READ, "api", case.pk)
    assert TITLE not in json.dumps([read.data, read.fields])


def test_what_is_dangerous_is_refused_and_nothing_of_it_stays(
    api: Api, case: Case, folder: Path
) -> None:
    for content in (b"MZ\x90\0" + b"\0" * 200, b"<html><script>x</script>", b"#!/bin/sh\n"):
        answer = add(api, case, content)
        assert (answer.status_code, answer.data["type"]) == (409, "/problems/refused")
    assert not Document.objects.exists()
    assert lying_about(folder) == []


def test_malware_is_refused(api: Api, case: Case, folder: Path, settings: Any) -> None:
    settings.OSLONAC_CLAMAV = scanner()
    answer = add(api, case, b"Obican tekst " + EICAR)
    assert answer.data["code"] == "document.malware"
    assert lying_about(folder) == []


def test_a_file_that_waits_for_the_scanner_is_not_handed_out(
    api: Api, case: Case, settings: Any, folder: Path
) -> None:
    settings.OSLONAC_CLAMAV = str(folder / "nobody.sock")
    settings.OSLONAC_CLAMAV_UNREACHABLE = "quarantine"
    made = add(api, case, pdf()).data
    assert made["status"] == "quarantined"
    refused = content_of(api, case, made)
    assert (refused.status_code, refused.json()["code"]) == (409, "document.quarantined")
    path = f"/cases/{case.pk}/documents/{made['id']}/scan"
    assert api.post(path, {"revision": 1}).data["code"] == "document.no_scanner"
    settings.OSLONAC_CLAMAV = scanner()
    released = api.made(path, {"revision": 1})
    assert (released["status"], released["scan"]) == ("kept", "clean")
    assert content_of(api, case, made).status_code == 200


def test_a_picture_loses_what_the_phone_wrote_into_it(api: Api, case: Case) -> None:
    made = add(api, case, photo()).data
    assert b"Exif" in photo()
    assert b"Exif" not in content_of(api, case, made).body


def test_a_repetition_adds_nothing(api: Api, case: Case, folder: Path) -> None:
    first = add(api, case, content := pdf(), key="k1")
    again = add(api, case, content, key="k1")
    assert again.data["id"] == first.data["id"]
    assert again["Idempotency-Replayed"] == "true"
    assert add(api, case, photo(), key="k1").data["code"] == "key_reused"
    assert len(lying_about(folder)) == Document.objects.count() == 1


def test_a_form_that_does_not_fit_is_told_in_fields(
    api: Api, case: Case, folder: Path, settings: Any
) -> None:
    path = f"{ROOT}/cases/{case.pk}/documents"
    sent = {"content_type": "application/json", "headers": api.headers}
    assert api.client.post(path, "{}", **sent).json()["type"] == "/problems/not-form"
    broken = {"content_type": "multipart/form-data", "headers": api.headers}
    assert api.client.post(path, b"x", **broken).json()["type"] == "/problems/bad-form"
    missing = api.client.post(path, {"kind": "finding_opinion"}, headers=api.headers).json()
    assert set(missing["errors"]) == {"title"}
    no_file = api.client.post(
        path, {"kind": "finding_opinion", "title": "x"}, headers=api.headers
    ).json()
    assert set(no_file["errors"]) == {"file"}
    assert set(add(api, case, pdf(), stored="a" * 32).data["errors"]) == {"stored"}
    assert set(add(api, case, pdf(), kind="nothing").data["errors"]) == {"kind"}
    settings.OSLONAC_UPLOAD_BYTES = 100
    assert add(api, case, pdf()).data["type"] == "/problems/too-large"
    assert (Document.objects.count(), lying_about(folder)) == (0, [])


def test_a_session_needs_the_form_token_for_a_file_too(ana: cast.Member, case: Case) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana.user, backend="oslonac.accounts.backends.LoginName")
    path = f"{ROOT}/cases/{case.pk}/documents"
    body = {"kind": "finding_opinion", "title": TITLE, "file": SimpleUploadedFile("a.pdf", pdf())}
    assert client.post(path, body).json()["type"] == "/problems/csrf"
    assert not Document.objects.exists()
    client.cookies["csrftoken"] = "a" * 32
    body["file"] = SimpleUploadedFile("a.pdf", pdf())
    assert client.post(path, body, headers={"X-CSRFToken": "a" * 32}).status_code == 201


def test_nobody_who_is_not_signed_in_leaves_bytes_behind(case: Case, folder: Path) -> None:
    nobody = Api.__new__(Api)
    nobody.client, nobody.headers = Client(), {"Authorization": "Bearer osl_wrong"}
    assert add(nobody, case, pdf()).status_code == 401
    assert lying_about(folder) == []


def test_documents_need_the_level_of_names_and_those_that_tell_where_the_whereabouts(
    api: Api, ana: cast.Member, case: Case
) -> None:
    plain = add(api, case, pdf()).data
    told = add(api, case, pdf(), tells_where="true").data
    assert told["tells_where"] is True
    team = cast.member("Nada Ilić", Role.NGO_WORKER, "csw-subotica")
    see(cast.dragan(), case, team, Level.NARRATIVE)
    path = f"/cases/{case.pk}/documents"
    assert Api(team).get(path).status_code == 403
    assert content_of(Api(team), case, plain).status_code == 403
    near = cast.member("Sanja Vuk", Role.NGO_WORKER, "csw-subotica")
    see(cast.dragan(), case, near, Level.IDENTITY)
    shown = Api(near).get(path).data
    assert [(each["id"], each["number"]) for each in shown] == [(plain["id"], 1)]
    assert content_of(Api(near), case, told).status_code == 404
    assert content_of(Api(cast.jelena()), case, plain).status_code == 404
    assert [each["number"] for each in api.get(path).data] == [2, 1]


def test_removing_is_for_those_who_may_and_not_under_a_hold(
    api: Api, ana: cast.Member, case: Case
) -> None:
    made = add(api, case, pdf()).data
    path = f"/cases/{case.pk}/documents/{made['id']}/removal"
    body = {"revision": 1, "reason": "Tuđi nalaz."}
    other = cast.teodora()
    see(cast.dragan(), case, other, Level.IDENTITY)
    assert Api(other).post(path, body).status_code == 403
    hold = retention.give_hold(
        actor=cast.dragan().actor(),
        at=now(),
        case=case,
        reason="proceedings",
        text="Postupak pred sudom.",
    )
    assert api.post(path, body).data["code"] == "document.held"
    retention.lift_hold(
        actor=cast.dragan().actor(), at=now(), hold=hold, revision=1, text="Završeno."
    )
    assert api.made(path, body)["status"] == "removed"
    assert api.post(path, body).status_code == 409
    assert content_of(api, case, made).json()["code"] == "document.removed"
    assert filestore.folder().exists()


# --- Exports ------------------------------------------------------------------------------------


def take_out(client: Client, path: str, body: Any, key: str = "") -> Any:
    answer = client.post(
        ROOT + path,
        json.dumps(body),
        content_type="application/json",
        headers={"Idempotency-Key": key} if key else {},
    )
    if getattr(answer, "streaming", False):
        answer.body = b"".join(answer.streaming_content)
    return answer


def test_a_case_file_goes_out_sealed_once_for_a_key_and_noted(
    ana: cast.Member, api: Api, case: Case, folder: Path
) -> None:
    add(api, case, content := pdf())
    client = ana.client()
    answer = take_out(client, f"/cases/{case.pk}/exports", SAID, key="e1")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/octet-stream")
    assert b"Farid" not in answer.body
    parts = unzipped(answer.body)
    assert parts["document-01.pdf"] == content
    again = take_out(client, f"/cases/{case.pk}/exports", SAID, key="e1")
    assert (again.status_code, again.json()["code"]) == (409, "export.sent")
    assert Export.objects.count() == Event.objects.filter(name="export.made").count() == 1
    assert len(lying_about(folder)) == 1  # the document; nothing of what went out
    (listed,) = api.get(f"/cases/{case.pk}/exports").data
    assert (listed["receiver"], listed["purpose"]) == ("Osnovni sud u Vranju", "court")
    assert api.get("/exports").data["items"][0]["id"] == listed["id"]
    assert PASSWORD not in json.dumps([listed, *Event.objects.values_list("data", flat=True)])


def test_taking_out_wants_a_fresh_proof_and_a_token_cannot_give_one(
    ana: cast.Member, api: Api, case: Case, settings: Any
) -> None:
    settings.OSLONAC_STEP_UP = True
    for path in (f"/cases/{case.pk}/exports", "/exports/caseload"):
        body = SAID if "cases" in path else SAID | {"purpose": "audit"}
        assert api.post(path, body).data["type"] == "/problems/step-up-needed"
        stale = take_out(ana.client(), path, body)
        assert stale.json()["type"] == "/problems/step-up-needed"
    assert not Export.objects.exists()


def test_who_may_take_out_what(ana: cast.Member, api: Api, case: Case) -> None:
    path = f"/cases/{case.pk}/exports"
    assert take_out(cast.teodora().client(), path, SAID).status_code == 403
    assert take_out(cast.jelena().client(), path, SAID).status_code == 404
    days = {"since": str(cast.today()), "until": str(cast.today()), "purpose": "audit"}
    assert take_out(ana.client(), "/exports/ledger", SAID | days).status_code == 403
    auditor = cast.member("Petra Nikolić", Role.AUDITOR, "csw-subotica")
    answer = take_out(auditor.client(), "/exports/ledger", SAID | days)
    assert set(unzipped(answer.body)) == {"ledger.csv", "ledger.xlsx"}
    assert take_out(auditor.client(), "/exports/caseload", SAID).status_code == 403
    near = cast.member("Sanja Vuk", Role.NGO_WORKER, "csw-subotica")
    see(cast.dragan(), case, near, Level.NARRATIVE)
    assert Api(near).get(path).status_code == 403


def test_what_seals_nothing_is_refused(ana: cast.Member, case: Case) -> None:
    path = f"/cases/{case.pk}/exports"
    for more, field in (
        ({"password": "short"}, "password"),
        ({"form": "age", "recipient": "age1none"}, "recipient"),
        ({"purpose": "supervision"}, "purpose"),
    ):
        answer = take_out(ana.client(), path, SAID | more)
        assert (answer.status_code, set(answer.json()["errors"])) == (422, {field})
    assert not Export.objects.exists()
