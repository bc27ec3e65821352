"""Routes of a person's own file."""

from django.urls import URLPattern, path

from oslonac.own_file import views

app_name = "own_file"

urlpatterns: list[URLPattern] = [
    path("cases/<uuid:case_id>/own/", views.page, name="page"),
    path("cases/<uuid:case_id>/own.pdf", views.paper, name="paper"),
    path("cases/<uuid:case_id>/own/<uuid:request_id>.pdf", views.answer, name="answer"),
]
