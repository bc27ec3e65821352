"""Appointments of guardians."""

from typing import ClassVar

from django.db import models

from oslonac.access.rules import Level
from oslonac.cases.models import Case
from oslonac.guardianship.rules import AppointmentStatus, GuardianKind
from oslonac.vault.models import SealedField, SealedModel
from oslonac.vault.row_policy import Bypass, RowPolicy
from oslonac.vault.sensitivity import Sensitivity


class Appointment(SealedModel):
    """A guardian of one child. The guardian is a user, or somebody known by name only."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="appointments")
    guardian = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="guardianships"
    )
    name = SealedField()
    kind = models.CharField(max_length=12, choices=GuardianKind, default=GuardianKind.TEMPORARY)
    status = models.CharField(max_length=8, choices=AppointmentStatus)
    appointed_at = models.DateTimeField()
    appointed_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    witness = SealedField()
    written_at = models.DateTimeField(null=True)
    document_number = SealedField()
    conflict_reason = SealedField()
    handed_over_at = models.DateTimeField(null=True)
    handover_with_child = models.BooleanField(null=True)
    handover_note = SealedField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=60, blank=True)
    revision = models.PositiveIntegerField(default=1)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key case guardian kind status appointed_at appointed_by written_at "
        "handed_over_at handover_with_child ended_at end_reason revision",
        sealed={"name witness document_number conflict_reason handover_note": Level.NARRATIVE},
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        through="case",
        level=Level.CASE,
        bypass=(
            Bypass.PROJECTION,
            Bypass.CONFLICT,
            Bypass.RETENTION,
        ),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(kind="temporary", status__in=["oral", "written"]),
                name="one_temporary_guardian",
            ),
            models.CheckConstraint(
                condition=~models.Q(status=AppointmentStatus.ENDED)
                | models.Q(ended_at__isnull=False),
                name="ended_appointment_has_a_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["guardian", "status"], name="appointment_by_guardian"),
            models.Index(fields=["case"], name="appointment_by_case"),
        ]
