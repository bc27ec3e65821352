"""What packages register at start-up stands there once, however often applications get ready."""

import gc
from typing import Any

import pytest
from django.apps import apps

from oslonac.kit.once import Once


def registries() -> list[list[Any]]:
    return [
        list(each) for each in gc.get_objects() if type(each) is Once
    ]  # asks nothing of lazy objects


@pytest.mark.django_db
def test_getting_ready_again_registers_nothing_twice() -> None:
    before = registries()
    assert sum(map(len, before)) > 10, "the registries of the product are not looked at"
    for config in apps.get_app_configs():
        if config.name.startswith("oslonac."):
            config.ready()
    assert sorted(map(len, registries())) == sorted(map(len, before))
