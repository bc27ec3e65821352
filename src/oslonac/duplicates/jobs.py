"""What the worker does for pairs of records."""

from oslonac.duplicates import finding
from oslonac.kit.clock import now
from oslonac.kit.jobs import job


@job(cron="* * * * *")
def compare_changed() -> str | None:
    """Whoever was written down or changed is compared with the register, whichever way the words
    came: an intake, a step on a case, a device that was offline, another program."""
    found = finding.catch_up(at=now())
    return f"{found} pairs" if found else None


@job(cron="23 1 * * *")
def compare_register() -> str | None:
    """At night the whole register is compared with itself."""
    found = finding.look_over(at=now())
    if found is None:
        return "the register is too large for one machine: see `oslonac match scale`"
    return f"{found} pairs" if found else None
