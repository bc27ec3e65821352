"""What the worker does for casework."""

from uuid import UUID

from oslonac.cases.search import relaying
from oslonac.kit.jobs import job


@job(retries=5)
def tell_offices(event_id: str) -> str:
    """Offices are told that somebody asked for a person who may be theirs."""
    return f"{relaying.tell(UUID(event_id))} people"
