"""Operations on casework, by theme. Each module holds what goes in and out, and its operations."""

from oslonac.cases.api import (
    assessments,
    case,
    closing,
    concerns,
    contacts,
    encounters,
    grants,
    intake,
    lists,
    obligations,
    plans,
    procedures,
    reminders,
    search,
    transfers,
    trust,
)

ROUTERS = [
    obligations.router,
    reminders.router,
    encounters.router,
    intake.router,
    lists.router,
    search.router,
    case.router,
    grants.router,
    trust.router,
    concerns.router,
    assessments.router,
    plans.router,
    contacts.router,
    closing.router,
    transfers.router,
    procedures.router,
]
