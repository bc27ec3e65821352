"""Routes of tracing."""

from django.urls import path

from oslonac.tracing import views

app_name = "tracing"

urlpatterns = [
    path("tracing/", views.index, name="index"),
    path("tracing/new/", views.new, name="new"),
    path("tracing/<uuid:request_id>/", views.page, name="request"),
    path("tracing/<uuid:request_id>/seek/", views.seek, name="seek"),
    path("tracing/<uuid:request_id>/look/", views.look, name="look"),
    path("tracing/<uuid:request_id>/withdraw/", views.withdraw, name="withdraw"),
    path("tracing/searches/<uuid:trace_id>/close/", views.close, name="close"),
    path("tracing/searches/<uuid:trace_id>/reopen/", views.reopen, name="reopen"),
    path("tracing/candidates/<uuid:candidate_id>/", views.candidate, name="candidate"),
    path("tracing/candidates/<uuid:candidate_id>/ask/", views.ask, name="ask"),
    path("tracing/candidates/<uuid:candidate_id>/share/", views.share, name="share"),
    path("tracing/candidates/<uuid:candidate_id>/dismiss/", views.dismiss, name="dismiss"),
    path("tracing/candidates/<uuid:candidate_id>/check/seeker/", views.check, {"side": "seeker"},
         name="check_seeker"),
    path("tracing/candidates/<uuid:candidate_id>/check/sought/", views.check, {"side": "sought"},
         name="check_sought"),
    path("tracing/candidates/<uuid:candidate_id>/reunify/", views.reunify, name="reunify"),
    path("tracing/visits/<uuid:follow_up_id>/", views.follow_up, name="follow_up"),
]  # fmt: skip
