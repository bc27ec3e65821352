"""The case page."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext as _

import oslonac.cases.steps  # noqa: F401  (registers the steps of casework)
from oslonac.access.roles import Permission
from oslonac.access.rules import Level
from oslonac.accounts.guards import permitted
from oslonac.cases import page as case_page
from oslonac.cases import queries
from oslonac.web.middleware import LANGUAGE_TAGS
from oslonac.web.middleware import direction as direction_of
from oslonac.web.shapes import Link


@permitted(Permission.CASE_READ)
def page(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """One case, as far as the reader's grants reach."""
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    case = queries.case(actor, case_id, at=at)
    frame = {
        "page_title": _("Case %(number)s") % {"number": case.number},
        "crumbs": _crumbs(case.number),
    }
    if not case.reach.shows(Level.CASE):
        limited = case_page.limited(actor, case, at=at)
        return render(request, "cases/case_limited.html", frame | limited)
    context = case_page.assemble(
        actor,
        case,
        at=at,
        direction=direction_of(page_language()),
        all_events=request.GET.get("events") == "all",
    )
    return render(request, "cases/case.html", frame | context)


def page_language() -> str:
    code = translation.get_language() or "en"
    return LANGUAGE_TAGS.get(code, code)


def _crumbs(number: str) -> list[Link]:
    found: list[Any] = []
    for name, label in (("cases:today", _("Today")), ("cases:mine", _("Cases"))):
        try:
            found.append(Link(label, reverse(name)))
        except NoReverseMatch:
            continue
    return [*found, Link(number)]
