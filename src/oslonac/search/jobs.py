"""What the worker does for the search."""

from uuid import UUID

from oslonac.kit.jobs import job
from oslonac.search import relaying


@job(retries=5)
def tell_offices(event_id: str) -> str:
    """Offices are told that somebody asked for a person who may be theirs."""
    return f"{relaying.tell(UUID(event_id))} people"
