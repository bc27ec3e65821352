"""Routes of exports."""

from django.urls import URLPattern, path

from oslonac.exchange import views

app_name = "exchange"

urlpatterns: list[URLPattern] = [
    path("exports/", views.index, name="index"),
    path("exports/new/<slug:kind>/", views.new, name="new"),
    path("cases/<uuid:case_id>/export/", views.of_case, name="case"),
]
