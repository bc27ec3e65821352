"""Fetching the tabs of a case page in tests."""

from django.test import Client

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
    return shown_to(member.client(), case)


def shown_to(client: Client, case: Case) -> str:
    """The same for somebody signed in already."""
    queries = {Tab.STORY: "?events=all", Tab.PLAN: "?steps=all"}
    pages = [client.get(f"{url(case.pk, each)}{queries.get(each, '')}") for each in Tab]
    assert {page.status_code for page in pages} == {200}
    return "\n".join(page_of(page) for page in pages)
