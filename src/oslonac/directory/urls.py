"""Routes of directory."""

from django.urls import URLPattern, URLResolver, path

from oslonac.directory import editing, views

app_name = "directory"
_ONE = "organisations/<uuid:organisation_id>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.index, name="index"),
    path("lines/", views.lines, name="lines"),
    path("services/", views.services, name="services"),
    path("places/", views.places, name="places"),
    path("places/<str:code>/", views.place, name="place"),
    path(_ONE, views.organisation, name="organisation"),
    path(f"{_ONE}edit/", editing.organisation, name="edit"),
    path(f"{_ONE}contacts/new/", editing.new_contact, name="new_contact"),
    path("contacts/<uuid:contact_id>/edit/", editing.contact, name="edit_contact"),
    path("contacts/<uuid:contact_id>/remove/", editing.remove_contact, name="remove_contact"),
]
