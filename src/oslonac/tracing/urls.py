"""Routes of tracing."""

from django.urls import path

from oslonac.steps.page import pages
from oslonac.tracing import views
from oslonac.tracing.steps import STEPS

app_name = "tracing"

urlpatterns = [
    path("tracing/", views.index, name="index"),
    path("tracing/<uuid:request_id>/", views.page, name="request"),
    path("tracing/candidates/<uuid:candidate_id>/", views.candidate, name="candidate"),
    *pages(*STEPS),
]
