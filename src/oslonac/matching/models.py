"""Learned weights of words, names and persons, read from `tables/models.json`.

Belongs here: reading. Does not belong here: learning (`trial.relearn`) or meaning: each
weight is explained where it is used.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

MODELS = Path(__file__).with_name("tables") / "models.json"


def read() -> dict[str, Any]:
    """All of it, as it lies on disk now."""
    content: dict[str, Any] = json.loads(MODELS.read_text(encoding="utf-8"))
    return content


@cache
def row(name: str) -> tuple[float, ...]:
    """One row of weights."""
    return tuple(map(float, read()[name]))


@cache
def weights_of_levels() -> dict[str, float]:
    """Log m/u of each level of agreement between persons."""
    found: dict[str, float] = read()["levels"]
    return found
