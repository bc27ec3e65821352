"""The worker's jobs for links between cases."""

from oslonac.kit.clock import now
from oslonac.kit.jobs import job
from oslonac.signals import computing


@job(cron="*/10 * * * *")
def compute_signals() -> str | None:
    """Guardians, leaders, registers; and phone numbers that were written in bulk."""
    found = computing.compute(at=now())
    return f"{found} questions" if found else None
