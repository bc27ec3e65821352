"""Whole-system promises about declarations: every route, action, field and layer."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from oslonac.access.roles import ALLOWED, SEES_CASES, Permission, Role
from oslonac.accounts.guards import PUBLIC, permissions_of
from oslonac.audit.actions import ACTIONS
from oslonac.vault.models import SealedField

ROOT = Path(__file__).resolve().parents[2]
OURS = [model for model in apps.get_models() if model.__module__.startswith("oslonac.")]


def routes(resolver: URLResolver, prefix: str = "") -> list[tuple[str, Any]]:
    found = []
    for entry in resolver.url_patterns:
        where = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            found.append((where, entry))
        else:
            found += routes(entry, where)
    return found


ROUTES = routes(get_resolver())


@pytest.mark.parametrize(("route", "entry"), ROUTES, ids=[route for route, _ in ROUTES])
def test_every_route_declares_its_permission(route: str, entry: URLPattern) -> None:
    declared = permissions_of(entry.callback)
    assert declared, f"{route} declares neither a permission nor that it is public"
    assert all(each == PUBLIC or each in Permission for each in declared)


def test_there_are_actions_and_each_has_a_permission() -> None:
    assert len(ACTIONS) > 40
    assert all(isinstance(permission, Permission) for permission in ACTIONS.values())


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_field_carries_its_sensitivity(model: Any) -> None:
    fields = {field.name for field in model._meta.concrete_fields}
    marks = model.SENSITIVITY.by_field
    assert set(marks) == fields, set(marks) ^ fields
    for field in model._meta.concrete_fields:
        assert (marks[field.name] == "sealed") == isinstance(field, SealedField), field.name


def test_every_role_has_a_row_of_permissions() -> None:
    assert set(ALLOWED) == set(Role)
    assert Role.ADMINISTRATOR not in SEES_CASES
    assert Permission.CASE_READ not in ALLOWED[Role.ADMINISTRATOR]


def test_the_layers_of_the_house_hold() -> None:
    found = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": "/usr/bin:/bin"},
    )
    assert found.returncode == 0, found.stdout
