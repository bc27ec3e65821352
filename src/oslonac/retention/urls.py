"""Routes of retention and deletion."""

from django.urls import URLPattern, path

from oslonac.retention import views
from oslonac.retention.steps import SET_PERIOD
from oslonac.steps.page import pages

app_name = "retention"

urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
    path("proposals/<uuid:disposal_id>/", views.proposal, name="proposal"),
    path("proposals/<uuid:disposal_id>/certificate.pdf", views.certificate, name="certificate"),
    path("destroyed/", views.disposed, name="disposed"),
    path("destroyed/report.<slug:form>", views.disposed_file, name="disposed_file"),
    path("periods/", views.keeping, name="periods"),
    *pages(SET_PERIOD),
]
