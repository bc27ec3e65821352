"""What the busiest pages cost: statements and rendered templates. A page that grows fails here.

The numbers are what the pages take now. Raising one needs a reason in the commit; half of the time
of a page is templates, most of the rest is building and sending statements.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.signals import template_rendered
from django.test.utils import CaptureQueriesContext

from oslonac.cases.tabs import Tab, url
from oslonac.kit.clock import now
from tests import cast
from tests.app.test_case_page import rich

pytestmark = pytest.mark.django_db
# Page: who looks, statements, templates.
ALLOWED: dict[str, tuple[str, int, int]] = {
    "today": ("ana", 21, 31),
    "today of a lead": ("dragan", 32, 23),
    "caseload": ("ana", 14, 30),
    "team": ("dragan", 21, 30),
    "encounters": ("dragan", 13, 19),
    "inbox": ("ana", 12, 23),
    "now": ("ana", 11, 24),
    "story": ("ana", 10, 35),
    "plan": ("ana", 10, 30),
    "people": ("ana", 12, 31),
    "papers": ("ana", 12, 25),
    "access": ("ana", 11, 23),
}
# Today travels over slow lines many times a day.
TODAY_BYTES, TODAY_PACKED = 40_000, 8_000


@contextmanager
def rendered() -> Iterator[list[str]]:
    """Names of the templates rendered meanwhile, included ones too."""
    names: list[str] = []

    def note(template: Any, **_more: Any) -> None:
        names.append(template.name or "")

    template_rendered.connect(note)
    try:
        yield names
    finally:
        template_rendered.disconnect(note)


@pytest.fixture
def office() -> dict[str, Any]:
    """A case manager with a full case and some others, her lead, and encounters that wait."""
    ana, dragan, teodora = cast.ana(), cast.dragan(), cast.teodora()
    case = rich(ana)
    for days in range(5):
        cast.case(teodora, ana, at=now() - timedelta(days=20 * days))
        cast.encounter(teodora, at=now(), safety="at_risk" if days % 2 else "unknown")
    addresses = {
        "today": "/",
        "today of a lead": "/",
        "caseload": "/cases/",
        "team": "/cases/team/",
        "encounters": "/encounters/",
        "inbox": "/notices/",
        **{tab.value: url(case.pk, tab) for tab in Tab},
    }
    return {"ana": ana.client(), "dragan": dragan.client(), "addresses": addresses}


def test_the_busiest_pages_cost_no_more_than_they_do(office: dict[str, Any]) -> None:
    too_much = []
    for page, (who, statements, templates) in ALLOWED.items():
        client, address = office[who], office["addresses"][page]
        assert client.get(address).status_code == 200, page
        with CaptureQueriesContext(connection) as asked, rendered() as names:
            client.get(address)
        if len(asked) > statements or len(names) > templates:
            too_much.append(f"{page}: {len(asked)} statements, {len(names)} templates")
    assert not too_much, "\n".join(too_much)


def test_today_is_small_enough_for_a_border_phone(office: dict[str, Any]) -> None:
    whole = office["ana"].get("/")
    assert len(whole.content) <= TODAY_BYTES
    packed = office["ana"].get("/", headers={"accept-encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert len(packed.content) <= TODAY_PACKED
