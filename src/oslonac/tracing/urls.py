"""Routes of tracing."""

from django.urls import path

from oslonac.tracing.views import candidates, requests

app_name = "tracing"

urlpatterns = [
    path("tracing/", requests.index, name="index"),
    path("tracing/new/", requests.new, name="new"),
    path("tracing/<uuid:request_id>/", requests.page, name="request"),
    path("tracing/<uuid:request_id>/seek/", requests.seek, name="seek"),
    path("tracing/<uuid:request_id>/look/", requests.look, name="look"),
    path("tracing/<uuid:request_id>/withdraw/", requests.withdraw, name="withdraw"),
    path("tracing/searches/<uuid:trace_id>/close/", requests.close, name="close"),
    path("tracing/searches/<uuid:trace_id>/reopen/", requests.reopen, name="reopen"),
    path("tracing/candidates/<uuid:candidate_id>/", candidates.candidate, name="candidate"),
    path("tracing/candidates/<uuid:candidate_id>/ask/", candidates.ask, name="ask"),
    path("tracing/candidates/<uuid:candidate_id>/share/", candidates.share, name="share"),
    path("tracing/candidates/<uuid:candidate_id>/dismiss/", candidates.dismiss, name="dismiss"),
    path(
        "tracing/candidates/<uuid:candidate_id>/check/seeker/",
        candidates.check_seeker,
        name="check_seeker",
    ),
    path(
        "tracing/candidates/<uuid:candidate_id>/check/sought/",
        candidates.check_sought,
        name="check_sought",
    ),
    path("tracing/candidates/<uuid:candidate_id>/reunify/", candidates.reunify, name="reunify"),
    path("tracing/visits/<uuid:follow_up_id>/", candidates.follow_up, name="follow_up"),
]
