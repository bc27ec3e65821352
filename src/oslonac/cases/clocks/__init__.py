"""The interim procedure: from the events of a case to who must do what by when.

Fills the interface of `protocols.rules` until the DCR engine reads these clocks from the pack.
Every clock names its source; those whose source we have not read are `verified=False` and are
shown as guidance, never counted as late by law.
"""

from oslonac.cases.clocks.procedure import obligations
from oslonac.cases.clocks.table import BEGIN_INITIAL, CLOCKS, SOURCES, Clock

__all__ = ["BEGIN_INITIAL", "CLOCKS", "SOURCES", "Clock", "obligations"]
