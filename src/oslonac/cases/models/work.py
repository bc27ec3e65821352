"""What is done: assessments, plan with goals and activities, promises, contacts, reviews.

`db_index=False` on a link: the index of the model's own that begins with the same column serves, or
nobody asks that way. Every index is written with every row.
"""

from typing import ClassVar

from django.db import models

from oslonac.access.rules import Level
from oslonac.cases.models.case import Case
from oslonac.cases.rules import (
    ActivityStatus,
    AloneWithChild,
    AssessmentKind,
    AssessmentStatus,
    ContactKind,
    PlanStatus,
    PromiseStatus,
    ReviewOutcome,
)
from oslonac.vault.models import SealedField, SealedModel
from oslonac.vault.row_policy import RowPolicy
from oslonac.vault.sensitivity import Sensitivity


class Assessment(SealedModel):
    """Initial or focused. Begun, then completed; a draft can be edited by several people."""

    case = models.ForeignKey(
        Case, on_delete=models.CASCADE, related_name="assessments", db_index=False
    )
    kind = models.CharField(max_length=10, choices=AssessmentKind)
    status = models.CharField(
        max_length=10, choices=AssessmentStatus, default=AssessmentStatus.BEGUN
    )
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    completed_at = models.DateTimeField(null=True)
    completed_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    alone_with_child = models.CharField(max_length=14, choices=AloneWithChild, blank=True)
    safety = SealedField()
    needs = SealedField()
    strengths = SealedField()
    family = SealedField()
    health = SealedField()
    child_view = SealedField()
    conclusion = SealedField()
    revision = models.PositiveIntegerField(default=1)

    TEXTS: ClassVar[tuple[str, ...]] = (
        "safety",
        "needs",
        "strengths",
        "family",
        "health",
        "child_view",
        "conclusion",
    )
    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key case kind status begun_at begun_by completed_at completed_by "
        "alone_with_child revision",
        sealed={"safety needs strengths family health child_view conclusion": Level.NARRATIVE},
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(through="case", level=Level.CASE)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=models.Q(status="begun"),
                name="one_running_assessment_of_a_kind",
            )
        ]
        indexes = [models.Index(fields=["case"], name="assessment_by_case")]


class Plan(SealedModel):
    """The service plan. One is in force at a time; a new one replaces it."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="plans", db_index=False)
    status = models.CharField(max_length=10, choices=PlanStatus, default=PlanStatus.DRAFT)
    made_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    in_force_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    child_view = SealedField()
    revision = models.PositiveIntegerField(default=1)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key case status made_by made_at in_force_at ended_at revision",
        sealed={"child_view": Level.NARRATIVE},
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(through="case", level=Level.CASE)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(status="in_force"),
                name="one_plan_in_force",
            )
        ]
        indexes = [models.Index(fields=["case"], name="plan_by_case")]


class Goal(SealedModel):
    """An outcome that can be seen and measured."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="goals")
    domain = models.CharField(max_length=60)
    outcome = SealedField()
    indicator = SealedField()
    due_on = models.DateField(null=True)
    reached = models.CharField(max_length=10, blank=True)
    revision = models.PositiveIntegerField(default=1)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key plan domain due_on reached revision",
        sealed={"outcome indicator": Level.NARRATIVE},
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(through="plan", level=Level.CASE)


class Activity(SealedModel):
    """Who does what for a goal, until when."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="activities")
    what = SealedField()
    owner = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    owner_organisation = models.ForeignKey(
        "directory.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    due_on = models.DateField()
    status = models.CharField(max_length=10, choices=ActivityStatus, default=ActivityStatus.PLANNED)
    done_at = models.DateTimeField(null=True)
    note = SealedField()
    revision = models.PositiveIntegerField(default=1)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key goal owner owner_organisation due_on status done_at revision",
        sealed={"what note": Level.NARRATIVE},
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(through="goal", level=Level.CASE)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(owner__isnull=False)
                | models.Q(owner_organisation__isnull=False),
                name="activity_has_an_owner",
            )
        ]


class Promise(SealedModel):
    """Something the child was told would happen; an object with owner and date (scenario 17)."""

    case = models.ForeignKey(
        Case, on_delete=models.CASCADE, related_name="promises", db_index=False
    )
    what = SealedField()
    owner = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    due_on = models.DateField()
    made_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=PromiseStatus, default=PromiseStatus.OPEN)
    ended_at = models.DateTimeField(null=True)
    note = SealedField()
    revision = models.PositiveIntegerField(default=1)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key case owner due_on made_at status ended_at revision",
        sealed={"what note": Level.NARRATIVE},
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(through="case", level=Level.CASE)

    class Meta:
        indexes = [models.Index(fields=["case"], name="promise_by_case")]


class Contact(SealedModel):
    """A conversation or visit: alone with the child or not, with which interpreter."""

    case = models.ForeignKey(
        Case, on_delete=models.CASCADE, related_name="contacts", db_index=False
    )
    kind = models.CharField(max_length=12, choices=ContactKind)
    happened_at = models.DateTimeField()
    by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    alone_with_child = models.CharField(max_length=14, choices=AloneWithChild)
    at_residence = models.BooleanField(default=False)
    language = models.CharField(max_length=20, blank=True)
    interpreter = SealedField()
    # Keyed hash of the interpreter's name: equal for the same person, readable by nobody.
    interpreter_key = models.BinaryField(null=True)
    told_story = models.BooleanField(default=False)
    information_given = models.JSONField(default=list)
    narrative = SealedField()

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key case kind happened_at by alone_with_child at_residence language "
        "interpreter_key told_story information_given",
        sealed={"interpreter narrative": Level.NARRATIVE},
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(through="case", level=Level.CASE)

    class Meta:
        indexes = [models.Index(fields=["case", "happened_at"], name="contact_by_case")]


class Review(SealedModel):
    """The plan looked at again, at least every six months."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reviews", db_index=False)
    happened_at = models.DateTimeField()
    by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    outcome = models.CharField(max_length=12, choices=ReviewOutcome)
    findings = SealedField()
    child_view = SealedField()

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key case happened_at by outcome", sealed={"findings child_view": Level.NARRATIVE}
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(through="case", level=Level.CASE)

    class Meta:
        indexes = [models.Index(fields=["case"], name="review_by_case")]
