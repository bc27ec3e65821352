"""Routes of the whole system. Each room owns its own and says where they begin (`apps.py`)."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from oslonac.accounts.guards import public
from oslonac.config.api import api
from oslonac.kit.rooms import routes

urlpatterns: list[URLPattern | URLResolver] = [
    *(path(prefix, include(module)) for prefix, module in routes()),
    path("api/v1/", api.urls),
    path("language/", public(set_language), name="set_language"),
]
handler400 = "oslonac.web.refusals.bad_request"
handler500 = "oslonac.web.refusals.broken"
