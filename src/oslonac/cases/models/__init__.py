"""Tables of casework, by theme."""

from oslonac.cases.models.case import Case, Concern, Decision, Transfer
from oslonac.cases.models.encounter import Encounter
from oslonac.cases.models.trust import Consent, Emergency, OwnRequest
from oslonac.cases.models.work import (
    Activity,
    Assessment,
    Contact,
    Goal,
    Plan,
    Promise,
    Review,
)

__all__ = [
    "Activity",
    "Assessment",
    "Case",
    "Concern",
    "Consent",
    "Contact",
    "Decision",
    "Emergency",
    "Encounter",
    "Goal",
    "OwnRequest",
    "Plan",
    "Promise",
    "Review",
    "Transfer",
]
