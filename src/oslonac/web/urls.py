"""Routes of the design system: the gallery only; home and search belong to the case pages."""

from django.urls import path

from oslonac.web import security_txt, views

app_name = "web"

urlpatterns = [
    path("gallery/", views.gallery, name="gallery"),
    path(".well-known/security.txt", security_txt.security_txt, name="security_txt"),
]
