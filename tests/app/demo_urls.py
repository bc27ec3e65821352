"""Routes as in a demonstration, for tests that run without OSLONAC_DEMO=1."""

from django.urls import include, path

from oslonac.config import urls

urlpatterns = [path("demo/", include("oslonac.demo.urls")), *urls.urlpatterns]
