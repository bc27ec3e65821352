"""The job that sends messages, every minute."""

from oslonac.kit.clock import now
from oslonac.kit.jobs import job
from oslonac.notices.outgoing import deliver


@job(cron="* * * * *")
def send_messages() -> str | None:
    """E-mail and pushed messages that may leave now."""
    sent = deliver(at=now())
    return f"{sent} messages" if sent else None
