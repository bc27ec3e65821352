"""What the worker does for casework."""

from oslonac.cases.duties import reckoning
from oslonac.kit.clock import now
from oslonac.kit.jobs import job


# Soon after midnight in the country, and again: a worker that slept catches up by itself.
@job(cron="7 */2 * * *")
def keep_ages() -> str:
    """Children who came to an age at which a procedure asks for other things. Nothing else about
    what is owed changes by time alone: whether it is late is asked of the clock, not stored."""
    done = reckoning.reckon(reckoning.came_of_age(now()))
    return f"{done.cases} cases looked at, {done.rows} duties changed"
