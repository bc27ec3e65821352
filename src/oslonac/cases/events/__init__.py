"""Events of casework, from the encounter to the closing."""

from oslonac.cases.events import duties, encounters, planning, search, trust

__all__ = ["duties", "encounters", "planning", "search", "trust"]
