"""Helpers of the demo's tests: a small staffed world, and rows in a form that can be compared.

Belongs here: what several test files of `oslonac.demo` share.
"""

import json
import re
from collections import Counter
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import models

from oslonac.demo import organisations, staff
from oslonac.demo.ids import seeded
from oslonac.demo.world import World, look_around
from oslonac.directory import codes, loading
from oslonac.vault.models import SealedField
from oslonac.vault.sealing import open_many

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Not the middle of an identifier, where four digits may follow such a year by chance.
_PART = re.compile(r"\.[0-9a-f]{8}$")
_NUMBER = re.compile(r"(?<![-\w])20\d\d-\d{4,}(?![-\w])")
# What the database fills in, what is random by design, and what the sequence gives.
_LEFT_OUT = {"recorded_at", "xid", "mac", "wrapped", "answered_at"}


def load_pack() -> None:
    """The country pack, in the test's transaction."""
    loading.load_if_changed(Path(settings.OSLONAC_PACK))
    codes.forget_cached()


def staffed_world(children: int = 60) -> World:
    """The country pack and the invented staff, in the test's transaction."""
    load_pack()
    with seeded("test") as ids:
        organisations.make_invented()
        return staff.make_staff(look_around(NOW), ids, Random(1), children)


def our_models() -> list[type[models.Model]]:
    """Models that casework writes."""
    labels = {"vault", "access", "audit", "people", "cases", "guardianship", "placements"}
    labels |= {"protocols"}
    return [m for m in apps.get_models() if m._meta.app_label in labels]


def ids_there() -> dict[type[models.Model], set[Any]]:
    return {m: set(m._default_manager.values_list("pk", flat=True)) for m in our_models()}


def rows_since(before: dict[type[models.Model], set[Any]]) -> dict[str, Counter[str]]:
    """Rows made since, by model, with identifiers replaced by what they stand for."""
    plain: dict[UUID, tuple[str, str]] = {}
    for model, known in before.items():
        rows = list(model._default_manager.exclude(pk__in=known))
        sealed = [f.name for f in model._meta.concrete_fields if isinstance(f, SealedField)]
        texts = open_many(rows, *sealed) if sealed else {}
        for row in rows:
            plain[row.pk] = (model.__name__, _said(row, texts.get(row.pk, {})))
    labels = {str(pk): name for pk, (name, _text) in plain.items()}
    for _round in range(6):
        labels = {
            str(pk): sha256(f"{name}{_named(text, labels)}".encode()).hexdigest()[:16]
            for pk, (name, text) in plain.items()
        }
    found: dict[str, Counter[str]] = {}
    for name, text in plain.values():
        found.setdefault(name, Counter())[_named(text, labels)] += 1
    return found


def _said(row: models.Model, texts: dict[str, str]) -> str:
    values = {}
    for field in row._meta.concrete_fields:
        if field.name in _LEFT_OUT or field.primary_key:
            continue
        value = texts.get(field.name, getattr(row, field.attname))
        values[field.attname] = bytes(value).hex() if isinstance(value, memoryview) else value
    if "subject_id" in values and "key" in values:  # of the subject's id a key holds the end only
        values["key"] = _PART.sub("", values["key"])
    return _NUMBER.sub("number", json.dumps(values, default=str, sort_keys=True))


def _named(text: str, labels: dict[str, str]) -> str:
    return _UUID.sub(lambda found: labels.get(found[0], found[0]), text)
