"""Routes of the whole system. Each package owns its own `urls.py`."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from oslonac.accounts.guards import public
from oslonac.config.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("oslonac.accounts.account_urls")),
    path("", include("oslonac.accounts.urls")),
    path("notices/", include("oslonac.notices.urls")),
    path("protocols/", include("oslonac.protocols.urls")),
    path("", include("oslonac.cases.urls")),
    path("", include("oslonac.documents.urls")),
    path("", include("oslonac.exchange.urls")),
    path("", include("oslonac.people.urls")),
    path("", include("oslonac.tracing.urls")),
    path("", include("oslonac.duplicates.urls")),
    path("", include("oslonac.links.urls")),
    path("directory/", include("oslonac.directory.urls")),
    path("administration/", include("oslonac.administration.urls")),
    path("administration/retention/", include("oslonac.retention.urls")),
    path("api/v1/", api.urls),
    path("language/", public(set_language), name="set_language"),
    path("", include("oslonac.web.urls")),
]
handler400 = "oslonac.web.refusals.bad_request"
if settings.OSLONAC_DEMO:
    urlpatterns.insert(0, path("demo/", include("oslonac.demo.urls")))
