"""What trust costs: the case page and the caseload list with row-level security, sealing and
auditing, against the same pages without them.

The layers are taken off one by one in this process: the tables' owner asks instead of the
application (no policy binds it), texts are not decrypted, reads leave no event. Nothing of this
is reachable from the product.
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any
from unittest import mock

from django.db import connections
from django.urls import reverse

from oslonac.access.roles import Role
from oslonac.audit import actions as audit
from oslonac.cases.models import Case
from oslonac.kit.clock import now
from oslonac.people.models import Person
from oslonac.vault import sealing
from oslonac.vault.models import DataKey
from tools.bench.casework import Reader, _answered, _readers, client_of
from tools.bench.machine import describe
from tools.bench.measuring import Samples, Work

MOST_COST = 1.5  # of the same page without any of it
NAMES, MOST_SECONDS = 10_000, 1.0
# Which layers each variant keeps.
VARIANTS: dict[str, frozenset[str]] = {
    "bare": frozenset(),
    "rows": frozenset({"rows"}),
    "sealing": frozenset({"sealing"}),
    "auditing": frozenset({"auditing"}),
    "all": frozenset({"rows", "sealing", "auditing"}),
}
AT_A_TIME = 10
Address = Callable[[Reader, int], str]


def measure(*, rounds: int, use_role: Callable[[str], None], seed: int = 1) -> dict[str, Any]:
    """`use_role` makes this process connect as "owner" or "app"."""
    rng = random.Random(seed)  # noqa: S311 - repeatable on purpose
    readers = [reader for reader in _readers(rng, Role.CASE_MANAGER) if reader.cases]
    held = {role: _connection(role, use_role) for role in ("owner", "app")}
    addresses: dict[str, Address] = {
        "case": lambda r, i: reverse("cases:case", args=[r.cases[i % len(r.cases)]]),
        "caseload": lambda _r, _i: reverse("cases:mine"),
    }
    report: dict[str, Any] = {
        "machine": describe(),
        "cases": Case.objects.count(),
        "rounds": rounds,
        "pages": {name: _page(readers, way, rounds, held) for name, way in addresses.items()},
        "names": _names(),
    }
    report["targets"] = _judged(report)
    return report


def _connection(role: str, use_role: Callable[[str], None]) -> Any:
    """A connection of its own that stays open: statements planned once stay planned."""
    use_role(role)
    made = connections["default"]
    made.ensure_connection()
    del connections["default"]
    return made


def _page(
    readers: list[Reader], address: Address, rounds: int, held: dict[str, Any]
) -> dict[str, Any]:
    """Variants take turns every few requests, so that load of the machine hits all alike."""
    connections["default"] = held["app"]
    clients = [client_of(reader.user) for reader in readers]
    works = {name: Work() for name in VARIANTS}
    ask = partial(_asked, readers, clients, address)
    for start in range(-AT_A_TIME * len(readers), rounds, AT_A_TIME):
        for name, layers in VARIANTS.items():
            with _only(layers, held):
                for index in range(start, start + AT_A_TIME):
                    work = works[name] if start >= 0 else Work()
                    _answered(work.measure(partial(ask, index)))
    connections["default"] = held["app"]
    found: dict[str, Any] = {name: work.summary() for name, work in works.items()}
    bare = works["bare"]
    found["cost"] = {name: _ratio(work.total, bare.total) for name, work in works.items()}
    found["cost_sql"] = {name: _ratio(work.sql, bare.sql) for name, work in works.items()}
    return found


def _asked(readers: list[Reader], clients: list[Any], address: Address, index: int) -> Any:
    which = index % len(readers)
    return clients[which].get(address(readers[which], index // len(readers)))


def _ratio(work: Samples, bare: Samples) -> float:
    return round(work.percentile(0.5) / bare.percentile(0.5), 3)


@contextmanager
def _only(layers: frozenset[str], held: dict[str, Any]) -> Iterator[None]:
    """Inside the block only these layers work."""
    with ExitStack() as stack:
        connections["default"] = held["app" if "rows" in layers else "owner"]
        if "rows" not in layers:
            stack.enter_context(mock.patch.object(held["owner"], "tell", lambda: None))
        if "sealing" not in layers:
            stack.enter_context(mock.patch.object(sealing, "_open", lambda *_: "Farid Rahimi"))
            stack.enter_context(mock.patch.object(sealing, "DataKey", _NoKeys))
        if "auditing" not in layers:
            stack.enter_context(mock.patch.object(audit, "compose", lambda *_, **__: _NoEvent()))
        yield


class _NoEvent:
    def save(self, **_more: Any) -> None:
        """Nothing is written."""


class _NoKeys:
    class objects:
        @staticmethod
        def raw(_query: str, params: list[Any]) -> list[DataKey]:
            return [DataKey(pk=pk) for pk in params[0]]


def _names() -> dict[str, Any]:
    """Names of as many people, each under a key of their own that was never opened before."""
    people, keys = [], {}
    for number in range(NAMES):
        key = DataKey.make()
        person = Person(key=key, made_at=now())
        sealing.seal(person, key, shown_name=f"Farid Rahimi {number}")
        people.append(person)
        keys[key.pk] = key
    sealing._unwrapped.cache_clear()
    first = _seconds(people, keys)
    again = min(_seconds(people, keys) for _ in range(3))
    return {"count": NAMES, "seconds": round(first, 3), "seconds_again": round(again, 3)}


def _seconds(people: list[Person], keys: dict[Any, DataKey]) -> float:
    began = time.perf_counter()
    opened = sealing.open_many(people, "shown_name", keys=keys)
    took = time.perf_counter() - began
    assert len(opened) == len(people)  # noqa: S101 - a measure of nothing would look fast
    return took


def _judged(report: dict[str, Any]) -> dict[str, Any]:
    figures = {
        f"cost_of_{name}": (page["cost"]["all"], MOST_COST)
        for name, page in report["pages"].items()
    }
    figures["seconds_for_names"] = (report["names"]["seconds"], MOST_SECONDS)
    return {
        name: {"target": target, "measured": figure, "met": figure <= target}
        for name, (figure, target) in figures.items()
    }
