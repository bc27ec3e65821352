"""Tracing requests and what follows. Texts are sealed under the key of the person who gave them."""

from typing import ClassVar

from django.db import models

from oslonac.access.rules import Level, Reach, RecordKind
from oslonac.cases.models import Case, Decision
from oslonac.kit.ids import uuid7
from oslonac.people.models import Person
from oslonac.people.rules import RelationKind
from oslonac.tracing.rules import (
    CandidateStatus,
    Closed,
    Direction,
    FollowUpOutcome,
    Method,
    Outcome,
    Side,
    TraceStatus,
    Wish,
)
from oslonac.vault.models import SealedField, SealedModel
from oslonac.vault.row_policy import Adding, Bypass, RowPolicy
from oslonac.vault.sensitivity import Sensitivity


class TracingRequest(SealedModel):
    """Somebody seeks somebody. `reference` is said aloud and written on paper; it counts nothing.

    `seeker` is a person of the register as they told it themselves; `case` theirs, when a child
    seeks. Without `may_share` nothing is told to the other side even after both were checked.
    """

    reference = models.CharField(max_length=9, unique=True)
    direction = models.CharField(max_length=6, choices=Direction)
    seeker = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="searches")
    case = models.ForeignKey(Case, null=True, on_delete=models.CASCADE, related_name="searches")
    organisation = models.ForeignKey(
        "directory.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    responsible = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    separated_from = models.DateField(null=True)
    separated_to = models.DateField(null=True)
    separated_where = SealedField()
    contact = SealedField()
    story = SealedField()
    may_search = models.BooleanField()
    may_share = models.BooleanField()
    consent_note = SealedField()
    withdrawn_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)

    reach: Reach  # set by `queries.request` for whoever reads it

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key reference direction seeker case organisation responsible received_at "
        "may_search may_share withdrawn_at revision",
        personal="separated_from separated_to",
        sealed="separated_where contact story consent_note",
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        record=RecordKind.TRACING, add=Adding.ACTOR, bypass=(Bypass.TRACING,)
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(separated_from__isnull=True, separated_to__isnull=True)
                | models.Q(separated_from__lte=models.F("separated_to")),
                name="separation_is_an_interval",
            )
        ]
        indexes = [models.Index(fields=["case"], name="tracing_by_case")]


class Trace(models.Model):
    """One person sought, as whoever seeks describes them: a person of the register of their own.

    `relation`: what the person sought is to whoever seeks.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    request = models.ForeignKey(TracingRequest, on_delete=models.CASCADE, related_name="traces")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="traces")
    relation = models.CharField(max_length=20, choices=RelationKind)
    status = models.CharField(max_length=12, choices=TraceStatus, default=TraceStatus.OPEN)
    status_at = models.DateTimeField()
    closed_why = models.CharField(max_length=12, choices=Closed, blank=True)
    looked_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id request person relation status status_at closed_why looked_at revision"
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        through="request", level=Level.IDENTITY, bypass=(Bypass.TRACING,)
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(models.Q(status=TraceStatus.CLOSED) & ~models.Q(closed_why=""))
                | (~models.Q(status=TraceStatus.CLOSED) & models.Q(closed_why="")),
                name="closed_trace_says_why",
            )
        ]
        indexes = [models.Index(fields=["request"], name="trace_by_request")]


class Candidate(SealedModel):
    """A person of a case who may be the one sought. `reasons` hold names, so they are sealed."""

    trace = models.ForeignKey(Trace, on_delete=models.CASCADE, related_name="candidates")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="sought_here")
    probability = models.FloatField()
    agrees = models.JSONField(default=list)
    reasons = SealedField()
    status = models.CharField(
        max_length=10, choices=CandidateStatus, default=CandidateStatus.PROPOSED
    )
    found_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    dismissed_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    dismissed_why = SealedField()
    shared_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key trace person case probability agrees status found_at asked_at dismissed_by "
        "shared_at revision",
        sealed="reasons dismissed_why",
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        either="trace case", level=Level.IDENTITY, bypass=(Bypass.TRACING,)
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trace", "person"], name="candidate_once_for_a_trace"),
            models.CheckConstraint(
                condition=models.Q(probability__gte=0, probability__lte=1),
                name="probability_is_between_0_and_1",
            ),
        ]
        indexes = [models.Index(fields=["case"], name="candidate_by_case")]


class Check(SealedModel):
    """One check of one side. Never changed: a later check is a further row."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="checks")
    side = models.CharField(max_length=6, choices=Side)
    outcome = models.CharField(max_length=10, choices=Outcome)
    method = models.CharField(max_length=12, choices=Method)
    wish = models.CharField(max_length=10, choices=Wish)
    note = SealedField()
    checked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key candidate side outcome method wish checked_by checked_at", sealed="note"
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        through="candidate", level=Level.IDENTITY, bypass=(Bypass.TRACING,)
    )

    class Meta:
        indexes = [models.Index(fields=["candidate"], name="check_by_candidate")]


class Reunion(SealedModel):
    """Living together again, on a decision in the child's best interests."""

    candidate = models.OneToOneField(Candidate, on_delete=models.CASCADE, related_name="reunion")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+")
    happened_at = models.DateTimeField()
    place = models.ForeignKey(
        "directory.Place", null=True, on_delete=models.PROTECT, related_name="+"
    )
    note = SealedField()
    child_view = SealedField()
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key candidate decision happened_at place recorded_by", sealed="note child_view"
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        through="candidate", level=Level.IDENTITY, bypass=(Bypass.TRACING,)
    )


class FollowUp(SealedModel):
    """Looking after a reunited family: planned for a day, and how it was."""

    reunion = models.ForeignKey(Reunion, on_delete=models.CASCADE, related_name="follow_ups")
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=FollowUpOutcome, blank=True)
    note = SealedField()
    done_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    revision = models.PositiveIntegerField(default=1)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key reunion due_on done_at outcome done_by revision", sealed="note"
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        through="reunion", level=Level.IDENTITY, bypass=(Bypass.TRACING,)
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True, outcome="")
                | (models.Q(done_at__isnull=False) & ~models.Q(outcome="")),
                name="follow_up_done_says_how_it_was",
            )
        ]
        indexes = [models.Index(fields=["reunion"], name="follow_up_by_reunion")]
