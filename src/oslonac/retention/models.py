"""Periods of a centre, legal holds, and what was proposed and decided."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from oslonac.access.roles import Permission
from oslonac.access.rules import Level
from oslonac.cases.models import Case
from oslonac.kit.ids import uuid7
from oslonac.people.models import Person
from oslonac.retention.rules import DisposalStatus, Ground, HoldReason
from oslonac.vault.models import Erasure, SealedField, SealedModel
from oslonac.vault.row_policy import Bypass, RowPolicy
from oslonac.vault.sensitivity import Sensitivity


class Period(models.Model):
    """How long a centre keeps a category, by its own list of categories. The latest counts."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    organisation = models.ForeignKey(
        "directory.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    category = models.CharField(max_length=40)
    years = models.PositiveSmallIntegerField()
    document = models.CharField(max_length=200)
    set_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    set_at = models.DateTimeField()

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id organisation category years document set_by set_at"
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(open="how long a centre keeps which kind of file")

    class Meta:
        indexes = [models.Index(fields=["organisation", "category", "set_at"], name="period_of")]


class Hold(SealedModel):
    """Nothing of this child may be destroyed while it is in force."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="holds")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=20, choices=HoldReason)
    text = SealedField()
    ends_on = models.DateField(null=True)
    given_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    given_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    end_text = SealedField()
    revision = models.PositiveIntegerField(default=1)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key case person reason ends_on given_by given_at ended_by ended_at revision",
        sealed={"text end_text": Level.NARRATIVE},
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        through="case", level=Level.CASE, bypass=(Bypass.RETENTION,)
    )

    class Meta:
        indexes = [models.Index(fields=["person"], name="hold_by_person")]


class Disposal(models.Model):
    """A proposal to destroy a child's file, and what became of it. It outlives the file."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "directory.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    ground = models.CharField(max_length=20, choices=Ground)
    reference = models.CharField(max_length=120, blank=True)
    numbers = ArrayField(models.CharField(max_length=20), default=list)
    categories = ArrayField(models.CharField(max_length=40), default=list)
    period_ended_on = models.DateField(null=True)
    status = models.CharField(
        max_length=10, choices=DisposalStatus, default=DisposalStatus.PROPOSED
    )
    proposed_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    answered_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)
    # Notes of encounters that also speak of others, and therefore stay.
    shared_notes = models.PositiveSmallIntegerField(default=0)
    documents = models.PositiveIntegerField(default=0)
    erasure = models.OneToOneField(Erasure, null=True, on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(default=1)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id person case organisation ground reference numbers categories period_ended_on "
        "status proposed_by proposed_at answered_by answered_at shared_notes documents erasure "
        "revision"
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        through="case",
        level=Level.CASE,
        right=Permission.LEDGER_READ,
        office="organisation_id",
        office_right=Permission.RETENTION_READ,
        closes="case_id",
        bypass=(Bypass.RETENTION,),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answered_by__isnull=True)
                | ~models.Q(status__in=["done", "refused"])
                | ~models.Q(answered_by=models.F("proposed_by")),
                name="four_eyes_on_a_disposal",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="done") | models.Q(erasure__isnull=False),
                name="a_disposal_done_has_its_erasure",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(status="proposed"),
                name="one_disposal_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "status"], name="disposal_by_centre")]
