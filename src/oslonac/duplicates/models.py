"""Pairs of records that may be one person. Rows hold ids, codes and sealed words, no clear text."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from oslonac.access.rules import Level
from oslonac.duplicates.rules import Apart, FoundBy, PairStatus, Said
from oslonac.people.models import Merge, Person
from oslonac.vault.models import SealedField, SealedModel
from oslonac.vault.row_policy import Adding, Bypass, RowPolicy
from oslonac.vault.sensitivity import Sensitivity


class Pair(SealedModel):
    """Two people of the register who may be one, the smaller id first. `key` is that of `one`.

    `decided_*`: what was known when they were last found to be two (`rules.comes_back`).
    """

    one = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    probability = models.FloatField()
    evidence = ArrayField(models.CharField(max_length=20), default=list)
    found_by = models.CharField(max_length=10, choices=FoundBy)
    found_at = models.DateTimeField()
    compared_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=PairStatus, default=PairStatus.OPEN)
    returned = models.BooleanField(default=False)
    survivor = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="+")
    requested_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    apart = models.CharField(max_length=12, choices=Apart, blank=True)
    why = SealedField()
    decided_probability = models.FloatField(null=True)
    decided_evidence = ArrayField(models.CharField(max_length=20), default=list)
    decided_one = models.PositiveIntegerField(null=True)
    decided_other = models.PositiveIntegerField(null=True)
    merge = models.ForeignKey(Merge, null=True, on_delete=models.SET_NULL, related_name="pairs")
    revision = models.PositiveIntegerField(default=1)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key one other probability evidence found_by found_at compared_at status returned "
        "survivor requested_by requested_at decided_by decided_at apart decided_probability "
        "decided_evidence decided_one decided_other merge revision",
        sealed="why",
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        through="one other",
        level=Level.IDENTITY,
        bypass=(Bypass.MATCHING,),
        add=Adding.OPENED,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="pair_once"),
            models.CheckConstraint(
                condition=models.Q(one__lt=models.F("other")), name="pair_smaller_first"
            ),
            models.CheckConstraint(
                condition=~models.Q(status=PairStatus.REQUESTED)
                | models.Q(requested_at__isnull=False, survivor__isnull=False),
                name="request_names_the_survivor",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True)
                | models.Q(requested_by__isnull=True)
                | ~models.Q(decided_by=models.F("requested_by")),
                name="nobody_decides_their_own_request",
            ),
        ]
        indexes = [models.Index(fields=["status", "-probability"], name="pair_by_status")]


class Remark(SealedModel):
    """Somebody was not sure and asked; somebody answered."""

    pair = models.ForeignKey(Pair, on_delete=models.CASCADE, related_name="remarks")
    kind = models.CharField(max_length=10, choices=Said)
    text = SealedField()
    said_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    said_at = models.DateTimeField()

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key pair kind said_by said_at", sealed="text"
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        through="pair", level=Level.IDENTITY, bypass=(Bypass.MATCHING,)
    )


class Looked(models.Model):
    """Up to which revision somebody was compared with the register, and of which revision was told
    last. Whoever was told of later waits (`waiting`)."""

    person = models.OneToOneField(
        Person, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    revision = models.PositiveIntegerField()
    told = models.PositiveIntegerField()

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(open="person revision told")
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        through="person", bypass=(Bypass.MATCHING,), add=Adding.OPENED, change=Adding.OPENED
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["person"],
                condition=models.Q(told__gt=models.F("revision")),
                name="looked_waiting",
            )
        ]
