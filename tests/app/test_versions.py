"""Versions: a new one leaves running cases where they are; moving is a decision that shows before
what it changes, for one case and for all of a centre."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from oslonac.access.roles import Role
from oslonac.audit.models import Event
from oslonac.cases import actions
from oslonac.cases.duties import moving, reckoning
from oslonac.cases.models import Case, Decision
from oslonac.kit.clock import now
from oslonac.kit.errors import Stale
from oslonac.protocols import catalogue, editions
from oslonac.protocols.models import Edition, Obligation, ProcedureSet
from oslonac.protocols.versions import Kind
from tests import cast
from tests.forms import fill
from tests.http import page_of
from tests.next_version import next_version, version_of
from tests.refusals import denied, hidden, refused

pytestmark = pytest.mark.django_db
SERBIA = Path(settings.OSLONAC_PACK) / "protocols"


@pytest.fixture(autouse=True)
def _own_words() -> Iterator[None]:
    catalogue.forget_cached()
    yield
    catalogue.forget_cached()


@pytest.fixture
def case(db: None) -> Case:
    return cast.case(cast.teodora(), cast.ana(), at=now() - timedelta(hours=2))


def publish(folder: Path, **changes: tuple[str, str]) -> ProcedureSet:
    """The pack of Serbia with some texts changed, loaded as the pack's next version."""
    for path in SERBIA.glob("*.yaml"):
        text = path.read_text("utf-8")
        before, after = changes.get(path.stem.replace("-", "_"), ("", ""))
        assert before in text
        if before:
            text = next_version(text.replace(before, after))
        (folder / path.name).write_text(text, "utf-8")
    return editions.load_pack(folder)


# Of the appointment alone: the placement has the same words.
_APPOINTED = "done_by: [{event: guardian.appointed, by: anybody}]\n    due:\n      - "
HALF_A_DAY = (
    _APPOINTED + "{after: child_known, within: {hours: 24}, from: facts.informed_at",
    _APPOINTED + "{after: child_known, within: {hours: 12}, from: facts.informed_at",
)


def due(case: Case, activity: str) -> Any:
    return Obligation.objects.get(case_id=case.pk, activity=activity).due_at


def test_the_same_pack_again_is_the_same_set() -> None:
    first = editions.load_pack(SERBIA)
    count = Edition.objects.count()
    assert editions.load_pack(SERBIA).pk == first.pk
    assert Edition.objects.count() == count
    assert {e.protocol for e in Edition.objects.filter(pk__in=first.editions)} >= {
        "csw-case-management",
        "guardianship",
    }


def test_a_case_stays_on_the_version_it_began_with(case: Case, tmp_path: Path) -> None:
    before = due(case, "appoint_guardian")
    assert case.procedures_id == editions.current().pk
    opened = Event.objects.get(case_id=case.pk, name="case.opened")
    assert opened.data["procedures"] == str(case.procedures_id)
    newer = publish(tmp_path, guardianship=HALF_A_DAY)
    assert newer.pk != case.procedures_id
    assert reckoning.reckon([case.pk]).rows == 0
    assert due(case, "appoint_guardian") == before
    later = cast.case(cast.teodora(), cast.ana(), at=now())
    assert later.procedures_id == newer.pk
    assert due(later, "appoint_guardian") == later.informed_at + timedelta(hours=12)


def test_moving_shows_what_changes_and_is_a_recorded_decision(case: Case, tmp_path: Path) -> None:
    dragan = cast.dragan()
    assert moving.moves(case, now()) == []
    publish(tmp_path, guardianship=HALF_A_DAY)
    (ahead,) = moving.moves(case, now())
    assert ahead.protocol == "guardianship"
    assert ahead.old and ahead.new
    assert ahead.old.version == version_of((SERBIA / "guardianship.yaml").read_text("utf-8"))
    assert int(ahead.new.version) == int(ahead.old.version) + 1
    (change,) = ahead.duties
    assert (change.kind, change.activity) == (Kind.DUE, "appoint_guardian")
    client = dragan.client()
    page = page_of(client.get(f"/cases/{case.pk}/do/procedures/"))
    assert "Appoint a temporary guardian: due" in page
    assert f"version {ahead.old.version}" in page
    response = fill(client, f"/cases/{case.pk}/do/procedures/", reason="Nova verzija važi za sve.")
    assert response.status_code == 302
    case.refresh_from_db()
    assert case.procedures_id == editions.current().pk
    assert due(case, "appoint_guardian") == case.informed_at + timedelta(hours=12)
    event = Event.objects.get(case_id=case.pk, name="procedures.moved")
    assert event.data["protocols"] == ["guardianship"]
    assert Decision.objects.get(case=case, kind="procedures").decided_by_id == dragan.user.pk
    assert "Move to the current versions" not in client.get(f"/cases/{case.pk}/").content.decode()


def test_who_may_not_decide_it_does_not_and_twice_is_refused(case: Case, tmp_path: Path) -> None:
    publish(tmp_path, guardianship=HALF_A_DAY)
    common: dict[str, Any] = {"at": now(), "case": case, "reason": "Odobreno."}
    with denied("case.approve"):
        actions.move_procedures(actor=cast.ana().actor(), revision=case.revision, **common)
    with hidden("case"):
        actions.move_procedures(actor=cast.jelena().actor(), revision=case.revision, **common)
    lead = cast.dragan().actor()
    with pytest.raises(Stale):
        actions.move_procedures(actor=lead, revision=99, **common)
    case.refresh_from_db()
    actions.move_procedures(actor=lead, revision=case.revision, **common)
    case.refresh_from_db()
    with refused("procedures.current"):
        actions.move_procedures(actor=lead, revision=case.revision, **common | {"case": case})


def test_all_cases_of_a_centre_are_moved_by_whoever_leads_it(case: Case, tmp_path: Path) -> None:
    others = [cast.case(cast.teodora(), cast.ana(), at=now()) for _ in range(2)]
    publish(tmp_path, guardianship=HALF_A_DAY)
    client = cast.member("Goran Head", Role.HEAD).client()
    assert "3 open cases use older versions" in page_of(client.get("/cases/team/"))
    page = page_of(client.get("/cases/procedures/"))
    assert "New deadline: Appoint a temporary guardian" in page and "3 cases" in page
    assert all(each.number in page for each in (case, *others))
    assert fill(client, "/cases/procedures/", reason="").status_code == 422
    assert fill(client, "/cases/procedures/", reason="Nova verzija.").status_code == 302
    pinned = set(Case.objects.values_list("procedures", flat=True))
    assert pinned == {editions.current().pk}
    assert Event.objects.filter(name="procedures.moved").count() == 3
    assert "uses the current versions" in client.get("/cases/procedures/").content.decode()
    # Nobody of another centre is shown them.
    assert case.number not in cast.jelena().client().get("/cases/procedures/").content.decode()


def test_a_step_only_an_older_version_knows_is_still_told(case: Case, tmp_path: Path) -> None:
    renamed = ("id: choose_pathway", "id: choose_the_way")
    publish(tmp_path, transit=renamed)
    assert catalogue.title("choose_pathway").startswith("Decide whether the child stays")
    assert catalogue.title("choose_the_way").startswith("Decide whether the child stays")
    assert catalogue.title("never_was") == "never_was"


def test_a_pack_that_cannot_run_is_refused_with_file_and_line(tmp_path: Path) -> None:
    before = editions.current().pk
    with pytest.raises(editions.BadProtocols) as refused:
        publish(tmp_path, guardianship=("within: {hours: 24}", "within: {hours: 1000000000}"))
    assert "guardianship.yaml:" in str(refused.value) and "absurd" in str(refused.value)
    assert editions.current().pk == before


def test_the_api_tells_versions_changes_and_moves(case: Case, tmp_path: Path) -> None:
    publish(tmp_path, guardianship=HALF_A_DAY)
    client = cast.dragan().client()
    found = client.get(f"/api/v1/cases/{case.pk}/procedures").json()
    behind = {v["protocol"] for v in found["versions"] if not v["current"]}
    assert behind == {"guardianship"}
    assert found["blocked"] and all(each["missing"] for each in found["blocked"])
    (change,) = [
        c
        for c in client.get(f"/api/v1/cases/{case.pk}/procedures/changes").json()
        if c["kind"] == "due"
    ]
    assert change["activity"] == "appoint_guardian"


def test_the_api_records_steps_and_clocks() -> None:
    manager = cast.ana()
    case = cast.case(cast.teodora(), manager, at=now() - timedelta(hours=2))
    ana, dragan = manager.client(), cast.dragan().client()
    home = f"/api/v1/cases/{case.pk}"

    def post(client: Any, path: str, body: dict[str, Any]) -> Any:
        return client.post(f"{home}{path}", body, content_type="application/json")

    duty = Obligation.objects.get(case_id=case.pk, activity="begin_initial")
    step = {"activity": "uasc_health_check", "happened_at": now().isoformat(), "evidence": "Nalaz"}
    assert post(ana, "/steps", step).json()["activity"] == "uasc_health_check"
    blocked = post(ana, "/steps", step | {"activity": "uasc_seek_asylum"})
    assert blocked.status_code == 409 and "must be done first" in blocked.content.decode()
    clock = f"/obligations/{duty.pk}"
    assert post(ana, f"{clock}/suspension", {"reason": "Bolnica."}).status_code == 200
    assert post(ana, f"{clock}/resumption", {"reason": "Otpušten."}).status_code == 200
    more = {"reason": "Odobreno.", "amount": 2, "unit": "working_days"}
    assert post(ana, f"{clock}/extension", more).status_code == 403
    assert post(dragan, f"{clock}/extension", more).json()["kind"] == "clock"
    later = Obligation.objects.get(pk=duty.pk).due_at
    assert later and duty.due_at and later > duty.due_at
