"""Routes of the search."""

from django.urls import URLPattern, path

from oslonac.search import views

app_name = "search"

urlpatterns: list[URLPattern] = [
    path("", views.page, name="page"),
    path("quick/", views.quick, name="quick"),
    path("elsewhere/", views.ask_elsewhere, name="elsewhere"),
]
