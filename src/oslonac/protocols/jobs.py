"""Jobs of the procedures."""

from oslonac.kit.clock import now
from oslonac.kit.jobs import job
from oslonac.protocols import library
from oslonac.protocols.reminders.sending import remind


@job(cron="* * * * *")
def remind_of_duties() -> str | None:
    """Reminders whose time has come (see `reminders`)."""
    told = remind(at=now())
    return f"{told} reminders" if told else None


@job(cron="* * * * *")
def check_procedures() -> str | None:
    """The machine's check of the procedures, once for each content of the pack."""
    return "checked" if library.check_anew() else None
