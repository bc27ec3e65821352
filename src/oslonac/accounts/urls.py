"""Routes of one's own account."""

from django.urls import URLPattern, URLResolver, path

from oslonac.accounts import views

app_name = "accounts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", views.home, name="home"),
    path("account/confirm/", views.confirm, name="confirm"),
    path("account/tokens/", views.tokens, name="tokens"),
    path("account/tokens/<uuid:token_id>/end/", views.end_token, name="end_token"),
]
