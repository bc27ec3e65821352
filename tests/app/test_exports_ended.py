"""Exports of those whose sight has ended, or is closed by a block: what went out stays noted, what
it says of the child does not stay readable."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from oslonac.access import actions as grants
from oslonac.access.actor import SYSTEM
from oslonac.access.models import Grant
from oslonac.access.roles import Role
from oslonac.access.rules import Reason
from oslonac.cases import actions
from oslonac.cases.models import Case
from oslonac.kit.clock import now
from tests import cast
from tests.app.api_client import Api
from tests.app.test_exports import RECEIVER, ask, unzipped

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.OSLONAC_STEP_UP = False
    settings.OSLONAC_DATA = str(tmp_path)
    return tmp_path


@pytest.fixture
def ana() -> cast.Member:
    return cast.ana()


@pytest.fixture
def case(ana: cast.Member) -> Case:
    return cast.case(cast.teodora(), ana, at=now() - timedelta(hours=3))


def blocked(case: Case, who: cast.Member) -> None:
    actions.keep_away(
        actor=cast.dragan().actor(),
        at=now(),
        case=case,
        scope="all",
        reason="suspected",
        why="Rođak.",
        user=who.user,
    )


def ended(case: Case, who: cast.Member) -> None:
    grants.end_grants(
        actor=SYSTEM, at=now(), record_id=case.pk, reasons=tuple(Reason), user_id=who.user.pk
    )
    assert not Grant.objects.filter(record_id=case.pk, grantee=who.user, ends_at=None).exists()


@pytest.mark.parametrize("taken_away", [blocked, ended])
def test_whoever_lost_the_case_still_sees_that_they_exported_and_not_to_whom(
    ana: cast.Member, case: Case, taken_away: Any
) -> None:
    client, api = ana.client(), Api(ana)
    assert ask(client, f"/cases/{case.pk}/export/", "court").status_code == 200
    assert RECEIVER in client.get("/exports/").content.decode()
    taken_away(case, ana)
    page = client.get("/exports/")
    assert page.status_code == 200
    assert RECEIVER not in page.content.decode()
    answer = api.get("/exports")
    assert answer.status_code == 200
    (row,) = answer.data["items"]
    assert (row["kind"], row["receiver"], row["note"]) == ("case", None, None)


def test_an_auditor_exports_nothing_of_a_file_that_is_closed_to_them(case: Case) -> None:
    auditor = cast.member("Petra Nikolić", Role.AUDITOR, "csw-subotica")
    day = str(cast.today())
    said = {"purpose": "audit", "since": day, "until": day}
    before = ask(auditor.client(), "/exports/new/ledger/", **said)
    assert str(case.pk) in unzipped(before.body)["ledger.csv"].decode()
    blocked(case, auditor)
    after = ask(auditor.client(), "/exports/new/ledger/", **said)
    assert str(case.pk) not in unzipped(after.body)["ledger.csv"].decode()
