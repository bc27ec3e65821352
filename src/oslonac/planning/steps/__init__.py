"""Steps of assessing and planning, one declaration for each."""

from oslonac.planning.steps import (  # noqa: F401  (each registers its steps)
    assessing,
    concerns,
    contacts,
    plans,
)
