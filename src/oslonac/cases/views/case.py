"""The case page."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from oslonac.access.roles import Permission
from oslonac.access.rules import Level
from oslonac.accounts.guards import permitted
from oslonac.cases import page as case_page
from oslonac.cases import queries
from oslonac.cases.tabs import Tab
from oslonac.web.middleware import LANGUAGE_TAGS
from oslonac.web.middleware import direction as direction_of
from oslonac.web.shapes import Link

# The part of the page that a tab fills.
TARGET = "case-tab"


@permitted(Permission.CASE_READ)
def page(request: HttpRequest, case_id: UUID, tab: str = Tab.NOW.value) -> HttpResponse:
    """One tab of a case, as far as the reader's grants reach. Asked by a script for the tab
    alone, the answer holds no more than that."""
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    case = queries.case(actor, case_id, at=at)
    frame: dict[str, Any] = {"page_title": _("Case %(number)s") % {"number": case.number}}
    if not case.reach.shows(Level.CASE):
        limited = case_page.limited(actor, case, at=at)
        frame |= {"crumbs": _crumbs(case.number)}
        return render(request, "cases/case_limited.html", frame | limited)
    asked = case_page.Asked(
        direction_of(page_language()),
        all_events=request.GET.get("events") == "all",
        all_steps=request.GET.get("steps") == "all",
    )
    context = case_page.assemble(actor, case, at=at, tab=Tab(tab), asked=asked)
    alone = request.htmx and request.htmx.target == TARGET  # type: ignore[attr-defined]
    template = "cases/case_tab.html" if alone else "cases/case.html"
    answer = render(request, template, frame | context | {"alone": alone})
    patch_vary_headers(answer, ["HX-Request", "HX-Target"])
    return answer


def page_language() -> str:
    code = translation.get_language() or "en"
    return LANGUAGE_TAGS.get(code, code)


def _crumbs(number: str) -> list[Link]:
    found: list[Any] = []
    for name, label in (("today:page", _("Today")), ("cases:mine", _("Cases"))):
        try:
            found.append(Link(label, reverse(name)))
        except NoReverseMatch:
            continue
    return [*found, Link(number)]
