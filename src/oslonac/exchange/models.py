"""The log of exports."""

from typing import ClassVar

from django.db import models

from oslonac.access.rules import Level
from oslonac.cases.models import Case
from oslonac.exchange.rules import Form, Kind, Purpose
from oslonac.vault.models import SealedField, SealedModel
from oslonac.vault.row_policy import RowPolicy
from oslonac.vault.sensitivity import Sensitivity


class Export(SealedModel):
    """Something that left the system: what, for whom, why. Sealed under the child's key where it
    is about one child, else under the key of whoever made it."""

    kind = models.CharField(max_length=10, choices=Kind)
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="exports")
    purpose = models.CharField(max_length=12, choices=Purpose)
    form = models.CharField(max_length=4, choices=Form)
    receiver = SealedField()
    note = SealedField()
    # The age key it was sealed to; a public key, so that a wrong one can be traced.
    recipient = models.CharField(max_length=100, blank=True)
    parts = models.PositiveIntegerField()
    rows = models.PositiveIntegerField()
    made_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key kind case purpose form recipient parts rows made_by made_at",
        sealed="receiver note",
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(through="case", level=Level.CASE, mine="made_by_id")

    class Meta:
        indexes = [
            models.Index(fields=["made_by", "made_at"], name="export_by_maker"),
            models.Index(
                fields=["case"], condition=models.Q(case__isnull=False), name="export_by_case"
            ),
        ]
