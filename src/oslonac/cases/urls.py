"""Routes of casework: the working pages here, the pages of one case in `urls_case`."""

from django.urls import URLPattern, URLResolver, path

from oslonac.cases.steps.encounters import CORRECT, STOP, TO_CASE
from oslonac.cases.urls_case import patterns as case_patterns
from oslonac.cases.views import (
    emergency,
    encounters,
    known,
    lists,
    procedures,
    search,
    today,
    triage,
)
from oslonac.steps.page import pages

app_name = "cases"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", today.today, name="today"),
    path("cases/", lists.mine, name="mine"),
    path("cases/team/", lists.team, name="team"),
    path("cases/shared/", lists.shared, name="shared"),
    path("cases/closed/", lists.closed, name="closed"),
    path("cases/procedures/", procedures.move, name="procedures"),
    path("emergency/", emergency.open_case, name="emergency"),
    path("emergencies/", emergency.listing, name="emergencies"),
    path("search/", search.page, name="search"),
    path("search/quick/", search.quick, name="search_quick"),
    path("search/elsewhere/", search.ask_elsewhere, name="search_elsewhere"),
    path("encounters/", encounters.listing, name="encounters"),
    path("encounters/new/", encounters.new, name="encounter_new"),
    path("encounters/known/", known.panel, name="known"),
    path("encounters/responsible/", encounters.responsible, name="encounter_responsible"),
    path("encounters/<uuid:encounter_id>/", encounters.page, name="encounter"),
    path("encounters/<uuid:encounter_id>/child/", triage.child, name="encounter_child"),
    path("encounters/<uuid:encounter_id>/at-risk/", triage.at_risk, name="encounter_at_risk"),
    *pages(CORRECT, STOP, TO_CASE),
    path("encounters/<uuid:encounter_id>/told/", triage.told, name="encounter_told"),
    *case_patterns,
]
