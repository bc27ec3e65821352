"""Data keys, what was erased, and the base of every model that has sealed columns."""

import secrets
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from oslonac.kit.ids import uuid7
from oslonac.vault import keyring
from oslonac.vault.row_policy import Adding, Bypass, RowPolicy
from oslonac.vault.sensitivity import Sensitivity
from oslonac.vault.signing import Signature


class DataKey(models.Model):
    """One subject's key, wrapped. `wrapped` is emptied when the subject is erased."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    kek_id = models.CharField(max_length=40)
    wrapped = models.BinaryField(null=True)
    destroyed_at = models.DateTimeField(null=True)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(open="id kek_id wrapped destroyed_at")
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        keys=True,
        add=Adding.ACTOR,
        bypass=(
            Bypass.SIGN_IN,
            Bypass.PROJECTION,
            Bypass.MATCHING,
            Bypass.GRANTS,
            Bypass.EMERGENCY,
            Bypass.TRACING,
            Bypass.RETENTION,
            Bypass.SIGNALS,
        ),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(wrapped__isnull=False) | models.Q(destroyed_at__isnull=False),
                name="datakey_empty_only_when_destroyed",
            )
        ]

    @classmethod
    def make(cls) -> "DataKey":
        """A new key, not yet saved."""
        key = cls()
        key.kek_id, key.wrapped = keyring.current().wrap(
            secrets.token_bytes(keyring.KEY_BYTES), str(key.id)
        )
        return key


class Erasure(models.Model):
    """The signed protocol entry of an erasure; the same stands in the erasure list."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    subject_id = models.UUIDField()
    keys = ArrayField(models.UUIDField())
    entry = models.JSONField()
    signature_key = models.CharField(max_length=20)
    signature_public = models.CharField(max_length=60)
    signature_value = models.CharField(max_length=100, unique=True)
    at = models.DateTimeField()

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id subject_id keys entry signature_key signature_public signature_value at"
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        open="signed proof that keys are gone: ids and codes, nobody"
    )

    class Meta:
        indexes = [models.Index(fields=["subject_id"], name="erasure_by_subject")]

    def signature(self) -> Signature:
        return Signature(self.signature_key, self.signature_public, self.signature_value)


class SealedField(models.BinaryField):
    """Ciphertext of a text. Written by `vault.sealing.seal`, read by `vault.sealing.open_*`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)


class SealedModel(models.Model):
    """A record with sealed columns under one data key, made on the device with its own id."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    key = models.ForeignKey(DataKey, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True
