"""Tables of casework, by theme."""

from oslonac.cases.models.case import Case, Concern, Decision, Transfer
from oslonac.cases.models.encounter import Encounter
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
    "Contact",
    "Decision",
    "Encounter",
    "Goal",
    "Plan",
    "Promise",
    "Review",
    "Transfer",
]
