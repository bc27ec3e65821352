"""Quiet hours, patience between messages, how a failed message is tried again. Pure."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from oslonac.kit.statuses import Tables

NEXT: Tables = {}


class Channel(StrEnum):
    """Ways out of the system. The inbox is no channel: everything is there."""

    EMAIL = "email"
    PUSH = "push"


class DeliveryState(StrEnum):
    """`unknown`: the process died while it was sending. It is not sent again, because a second
    message would say something new; the inbox has it in any case."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"
    UNKNOWN = "unknown"


NEXT[DeliveryState] = {
    DeliveryState.WAITING: frozenset({DeliveryState.SENDING, DeliveryState.DROPPED}),
    DeliveryState.SENDING: frozenset(
        {
            DeliveryState.SENT,
            DeliveryState.WAITING,
            DeliveryState.FAILED,
            DeliveryState.DROPPED,
            DeliveryState.UNKNOWN,
        }
    ),
    DeliveryState.SENT: frozenset(),
    DeliveryState.FAILED: frozenset(),
    DeliveryState.DROPPED: frozenset(),
    DeliveryState.UNKNOWN: frozenset(),
}

# What is not urgent is gathered: nobody gets a second such message before this has passed.
GATHER = timedelta(hours=3)
# A process that has been sending for so long is dead.
SENDING_PATIENCE = timedelta(minutes=15)
RETRY_AFTER = (
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
)


@dataclass(frozen=True)
class Quiet:
    """Hours of the night in which only what cannot wait leaves the system, on the local clock.

    `start` equal to `end` means that there are none.
    """

    start: time
    end: time

    def holds(self, moment: time) -> bool:
        if self.start <= self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end


def not_before(at: datetime, quiet: Quiet, zone: str, *, urgent: bool) -> datetime:
    """When a message raised at `at` may leave: at once, or when the night is over."""
    if urgent:
        return at
    local = at.astimezone(ZoneInfo(zone))
    if not quiet.holds(local.time()):
        return at
    day = local.date() if local.time() < quiet.end else local.date() + timedelta(days=1)
    # Through UTC: on the nights on which clocks change, local arithmetic would be an hour off.
    return datetime.combine(day, quiet.end, local.tzinfo).astimezone(at.tzinfo)


def retry_at(at: datetime, tries: int) -> datetime | None:
    """When a message that failed for the `tries`-th time is tried again; None: never."""
    return at + RETRY_AFTER[tries - 1] if 0 < tries <= len(RETRY_AFTER) else None
