"""Worlds that a module's tests start from, made once instead of before each of them.

    made = made_once(Stage)                  # at the top of the module

    @pytest.fixture
    def stage(made: Stage) -> Stage:
        return fresh(made)

The world is made in a transaction that stays open for the module; each test runs in a savepoint
of it that is rolled back, and so finds the world as it was made. Belongs here: making and giving
back. Does not belong here: who lives in a world (`cast`), worlds that are really committed
(`folders.world`).

Not for modules with `django_db(transaction=True)`, `fresh_database` or `live_server`: such tests
go to another database, which would end the transaction.
"""

import copy
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import pytest

W = TypeVar("W")


def made_once(make: Callable[[], W]) -> Any:
    """A fixture of the module that calls `make` once, as the system, and undoes it at the end."""

    @pytest.fixture(scope="module")
    def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[W]:
        from django.db import transaction

        from oslonac.access import reader

        with django_db_blocker.unblock(), reader.system(), transaction.atomic():
            yield make()
            transaction.set_rollback(True)

    return made


def fresh(world: W) -> W:
    """A copy whose records a test may change and refresh without another test's noticing."""
    return copy.deepcopy(world)
