"""Operations on encounters, by theme."""

from oslonac.encounters.api import encounters, intake, known

ROUTERS = [encounters.router, intake.router, known.router]
