"""What the worker does for the index: whatever it needs, every few minutes, and by night."""

from oslonac.kit.jobs import job
from oslonac.matching.index import arranging, building


@job(cron="*/5 * * * *")
def keep_index() -> str | None:
    """Builds what a new version of the recipe asks for and catches up with bulk imports."""
    done = building.keep()
    return f"{done} entries" if done else None


@job(cron="41 2 * * *")
def arrange_index() -> str | None:
    """Lays entries of alike names side by side when many came: searches wait for it meanwhile."""
    if not arranging.due():
        return None
    return "entries laid in order" if arranging.arrange() else "the entries were in use too long"
