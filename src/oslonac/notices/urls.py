"""Routes of the inbox and of the notification settings."""

from django.urls import URLPattern, URLResolver, path

from oslonac.notices import views

app_name = "notices"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.inbox, name="inbox"),
    path("settings/", views.own_settings, name="settings"),
    path("settings/email/", views.email, name="email"),
    path("settings/test/", views.test, name="test"),
    path("browsers/", views.subscribe, name="subscribe"),
    path("browsers/<uuid:subscription_id>/end/", views.unsubscribe, name="unsubscribe"),
    path("absences/", views.absence, name="absence"),
    path("absences/<uuid:absence_id>/end/", views.end_absence, name="end_absence"),
    # Its folder is its scope: it never stands between a page and the server.
    path("worker.js", views.worker, name="worker"),
]
