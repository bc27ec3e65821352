"""Routes of links between cases."""

from django.urls import path

from oslonac.signals import views

app_name = "signals"

urlpatterns = [
    path("signals/", views.index, name="index"),
    path("signals/<uuid:signal_id>/", views.signal, name="signal"),
    path("signals/<uuid:signal_id>/answer/", views.answer, name="answer"),
    path("signals/<uuid:signal_id>/dismiss/", views.dismiss, name="dismiss"),
    path("signals/<uuid:signal_id>/reopen/", views.reopen, name="reopen"),
]
