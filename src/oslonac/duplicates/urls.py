"""Routes of pairs."""

from django.urls import path

from oslonac.duplicates.steps import STEPS
from oslonac.duplicates.views import naming
from oslonac.duplicates.views import pages as reading
from oslonac.steps.page import pages

app_name = "duplicates"

urlpatterns = [
    path("duplicates/", reading.index, name="index"),
    path("duplicates/name/", naming.name, name="name"),
    path("duplicates/name/<uuid:person_id>/", naming.choose, name="choose"),
    path("duplicates/<uuid:pair_id>/", reading.pair, name="pair"),
    *pages(*STEPS),
]
