"""Enumerations with translatable labels: the one thing that rules take from the framework.

Rules stay free of models, database and settings; a label is translated only when it is shown.
"""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as lazy

__all__ = ["IntegerChoices", "TextChoices", "lazy"]
