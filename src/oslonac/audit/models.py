"""Events (append-only), links of the chain (append-only) and answered requests."""

from typing import ClassVar

from django.db import models
from django.db.models import BigIntegerField, Func
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from oslonac.access.roles import Permission
from oslonac.access.rules import Level
from oslonac.audit.rules import Pattern
from oslonac.kit.ids import uuid7
from oslonac.vault.models import SealedField, SealedModel
from oslonac.vault.row_policy import Adding, Bypass, RowPolicy
from oslonac.vault.sensitivity import Sensitivity


class Outcome(models.TextChoices):
    DONE = "done", _("done")
    READ = "read", _("read")
    DENIED = "denied", _("refused")


class Event(models.Model):
    """One thing that happened. `data` holds codes, ids, dates and counts only."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    name = models.CharField(max_length=60)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.DONE)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    actor_id = models.UUIDField(null=True)
    organisation_id = models.UUIDField(null=True)
    role = models.CharField(max_length=20, blank=True)
    channel = models.CharField(max_length=10)
    record_kind = models.CharField(max_length=30)
    record_id = models.UUIDField(null=True)
    case_id = models.UUIDField(null=True)
    fields = models.JSONField(default=list)
    data = models.JSONField(default=dict)
    mac = models.BinaryField()
    # The writing transaction: an event may be linked once every older transaction has ended.
    xid = models.BigIntegerField(
        db_default=Func(function="audit_xid", output_field=BigIntegerField())
    )

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id name outcome at recorded_at actor_id organisation_id role channel record_kind "
        "record_id case_id fields data mac xid"
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        about="case_id record_id",
        written="xid",
        mine="actor_id",
        closes="case_id record_id",
        level=Level.CASE,
        right=Permission.LEDGER_READ,
        bypass=(Bypass.PROJECTION,),
        add=Adding.ANYBODY,
        change=Adding.OPENED,
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["case_id", "at"],
                condition=models.Q(case_id__isnull=False),
                name="event_by_case",
            ),
            models.Index(fields=["record_id", "at"], name="event_by_record"),
            models.Index(fields=["xid"], name="event_by_xid"),
            models.Index(fields=["actor_id", "at"], name="event_by_actor"),
            # The auditor's pages go back from a moment, whole or by one kind of event.
            models.Index(fields=["at", "id"], name="event_by_moment"),
            models.Index(fields=["name", "at"], name="event_by_name"),
            models.Index(
                fields=["at"],
                condition=models.Q(outcome=Outcome.DENIED),
                name="event_refused",
            ),
        ]


class Link(models.Model):
    """Place of an event in the chain; `leaf` and `hash` as `statements` defines them."""

    sequence = models.BigIntegerField(primary_key=True)
    event_id = models.UUIDField(unique=True)
    xid = models.BigIntegerField()
    leaf = models.BinaryField()
    hash = models.BinaryField()
    sealed_at = models.DateTimeField()

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="sequence event_id xid leaf hash sealed_at"
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        open="order and hashes of events; nothing of what they say"
    )

    class Meta:
        indexes = [
            # The last number before midnight, and links of the last transactions.
            models.Index(fields=["sealed_at", "sequence"], name="link_by_moment"),
            models.Index(fields=["xid"], name="link_by_xid"),
        ]


class Root(models.Model):
    """Merkle root over the links of one local day, signed. `first` is `last` + 1 on a day without
    any. `previous` is the SHA-256 of the statement of the day before (see `roots`)."""

    day = models.DateField(primary_key=True)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    root = models.BinaryField()
    head = models.BinaryField()
    previous = models.BinaryField()
    made_at = models.DateTimeField()
    signature = models.JSONField()

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="day first last root head previous made_at signature"
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(open="signed hashes, made to be published")


class Unusual(SealedModel):
    """Reading that somebody ought to look into. `usual`: what is normal for this reader, where
    that is compared; `starts_at`: the hour, night, day or search it is about."""

    pattern = models.CharField(max_length=20, choices=Pattern.choices)
    reader_id = models.UUIDField()
    role = models.CharField(max_length=20, blank=True)
    starts_at = models.DateTimeField()
    count = models.PositiveIntegerField()
    usual = models.PositiveIntegerField(null=True)
    case_id = models.UUIDField(null=True)
    noticed_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True)
    looked_by_id = models.UUIDField(null=True)
    note = SealedField()

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key pattern reader_id role starts_at count usual case_id noticed_at looked_at "
        "looked_by_id",
        sealed="note",
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        right=Permission.LEDGER_READ, key_level=0, add=Adding.OPENED
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pattern", "reader_id", "starts_at", "case_id"],
                nulls_distinct=False,
                name="unusual_once",
            )
        ]
        indexes = [models.Index(fields=["looked_at", "-noticed_at"], name="unusual_waiting")]


class Answered(models.Model):
    """A request that was carried out under a key its sender chose: repeating it does nothing.

    After the Idempotency-Key header field (draft-ietf-httpapi-idempotency-key-header).
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    actor_id = models.UUIDField()
    key = models.CharField(max_length=80)
    action = models.CharField(max_length=60)
    fingerprint = models.BinaryField()
    result_model = models.CharField(max_length=60, blank=True)
    result_id = models.CharField(max_length=40, blank=True)
    answered_at = models.DateTimeField(db_default=Now())

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id actor_id key action fingerprint result_model result_id answered_at"
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(own="actor_id")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["actor_id", "key"], name="answered_once_per_actor")
        ]
