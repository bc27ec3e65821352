"""Jobs of the procedures."""

from oslonac.kit.clock import now
from oslonac.kit.jobs import job
from oslonac.protocols.reminders.sending import remind


@job(cron="* * * * *")
def remind_of_duties() -> str | None:
    """Reminders whose time has come (see `reminders`)."""
    told = remind(at=now())
    return f"{told} reminders" if told else None
