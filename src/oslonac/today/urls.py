"""Routes of the first page."""

from django.urls import URLPattern, path

from oslonac.today import views

app_name = "today"

urlpatterns: list[URLPattern] = [
    path("", views.today, name="page"),
]
