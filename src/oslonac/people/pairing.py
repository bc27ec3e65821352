"""Where a worker may say that two records are one person's: told by the package that decides on it.

Belongs here: the two addresses that pages of people, cases and searches lead to. Does not:
comparing or joining records (`duplicates`), which stands above all of those pages.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from oslonac.access.actor import Actor


@dataclass(frozen=True)
class Pairing:
    """`may`: whether an actor compares people at all. `choose`: the page that looks for another
    record of somebody. `compare`: the page that takes two people, `person` twice in its query."""

    may: Callable[[Actor], bool]
    choose: Callable[[UUID], str]
    compare: Callable[[], str]


_told: list[Pairing] = []


def address(pairing: Pairing, one: UUID, other: UUID) -> str:
    """Where these two are compared."""
    return f"{pairing.compare()}?person={one}&person={other}"


def tell(pairing: Pairing) -> None:
    """Called at start-up (AppConfig.ready), once more for each set of applications: one stays."""
    _told[:] = [pairing]


def offered_to(actor: Actor) -> Pairing | None:
    """What to lead this actor to; None where nobody told, or the actor compares nobody."""
    return next((each for each in _told if each.may(actor)), None)
