"""Generations of the index: which are kept up to date, which one is searched, making a new one.

A generation is one hashing key and one recipe. While a new one is being built (another key,
another recipe), every change is written to both and questions are asked of the old one.
"""

import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import connection

from oslonac.kit.clock import now
from oslonac.matching.index import recipe
from oslonac.matching.index.models import Entry, Generation, State
from oslonac.matching.index.secret import Sealer, proof
from oslonac.people.models import Person
from oslonac.vault import keyfile, keyring, recovery

_KEY = "names-"
_TABLE = Entry._meta.db_table
# Asked with every question: models cost more than the answer.
_ROWS = (
    "SELECT number, state, recipe, key_name, proof "  # noqa: S608 - a table of our own
    f"FROM {Generation._meta.db_table} ORDER BY number DESC"
)
REMEMBERED = 60.0  # seconds; only whether a name is common depends on it


@dataclass(frozen=True)
class Live:
    """A generation whose key is at hand."""

    number: int
    state: str
    recipe: str
    key_name: str
    sealer: Sealer

    @property
    def ready(self) -> bool:
        return self.state == State.READY

    @property
    def current(self) -> bool:
        """Whether today's code would make the same keys."""
        return self.recipe == recipe_now()


def recipe_now() -> str:
    return recipe.fingerprint(settings.OSLONAC_PHONE_REGION)


def live() -> list[Live]:
    """Generations that can be written and searched, the newest first."""
    ring = keyring.current()
    found = []
    with connection.cursor() as cursor:
        cursor.execute(_ROWS)
        rows = cursor.fetchall()
    for number, state, of_recipe, key_name, proven in rows:
        secret = ring.hashing.get(key_name)
        if secret is not None and proof(secret) == bytes(proven):
            found.append(Live(number, state, of_recipe, key_name, Sealer(number, secret)))
    return found


def searched() -> Live | None:
    """The generation that questions are asked of; None when none is complete."""
    return next((each for each in live() if each.ready), None)


def size() -> int:
    """How many people can be found, as the database last estimated; 0 while it has not."""
    return _size(int(time.monotonic() / REMEMBERED), connection.settings_dict["NAME"])


@lru_cache(maxsize=2)
def _size(_when: int, _database: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [_TABLE])
        (rows,) = cursor.fetchone()
    return max(0, int(rows))


def written(person: Person) -> list[Live]:
    """The generations that a change of `person` goes into. The very first person of a register
    makes the first one, complete from the start."""
    found = live()
    if found or Generation.objects.exists():
        return found
    if not Person.objects.exclude(pk=person.pk).exists():
        begin(state=State.READY)
    return live()


def begin(*, state: State = State.BUILDING, fresh_key: bool = False) -> Generation:
    """A new generation, to be built beside those that are there."""
    last = Generation.objects.order_by("-number").first()
    key_name = "" if fresh_key else _usable_key(last)
    key_name = key_name or make_key(Path(settings.OSLONAC_KEYS))
    number = last.number + 1 if last else 1
    moment = now()
    return Generation.objects.create(
        number=number,
        key_name=key_name,
        proof=proof(keyring.current().hashing[key_name]),
        recipe=recipe_now(),
        state=state,
        made_at=moment,
        ready_at=moment if state == State.READY else None,
    )


def _usable_key(last: Generation | None) -> str:
    """The key of the last generation, if the key file still has it; else any names' key there."""
    held = keyring.current().hashing
    if last and last.key_name in held:
        return last.key_name
    return max((name for name in held if name.startswith(_KEY)), default="", key=_number)


def make_key(folder: Path) -> str:
    """A new hashing key for names, in the key file and in its recovery copy. Its name."""
    with keyfile.changing(folder) as content:
        numbers = [_number(name) for name in content["hashing"] if name.startswith(_KEY)]
        name = f"{_KEY}{max(numbers, default=0) + 1}"
        content["hashing"][name] = keyfile.fresh()
    recovery.write_copy(folder)
    return name


def forget_keys(folder: Path) -> None:
    """Remove names' keys that no generation uses any more: nothing is hashed with them now."""
    used = set(Generation.objects.values_list("key_name", flat=True))
    with keyfile.changing(folder) as content:
        for name in [one for one in content["hashing"] if one.startswith(_KEY)]:
            if name not in used:
                del content["hashing"][name]
    recovery.write_copy(folder)


def _number(name: str) -> int:
    return int(name.removeprefix(_KEY))
