"""Jobs: cleaning up after processes that died. No job destroys a file."""

from oslonac.kit.jobs import job
from oslonac.vault import filestore


@job(cron="17 * * * *")
def sweep_incoming() -> str:
    """Take away half-taken uploads, which nobody can open any more."""
    return f"{filestore.sweep()} left-over files"
