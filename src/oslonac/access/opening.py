"""Opening the sealed columns of many records as far as a reach shows them.

The one place that compares a reach with what a model declares (`Sensitivity.openings`): pages, the
API and paper ask it. Does not belong here: which rows a reader gets (grants, row policies).
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import models

from oslonac.access.rules import Level, Reach
from oslonac.vault.models import DataKey
from oslonac.vault.sealing import open_many
from oslonac.vault.sensitivity import Opening

Texts = dict[UUID, dict[str, Any]]  # of str, or None for what is withheld


def opening_of(model: type[models.Model], name: str) -> Opening:
    """What a model says of a sealed column. KeyError for one that no grant opens."""
    found: Opening = model.SENSITIVITY.openings[name]  # type: ignore[attr-defined]
    return found


def sees(reach: Reach, opening: Opening) -> bool:
    """Whether a reach opens a column."""
    return reach.shows(Level(opening.level)) and (reach.whereabouts or not opening.whereabouts)


def shown(
    rows: Iterable[Any],
    reach: Reach,
    *fields: str,
    keys: Mapping[UUID, DataKey] | None = None,
    blank: str | None = "",
) -> Texts:
    """Texts by row and column; `blank` where they are withheld. Rows are of one model; without
    `fields` all columns that a grant opens."""
    listed = list(rows)
    if not listed:
        return {}
    model = type(listed[0])
    names = fields or tuple(model.SENSITIVITY.openings)
    seen = [name for name in names if sees(reach, opening_of(model, name))]
    opened = open_many(listed, *seen, keys=keys) if seen else {}
    return {row.pk: dict.fromkeys(names, blank) | opened.get(row.pk, {}) for row in listed}
