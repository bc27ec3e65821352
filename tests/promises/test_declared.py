"""Whole-system promises about declarations: every route, action, field and layer."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from django.apps import apps

from oslonac.access.roles import ALLOWED, SEES_CASES, Permission, Role
from oslonac.accounts.guards import PUBLIC, permissions_of
from oslonac.audit.actions import ACTIONS
from oslonac.vault.models import SealedField
from tests.routes import routes

ROOT = Path(__file__).resolve().parents[2]
OURS = [model for model in apps.get_models() if model.__module__.startswith("oslonac.")]


def test_every_route_declares_its_permission() -> None:
    assert len(routes()) > 300
    undeclared, unknown = [], []
    for route, entry in routes():
        declared = permissions_of(entry.callback)
        if not declared:
            undeclared.append(route)
        if not all(each == PUBLIC or each in Permission for each in declared):
            unknown.append((route, declared))
    assert undeclared == [], "declare a permission, or that it is public"
    assert unknown == []


def test_there_are_actions_and_each_has_a_permission() -> None:
    assert len(ACTIONS) > 40
    assert all(isinstance(permission, Permission) for permission in ACTIONS.values())


def test_every_field_carries_its_sensitivity() -> None:
    assert len(OURS) > 60
    wrong: list[Any] = []
    for model in OURS:
        label = model._meta.label
        declared: Any = getattr(model, "SENSITIVITY", None)
        marks = declared.by_field if declared else {}
        fields = {field.name for field in model._meta.concrete_fields}
        wrong += [(label, name, "declared or there, not both") for name in set(marks) ^ fields]
        wrong += [
            (label, field.name, "sealed and marked so are one thing")
            for field in model._meta.concrete_fields
            if (marks.get(field.name) == "sealed") != isinstance(field, SealedField)
        ]
    assert wrong == []


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
