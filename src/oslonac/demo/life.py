"""One invented child's story as far as it has come, and the small moves every chapter makes.

What somebody will do on a later day (write a decision, keep a promise) is put `ahead` and happens
when the story passes that day, so that one thing waiting does not hold up the others.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from oslonac.access.roles import Role
from oslonac.cases.models import Case, Encounter
from oslonac.demo import names
from oslonac.demo.world import Staff, World
from oslonac.directory.models import Organisation
from oslonac.people.models import Person

INTERPRETERS = ("Sohrab Nuri", "Mina Tahirzai", "Jamal Sherwan", "Rada Osmanova", "Elif Karagöz")


class Present(Exception):
    """The next step lies in the future."""


@dataclass
class Life:
    """One story being told: `at` is how far it has come."""

    stage: Any
    world: World
    rng: random.Random
    at: datetime
    centre: Organisation
    who: names.Named
    age: int
    by: Staff = field(init=False)
    person: Person = field(init=False)
    encounter: Encounter = field(init=False)
    case: Case = field(init=False)
    manager: Staff = field(init=False)
    # Below 1 where a child is in immediate danger: the first steps follow faster.
    pace: float = 1.0
    leaving: bool = False
    sheltered: bool = False
    promise: Any = None
    ahead: list[tuple[datetime, Callable[[], None]]] = field(default_factory=list)

    def later(self, hours_from: float, hours_to: float) -> datetime:
        """Move on by so many hours, past what stood ahead. Raises Present."""
        moved = self.at + timedelta(hours=self.rng.uniform(hours_from, hours_to))
        moved = moved.replace(microsecond=0)
        while self.ahead and self.ahead[0][0] <= min(moved, self.world.now):
            self.at, step = self.ahead.pop(0)
            step()
        if moved >= self.world.now:
            raise Present
        self.at = moved
        return self.at

    def soon(self, hours_from: float, hours_to: float) -> datetime:
        """As `later`, faster for a child in immediate danger."""
        return self.later(hours_from * self.pace, hours_to * self.pace)

    def put_ahead(self, days: float, step: Callable[[], None]) -> None:
        """Let `step` happen in so many days."""
        moment = (self.at + timedelta(days=max(0.0, days))).replace(microsecond=0)
        self.ahead.append((max(moment, self.at), step))
        self.ahead.sort(key=lambda each: each[0])

    def mostly(
        self, usual: tuple[float, float], rare: tuple[float, float], share: float
    ) -> tuple[float, float]:
        """A span: the rare one, usually the late one, for a share of the stories."""
        return rare if self.lucky(share) else usual

    def days(self, first: float, last: float) -> datetime:
        return self.later(first * 24, last * 24)

    def some(self, role: Role, at: Organisation | None = None) -> Staff:
        return self.rng.choice(self.world.staff(at or self.centre, role))

    def lucky(self, probability: float) -> bool:
        return self.rng.random() < probability

    def pick(self, rows: Sequence[Any]) -> Any:
        return self.rng.choice(rows)
