"""Grants, the only way to get access to a record, and the blocks that override them."""

from typing import ClassVar

from django.db import models

from oslonac.access.roles import Permission
from oslonac.access.rules import Basis, BlockReason, Level, Reason, RecordKind, Scope, TieKind
from oslonac.kit.ids import uuid7
from oslonac.vault.binding import Bound
from oslonac.vault.models import SealedField, SealedModel
from oslonac.vault.row_policy import Adding, Bypass, RowPolicy
from oslonac.vault.sensitivity import Sensitivity


class Grant(Bound):
    """`principal` is a user's id or `holders_of(role, organisation)`; the columns beside it say
    which, for people and for joins."""

    BOUND: ClassVar[tuple[str, ...]] = (
        "id",
        "record_kind",
        "record_id",
        "principal",
        "grantee_id",
        "organisation_id",
        "role",
        "level",
        "whereabouts",
        "reason",
        "basis",
        "consent_id",
        "ground",
        "acts_for",
        "given_by_id",
        "starts_at",
        "ends_at",
        "ended_by_id",
    )

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
    role = models.CharField(max_length=20, blank=True)  # of the country, or a set
    level = models.PositiveSmallIntegerField(choices=Level)
    whereabouts = models.BooleanField(default=False)
    reason = models.CharField(max_length=20, choices=Reason)
    basis = models.CharField(max_length=20, choices=Basis, default=Basis.LEGAL_DUTY)
    # The consent it rests on (cases.Consent): a withdrawal ends every grant that names it.
    consent_id = models.UUIDField(null=True)
    # Code of the legal ground when sight was given by hand without consent.
    ground = models.CharField(max_length=60, blank=True)
    # The person the holder acts for by this grant: the child of a guardian.
    acts_for = models.UUIDField(null=True)
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
        "reason basis consent_id ground acts_for given_by starts_at ends_at ended_by mac"
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        about="record_id",
        mine="principal",
        closes="record_id",
        right=Permission.LEDGER_READ,
        bypass=(
            Bypass.GRANTS,
            Bypass.SIGN_IN,
            Bypass.RETENTION,
        ),
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
            # Policies and the search ask of one record whether somebody is shown it: all that
            # decides stands in the index, however many grants the record has.
            models.Index(
                fields=["record_id", "principal"],
                include=["record_kind", "level", "whereabouts", "starts_at", "ends_at"],
                name="grant_shows_record",
            ),
            models.Index(
                fields=["starts_at"],
                condition=models.Q(reason=Reason.BREAK_GLASS),
                name="grant_in_emergency",
            ),
            models.Index(
                fields=["consent_id"],
                condition=models.Q(consent_id__isnull=False),
                name="grant_by_consent",
            ),
            models.Index(
                fields=["principal"],
                include=["acts_for", "starts_at", "ends_at"],
                condition=models.Q(acts_for__isnull=False),
                name="grant_acting_for",
            ),
        ]


class Tie(Bound):
    """A user of the system who is, belongs to or represents a person in the files.

    Ties decide whom a block "whoever stands with this person" names; guardians stand with their
    child through their grant (`Grant.acts_for`).
    """

    BOUND: ClassVar[tuple[str, ...]] = (
        "id",
        "user_id",
        "person_id",
        "kind",
        "noted_by_id",
        "starts_at",
        "ends_at",
    )

    id = models.UUIDField(primary_key=True, default=uuid7)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="ties")
    person_id = models.UUIDField()
    kind = models.CharField(max_length=16, choices=TieKind)
    noted_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id user person_id kind noted_by starts_at ends_at mac"
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        own="user_id",
        right=Permission.LEDGER_READ,
        bypass=(Bypass.SIGN_IN, Bypass.GRANTS),
        add=Adding.OPENED,
        change=Adding.OPENED,
    )

    class Meta:
        indexes = [
            models.Index(fields=["user"], name="tie_by_user"),
            models.Index(fields=["person_id"], name="tie_by_person"),
        ]


class Block(Bound, SealedModel):
    """Keeps somebody from a record, or from the whereabouts in it, whatever grants they hold.

    `principal` is a user's id, `staff_of(organisation)` or `stands_with(person)`; the columns
    beside it say which. One decision closes several records of a child: they share `cause`,
    the id of the first row, which alone carries the reason in words. `person_id` is the child
    whose record this is, `related_id` somebody in it whom the conflict is about: the block
    follows both into records that come later (`access.actions.carry_blocks`).
    """

    BOUND: ClassVar[tuple[str, ...]] = (
        "id",
        "key_id",
        "record_kind",
        "record_id",
        "principal",
        "user_id",
        "organisation_id",
        "stands_with",
        "scope",
        "reason",
        "cause",
        "person_id",
        "related_id",
        "declared",
        "given_by_id",
        "starts_at",
        "ends_at",
        "ended_by_id",
    )

    record_kind = models.CharField(max_length=20, choices=RecordKind)
    record_id = models.UUIDField()
    principal = models.UUIDField()
    user = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="blocks"
    )
    organisation = models.ForeignKey(
        "directory.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    stands_with = models.UUIDField(null=True)
    scope = models.CharField(max_length=12, choices=Scope)
    reason = models.CharField(max_length=16, choices=BlockReason)
    why = SealedField()
    cause = models.UUIDField()
    person_id = models.UUIDField(null=True)
    related_id = models.UUIDField(null=True)
    declared = models.BooleanField(default=False)
    given_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    lifted_why = SealedField()

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key record_kind record_id principal user organisation stands_with scope reason "
        "cause person_id related_id declared given_by starts_at ends_at ended_by mac",
        sealed={"why lifted_why": Level.NARRATIVE},
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        about="record_id",
        level=Level.CASE,
        mine="principal",
        right=Permission.LEDGER_READ,
        bypass=(
            Bypass.GRANTS,
            Bypass.MATCHING,
        ),
        add=Adding.OPENED,
        change=Adding.OPENED,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    user__isnull=False, organisation__isnull=True, stands_with__isnull=True
                )
                | models.Q(user__isnull=True, organisation__isnull=False, stands_with__isnull=True)
                | models.Q(user__isnull=True, organisation__isnull=True, stands_with__isnull=False),
                name="block_names_one",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__isnull=True)
                | models.Q(ends_at__gte=models.F("starts_at")),
                name="block_ends_after_it_starts",
            ),
        ]
        indexes = [
            models.Index(
                fields=["principal"],
                include=["record_id", "person_id", "scope", "starts_at", "ends_at"],
                name="block_by_principal",
            ),
            models.Index(fields=["record_id"], name="block_by_record"),
            models.Index(fields=["person_id"], name="block_by_person"),
            models.Index(fields=["cause"], name="block_by_cause"),
        ]
