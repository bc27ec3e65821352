"""Routes of people."""

from django.urls import URLPattern, URLResolver, path

from oslonac.people import views

app_name = "people"
urlpatterns: list[URLPattern | URLResolver] = [
    path("people/", views.listing, name="people"),
    path("people/<uuid:person_id>/", views.person, name="person"),
]
