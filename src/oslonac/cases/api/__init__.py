"""Operations on cases, by theme. Each module holds what goes in and out, and its operations."""

from oslonac.cases.api import case, closing, lists, transfers
from oslonac.cases.duties.api import obligations, procedures, reminders
from oslonac.cases.trust.api import grants, trust

ROUTERS = [
    obligations.router,
    reminders.router,
    lists.router,
    case.router,
    grants.router,
    trust.router,
    closing.router,
    transfers.router,
    procedures.router,
]
