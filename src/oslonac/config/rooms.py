"""The rooms of the house: the one list of them, from the ground up.

What each adds (routes, API, status tables, what leaves and what is kept) it says itself in its
`apps.py` (`kit.rooms.Adds`). How to add one: docs/how-to/add-a-room.md.
"""

ROOMS = (
    "oslonac.vault",
    "oslonac.access",
    "oslonac.audit",
    "oslonac.accounts",
    "oslonac.accounts.oidc",
    "oslonac.web",
    "oslonac.notices",
    "oslonac.protocols",
    "oslonac.directory",
    "oslonac.steps",
    "oslonac.people",
    "oslonac.matching.index",
    "oslonac.cases",
    "oslonac.search",
    "oslonac.planning",
    "oslonac.own_file",
    "oslonac.encounters",
    "oslonac.guardianship",
    "oslonac.placements",
    "oslonac.tracing",
    "oslonac.duplicates",
    "oslonac.documents",
    "oslonac.administration",
    "oslonac.links",
    "oslonac.retention",
    "oslonac.exchange",
    "oslonac.today",
)
DEMO = "oslonac.demo"  # installed in a demonstration only
