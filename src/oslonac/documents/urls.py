"""Routes of documents, below their case."""

from django.urls import URLPattern, path

from oslonac.documents import views

app_name = "documents"

urlpatterns: list[URLPattern] = [
    path("cases/<uuid:case_id>/documents/<uuid:document_id>/", views.open_document, name="open"),
]
