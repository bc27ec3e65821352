"""Persons and what is said of them. Every value that could name somebody is sealed."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from oslonac.access.rules import Level, RecordKind
from oslonac.kit.calendars import Calendar
from oslonac.kit.ids import uuid7
from oslonac.people.rules import (
    Attribute,
    Basis,
    GroupDecision,
    GroupRole,
    LanguageLevel,
    NameKind,
    RelationKind,
    SaidBy,
    Sex,
    Verification,
)
from oslonac.vault.models import SealedField, SealedModel
from oslonac.vault.row_policy import Adding, Bypass, RowPolicy, Stricter
from oslonac.vault.sensitivity import Sensitivity


class Person(SealedModel):
    """`sex`, `born_*`, `citizenship` and `languages` project the statements (see rules.best)."""

    sex = models.CharField(max_length=12, choices=Sex, default=Sex.NOT_ASKED)
    born_from = models.DateField(null=True)
    born_to = models.DateField(null=True)
    citizenship = models.CharField(max_length=12, blank=True)
    languages = models.JSONField(default=list)
    # The name shown first, sealed once more under its own column so that a list opens one value.
    shown_name = SealedField()
    made_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key made_at revision",
        personal="sex born_from born_to citizenship languages",
        sealed={"shown_name": Level.IDENTITY},
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        carried_by="people.Appearance.person",
        key_level=Level.CASE,
        key_often=True,
        add=Adding.ACTOR,
        bypass=(
            Bypass.PROJECTION,
            Bypass.APPEARANCE,
            Bypass.MATCHING,
            Bypass.GRANTS,
            Bypass.EMERGENCY,
            Bypass.TRACING,
            Bypass.RETENTION,
        ),
        closed_by="person",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(born_from__isnull=True, born_to__isnull=True)
                | models.Q(born_from__lte=models.F("born_to")),
                name="person_birth_is_an_interval",
            )
        ]


class Merge(models.Model):
    """Two records that somebody found to be one person. Nothing moves: `merged` keeps all that was
    written on it, under its own key, and its id leads on to `survivor` (`people.merging`).

    `carried`: the blocks that were copied between the two so that each holds for both; undoing
    takes exactly these away.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    survivor = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="absorbed")
    merged = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="joined_to")
    made_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    undone_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)
    carried = ArrayField(models.UUIDField(), default=list)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id survivor merged made_by made_at undone_by undone_at carried"
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        through="survivor merged",
        bypass=(Bypass.JOINED,),
        add=Adding.OPENED,
        change=Adding.OPENED,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merged"],
                condition=models.Q(undone_at__isnull=True),
                name="merged_into_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(survivor=models.F("merged")),
                name="nobody_merges_with_themselves",
            ),
        ]


class PersonName(SealedModel):
    """One name as somebody wrote it. `full` as written; parts only where they are known."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="names")
    kind = models.CharField(max_length=12, choices=NameKind, default=NameKind.USED)
    script = models.CharField(max_length=4)
    full = SealedField()
    given = SealedField()
    family = SealedField()
    said_by = models.CharField(max_length=12, choices=SaidBy, default=SaidBy.SELF)
    basis = models.CharField(max_length=12, choices=Basis, default=Basis.CLAIMED)
    written_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField()

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key person kind script said_by basis written_by written_at",
        sealed={"full given family": Level.IDENTITY},
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        through="person",
        level=Level.IDENTITY,
        add_level=Level.CASE,
        bypass=(
            Bypass.PROJECTION,
            Bypass.MATCHING,
            Bypass.TRACING,
            Bypass.RETENTION,
        ),
    )

    class Meta:
        indexes = [models.Index(fields=["person"], name="name_by_person")]


class Statement(SealedModel):
    """A fact with its provenance. `code` where a list has one; `detail` for the words."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="statements")
    attribute = models.CharField(max_length=12, choices=Attribute)
    code = models.CharField(max_length=60, blank=True)
    level = models.CharField(max_length=12, choices=LanguageLevel, blank=True)
    detail = SealedField()
    born_from = models.DateField(null=True)
    born_to = models.DateField(null=True)
    calendar = models.CharField(
        max_length=12, blank=True, choices=[(c.value, c.value) for c in Calendar]
    )
    said_by = models.CharField(max_length=12, choices=SaidBy)
    basis = models.CharField(max_length=12, choices=Basis)
    stated_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key person attribute level calendar said_by basis stated_at recorded_by",
        personal="code born_from born_to",
        sealed={"detail": Level.NARRATIVE},
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        through="person",
        level=Level.CASE,
        stricter=(
            Stricter("attribute", ("document", "phone", "address"), Level.IDENTITY),
            Stricter("attribute", ("address",), Level.IDENTITY, whereabouts=True),
        ),
        bypass=(
            Bypass.PROJECTION,
            Bypass.TRACING,
            Bypass.RETENTION,
            Bypass.MATCHING,
        ),
    )

    class Meta:
        indexes = [models.Index(fields=["person", "attribute"], name="statement_by_person")]


class Relation(SealedModel):
    """`to_person` is the `kind` of `from_person`."""

    from_person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="relations")
    to_person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="related_from")
    kind = models.CharField(max_length=20, choices=RelationKind)
    status = models.CharField(max_length=10, choices=Verification, default=Verification.CLAIMED)
    present = models.BooleanField(default=False)
    said_by = models.CharField(max_length=12, choices=SaidBy, default=SaidBy.SELF)
    evidence = SealedField()
    stated_at = models.DateTimeField()
    checked_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    checked_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key from_person to_person kind status present said_by stated_at checked_by "
        "checked_at revision",
        sealed={"evidence": Level.NARRATIVE},
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        through="from_person to_person",
        level=Level.CASE,
        bypass=(
            Bypass.APPEARANCE,
            Bypass.TRACING,
            Bypass.RETENTION,
            Bypass.MATCHING,
        ),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(from_person=models.F("to_person")),
                name="nobody_is_their_own_relative",
            ),
            models.CheckConstraint(
                condition=models.Q(status=Verification.CLAIMED)
                | models.Q(checked_at__isnull=False),
                name="relation_checked_has_a_moment",
            ),
        ]


class TravelGroup(SealedModel):
    """People met together on the way."""

    label = SealedField()
    met_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key met_at revision", sealed={"label": Level.NARRATIVE}
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        carried_by="people.GroupMember.group",
        key_level=Level.CASE,
        add=Adding.ACTOR,
        bypass=(
            Bypass.TRACING,
            Bypass.RETENTION,
        ),
    )


class GroupMember(SealedModel):
    """A person in a travel group, and the decision to keep them in it or separate them."""

    group = models.ForeignKey(TravelGroup, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="groups")
    role = models.CharField(max_length=10, choices=GroupRole, default=GroupRole.MEMBER)
    decision = models.CharField(max_length=10, choices=GroupDecision, default=GroupDecision.PENDING)
    reasons = SealedField()
    child_view = SealedField()
    decided_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    # Assessment of a leader: is he able, in whose interest, possibly a smuggler?
    leader_concern = models.CharField(max_length=12, blank=True)
    revision = models.PositiveIntegerField(default=1)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key group person role decision decided_by decided_at leader_concern revision",
        sealed={"reasons child_view": Level.NARRATIVE},
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        through="person",
        bypass=(
            Bypass.APPEARANCE,
            Bypass.TRACING,
            Bypass.RETENTION,
            Bypass.MATCHING,
        ),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "person"], name="once_in_a_group"),
            models.CheckConstraint(
                condition=models.Q(decision=GroupDecision.PENDING)
                | models.Q(decided_at__isnull=False),
                name="group_decision_has_a_moment",
            ),
        ]


class Appearance(models.Model):
    """A person appears in a record, so whoever may see the record may see the person there."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="appearances")
    record_kind = models.CharField(max_length=20, choices=RecordKind)
    record_id = models.UUIDField()
    is_subject = models.BooleanField(default=False)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id person record_kind record_id is_subject"
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        about="record_id",
        bypass=(
            Bypass.APPEARANCE,
            Bypass.MATCHING,
            Bypass.GRANTS,
            Bypass.EMERGENCY,
            Bypass.TRACING,
            Bypass.RETENTION,
        ),
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "record_id"], name="appears_once")]
        indexes = [models.Index(fields=["record_id"], name="appearance_by_record")]
