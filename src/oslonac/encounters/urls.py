"""Routes of encounters."""

from django.urls import URLPattern, URLResolver, path

from oslonac.encounters.steps import CORRECT, STOP, TO_CASE
from oslonac.encounters.views import encounters, known, triage
from oslonac.steps.page import pages

app_name = "encounters"

urlpatterns: list[URLPattern | URLResolver] = [
    path("encounters/", encounters.listing, name="all"),
    path("encounters/new/", encounters.new, name="new"),
    path("encounters/known/", known.panel, name="known"),
    path("encounters/responsible/", encounters.responsible, name="responsible"),
    path("encounters/<uuid:encounter_id>/", encounters.page, name="encounter"),
    path("encounters/<uuid:encounter_id>/child/", triage.child, name="child"),
    path("encounters/<uuid:encounter_id>/at-risk/", triage.at_risk, name="at_risk"),
    *pages(CORRECT, STOP, TO_CASE),
    path("encounters/<uuid:encounter_id>/told/", triage.told, name="told"),
]
