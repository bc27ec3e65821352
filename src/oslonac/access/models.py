"""The ledger of grants: the only source of sight into a record."""

from typing import ClassVar

from django.db import models

from oslonac.access.roles import Permission, Role
from oslonac.access.rules import Basis, Level, Reason, RecordKind
from oslonac.kit.ids import uuid7
from oslonac.vault.sensitivity import Sensitivity
from oslonac.vault.sight import Adding, Beyond, Sight


class Grant(models.Model):
    """`principal` is a user's id or `holders_of(role, organisation)`; the columns beside it say
    which, for people and for joins."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    record_kind = models.CharField(max_length=20, choices=RecordKind)
    record_id = models.UUIDField()
    principal = models.UUIDField()
    grantee = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="grants"
    )
    organisation = models.ForeignKey(
        "directory.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    role = models.CharField(max_length=20, choices=Role, blank=True)
    level = models.PositiveSmallIntegerField(choices=Level)
    whereabouts = models.BooleanField(default=False)
    reason = models.CharField(max_length=20, choices=Reason)
    basis = models.CharField(max_length=20, choices=Basis, default=Basis.LEGAL_DUTY)
    given_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id record_kind record_id principal grantee organisation role level whereabouts "
        "reason basis given_by starts_at ends_at ended_by"
    )
    SIGHT: ClassVar[Sight] = Sight(
        about="record_id",
        mine="principal",
        right=Permission.LEDGER_READ,
        beyond=(Beyond.GRANTS,),
        add=Adding.OPENED,
        change=Adding.OPENED,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(grantee__isnull=False, organisation__isnull=True, role="")
                | models.Q(grantee__isnull=True, organisation__isnull=False) & ~models.Q(role=""),
                name="grant_to_a_person_or_to_a_role",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__isnull=True)
                | models.Q(ends_at__gte=models.F("starts_at")),
                name="grant_ends_after_it_starts",
            ),
        ]
        indexes = [
            # Lists are driven from here (D14): one probe per principal.
            models.Index(
                fields=["principal", "record_kind", "record_id"],
                include=["level", "whereabouts", "reason", "starts_at", "ends_at"],
                name="grant_by_principal",
            ),
            models.Index(fields=["record_id"], name="grant_by_record"),
            models.Index(
                fields=["starts_at"],
                condition=models.Q(reason=Reason.BREAK_GLASS),
                name="grant_in_emergency",
            ),
        ]
