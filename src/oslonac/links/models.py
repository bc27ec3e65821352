"""Questions and the files they are about. Rows hold ids, codes and keyed values, no clear text."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from oslonac.access.rules import Level
from oslonac.kit.ids import uuid7
from oslonac.links.rules import Answer, SignalKind, SignalStatus
from oslonac.people.models import Person, Statement
from oslonac.vault.models import SealedField, SealedModel
from oslonac.vault.row_policy import Adding, Bypass, RowPolicy
from oslonac.vault.sensitivity import Sensitivity


class Signal(SealedModel):
    """One question. `mark`: keyed value of what is shared; `about`: codes, of registers the one
    the child stands in and the one it does not; `parts`: how many files it is about.

    Shown only to whoever sees every part. `answered_parts`: whom it was about when it was
    answered: with others it is another question, and asked anew.
    """

    kind = models.CharField(max_length=12, choices=SignalKind)
    mark = models.CharField(max_length=32)
    about = ArrayField(models.CharField(max_length=20), default=list)
    guardian = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    parts = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=SignalStatus, default=SignalStatus.OPEN)
    returned = models.BooleanField(default=False)
    found_at = models.DateTimeField()
    answer = models.CharField(max_length=12, choices=Answer, blank=True)
    why = SealedField()
    answered_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)
    answered_parts = ArrayField(models.UUIDField(), default=list)
    revision = models.PositiveIntegerField(default=1)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key kind about guardian parts status returned found_at answer answered_by "
        "answered_at answered_parts revision",
        personal="mark",
        sealed="why",
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        all_of="signals.Part.signal.person",
        level=Level.IDENTITY,
        key_level=Level.IDENTITY,
        bypass=(Bypass.SIGNALS,),
        add=Adding.OPENED,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "mark"], name="signal_once"),
            models.CheckConstraint(
                condition=models.Q(status=SignalStatus.OPEN) | models.Q(answered_at__isnull=False),
                name="signal_answered_has_a_moment",
            ),
        ]
        indexes = [models.Index(fields=["status", "-found_at"], name="signal_by_status")]


class Part(models.Model):
    """One of the people a question is about."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    signal = models.ForeignKey(Signal, on_delete=models.CASCADE, related_name="people")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(open="id signal person")
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        through="signal",
        level=Level.IDENTITY,
        bypass=(Bypass.SIGNALS,),
        add=Adding.OPENED,
        change=Adding.OPENED,
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["signal", "person"], name="part_once")]


class PhoneMark(models.Model):
    """A phone number somebody noted, as a keyed value: equal numbers have equal marks."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    mark = models.CharField(max_length=32)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(open="id statement person", personal="mark")
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        through="person",
        level=Level.IDENTITY,
        bypass=(Bypass.SIGNALS,),
        add=Adding.OPENED,
        change=Adding.OPENED,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["statement", "mark"], name="phone_marked_once")
        ]
        indexes = [models.Index(fields=["mark"], name="phone_by_mark")]
