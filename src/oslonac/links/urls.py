"""Routes of links between cases."""

from django.urls import path

from oslonac.links import views
from oslonac.links.steps import STEPS
from oslonac.steps.page import pages

app_name = "signals"

urlpatterns = [
    path("signals/", views.index, name="index"),
    path("signals/<uuid:signal_id>/", views.signal, name="signal"),
    *pages(*STEPS),
]
