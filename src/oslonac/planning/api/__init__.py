"""Operations of assessing and planning, by theme."""

from oslonac.planning.api import assessments, concerns, contacts, plans

ROUTERS = [concerns.router, assessments.router, plans.router, contacts.router]
