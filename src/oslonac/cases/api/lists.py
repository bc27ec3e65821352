"""Lists of cases, each driven from the actor's grants, and the search by number."""

from collections.abc import Sequence
from typing import Annotated

from django.db.models import QuerySet
from ninja import Query, Router
from pydantic import Field

from oslonac.access.roles import Permission
from oslonac.audit.actions import record
from oslonac.audit.models import Outcome
from oslonac.cases import queries
from oslonac.cases.api.case import CaseOut, shown_cases
from oslonac.cases.models import Case
from oslonac.cases.rules import CaseStatus
from oslonac.kit.text import clean_line
from oslonac.web.api import ApiRequest, Out, Page, PageIn, operation, paged

router = Router(tags=["Case lists"])
SOONEST_FIRST = ("next_due_at", "number")


class NumberIn(Out):
    number: Annotated[
        str, Field(min_length=1, max_length=40, description="A case number, or its last digits.")
    ]


def _page(request: ApiRequest, rows: QuerySet[Case], page: PageIn, order: Sequence[str]) -> Page:
    return paged(rows, page, lambda found: _shown(request, found), order=order)  # type: ignore[return-value]


def _shown(request: ApiRequest, rows: Sequence[Case]) -> list[CaseOut]:
    """The cases; one event tells the ledger whose names were shown."""
    answers, opened = shown_cases(request, rows)
    if opened:
        record(
            "sealed.read",
            actor=request.actor,
            at=request.at,
            kind="case",
            outcome=Outcome.READ,
            fields=set().union(*opened.values()),
            data={"cases": [str(pk) for pk in opened]},
        )
    return answers


@operation(router, "GET", "/case-lists/mine", Permission.CASE_READ)
def list_my_cases(request: ApiRequest, page: Query[PageIn]) -> Page[CaseOut]:
    """Lists the open cases you manage or are guardian in, the earliest deadline first."""
    return _page(request, queries.mine(request.actor, at=request.at), page, SOONEST_FIRST)


@operation(router, "GET", "/case-lists/team", Permission.TEAM_READ)
def list_team_cases(request: ApiRequest, page: Query[PageIn]) -> Page[CaseOut]:
    """Lists the open cases of your teams, the earliest deadline first."""
    return _page(request, queries.teams(request.actor, at=request.at), page, SOONEST_FIRST)


@operation(router, "GET", "/case-lists/shared", Permission.CASE_READ)
def list_shared_cases(request: ApiRequest, page: Query[PageIn]) -> Page[CaseOut]:
    """Lists the open cases of others that you can see, the earliest deadline first."""
    return _page(request, queries.shared(request.actor, at=request.at), page, SOONEST_FIRST)


@operation(router, "GET", "/case-lists/closed", Permission.CASE_READ)
def list_closed_cases(request: ApiRequest, page: Query[PageIn]) -> Page[CaseOut]:
    """Lists the closed cases you can see, the last closed first."""
    rows = queries.visible_to(request.actor, at=request.at).filter(status=CaseStatus.CLOSED)
    rows = rows.select_related("person", "organisation")
    return _page(request, rows, page, ("-closed_at", "-id"))


@operation(router, "GET", "/case-lists/search", Permission.CASE_READ)
def search_cases(request: ApiRequest, query: Query[NumberIn]) -> list[CaseOut]:
    """Finds cases you can see by their number or its last digits; at most 20."""
    found = queries.by_number(request.actor, clean_line(query.number), at=request.at)
    return _shown(request, found)
