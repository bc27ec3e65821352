"""Placements of a child."""

from typing import ClassVar

from django.db import models

from oslonac.access.rules import Level
from oslonac.cases.models import Case
from oslonac.placements.rules import PlacementStatus
from oslonac.vault.models import SealedField, SealedModel
from oslonac.vault.row_policy import Bypass, RowPolicy
from oslonac.vault.sensitivity import Opening, Sensitivity


class Placement(SealedModel):
    """Where a child lives, from when; the exact address is sealed (whereabouts)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="placements")
    kind = models.CharField(max_length=20)  # of the country: `placements.yaml` of its pack
    status = models.CharField(
        max_length=8, choices=PlacementStatus, default=PlacementStatus.RUNNING
    )
    organisation = models.ForeignKey(
        "directory.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    place = models.ForeignKey(
        "directory.Place", null=True, on_delete=models.PROTECT, related_name="+"
    )
    address = SealedField()
    reason = SealedField()
    child_view = SealedField()
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    end_reason = models.CharField(max_length=60, blank=True)
    revision = models.PositiveIntegerField(default=1)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key case kind status organisation place from_at until_at decided_by end_reason "
        "revision",
        sealed={
            "reason child_view": Level.NARRATIVE,
            "address": Opening(Level.NARRATIVE, whereabouts=True),
        },
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        through="case",
        level=Level.CASE,
        bypass=(
            Bypass.PROJECTION,
            Bypass.RETENTION,
        ),
        apart="organisation_id place_id address reason child_view",
        apart_if="case.whereabouts_restricted",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(status="running"),
                name="a_child_lives_in_one_place",
            ),
            models.CheckConstraint(
                condition=~models.Q(status=PlacementStatus.ENDED)
                | models.Q(until_at__isnull=False),
                name="ended_placement_has_a_moment",
            ),
        ]
        indexes = [models.Index(fields=["case"], name="placement_by_case")]
