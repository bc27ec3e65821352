"""Retention and deletion through the API: holds, four eyes, the signed entry, the periods."""

import base64
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.test import TestCase

from oslonac.access.roles import Role
from oslonac.access.rules import Level
from oslonac.cases.models import Case
from oslonac.kit.clock import now
from oslonac.people.models import Person
from oslonac.vault import keyring
from oslonac.vault.models import DataKey
from tests import cast
from tests.app.api_client import Api
from tests.app.test_case_page import see

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, settings: Any) -> Path:
    settings.OSLONAC_STEP_UP = False
    settings.OSLONAC_DATA = str(tmp_path)
    settings.OSLONAC_KEYS = str(tmp_path / "keys")
    keyring.ensure_key_file(tmp_path / "keys")
    return tmp_path


@pytest.fixture
def case() -> Case:
    made = cast.case(cast.teodora(), cast.ana(), at=now() - timedelta(days=3))
    Case.objects.filter(pk=made.pk).update(
        status="closed", closing_reason="no_further_need", closed_at=now() - timedelta(days=1)
    )
    return Case.objects.get(pk=made.pk)


@pytest.fixture
def lawyer() -> Api:
    return Api(cast.member("Vera Popović", Role.LAWYER))


@pytest.fixture
def head() -> Api:
    return Api(cast.member("Zoran Ilić", Role.HEAD))


def proposed(api: Api, case: Case) -> Any:
    return api.made(f"/cases/{case.pk}/disposals", {"ground": "request", "reference": "12/26"})


def test_a_hold_stands_in_the_way_until_another_lifts_it(
    lawyer: Api, head: Api, case: Case
) -> None:
    path = f"/cases/{case.pk}/holds"
    hold = lawyer.made(path, {"reason": "proceedings", "text": "Sud u Vranju traži spis."})
    assert (hold["text"], hold["ended_at"]) == ("Sud u Vranju traži spis.", None)
    refused = lawyer.post(f"/cases/{case.pk}/disposals", {"ground": "request", "reference": "1"})
    assert refused.data["code"] == "disposal.held"
    lifting = f"{path}/{hold['id']}/lifting"
    body = {"revision": 1, "text": "Postupak je završen."}
    assert lawyer.post(lifting, body).status_code == 403
    assert head.made(lifting, body)["end_text"] == "Postupak je završen."
    assert head.post(lifting, body).data["code"] == "hold.lifted"
    assert [each["id"] for each in lawyer.get(path).data] == [hold["id"]]
    assert proposed(lawyer, case)["status"] == "proposed"


def test_what_a_hold_says_needs_the_level_of_narratives(lawyer: Api, case: Case) -> None:
    lawyer.made(f"/cases/{case.pk}/holds", {"reason": "audit", "text": "Inspekcija."})
    far = cast.member("Sanja Vuk", Role.NGO_WORKER, "csw-subotica")
    see(cast.dragan(), case, far, Level.CASE)
    (shown,) = Api(far).get(f"/cases/{case.pk}/holds").data
    assert (shown["text"], shown["withheld"]) == (None, ["narrative"])
    assert (
        Api(far)
        .post(f"/cases/{case.pk}/holds", {"reason": "audit", "text": "Inspekcija."})
        .status_code
        == 403
    )


def test_two_people_destroy_and_the_entry_can_be_checked_elsewhere(
    lawyer: Api, head: Api, case: Case
) -> None:
    row = proposed(lawyer, case)
    path = f"/retention/disposals/{row['id']}"
    answer = {"revision": row["revision"], "approved": True}
    assert lawyer.post(f"{path}/answer", answer).status_code == 403
    assert head.get(f"{path}/certificate").status_code == 404
    assert head.post(f"{path}/answer", answer | {"revision": 9}).status_code == 409
    with TestCase.captureOnCommitCallbacks(execute=True):
        done = head.made(f"{path}/answer", answer)
    assert (done["status"], done["numbers"]) == ("done", [case.number])
    key = DataKey.objects.get(pk=Person.objects.get(pk=case.person_id).key_id)
    assert key.destroyed_at is not None
    entry = head.get(f"{path}/certificate").data
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(entry["public_key"]))
    text = f"{entry['context']}\0{entry['signed']}".encode()
    public.verify(base64.b64decode(entry["signature"]), text)
    assert str(key.pk) in entry["keys"]


def test_nobody_decides_on_their_own_proposal(head: Api, case: Case) -> None:
    row = proposed(head, case)
    path = f"/retention/disposals/{row['id']}"
    body = {"revision": row["revision"], "approved": True}
    assert head.post(f"{path}/answer", body).data["code"] == "disposal.own"
    gone = head.made(f"{path}/withdrawal", {"revision": row["revision"]})
    assert gone["status"] == "withdrawn"


def test_a_decision_wants_a_fresh_proof(lawyer: Api, head: Api, case: Case, settings: Any) -> None:
    row = proposed(lawyer, case)
    settings.OSLONAC_STEP_UP = True
    path = f"/retention/disposals/{row['id']}/answer"
    answer = head.post(path, {"revision": row["revision"], "approved": True})
    assert answer.data["type"] == "/problems/step-up-needed"


def test_proposals_are_told_at_their_centre_and_to_auditors(
    lawyer: Api, head: Api, case: Case
) -> None:
    row = proposed(lawyer, case)
    elsewhere = Api(cast.jelena())
    auditor = Api(cast.member("Petra Nikolić", Role.AUDITOR, "csw-subotica"))
    assert elsewhere.get(f"/retention/disposals/{row['id']}").status_code == 404
    assert elsewhere.get("/retention/disposals").data["items"] == []
    for api in (head, auditor):
        listed = api.get("/retention/disposals", status="proposed").data["items"]
        assert [each["id"] for each in listed] == [row["id"]]
        assert api.get("/retention/disposals", status="done").data["items"] == []


def test_a_period_of_the_centre_counts_and_the_list_is_by_need(head: Api, case: Case) -> None:
    centre = str(case.organisation_id)
    (before,) = head.get("/retention/closed-files").data
    assert (before["case"], before["over"]) == (str(case.pk), False)
    for code in [each["code"] for each in head.get("/retention/periods").data]:
        said = {"organisation": centre, "category": code, "years": 10, "document": "Lista 4/2026"}
        assert head.made("/retention/periods", said)["years"] == 10
    (after,) = head.get("/retention/closed-files").data
    assert after["unknown"] == []
    assert after["period_ends_on"] is not None
    foreign = {"organisation": str(cast.jelena().organisation.pk), "category": "child_file"}
    refused = head.post("/retention/periods", foreign | {"years": 5, "document": "x"})
    assert refused.status_code == 403
    assert Api(cast.jelena()).get("/retention/closed-files").data == []
