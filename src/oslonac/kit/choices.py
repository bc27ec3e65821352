"""Enumerations with translatable labels: the one thing that rules take from the framework.

Rules stay free of models, database and settings; a label is translated only when it is shown.
"""

from typing import TypeVar

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from oslonac.kit.errors import Invalid

__all__ = ["IntegerChoices", "TextChoices", "chosen", "lazy"]

C = TypeVar("C", bound=TextChoices)


def chosen(kind: type[C], value: str, field: str) -> C:
    """The member of a list that was chosen. Raises Invalid when it is not on the list."""
    try:
        return kind(value)
    except ValueError:
        raise Invalid({field: _("Choose one.")}) from None
