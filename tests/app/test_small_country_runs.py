"""The made-up country of `docs/how-to/write-a-country-pack.md` runs on a case."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from oslonac.cases import actions
from oslonac.directory import loading
from oslonac.kit.clock import now
from oslonac.protocols import catalogue, editions
from oslonac.protocols.models import Obligation
from tests import cast
from tests.http import page_of

pytestmark = pytest.mark.django_db
PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "write-a-country-pack.md"


@pytest.fixture
def borduria(tmp_path: Path) -> Iterator[Path]:
    vocabulary, protocol, pack = re.findall(r"```yaml\n(.*?)```", PAGE.read_text("utf-8"), re.S)
    folder = tmp_path / "borduria"
    (folder / "protocols").mkdir(parents=True)
    (folder / "protocols" / "vocabulary.yaml").write_text(vocabulary, "utf-8")
    (folder / "protocols" / "child-found.yaml").write_text(protocol, "utf-8")
    (folder / "pack.yaml").write_text(pack, "utf-8")
    catalogue.forget_cached()
    yield folder
    catalogue.forget_cached()


def test_a_country_that_has_only_procedures_can_run_them(borduria: Path) -> None:
    loading.load(borduria)
    assert len(editions.current().editions) == 1
    ana = cast.ana()
    case = cast.case(cast.teodora(), ana, at=now() - timedelta(hours=2))

    def owed() -> dict[str, Obligation]:
        rows = Obligation.objects.filter(case_id=case.pk, state="open")
        return {row.activity: row for row in rows}

    assert set(owed()) == {"tell_village"}
    assert owed()["tell_village"].verified
    page = page_of(ana.client().get(f"/cases/{case.pk}/"))
    assert "Tell the head of the village" in page and "Decree on lost children" in page
    assert "Look for the family" in page[page.index('id="blocked"') :]
    actions.record_step(
        actor=ana.actor(),
        at=now(),
        case=case,
        activity="tell_village",
        evidence="Spoke with him at his door.",
        happened_at=now(),
    )
    (family,) = owed().values()
    assert (family.activity, family.role, family.verified) == (
        "look_for_family",
        "village_head",
        False,
    )
    page = page_of(ana.client().get(f"/cases/{case.pk}/"))
    assert "Village head" in page and f"/do/duty/{family.pk}/" in page
