"""What gives and takes sight of a case besides duties: consents, emergencies, and what the person
asks about their own file."""

from typing import ClassVar

from django.db import models

from oslonac.access.roles import Permission
from oslonac.access.rules import Level
from oslonac.cases.models.case import Case
from oslonac.cases.trust.rules import (
    AskStatus,
    Capacity,
    ChildAnswer,
    ConsentStatus,
    EmergencyOutcome,
    OwnAsk,
)
from oslonac.vault.models import SealedField, SealedModel
from oslonac.vault.row_policy import RowPolicy
from oslonac.vault.sensitivity import Sensitivity


class Consent(SealedModel):
    """What the child, and who answers for it, said about showing what to whom for what purpose.

    `band` is the age rule of the pack that was applied; `exception` why the adult's part was
    done without. A refusal is a row as well. Times out at `until` by itself.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=60)
    receiver = models.ForeignKey(
        "directory.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    level = models.PositiveSmallIntegerField(choices=Level)
    whereabouts = models.BooleanField(default=False)
    scope = SealedField()
    status = models.CharField(max_length=10, choices=ConsentStatus)
    child_answer = models.CharField(max_length=12, choices=ChildAnswer)
    adult = models.CharField(max_length=12, choices=Capacity, blank=True)
    adult_name = SealedField()
    exception = SealedField()
    band = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=12)
    interpreter = SealedField()
    given_at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=12, choices=Capacity, blank=True)
    withdrawal_recorded_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    revision = models.PositiveIntegerField(default=1)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key case purpose receiver level whereabouts status child_answer adult band "
        "language given_at until recorded_by withdrawn_at withdrawn_by withdrawal_recorded_by "
        "revision",
        sealed={"scope exception": Level.NARRATIVE, "adult_name interpreter": Level.IDENTITY},
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(through="case", level=Level.CASE)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status=ConsentStatus.WITHDRAWN)
                | models.Q(withdrawn_at__isnull=False),
                name="consent_withdrawn_has_a_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gt=models.F("given_at")),
                name="consent_ends_after_it_starts",
            ),
        ]


class Emergency(SealedModel):
    """A case opened without a duty, for minutes, and the look another person takes at it later."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="emergencies")
    grant_id = models.UUIDField()
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "directory.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = SealedField()
    whereabouts = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    until = models.DateTimeField()
    outcome = models.CharField(
        max_length=12, choices=EmergencyOutcome, default=EmergencyOutcome.WAITING
    )
    review = SealedField()
    reviewed_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key case grant_id user organisation whereabouts opened_at until outcome "
        "reviewed_by reviewed_at revision",
        sealed={"reason review": Level.NARRATIVE},
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        through="case",
        level=Level.CASE,
        mine="user_id",
        right=Permission.LEDGER_READ,
        closes="case_id",
    )

    class Meta:
        verbose_name = "emergency"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome=EmergencyOutcome.WAITING)
                | models.Q(reviewed_at__isnull=False),
                name="emergency_reviewed_has_a_moment",
            )
        ]
        indexes = [
            models.Index(
                fields=["opened_at"],
                condition=models.Q(outcome=EmergencyOutcome.WAITING),
                name="emergency_waiting",
            )
        ]


class OwnRequest(SealedModel):
    """What a person asks about their own file: a copy, a correction, an objection, a limit.

    A correction that is granted adds a statement; nothing that was written is overwritten.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="own_requests")
    kind = models.CharField(max_length=12, choices=OwnAsk)
    asked_by = models.CharField(max_length=12, choices=Capacity)
    asker_name = SealedField()
    text = SealedField()
    language = models.CharField(max_length=12)
    asked_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    status = models.CharField(max_length=10, choices=AskStatus, default=AskStatus.OPEN)
    answer = SealedField()
    decided_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    statement_id = models.UUIDField(null=True)
    told_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key case kind asked_by language asked_at recorded_by status decided_by "
        "decided_at statement_id told_at revision",
        sealed={"text answer": Level.NARRATIVE, "asker_name": Level.IDENTITY},
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(through="case", level=Level.CASE)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=[AskStatus.OPEN, AskStatus.WITHDRAWN])
                | models.Q(decided_at__isnull=False),
                name="own_request_decided_has_a_moment",
            )
        ]
