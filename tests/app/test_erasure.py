"""Erasure: two people decide, the keys go, the signed entry stays, nothing brings anyone back."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import TestCase

from oslonac.access.models import Grant
from oslonac.access.roles import Role
from oslonac.audit.models import Event
from oslonac.cases.models import Case, Encounter
from oslonac.documents.models import Document
from oslonac.kit.clock import now
from oslonac.people.models import Person, Statement
from oslonac.retention import actions, queries
from oslonac.retention.models import Disposal, Hold
from oslonac.vault import erasers, erasures, filestore, keyring, recovery, signing
from oslonac.vault.models import DataKey, Erasure
from oslonac.vault.sealing import ERASED, open_one
from tests import cast
from tests.app.case_tabs import shown_to
from tests.app.test_documents import add, pdf
from tests.http import page_of
from tests.refusals import refused

pytestmark = pytest.mark.django_db
NAME = "Farid Rahimi"


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, settings: Any) -> Path:
    settings.OSLONAC_STEP_UP = False
    settings.OSLONAC_DATA = str(tmp_path)
    settings.OSLONAC_KEYS = str(tmp_path / "keys")
    keyring.ensure_key_file(tmp_path / "keys")
    return tmp_path


@pytest.fixture
def staff() -> dict[str, Any]:
    return {
        "teodora": cast.teodora(),
        "ana": cast.ana(),
        "dragan": cast.dragan(),
        "lawyer": cast.member("Vera Popović", Role.LAWYER),
        "head": cast.member("Zoran Ilić", Role.HEAD),
        "auditor": cast.member("Petra Nikolić", Role.AUDITOR, "csw-subotica"),
    }


@pytest.fixture
def case(staff: Any) -> Case:
    return cast.case(staff["teodora"], staff["ana"], at=now() - timedelta(days=3))


def close(case: Case, days_ago: int = 1) -> Case:
    Case.objects.filter(pk=case.pk).update(
        status="closed",
        closing_reason="no_further_need",
        closed_at=now() - timedelta(days=days_ago),
    )
    return Case.objects.get(pk=case.pk)


def proposed(case: Case, staff: Any, ground: str = "request") -> Disposal:
    return actions.propose(
        actor=staff["lawyer"].actor(), at=now(), case=case, ground=ground, reference="12/26"
    )


def decided(disposal: Disposal, who: Any, approved: bool = True) -> Disposal:
    with TestCase.captureOnCommitCallbacks(execute=True):
        return actions.answer(
            actor=who.actor(),
            at=now(),
            disposal=disposal,
            revision=disposal.revision,
            approved=approved,
        )


def erased(case: Case, staff: Any) -> Disposal:
    return decided(proposed(close(case), staff), staff["head"])


def test_the_name_the_story_and_the_files_are_gone_and_the_entry_is_signed(
    case: Case, staff: Any, own_folders: Path
) -> None:
    add(staff["ana"].client(), case, pdf())
    stored = Document.objects.get().stored
    name = case.person.names.get()
    assert open_one(name, "full") == NAME
    row = erased(case, staff)
    assert row.status == "done"
    assert not filestore.path_of(stored).exists()
    assert open_one(name, "full") == ERASED
    person = Person.objects.get(pk=case.person_id)
    assert (person.born_from.month, person.born_from.day) == (1, 1)
    assert (person.born_to.month, person.born_to.day) == (12, 31)
    assert not Statement.objects.filter(person=person).exists()
    met = Encounter.objects.get(pk=case.encounter_id)
    assert open_one(met, "narrative") == ERASED
    entry, signature = row.erasure.entry, row.erasure.signature()
    signing.check("erasure", entry, signature)
    assert signing.is_ours(signature)
    assert entry["subject"] == str(case.person_id)
    assert entry["approved_by"] == str(staff["head"].user.pk)
    assert entry["proposed_by"] == str(staff["lawyer"].user.pk)
    assert (entry["ground"], entry["reference"]) == ("request", "12/26")
    assert {"people", "documents"} <= set(entry["also"])
    with pytest.raises(signing.BadSignature):
        signing.check("erasure", entry | {"ground": "court"}, signature)
    event = Event.objects.get(name="identity.erased")
    assert event.data["signature"] == signature.value
    assert event.case_id == case.pk
    assert not Grant.objects.filter(record_id=case.pk, ends_at__isnull=True).exists()
    lines = erasures.read(own_folders / "keys")
    assert [line.entry for line in lines] == [entry]
    assert (own_folders / "keys" / erasures.LIST_NAME).stat().st_mode & 0o077 == 0


def test_a_file_that_only_an_erased_child_was_in_goes_and_a_shared_note_stays(
    case: Case, staff: Any
) -> None:
    teodora = staff["teodora"]
    met = cast.encounter(teodora, at=now(), children=2)
    Encounter.objects.filter(pk=met.pk).update(person=case.person)
    traces = queries.traces_of(case.person)
    assert case.encounter.key_id in traces.keys
    assert met.key_id not in traces.keys
    assert traces.shared_notes == 1


def test_nobody_destroys_alone(case: Case, staff: Any) -> None:
    close(case)
    case.refresh_from_db()
    own = actions.propose(
        actor=staff["head"].actor(), at=now(), case=case, ground="request", reference="1"
    )
    with refused("disposal.own"):
        decided(own, staff["head"])
    with refused("disposal.proposed"):
        proposed(case, staff)
    decided(own, staff["dragan"], approved=False)
    own.refresh_from_db()
    assert own.status == "refused"
    assert open_one(case.person.names.get(), "full") == NAME
    with refused("disposal.answered"):
        decided(own, staff["dragan"])


def test_the_database_refuses_two_hats_as_well(case: Case, staff: Any) -> None:
    from django.db import IntegrityError, transaction

    row = proposed(close(case), staff)
    with pytest.raises(IntegrityError), transaction.atomic():
        Disposal.objects.filter(pk=row.pk).update(
            status="refused", answered_by=staff["lawyer"].user
        )


@pytest.mark.parametrize(
    ("ground", "refusal"), [("request", "disposal.open"), ("period_over", "disposal.early")]
)
def test_an_open_file_or_an_unknown_period_stands_in_the_way(
    ground: str, refusal: str, case: Case, staff: Any
) -> None:
    if ground == "period_over":
        close(case, days_ago=365 * 100)
        case.refresh_from_db()
    with refused(refusal):
        proposed(case, staff, ground)


def test_a_centres_period_lets_a_file_become_due(case: Case, staff: Any) -> None:
    head = staff["head"]
    for code in ("child_file", "guardianship"):
        actions.set_period(
            actor=head.actor(),
            at=now(),
            organisation=head.organisation,
            category=code,
            years=5,
            document="Lista 3/2024",
        )
    close(case, days_ago=365 * 30)
    case.refresh_from_db()
    Person.objects.filter(pk=case.person_id).update(born_from="1980-01-01", born_to="1980-12-31")
    case = Case.objects.get(pk=case.pk)
    line = queries.closed_files(staff["lawyer"].actor(), at=now())[0]
    assert line.case == case
    assert line.standing.is_over(cast.today())
    row = proposed(case, staff, "period_over")
    assert row.categories == ["child_file"]
    assert decided(row, staff["dragan"]).status == "done"


def test_a_hold_stops_both_steps_and_is_lifted_by_somebody_else(case: Case, staff: Any) -> None:
    close(case)
    case.refresh_from_db()
    row = proposed(case, staff)
    hold = actions.give_hold(
        actor=staff["dragan"].actor(),
        at=now(),
        case=case,
        reason="proceedings",
        text="K. 55/26 Фарид",
    )
    with refused("disposal.held"):
        decided(row, staff["head"])
    with refused("hold.own"):
        actions.lift_hold(
            actor=staff["dragan"].actor(), at=now(), hold=hold, revision=1, text="Inspekcija."
        )
    actions.lift_hold(actor=staff["head"].actor(), at=now(), hold=hold, revision=1, text="Kraj")
    assert decided(row, staff["head"]).status == "done"
    assert Hold.objects.get().text is None


def test_a_hold_that_is_over_holds_nothing(case: Case, staff: Any) -> None:
    actions.give_hold(
        actor=staff["head"].actor(),
        at=now(),
        case=case,
        reason="audit",
        text="Inspekcija.",
        ends_on=cast.today(),
    )
    assert len(queries.holds_of([case.person_id], at=now())) == 1
    assert queries.holds_of([case.person_id], at=now() + timedelta(days=2)) == []


def test_pages_lead_two_people_to_a_certificate(case: Case, staff: Any) -> None:
    lawyer, head = staff["lawyer"].client(), staff["head"].client()
    close(case)
    page = shown_to(lawyer, case)
    assert f"/cases/{case.pk}/do/dispose/" in page
    said = {"ground": "request", "reference": "77/26", "request_key": "1"}
    assert lawyer.post(f"/cases/{case.pk}/do/dispose/", said).status_code == 302
    row = Disposal.objects.get()
    url = f"/administration/retention/proposals/{row.pk}/"
    assert 'value="approve"' not in lawyer.get(url).content.decode()
    page = page_of(head.get(url))
    assert 'value="approve"' in page
    assert NAME not in page
    fields = dict(re.findall(r'name="(request_key|revision)" value="([^"]*)"', page))
    answer = head.post(url, fields | {"decision": "approve"})
    assert answer.status_code == 302
    paper = head.get(f"{url}certificate.pdf")
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF")
    for form in ("pdf", "csv", "xlsx"):
        answer = head.get(f"/administration/retention/destroyed/report.{form}")
        assert answer.status_code == 200
        assert "attachment" in answer["Content-Disposition"]
    assert case.number in head.get("/administration/retention/destroyed/").content.decode()
    auditor = staff["auditor"].client()
    assert case.number in auditor.get("/administration/retention/destroyed/").content.decode()
    assert 'value="approve"' not in auditor.get(url).content.decode()
    stranger = cast.jelena().client()
    assert stranger.get(url).status_code == 404
    assert staff["ana"].client().get("/administration/retention/").status_code == 403


def brought_back(case: Case) -> None:
    """As a restored backup does: the wrapped keys stand in the database again."""
    for pk, wrapped in KEPT.items():
        DataKey.objects.filter(pk=pk).update(wrapped=wrapped, destroyed_at=None)
    Disposal.objects.all().update(status="withdrawn", erasure=None)
    Erasure.objects.all().delete()


KEPT: dict[Any, bytes] = {}


@pytest.fixture
def backup(case: Case, staff: Any) -> Any:
    """An erased child whose wrapped keys came back, as from an old backup."""
    KEPT.clear()
    KEPT.update({key.pk: bytes(key.wrapped) for key in DataKey.objects.all()})
    name = bytes(case.person.names.get().full)
    kept = (case.person.names.get().pk, name)
    erased(case, staff)
    brought_back(case)
    return kept


def test_what_an_old_backup_brings_back_is_shown_to_nobody_and_destroyed_again(
    backup: Any, case: Case
) -> None:
    person = Person.objects.select_related("key").get(pk=case.person_id)
    assert person.key.wrapped is not None
    met = Encounter.objects.get(pk=case.encounter_id)
    assert open_one(met, "narrative") == ERASED
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert erasers.reconcile() == 1
    assert DataKey.objects.get(pk=person.key_id).wrapped is None
    assert Erasure.objects.get().subject_id == case.person_id
    assert erasers.reconcile() == 0


def test_neither_recovery_nor_a_rotation_brings_anyone_back(
    backup: Any, case: Case, own_folders: Path
) -> None:
    keys = own_folders / "keys"
    sheets = recovery.make_sheets(keys, threshold=2, sheets=3)
    copy = keys / recovery.COPY_NAME
    elsewhere = own_folders / "elsewhere"
    recovery.restore(copy, sheets[:2], elsewhere)
    assert (elsewhere / erasures.LIST_NAME).read_bytes() == (keys / erasures.LIST_NAME).read_bytes()
    assert len(erasures.read(elsewhere)) == 1
    assert recovery.rehearse(keys, copy, sheets[1:]).erased


def test_a_rehearsal_finds_a_copy_older_than_an_erasure(
    case: Case, staff: Any, own_folders: Path
) -> None:
    keys = own_folders / "keys"
    sheets = recovery.make_sheets(keys)
    old = own_folders / "old.recovery"
    old.write_bytes((keys / recovery.COPY_NAME).read_bytes())
    erased(case, staff)
    assert not recovery.rehearse(keys, old, sheets).erased
    assert recovery.rehearse(keys, keys / recovery.COPY_NAME, sheets).erased


@pytest.mark.parametrize("harm", ["cut", "removed", "changed", "swapped", "forged"])
def test_a_list_that_was_touched_is_noticed(
    harm: str, staff: Any, own_folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        made = cast.case(staff["teodora"], staff["ana"], at=now() - timedelta(days=3))
        erased(made, staff)
    keys = own_folders / "keys"
    path = keys / erasures.LIST_NAME
    lines = path.read_text().splitlines(keepends=True)
    assert len(erasures.read(keys)) == 3
    said = json.loads(lines[1])
    said["entry"]["ground"] = "court"
    touched = {
        "cut": lines[:2],
        "removed": [],
        "changed": [lines[0], json.dumps(said) + "\n", lines[2]],
        "swapped": [lines[1], lines[0], lines[2]],
    }
    if harm == "forged":
        foreign = own_folders / "foreign"
        keyring.ensure_key_file(foreign)
        monkeypatch.setattr(signing, "keys_folder", lambda: foreign)
        monkeypatch.setattr(keyring, "current", lambda: keyring.load(foreign / "oslonac.keys.json"))
        entry = json.loads(lines[0])["entry"] | {"keys": [str(staff["ana"].user.key_id)]}
        signature = signing.sign("erasure", entry)
        monkeypatch.undo()
        erasures.append(keys, entry, signature)
        assert str(staff["ana"].user.key_id) not in erasures.erased_keys()
        with pytest.raises(erasures.ListBroken, match=r"not ours"):
            erasers.reconcile()
        return
    path.write_text("".join(touched[harm]))
    with pytest.raises(erasures.ListBroken):
        erasers.reconcile()


def test_an_erasure_that_a_crash_kept_from_the_list_gets_there(
    case: Case, staff: Any, own_folders: Path
) -> None:
    row = proposed(close(case), staff)
    actions.answer(  # committed, but the process dies before the list is written
        actor=staff["head"].actor(), at=now(), disposal=row, revision=row.revision, approved=True
    )
    connection.run_on_commit.clear()
    assert erasures.read(own_folders / "keys") == []
    erasers.reconcile()
    assert len(erasures.read(own_folders / "keys")) == 1
