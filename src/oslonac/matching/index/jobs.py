"""What the worker does for the index: whatever it needs, every few minutes."""

from oslonac.kit.jobs import job
from oslonac.matching.index import building


@job(cron="*/5 * * * *")
def keep_index() -> str | None:
    """Builds what a new version of the recipe asks for and catches up with bulk imports."""
    done = building.keep()
    return f"{done} entries" if done else None
