"""Events of a case: its duties, and who may see it."""

from oslonac.cases.duties import events as duties
from oslonac.cases.trust import events as trust

__all__ = ["duties", "trust"]
