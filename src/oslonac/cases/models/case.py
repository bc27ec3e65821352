"""The case itself, its concerns, decisions and transfers."""

from typing import ClassVar

from django.db import models

from oslonac.access.rules import Level, Reach, RecordKind
from oslonac.cases.models.encounter import Encounter
from oslonac.cases.rules import (
    CaseStatus,
    ConcernDecision,
    ConcernStatus,
    DecisionKind,
    DecisionStatus,
    Pathway,
    Priority,
    TransferStatus,
)
from oslonac.people.models import Person
from oslonac.people.rules import Accompaniment
from oslonac.vault.models import SealedField, SealedModel
from oslonac.vault.row_policy import Adding, Bypass, RowPolicy
from oslonac.vault.sensitivity import Sensitivity


class Case(SealedModel):
    """One child's case at one responsible centre. `key` is the child's own key."""

    number = models.CharField(max_length=20, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="cases")
    encounter = models.ForeignKey(
        Encounter, null=True, on_delete=models.PROTECT, related_name="cases"
    )
    organisation = models.ForeignKey(
        "directory.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    manager = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="managed_cases"
    )
    status = models.CharField(max_length=12, choices=CaseStatus, default=CaseStatus.OPEN)
    pathway = models.CharField(max_length=10, choices=Pathway, default=Pathway.FULL)
    priority = models.CharField(max_length=10, choices=Priority)
    accompaniment = models.CharField(
        max_length=16, choices=Accompaniment, default=Accompaniment.UNKNOWN
    )
    # The information reached the centre: the moment from which the law counts.
    informed_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closing_reason = models.CharField(max_length=60, blank=True)
    whereabouts_restricted = models.BooleanField(default=False)
    # The versions of the procedures that the case runs on; empty: the first ever loaded.
    procedures = models.ForeignKey(
        "protocols.ProcedureSet", null=True, on_delete=models.PROTECT, related_name="+"
    )
    # Soonest open obligation and last time alone with the child: projections for lists.
    next_due_at = models.DateTimeField(null=True)
    last_alone_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)

    # How far the reader sees, set by `queries`; not a column.
    reach: Reach

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key number person encounter organisation manager status pathway priority "
        "accompaniment informed_at opened_at closed_at closing_reason whereabouts_restricted "
        "procedures next_due_at last_alone_at revision"
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        record=RecordKind.CASE,
        add=Adding.ACTOR,
        bypass=(
            Bypass.PROJECTION,
            Bypass.UNIQUENESS,
            Bypass.CASELOAD,
            Bypass.NUMBERS,
            Bypass.GRANTS,
            Bypass.EMERGENCY,
            Bypass.TRACING,
            Bypass.RETENTION,
            Bypass.MATCHING,
        ),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status=CaseStatus.CLOSED)
                | (models.Q(closed_at__isnull=False) & ~models.Q(closing_reason="")),
                name="closed_case_has_moment_and_reason",
            )
        ]


class Concern(SealedModel):
    """What endangers the child. A suspicion ends only with a recorded decision (scenario 13)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="concerns")
    kind = models.CharField(max_length=60)
    is_suspicion = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=ConcernStatus, default=ConcernStatus.OPEN)
    detail = SealedField()
    raised_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    raised_at = models.DateTimeField()
    notified_body = models.ForeignKey(
        "directory.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    notified_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=16, choices=ConcernDecision, blank=True)
    decision_reason = SealedField()
    safety_offered = models.CharField(max_length=12, blank=True)
    review_on = models.DateField(null=True)
    decided_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key case kind is_suspicion status raised_by raised_at notified_body notified_at "
        "decision safety_offered review_on decided_by decided_at revision",
        sealed={"detail decision_reason": Level.NARRATIVE},
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        through="case",
        level=Level.CASE,
        bypass=(
            Bypass.RETENTION,
            Bypass.MATCHING,
        ),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status=ConcernStatus.OPEN)
                | (models.Q(decided_at__isnull=False) & ~models.Q(decision="")),
                name="concern_ends_with_a_decision",
            )
        ]
        indexes = [models.Index(fields=["case"], name="concern_by_case")]


class Decision(SealedModel):
    """A decision with its reason and, where asked for, another person's approval."""

    # No indexes of the links' own: `decision_by_case` serves, and nobody asks by staff.
    case = models.ForeignKey(
        Case, on_delete=models.CASCADE, related_name="decisions", db_index=False
    )
    kind = models.CharField(max_length=16, choices=DecisionKind)
    code = models.CharField(max_length=60, blank=True)
    reason = SealedField()
    status = models.CharField(max_length=10, choices=DecisionStatus)
    needs_approval = models.BooleanField(default=False)
    decided_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField()
    answered_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    answered_at = models.DateTimeField(null=True)
    answer = SealedField()
    feedback_offered = models.BooleanField(null=True)
    revision = models.PositiveIntegerField(default=1)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key case kind code status needs_approval decided_by decided_at answered_by "
        "answered_at feedback_offered revision",
        sealed={"reason answer": Level.NARRATIVE},
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(through="case", level=Level.CASE)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answered_by__isnull=True)
                | ~models.Q(answered_by=models.F("decided_by")),
                name="nobody_approves_their_own_decision",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(kind="closing", status="requested"),
                name="one_closing_request_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["case"], name="decision_by_case")]


class Transfer(SealedModel):
    """A case handed to another centre: stays with the sender until accepted (scenario 10)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="transfers")
    sender = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, related_name="+")
    receiver = models.ForeignKey(
        "directory.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    arbiter = models.ForeignKey(
        "directory.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    status = models.CharField(
        max_length=10, choices=TransferStatus, default=TransferStatus.PROPOSED
    )
    reason = models.CharField(max_length=60)
    note = SealedField()
    answer = SealedField()
    proposed_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    answered_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key case sender receiver arbiter status reason proposed_by proposed_at "
        "answered_by answered_at revision",
        sealed={"note answer": Level.NARRATIVE},
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(through="case", level=Level.CASE)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(sender=models.F("receiver")), name="transfer_goes_elsewhere"
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(status__in=["proposed", "disputed"]),
                name="one_transfer_at_a_time",
            ),
        ]
