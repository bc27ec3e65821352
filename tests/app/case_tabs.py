"""Fetching the tabs of a case page in tests."""

from oslonac.cases.models import Case
from oslonac.cases.tabs import Tab, url
from tests import cast
from tests.http import page_of


def tab(member: cast.Member, case: Case, which: Tab = Tab.NOW, query: str = "") -> str:
    """One tab, as it reads."""
    response = member.client().get(f"{url(case.pk, which)}{query}")
    assert response.status_code == 200, response.status_code
    return page_of(response)


def everything(member: cast.Member, case: Case) -> str:
    """All tabs, one after the other, with what opens on demand."""
    queries = {Tab.STORY: "?events=all", Tab.PLAN: "?steps=all"}
    return "\n".join(tab(member, case, each, queries.get(each, "")) for each in Tab)
