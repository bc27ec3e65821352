"""One invented child's story as far as it has come, and the small moves every chapter makes."""

import random
from collections.abc import Sequence
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
    activities: list[Any] = field(default_factory=list)

    def later(self, hours_from: float, hours_to: float) -> datetime:
        """Move on by so many hours. Raises Present."""
        moved = self.at + timedelta(hours=self.rng.uniform(hours_from, hours_to))
        if moved >= self.world.now:
            raise Present
        self.at = moved.replace(microsecond=0)
        return self.at

    def days(self, first: float, last: float) -> datetime:
        return self.later(first * 24, last * 24)

    def some(self, role: Role, at: Organisation | None = None) -> Staff:
        return self.rng.choice(self.world.staff(at or self.centre, role))

    def lucky(self, probability: float) -> bool:
        return self.rng.random() < probability

    def pick(self, rows: Sequence[Any]) -> Any:
        return self.rng.choice(rows)
