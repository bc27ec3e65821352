"""All steps on a case page, one declaration for each.

Belongs here: forms and which action they call. Does not: rules (the actions hold them), HTTP
(`cases.views`). Packages above cases register their own steps in `AppConfig.ready`.
"""

from oslonac.cases.steps import (  # noqa: F401  (each registers its steps)
    around,
    assessing,
    blocks,
    concerns,
    consent,
    contacts,
    encounters,
    grants,
    handing_over,
    identity,
    own_file,
    planning,
    procedures,
    reminders,
    responsibility,
)
