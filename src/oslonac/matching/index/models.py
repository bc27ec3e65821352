"""Entries of the index: keyed hashes without clear text, one row a person and generation."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from oslonac.access.rules import Level
from oslonac.kit.ids import uuid7
from oslonac.people.models import Person
from oslonac.vault.row_policy import Adding, Bypass, RowPolicy
from oslonac.vault.sensitivity import Sensitivity


class State(models.TextChoices):
    BUILDING = "building", _("being built")
    READY = "ready", _("in use")


class Generation(models.Model):
    """One making of the whole index: under which key, after which recipe.

    `proof` tells whether the key file still holds the very key; `recipe` whether this code
    would make the same keys. A new generation is built beside the one in use.
    """

    number = models.PositiveSmallIntegerField(primary_key=True)
    key_name = models.CharField(max_length=40)
    proof = models.BinaryField()
    recipe = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State, default=State.BUILDING)
    made_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    # How many entries lay in their order when they were last arranged (`arranging`).
    arranged = models.PositiveIntegerField(default=0)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="number key_name proof recipe state made_at ready_at arranged"
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(open="which key and recipe the index is made with")


class Entry(models.Model):
    """What a person can be found by. `keys` and `fine` hold 64 bits of keyed hashes.

    `keys` is searched; `fine` is smaller and orders what was found before anything is opened.
    `revision` is the person's own at the time of writing: where they differ, the entry is old.
    """

    id = models.BigAutoField(primary_key=True)
    generation = models.ForeignKey(
        Generation, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    revision = models.PositiveIntegerField()
    sex = models.CharField(max_length=12, blank=True)
    year_from = models.SmallIntegerField(null=True)
    year_to = models.SmallIntegerField(null=True)
    keys = ArrayField(models.BigIntegerField())
    fine = ArrayField(models.BigIntegerField())

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id generation person revision",
        personal="sex year_from year_to keys fine",
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        through="person",
        level=Level.IDENTITY,
        search=True,
        bypass=(
            Bypass.PROJECTION,
            Bypass.MATCHING,
            Bypass.RETENTION,
        ),
        add=Adding.OPENED,
        change=Adding.OPENED,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "generation"], name="one_entry_a_generation")
        ]
        indexes = [
            # Without the pending list: a name just written is found at the same price.
            GinIndex(fields=["keys"], name="entry_by_key", fastupdate=False)
        ]


class Distinct(models.Model):
    """Two people of the register whom somebody knows to be two: never proposed as one again."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    # The smaller id first, so that a pair is one row.
    one = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    said_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    said_at = models.DateTimeField()

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(open="id one other said_by said_at")
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(through="one other", bypass=(Bypass.MATCHING,))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="distinct_once"),
            models.CheckConstraint(
                condition=models.Q(one__lt=models.F("other")), name="distinct_smaller_first"
            ),
        ]
