"""Two ways to write the same story: by the real actions, or as the rows they would leave.

A story is a function that calls verbs on a stage. `ByActions` carries each verb out; `ByRows`
composes the very same rows in memory, for COPY. A test plays one story on both and compares.
"""

from oslonac.demo.writing.by_actions import ByActions
from oslonac.demo.writing.by_rows import ByRows

__all__ = ["ByActions", "ByRows"]
