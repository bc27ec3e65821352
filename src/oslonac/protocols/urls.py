"""Routes of the procedures."""

from django.urls import URLPattern, URLResolver, path

from oslonac.protocols import views

app_name = "protocols"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.index, name="index"),
    path("booklet/<slug:tag>.pdf", views.booklet, name="booklet"),
    path("steps/<slug:activity>/", views.step, name="step"),
    path("<slug:protocol>/", views.page, name="page"),
    path("<slug:protocol>/booklet/<slug:tag>.pdf", views.booklet, name="one_booklet"),
    path("<slug:protocol>/diagram.svg", views.diagram, name="diagram"),
    path("<slug:protocol>/dcr.xml", views.dcr_xml, name="dcr_xml"),
]
