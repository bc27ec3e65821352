"""Routes of administration."""

from django.urls import URLPattern, URLResolver, path

from oslonac.administration import grants, ledger, roots, unusual, users

app_name = "administration"
_USER = "users/<uuid:user_id>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("users/", users.index, name="users"),
    path("users/new/", users.new, name="new_user"),
    path(_USER, users.user, name="user"),
    path(f"{_USER}change/", users.change, name="change_user"),
    path(f"{_USER}password/", users.hand_over, name="hand_over"),
    path(f"{_USER}second-factor/", users.take_off, name="take_off"),
    path(f"{_USER}sessions/end/", users.end_sessions, name="end_sessions"),
    path(f"{_USER}posts/new/", users.give, name="give_post"),
    path("posts/<uuid:membership_id>/end/", users.end, name="end_post"),
    path("grants/", grants.index, name="grants"),
    path("ledger/", ledger.index, name="ledger"),
    path("ledger/file/", ledger.file, name="ledger_file"),
    path("ledger/by-name/", ledger.by_name, name="ledger_by_name"),
    path("ledger/verify/", roots.verify, name="verify"),
    path("ledger/roots/", roots.index, name="roots"),
    path("ledger/roots/file/", roots.file, name="roots_file"),
    path("ledger/roots/paper/", roots.paper, name="roots_paper"),
    path("unusual/", unusual.index, name="unusual"),
    path("unusual/<uuid:unusual_id>/", unusual.one, name="unusual_one"),
]
