"""An encounter: somebody met, somewhere, at some hour. No case is needed."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from oslonac.access.rules import Level, Reach, RecordKind
from oslonac.cases.rules import EncounterOutcome, Safety
from oslonac.people.models import Person
from oslonac.vault.models import SealedField, SealedModel
from oslonac.vault.row_policy import Adding, Bypass, RowPolicy
from oslonac.vault.sensitivity import Opening, Sensitivity


class Encounter(SealedModel):
    """Its own data key seals what is said before anybody is a person in the register."""

    reach: Reach  # how far the reader sees; set by `queries.encounter`, not stored

    person = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="encounters"
    )
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    organisation = models.ForeignKey(
        "directory.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    responsible = models.ForeignKey(
        "directory.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    place = models.ForeignKey(
        "directory.Place", null=True, on_delete=models.PROTECT, related_name="+"
    )
    location = SealedField()
    reported_by = models.CharField(max_length=40)
    reporter = SealedField()
    # Who is present, whether safe now, what is needed: the triage.
    present = ArrayField(models.CharField(max_length=40), default=list)
    presence_verified = models.BooleanField(null=True)
    safety = models.CharField(max_length=12, choices=Safety, default=Safety.UNKNOWN)
    needs = ArrayField(models.CharField(max_length=40), default=list)
    suspicions = ArrayField(models.CharField(max_length=40), default=list)
    suspicion_decision = SealedField()
    language = models.CharField(max_length=20, blank=True)
    interpreter = SealedField()
    children = models.PositiveSmallIntegerField(default=1)
    narrative = SealedField()
    outcome = models.CharField(
        max_length=16, choices=EncounterOutcome, default=EncounterOutcome.PENDING
    )
    outcome_reasons = ArrayField(models.CharField(max_length=60), default=list)
    outcome_note = SealedField()
    decided_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    reporter_told_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key person happened_at recorded_at recorded_by organisation responsible place "
        "reported_by present presence_verified safety needs suspicions language children outcome "
        "outcome_reasons decided_by decided_at reporter_told_at revision",
        sealed={
            "suspicion_decision interpreter narrative outcome_note": Level.NARRATIVE,
            "reporter": Level.IDENTITY,
            "location": Opening(Level.CASE, whereabouts=True),
        },
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        record=RecordKind.ENCOUNTER,
        key_level=Level.CASE,
        add=Adding.ACTOR,
        bypass=(
            Bypass.RETENTION,
            Bypass.MATCHING,
        ),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome=EncounterOutcome.PENDING)
                | models.Q(decided_at__isnull=False),
                name="encounter_outcome_has_a_moment",
            ),
            models.CheckConstraint(
                condition=~models.Q(outcome=EncounterOutcome.NOT_ENDANGERED)
                | ~models.Q(outcome_reasons=[]),
                name="not_endangered_has_reasons",
            ),
        ]
        indexes = [
            models.Index(fields=["responsible", "outcome", "happened_at"], name="encounter_list")
        ]
