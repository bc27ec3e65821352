"""Notices, channels and absences.

A notice names a kind and a record, never a person: what the inbox shows of the record depends on
the grants of whoever looks at it.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from oslonac.kit.ids import uuid7
from oslonac.notices.rules import Channel, DeliveryState
from oslonac.vault.models import SealedField, SealedModel
from oslonac.vault.row_policy import Adding, Bypass, RowPolicy
from oslonac.vault.sensitivity import Sensitivity


class Notice(models.Model):
    """One thing that one person is told. Under the same `key` a person is told once."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices"
    )
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    record_kind = models.CharField(max_length=20, blank=True)
    record_id = models.UUIDField(null=True)
    # Who caused it, where that was a person.
    by_id = models.UUIDField(null=True)
    data = models.JSONField(default=dict)
    urgent = models.BooleanField(default=False)
    raised_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    # Since when what it speaks of is over; it stays in the inbox without asking for anything.
    over_at = models.DateTimeField(null=True)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id user kind key record_kind record_id by_id data urgent raised_at seen_at over_at"
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        own="user_id", bypass=(Bypass.NOTICES,), add=Adding.ACTOR
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="notice_once_per_person")
        ]
        indexes = [
            models.Index(fields=["user", "-raised_at"], name="notice_inbox"),
            models.Index(
                fields=["user"],
                condition=Q(seen_at__isnull=True, over_at__isnull=True),
                name="notice_unseen",
            ),
            models.Index(
                fields=["record_id", "kind"],
                condition=Q(over_at__isnull=True),
                name="notice_by_record",
            ),
        ]


class Delivery(models.Model):
    """A notice on its way out by one channel. Many leave together in one message."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=5, choices=[(c.value, c.value) for c in Channel])
    state = models.CharField(
        max_length=8,
        choices=[(s.value, s.value) for s in DeliveryState],
        default=DeliveryState.WAITING.value,
    )
    not_before = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    moved_at = models.DateTimeField()

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id notice user channel state not_before tries moved_at"
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        open="which message left by which channel; nothing of what it tells"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="delivery_once_per_channel")
        ]
        indexes = [
            models.Index(
                fields=["not_before"],
                condition=Q(state__in=["waiting", "sending"]),
                name="delivery_to_do",
            ),
            models.Index(fields=["user", "channel", "-moved_at"], name="delivery_of_person"),
        ]


class Channels(SealedModel):
    """How a person wants to be told outside the page. Without a row: not at all. The key is the
    person's own."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="channels"
    )
    by_email = models.BooleanField(default=False)
    email = SealedField()
    revision = models.PositiveIntegerField(default=1)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key user by_email revision", sealed="email"
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(open="sealed, and about colleagues only")


class Subscription(SealedModel):
    """A browser that takes pushed messages. Its address is a secret: whoever knows it can ring.

    Endpoint and keys as the Push API hands them over (RFC 8030, RFC 8291).
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="subscriptions"
    )
    endpoint = SealedField()
    p256dh = SealedField()
    auth = SealedField()
    # Keyed hash of the endpoint: the same browser is kept once.
    digest = models.BinaryField(unique=True)
    label = models.CharField(_("browser"), max_length=60)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key user digest label made_at used_at ended_at", sealed="endpoint p256dh auth"
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(open="sealed, and about colleagues only")


class Absence(models.Model):
    """Days on which a person is away (both included), so that reminders go to the one above."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="absences"
    )
    starts_on = models.DateField()
    ends_on = models.DateField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id user starts_on ends_on recorded_by ended_at"
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(open="colleagues know who is away")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")),
                name="absence_ends_after_it_starts",
            )
        ]
        indexes = [models.Index(fields=["user", "ends_on"], name="absence_of_person")]
