"""Routes of casework: the lists here, the pages of one case in `urls_case`."""

from django.urls import URLPattern, URLResolver, path

from oslonac.cases.duties.views import procedures
from oslonac.cases.trust import views as emergency
from oslonac.cases.urls_case import patterns as case_patterns
from oslonac.cases.views import lists

app_name = "cases"

urlpatterns: list[URLPattern | URLResolver] = [
    path("cases/", lists.mine, name="mine"),
    path("cases/team/", lists.team, name="team"),
    path("cases/shared/", lists.shared, name="shared"),
    path("cases/closed/", lists.closed, name="closed"),
    path("cases/procedures/", procedures.move, name="procedures"),
    path("emergency/", emergency.open_case, name="emergency"),
    path("emergencies/", emergency.listing, name="emergencies"),
    *case_patterns,
]
