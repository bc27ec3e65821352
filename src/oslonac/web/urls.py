"""Routes of the design system: the gallery only; home and search belong to the case pages."""

from django.urls import path

from oslonac.web import views

app_name = "web"

urlpatterns = [path("gallery/", views.gallery, name="gallery")]
