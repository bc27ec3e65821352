"""Routes of the demonstration; without OSLONAC_DEMO=1 none of them exists."""

from django.urls import URLPattern, URLResolver, path

from oslonac.demo import views

app_name = "demo"
urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/<slug:code>/", views.sign_in, name="sign_in"),
    path("scenarios/", views.scenarios, name="scenarios"),
]
