"""Routes of the own account."""

from django.urls import URLPattern, URLResolver, path

from oslonac.accounts import drafts, session_views, views

app_name = "accounts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", views.home, name="home"),
    path("account/confirm/", views.confirm, name="confirm"),
    path("account/sessions/", session_views.sessions, name="sessions"),
    path("account/sessions/end/", session_views.end_others, name="end_others"),
    path("account/sessions/<uuid:sign_in_id>/end/", session_views.end_one, name="end_session"),
    path("account/oidc/unlink/", session_views.unlink, name="unlink"),
    path("account/still/", session_views.still, name="still"),
    path("account/drafts/key/", drafts.key, name="draft_key"),
    path("account/leave/", session_views.leave, name="leave"),
    path("account/tokens/", views.tokens, name="tokens"),
    path("account/tokens/<uuid:token_id>/end/", views.end_token, name="end_token"),
]
